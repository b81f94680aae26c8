"""Data sets pooled by their members, and the votes on who may use them."""
