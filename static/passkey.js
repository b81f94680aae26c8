// Lets the browser make or use a passkey; the answer is put into the form around the button, and the form is sent.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const described = (keys = []) => keys.map((key) => ({ ...key, id: bytes(key.id) }));

const options = async (address, token) => {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "X-CSRFToken": token, Accept: "application/json" },
    credentials: "same-origin",
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
};

const make = async (asked) => {
  const user = { ...asked.user, id: bytes(asked.user.id) };
  const publicKey = { ...asked, user, challenge: bytes(asked.challenge), excludeCredentials: described(asked.excludeCredentials) };
  const { id, type, response } = await navigator.credentials.create({ publicKey });
  return {
    id, rawId: id, type,
    response: {
      clientDataJSON: text(response.clientDataJSON),
      attestationObject: text(response.attestationObject),
      transports: response.getTransports?.() ?? [],
    },
  };
};

const use = async (asked) => {
  const publicKey = { ...asked, challenge: bytes(asked.challenge), allowCredentials: described(asked.allowCredentials) };
  const { id, type, response } = await navigator.credentials.get({ publicKey });
  return {
    id, rawId: id, type,
    response: {
      clientDataJSON: text(response.clientDataJSON),
      authenticatorData: text(response.authenticatorData),
      signature: text(response.signature),
      userHandle: response.userHandle ? text(response.userHandle) : null,
    },
  };
};

for (const place of window.PublicKeyCredential ? document.querySelectorAll("[data-passkey]") : []) {
  const [button, line] = [place.querySelector("button"), place.querySelector("[role=status]")];
  const form = place.closest("form");
  place.hidden = false;
  button.addEventListener("click", async () => {
    line.textContent = "";
    button.disabled = true;
    try {
      const asked = await options(place.dataset.options, form.elements.csrf_token.value);
      const answer = place.dataset.passkey === "create" ? await make(asked) : await use(asked);
      form.elements[place.dataset.field].value = JSON.stringify(answer);
      form.submit();
    } catch {
      line.textContent = place.dataset.failed;
      button.disabled = false;
    }
  });
}
