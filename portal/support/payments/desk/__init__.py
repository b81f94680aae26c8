"""The desk of payments: what is due, batches for the bank, its answers, and statements to check."""

from portal.support.payments.desk import answering, batches, checking, overview, planning, returning
from portal.support.payments.desk.blueprint import payments_desk

__all__ = ["answering", "batches", "checking", "overview", "payments_desk", "planning", "returning"]
