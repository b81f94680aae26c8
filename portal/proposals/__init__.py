"""Proposals: from an idea to an accepted proposal."""
