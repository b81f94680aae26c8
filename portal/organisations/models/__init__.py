"""The tables of groups: organisations, who belongs to them, who may bind them, and who asks to come in."""

from portal.organisations.models.entering import MembershipRequest
from portal.organisations.models.mandates import Mandate, Scope
from portal.organisations.models.organisations import Check, Kind, Membership, Organisation

__all__ = ["Check", "Kind", "Mandate", "Membership", "MembershipRequest", "Organisation", "Scope"]
