"""A form does what it asks for and leads on, or says beside its field why not."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

import pytest
from wtforms import StringField
from wtforms.validators import InputRequired

from portal import db
from portal.errors import Invalid, NotAllowed
from portal.web import Form


class _Asks(Form):
    name = StringField(validators=[InputRequired()])


@pytest.fixture
def typed(app: Any) -> Any:
    """Return what makes a form of what was typed, inside a request that ends with the test."""
    with ExitStack() as opened:

        def make(name: str) -> _Asks:
            opened.enter_context(db.reading())
            opened.enter_context(app.test_request_context("/en/about", method="POST", data={"name": name}))
            return _Asks(meta={"csrf": False})

        yield make


@pytest.mark.parametrize(("name", "asked"), [("Rosa", 1), ("", 0)])
def test_an_act_is_done_once_where_the_form_is_filled_in(typed: Any, name: str, asked: int) -> None:
    form = typed(name)
    done: list[str] = []
    answer = form.attempt(lambda: done.append(name) or 7, lambda made: f"/{made}")
    assert (len(done), answer) == (asked, "/7" if asked else None)
    assert bool(form.name.errors) is not bool(asked)


def test_a_refusal_stands_beside_its_field_and_others_go_on(typed: Any) -> None:
    form = typed("Rosa")

    def refuse(error: Exception) -> Any:
        raise error

    assert form.attempt(lambda: refuse(Invalid("Taken already.", field="name")), lambda _: "/") is None
    assert form.name.errors == ["Taken already."]
    with pytest.raises(NotAllowed):
        form.attempt(lambda: refuse(NotAllowed("No.")), lambda _: "/")
