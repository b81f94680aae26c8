"""The pages of people: joining, signing in, the account."""

from portal.people.views import account, joining, signing_in
from portal.people.views.blueprint import people

__all__ = ["account", "joining", "people", "signing_in"]
