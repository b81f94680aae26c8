"""Scheduled work: what is due, who has claimed it, how far it is, and what went wrong."""
