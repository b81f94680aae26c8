"""What views need: permissions, the actor, forms, answers, languages, safe edges."""

from portal.web.access import me, needs, one_or_404, public
from portal.web.answers import invalid, onward, render, see_other, sign_path, signed_path, typed_values
from portal.web.forms import Form

__all__ = [
    "Form",
    "invalid",
    "me",
    "needs",
    "one_or_404",
    "onward",
    "public",
    "render",
    "see_other",
    "sign_path",
    "signed_path",
    "typed_values",
]
