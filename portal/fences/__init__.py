"""Fences: the clauses that keep value in the commons, and what is measured of them."""
