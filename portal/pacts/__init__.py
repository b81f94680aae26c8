"""Pacts: clauses, co-design, agreement, signatures, promises and reports."""
