"""Every part of a page: labels tied, errors found, nothing inline, nothing unescaped."""

from __future__ import annotations

import re

import pytest
from lxml import html

from portal.web.chrome import Entry, filled
from tests.look.gallery import ROOT, gallery

ADDRESSES = ["pact", "form", "parts", *(f"error/{code}" for code in (403, 404, 409, 413, 422, 429, 500, 503))]


@pytest.fixture(scope="module")
def look():
    client = gallery().test_client()

    def open_page(address: str) -> html.HtmlElement:
        answer = client.get("/" + address)
        assert answer.status_code == 200
        return html.document_fromstring(answer.text)

    return open_page


def words(element: html.HtmlElement) -> str:
    """Return the text as one line."""
    return " ".join(element.text_content().split())


@pytest.mark.parametrize("address", ADDRESSES)
def test_nothing_is_inline_and_nothing_comes_from_elsewhere(look, address):
    page = look(address)
    assert not page.xpath("//@style | //style | //@*[starts-with(name(), 'on')]")
    assert all(
        script.get("src", "").startswith("/static/") and not script.text for script in page.iter("script")
    )
    assert not [href for href in page.xpath("//@src | //link/@href") if not href.startswith("/")]


@pytest.mark.parametrize("address", ADDRESSES)
def test_ids_are_single_and_every_reference_finds_its_target(look, address):
    page = look(address)
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    for name in ("aria-describedby", "aria-labelledby", "for"):
        for reference in page.xpath(f"//@{name}"):
            assert set(reference.split()) <= set(ids)


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_control_has_a_label(look, address):
    page = look(address)
    labelled = set(page.xpath("//label/@for"))
    for control in page.xpath("//input[not(@type='hidden')] | //select | //textarea"):
        assert control.get("id") in labelled


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_frame_is_the_same_on_every_page(look, address):
    page = look(address)
    assert page.body[0].get("href") == "#main"
    assert len(page.xpath("//main")) == len(page.xpath("//header")) == len(page.xpath("//footer")) == 1
    assert words(page.xpath("//section[@class='help']")[0]).startswith("Need help? Phone 051 000 000")
    assert [a.get("href") for a in page.xpath("//footer//a")][:2] == ["/en/accessibility", "/en/privacy"]
    assert page.get("lang") == "en"
    assert page.xpath("//section[@class='help']//span[@lang='it']/text()") == ["Sportello, Piazza 6"]


@pytest.mark.parametrize("address", ["form", "pact", "error/404"])
def test_there_is_one_first_heading(look, address):
    assert len(look(address).xpath("//h1")) == 1


def test_the_title_says_that_something_is_wrong(look):
    assert look("form").findtext(".//title") == "Error: Tell us about it – Commons pacts – Comune di Bologna"
    assert look("pact").findtext(".//title") == "Scipione garden – Commons pacts – Comune di Bologna"


def test_the_summary_links_to_the_first_control_of_every_question(look):
    page = look("form")
    links = page.xpath("//div[@role='alert']//a/@href")
    assert len(links) >= 13
    for link in links:
        assert page.get_element_by_id(link.removeprefix("#")).tag in {"input", "select", "textarea"}
    assert page.get_element_by_id("kind").get("value") == "place"


def test_errors_stand_before_their_control_and_are_tied_to_it(look):
    page = look("form")
    for name in ("title", "about", "district", "amount", "photo", "consent", "starts_on"):
        control = page.get_element_by_id(name)
        assert f"{name}-error" in control.get("aria-describedby")
        assert control.get("aria-invalid") == "true"
        order = page.xpath("//@id")
        assert order.index(f"{name}-error") < order.index(name)
    for name in ("kind", "help", "born_on"):
        group = page.get_element_by_id(name).xpath("ancestor::fieldset")[0]
        assert f"{name}-error" in group.get("aria-describedby")
        assert group[0].tag == "legend"


def test_answers_are_kept_except_the_password(look):
    page = look("form")
    assert page.get_element_by_id("title").get("value") == 'A "quoted" <name>'
    assert page.xpath("//input[@name='kind'][@checked]/@value") == ["data"]
    assert page.xpath("//input[@name='help'][@checked]/@value") == ["legal"]
    assert page.get_element_by_id("word").get("value") == ""
    assert page.xpath("//input[@type='hidden'][@name='draft']/@value") == ["PR-7Q4K-29"]


def test_forms_leave_the_checking_to_the_server_and_carry_the_token(look):
    page = look("form")
    assert not page.xpath("//@required")
    for form in page.xpath("//main//form[@method='post']"):
        assert form.xpath("input[@name='csrf_token']/@value") == ["token"]
    assert page.xpath("//main//form[1]/@novalidate")
    assert page.get_element_by_id("email").get("autocomplete") == "email"
    assert page.get_element_by_id("amount").get("inputmode") == "decimal"


def test_people_can_save_and_come_back_later(look):
    buttons = look("form").xpath("//button[@name='then']")
    assert [words(button) for button in buttons] == ["Save and come back later"]


def test_the_life_line_says_in_words_what_the_dots_show(look):
    stages = look("pact").xpath("//ol[@aria-label='Life line']/li")
    assert [stage.get("class").split()[0] for stage in stages] == ["done"] * 5 + ["missed", "now", "todo"]
    assert words(stages[0]) == "Proposed Done: 3 Feb 2026"
    assert words(stages[5]) == "First report Missed: 14 Nov 2026"
    assert stages[6].get("aria-current") == "step"
    assert "ahead" in stages[6].get("class")


def test_the_money_bar_has_its_figures_in_a_table(look):
    table = look("pact").xpath("//table[caption='Support by kind']")[0]
    assert words(table.xpath("tbody/tr")[0]) == "Funding€ 4,200€ 2,100"
    assert words(table.xpath("tfoot/tr")[0]) == "Together€ 8,400€ 4,933"
    assert len(table.xpath(".//*[local-name()='svg'][@aria-hidden='true']")) == 4


def test_a_fence_says_its_measure_and_limit_in_words(look):
    fences = [words(fence) for fence in look("pact").xpath("//div[contains(@class, 'fence ')]")]
    assert "Measured 52 h" in fences[0]
    assert "At least 40 h" in fences[0]
    assert "Breached" in fences[2]
    assert "At most € 5" in fences[2]
    assert "Measured not yet" in fences[3]


def test_tasks_that_cannot_start_are_not_links(look):
    tasks = look("parts").xpath("//ul[@class='tasks']/li")
    assert [bool(task.xpath("a")) for task in tasks] == [True, True, True, False]
    assert words(tasks[0]) == "Say what you want to look after Completed"


def test_what_can_be_changed_says_what(look):
    rows = look("parts").xpath("//dl[@class='summary']/div")
    assert words(rows[0].xpath(".//a")[0]) == "Change the name"
    assert "Not provided" in words(rows[1])


def test_what_was_typed_comes_back_as_text(look):
    page = look("error/409")
    assert page.get_element_by_id("kept-1").text.strip().startswith("<script>alert(1)</script> two")
    assert page.findtext(".//title").startswith("Something changed in the meantime")
    assert "7Q4K29AB" in page.text_content()


def test_documents_say_type_and_size(look):
    assert "Plaque with QR code (PDF, 48 KB)" in words(look("pact").xpath("//ul[@class='documents']")[0])


def test_who_is_signed_in_can_sign_out_by_a_form():
    desk = (Entry("My desk", "/en/desk", current=True),)
    answer = gallery(person_name="Rosa B.", desk_nav=desk).test_client().get("/pact")
    page = html.document_fromstring(answer.text)
    form = page.xpath("//header//form")[0]
    assert (form.get("method"), form.get("action")) == ("post", "/en/sign-out")
    assert form.xpath("input[@name='csrf_token']")
    assert "Sign in" not in page.xpath("//header")[0].text_content()
    assert page.body.get("class") == "desk"
    assert page.xpath("//nav[@aria-label='City desk']//a/@aria-current") == ["page"]


def test_templates_of_the_look_have_no_style_attribute():
    for path in (ROOT / "templates").rglob("*.html"):
        if "papers" not in path.parts and "mail" not in path.parts:
            assert not re.search(r"\sstyle=", path.read_text()), path


def test_a_column_in_which_no_row_says_anything_is_left_out():
    heads = ["Day", ("Amount", "number"), "Why"]
    assert filled(heads, [["1", 0, ""], ["2", 0, None]]) == (heads[:2], [["1", 0], ["2", 0]])
    assert filled(heads, [["1", 0, ""], ["2", 0, "Late"]])[0] == heads
    assert filled(heads, []) == (heads, [])
