"""Surplus that goes back to the commons fund: declared by a group, seen to arrive, and what it financed."""
