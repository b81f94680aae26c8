"""Matchfunding: what people pledge to a project of a call, what arrived of it, and what the city adds."""
