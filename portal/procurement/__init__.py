"""Tenders, sealed bids, their opening, scoring, awards and contracts."""
