// Says how many characters are left while typing; the page says the limit without it.
for (const box of document.querySelectorAll("textarea[data-limit]")) {
  const line = document.getElementById(`${box.id}-limit`);
  const limit = Number(box.dataset.limit);
  const say = () => {
    const left = limit - [...box.value].length;
    const words = left < 0 ? line.dataset.over : line.dataset.left;
    line.textContent = words.replace("#", Math.abs(left));
  };
  box.addEventListener("input", say);
}
