"""One batch: what is in it, its release by a second person, its file."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from flask import send_file

from portal import policy
from portal.people import limits
from portal.policy import Can
from portal.support.payments import actions, forms, queries
from portal.support.payments.desk.blueprint import payments_desk, words
from portal.support.payments.desk.overview import MOST_TRIES, QUARTER
from portal.web import me, needs, one_or_404, render, see_other

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@payments_desk.get("/desk/payments/batches/<int:number>")
@needs(Can.PAYMENTS_READ)
def batch(number: int) -> ResponseReturnValue:
    found = one_or_404(queries.batch(number))
    is_prepared = found.state == "prepared"
    return render(
        "payments/batch.html",
        batch=found,
        why_not=policy.refusal(me(), Can.PAYMENTS_RELEASE, found) if is_prepared else None,
        may_release=is_prepared and policy.may_after_password(me(), Can.PAYMENTS_RELEASE, found),
        may_withdraw=is_prepared and policy.allows(me(), Can.PAYMENTS_PREPARE),
        may_answer=policy.allows(me(), Can.PAYMENTS_ANSWER),
        answer=forms.answer_form,
        **words(),
    )


@payments_desk.post("/desk/payments/batches/<int:number>/release")
@needs(Can.PAYMENTS_RELEASE)
def release(number: int) -> ResponseReturnValue:
    limits.spend("payments", me().pseudonym, most=MOST_TRIES, seconds=QUARTER)
    actions.release_batch(one_or_404(queries.batch(number)), by=me())
    return see_other("payments_desk.batch", number=number)


@payments_desk.post("/desk/payments/batches/<int:number>/withdrawal")
@needs(Can.PAYMENTS_PREPARE)
def withdraw(number: int) -> ResponseReturnValue:
    limits.spend("payments", me().pseudonym, most=MOST_TRIES, seconds=QUARTER)
    actions.withdraw_batch(one_or_404(queries.batch(number)), by=me())
    return see_other("payments_desk.batch", number=number)


@payments_desk.get("/desk/payments/batches/<int:number>/file")
@needs(Can.PAYMENTS_RELEASE)
def file(number: int) -> ResponseReturnValue:
    """Give the very bytes that were released; whoever only reads sees no account."""
    found = one_or_404(queries.batch(number))
    content = actions.file_of(found, by=me())
    is_xml = found.means == "sepa"
    answer = send_file(
        io.BytesIO(content),
        mimetype="application/xml" if is_xml else "text/csv",
        as_attachment=True,
        download_name=f"{found.message_id}.{'xml' if is_xml else 'csv'}",
        etag=False,
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer
