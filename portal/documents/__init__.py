"""Issued papers: drawn once, sealed, stored by their hash, and verifiable by anyone."""
