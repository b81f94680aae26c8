"""Papers: drawn within limits, valid, reproducible, sealed, stored, and issued once."""
