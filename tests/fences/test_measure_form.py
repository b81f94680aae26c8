"""The form that asks for a measure, in the unit of its fence."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import g, render_template_string

from portal.fences.forms import MeasureForm, measure_form
from portal.fences.models import Fence

PAGE = '{% import "fences/measure.html" as fences with context %}{{ fences.measure(form, "/here") }}'


def typed(app: Any, unit: str, **values: str) -> MeasureForm:
    sent = {"measured_on": "30/11/2026", "evidence": "Opening log"} | values
    with app.test_request_context("/en/", method="POST", data=sent):
        g.language = "en"
        form = measure_form(Fence(unit=unit))
        form.validate(None)
        return form


@pytest.mark.parametrize(
    ("unit", "value", "number"),
    [
        ("hours_week", "52", 52),
        ("percent", "62", 62),
        ("cents", "5", 500),
        ("days", "30", 30),
        ("yes_no", "0", 0),
    ],
)
def test_a_measure_is_read_in_its_unit(app, unit, value, number):
    form = typed(app, unit, value=value)
    assert set(form.errors) <= {"csrf_token"}
    assert (form.number, form.day) == (number, date(2026, 11, 30))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"value": "-1"}, "value"),
        ({"value": "Infinity"}, "value"),
        ({"value": "٣"}, "value"),
        ({"value": "169"}, "value"),
        ({"measured_on": "31/02/2026"}, "measured_on"),
        ({"measured_on": ""}, "measured_on"),
        ({"evidence": "x" * 301}, "evidence"),
    ],
)
def test_what_is_no_measure_is_refused_beside_its_field(app, change, field):
    form = typed(app, "hours_week", **({"value": "52"} | change))
    assert field in form.errors


@pytest.mark.parametrize("unit", ["hours_week", "cents", "yes_no"])
def test_the_questions_fit_the_unit(app, unit):
    with app.test_request_context("/healthz"):
        g.language = "en"
        page = render_template_string(PAGE, form=measure_form(Fence(unit=unit)))
    assert 'action="/here"' in page
    assert ('type="radio"' in page) == (unit == "yes_no")
    assert "Enter this measure" in page
