"""One page that shows every part of the look with made-up figures; used by the tests and to look at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import wtforms
from flask import Flask, g, render_template, url_for
from jinja2 import ChoiceLoader, DictLoader, FileSystemLoader, StrictUndefined
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs lag behind
from wtforms.validators import ValidationError

from portal import charts
from portal.web.chrome import Entry
from portal.web.parts import Kept
from portal.words import spoken

ROOT = Path(__file__).resolve().parents[2]

STAGES = [
    {"label": "Proposed", "when": "3 Feb 2026", "note": "", "state": "done"},
    {"label": "Reviewed", "when": "24 Feb 2026", "note": "", "state": "done"},
    {"label": "Co-design", "when": "2 Mar – 19 Apr 2026", "note": "3 meetings", "state": "done"},
    {"label": "Open for observations", "when": "20 Apr – 5 May 2026", "note": "4 received", "state": "done"},
    {"label": "Signed", "when": "14 May 2026", "note": "", "state": "done"},
    {"label": "First report", "when": "14 Nov 2026", "note": "", "state": "missed"},
    {"label": "Active", "when": "", "note": "2nd report due 14 Jan 2027", "state": "now"},
    {"label": "Renew or end", "when": "13 May 2029", "state": "todo"},
]
MONEY = [
    {"label": "Funding", "tone": "green", "promised": 420_000, "given": 210_000},
    {"label": "Materials and tools", "tone": "plum", "promised": 190_000, "given": 190_000},
    {"label": "Legal help (13 h)", "tone": "terra", "promised": 130_000, "given": 60_000},
    {"label": "Server space (2 vCPU, 50 GB)", "tone": "blue", "promised": 100_000, "given": 33_300},
]
FENCES = [
    {
        "title": "Open every day", "sentence": "Hours open to all per week", "status": "Holding",
        "status_tone": "green", "value_text": "52 h", "limit_text": "40 h", "value_ratio": 0.74, "limit_ratio": 0.57,
        "comparator": "at_least", "history": [0.6, 0.62, 0.5, None, 0.7, 0.74],
    },
    {
        "title": "Money back into the garden", "sentence": "Share of workshop income reinvested",
        "status": "Close to the limit", "status_tone": "ochre", "value_text": "62 %", "limit_text": "60 %",
        "value_ratio": 0.62, "limit_ratio": 0.6, "comparator": "at_least",
    },
    {
        "title": "Fee cap", "sentence": "Highest fee asked from visitors", "status": "Breached", "status_tone": "red",
        "value_text": "€ 7", "limit_text": "€ 5", "value_ratio": 0.7, "limit_ratio": 0.5, "comparator": "at_most",
    },
    {
        "title": "Data stay open", "sentence": "Share of records published", "status": "Not measured yet",
        "status_tone": "", "value_text": "", "limit_text": "90 %", "value_ratio": None, "limit_ratio": 0.9,
        "comparator": "at_least",
    },
]  # fmt: skip
COMMITMENTS = [
    {"what": "Open the gate every day at 8", "by": "Association", "state": "Kept", "state_tone": "green"},
    {"what": "Water point and tools", "by": "City, Green areas", "state": "Kept", "state_tone": "green"},
    {
        "what": "Free Saturday workshop", "how_often": "3 a year", "by": "Association", "state": "Late: 1 of 3 held",
        "state_tone": "ochre",
    },
]  # fmt: skip
TASKS = [
    {
        "title": "The commons",
        "tasks": [
            {"label": "Say what you want to look after", "href": "#a", "status": "done"},
            {
                "label": "Say where it lives",
                "href": "#b",
                "status": "doing",
                "hint": "A place, a repository or data",
            },
        ],
    },
    {
        "title": "Send",
        "tasks": [
            {"label": "Ask for help from the city", "href": "#c", "status": "todo"},
            {"label": "Check your answers and send", "href": "", "status": "blocked"},
        ],
    },
]


def _refuse(_form: object, _field: object) -> None:
    raise ValidationError("Enter an answer that we can use")


class Questions(wtforms.Form):
    """One field of every kind, each refusing whatever it is given."""

    title = wtforms.StringField(
        "Name of the commons", [_refuse], description="A few words, as you say it every day"
    )
    email = wtforms.StringField("E-mail address", [_refuse])
    word = wtforms.PasswordField("Password", [_refuse])
    about = wtforms.TextAreaField("What you want to do", [_refuse])
    kind = wtforms.RadioField(
        "What is it?",
        [_refuse],
        choices=[SelectChoice("place", "A place"), SelectChoice("data", "Data <em>")],
    )
    help = wtforms.SelectMultipleField(
        "Help from the city",
        [_refuse],
        choices=[SelectChoice("server", "Server"), SelectChoice("legal", "Legal")],
    )
    district = wtforms.SelectField(
        "District",
        [_refuse],
        choices=[SelectChoice("", "Choose"), SelectChoice("savena", "Savena", optgroup="South")],
    )
    amount = wtforms.StringField("Amount asked", [_refuse])
    people = wtforms.StringField("How many people", [_refuse])
    starts_on = wtforms.DateField("First day", [_refuse], format=["%d/%m/%Y"])
    born_on = wtforms.DateField("Date of birth", [_refuse], format="%d %m %Y")
    photo = wtforms.FileField("Photo", [_refuse])
    consent = wtforms.BooleanField("I have read it", [_refuse])
    draft = wtforms.HiddenField(default="PR-7Q4K-29")


IMPORTS = """{% extends "base.html" %}
{% import "macros/page.html" as page with context %}
{% import "macros/forms.html" as forms with context %}
{% import "macros/pact.html" as pact with context %}
"""
PACT = (
    IMPORTS
    + """{% block title %}Scipione garden{% endblock %}
{% block main %}
<p>{{ page.tag("Active", "green") }} {{ page.tag("Urban commons · Park", "plain") }}</p>
<h1>Scipione garden, cared for by its neighbours</h1>
<p class="prose">The association and the City look after the garden together: planting, opening hours, tools, and a free
Saturday workshop. Signed for three years.</p>
<div class="actions no-print">{{ page.button("Follow this pact", "#follow") }} <a href="#obs">Make an observation</a>
<a href="#pdf">Signed agreement (PDF, 212 KB)</a></div>
<h2 class="flush">Life line</h2>
{{ pact.life_line(stages) }}
<div class="two"><div>
<h2>Who does what</h2>{{ pact.commitments(commitments) }}
<h2>Support from the city: {{ euro(840000) }}</h2>{{ pact.money_bar(money) }}
<h2>Hours open, by half-year</h2>
{{ pact.period_bars([{"label": "2025-1", "value": 320, "words": "320 h"}, {"label": "2025-2", "value": 410, "words": "410 h"},
{"label": "2026-1", "value": none, "words": "no report"}, {"label": "2026-2", "value": 380, "words": "380 h", "tone": "ochre"}],
"Hours open to all; the dashed line is what was promised", limit=390) }}
<h2>How bids are scored</h2>
{{ pact.score_bars([{"label": "Quality", "value": 28, "out_of": 35}, {"label": "Price", "value": 15, "out_of": 20, "tone": "blue"}], "Weights published before opening") }}
</div><aside aria-label="Fences and files">
<h2>Fences that keep this a commons</h2>{% for fence in fences %}{{ pact.fence_gauge(fence) }}{% endfor %}
{% call page.card("Take it with you", tone="warm") %}
{{ pact.documents([{"title": "Plaque with QR code", "href": "#p", "kind": "PDF", "bytes": 48200}, {"title": "Calendar", "href": "#i", "kind": "iCal"}]) }}
{{ pact.qr(qr, "bologna.example/p/041") }}{% endcall %}
</aside></div>
{% endblock %}"""
)
FORM = (
    IMPORTS
    + """{% block title %}Tell us about it{% endblock %}
{% block main %}
{{ forms.error_summary(form, [("#title", "One more thing")]) }}
<p class="small">Section 3 of 7</p><h1>Tell us about it</h1>
{% call forms.form(form, files=True) %}
{{ forms.text(form.title, width="20", autocomplete="off") }}{{ forms.email(form.email, hint="We write only about this") }}
{{ forms.password(form.word) }}{{ forms.textarea(form.about, limit=600, rows=4) }}
{{ forms.radios(form.kind, hint="Choose one", hints={"data": "Kept together by those who give them"}) }}
{{ forms.checkboxes(form.help, optional=True) }}{{ forms.select(form.district, width="20") }}{{ forms.money(form.amount) }}
{{ forms.number(form.people) }}{{ forms.date(form.starts_on) }}{{ forms.date_parts(form.born_on) }}
{{ forms.file(form.photo, hint="Up to 10 MB", accept="image/*") }}{{ forms.checkbox(form.consent) }}
{% call forms.group("Address") %}{{ forms.plain_text("street", "Street", type="text") }}{% endcall %}
{{ forms.buttons(later=True) }}{% endcall %}
{{ forms.act("Withdraw", "#w", kind="stop", about="the proposal") }}
{% endblock %}"""
)
PARTS = (
    IMPORTS
    + """{% block title %}Parts{% endblock %}
{% block main %}
{{ page.confirmation("Your proposal was sent", "PR-7Q4K-29") }}
{{ page.facts([("41", "active pacts"), ("€ 312,400", "support given in 2026", "#m", "follow the money"), ("3", "open for observations"), ("2 of 118", "fences breached", "#f", "see which")]) }}
{{ page.note("Saved today at 10:42.", title="Draft") }}{{ page.warning("This cannot be undone.") }}
{{ page.note("It was sent back.", tone="red") }}
{{ page.task_list(tasks) }}
<h2>Check your answers</h2>
{{ page.summary([{"label": "Name", "value": "Scipione garden", "change": "#n", "about": "the name"}, {"label": "Website", "value": ""}]) }}
{% call forms.filters("Filter the queue") %}{{ forms.plain_text("q", "Search") }}{{ forms.plain_select("state", "State", [("", "All open"), ("review", "Checking")], "review") }}{% endcall %}
{{ page.chips([("Savena", "#x"), ("Active", "#y")]) }}
{{ page.table("Cases, the most urgent first", ["Case", "Step", ("Value", "number")], [[page.link("#1", "PR-7Q4K-29"), page.tag("Checking", "blue"), euro(120000)], [page.link("#2", "BO-2026-041"), page.tag("2 days late", "red"), euro(5000)]], foot=["Together", "", euro(125000)], stack=True, tight=True) }}
{{ page.table("Nothing", ["A", "B"], [], empty="No cases match. Clear the filters.") }}
{{ page.pagination("#newer", "#older") }}
{{ pact.pool_bar("Digital fund 2026", 6100000, 400000, 8000000, "61,000 already promised, 4,000 for this pact, 15,000 left of 80,000", level=2) }}
{{ pact.pool_bar("Server plan", 88, 2, 120, "88 vCPU already promised, 2 for this pact, 30 left of 120", tone="blue", level=2) }}
{{ page.empty("No meetings yet.", "Propose a meeting", "#m") }}
{{ page.kept([("Your observation", "The <b>bench</b> is broken")]) }}
{% call page.interruption("Withdraw this proposal?") %}<p>The city stops working on it.</p>{{ forms.act("Withdraw", "#w", kind="stop") }}{% endcall %}
{% endblock %}"""
)
PAGES = {"pact.html": PACT, "form.html": FORM, "parts.html": PARTS}


def gallery(**surroundings: Any) -> Flask:
    """Return an app that serves the three pages and the error pages under /<name>."""
    app = Flask("gallery", root_path=str(ROOT), template_folder="templates")
    app.secret_key = "look"
    app.jinja_loader = ChoiceLoader([DictLoader(PAGES), FileSystemLoader(ROOT / "templates")])
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.add_extension(Kept)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        _=lambda text, **values: text % values if values else text,
        csrf_token=lambda: "token",
        page_language=spoken,
        currency_symbol=lambda: "€",
        speaks_for_others=lambda: False,
        acted_for=lambda: "",
        euro=lambda cents: f"€ {cents / 100:,.0f}",
        charts=charts,
        asset=lambda name: url_for("static", filename=name),
        has_asset=lambda name: (ROOT / "static" / name).exists(),
    )
    app.context_processor(lambda: _surroundings() | surroundings)
    app.add_url_rule("/<name>", view_func=_show)
    app.add_url_rule("/error/<code>", view_func=_refused)
    return app


def _surroundings() -> dict[str, Any]:
    g.language = "en"
    entries = [("Pacts", True), ("Proposals", False), ("Propose", False), ("Money", False), ("Record", False)]
    return {
        "city": {
            "body": "Comune di Bologna",
            "contact": {
                "phone": "051 000 000",
                "hours": {"it": "lun–ven 9–13", "en": "Mon–Fri 9–13"},
                "mail": "patti@example.org",
                "counter": {"it": "Sportello, Piazza 6"},
            },
        },
        "languages": [("it", "Italiano", "/it/"), ("ca", "Català", "/ca/")],
        "nav": tuple(Entry(label, f"#{label}", current) for label, current in entries),
        "demo": True,
        "crumbs": [("Home", "/en/"), ("Pacts", "/en/pacts"), ("BO-2026-041", None)],
    }


def _show(name: str) -> str:
    form = Questions(data={"title": 'A "quoted" <name>', "kind": "data", "help": ["legal"]})
    if name == "form":
        form.validate()
    return render_template(
        f"{name}.html", stages=STAGES, money=MONEY, fences=FENCES, commitments=COMMITMENTS, tasks=TASKS,
        qr=charts.swatch("ink"), **({"form": form} if name == "form" else {}),
    )  # fmt: skip


def _refused(code: str) -> str:
    kept = [("Your text", "<script>alert(1)</script> two\nlines")]
    return render_template(f"errors/{code}.html", words="Say why.", kept=kept, reference="7Q4K29AB")


def main() -> None:
    """Serve the gallery on the loopback, to look at."""
    gallery().run(port=8123)


if __name__ == "__main__":
    main()
