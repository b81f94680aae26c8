"""What officials type about support: pools and their changes, and what a pact is given."""

from portal.support.forms.allocating import (
    DeliveryForm,
    ReasonForm,
    delivery_form,
    pool_field_of,
    proposal_form,
    return_form,
)
from portal.support.forms.pools import AnswerForm, ChangeForm, PoolForm, change_form

__all__ = [
    "AnswerForm",
    "ChangeForm",
    "DeliveryForm",
    "PoolForm",
    "ReasonForm",
    "change_form",
    "delivery_form",
    "pool_field_of",
    "proposal_form",
    "return_form",
]
