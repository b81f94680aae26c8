"""Joining, signing in and out, and the safe edges of every page."""
