"""The public read model for machines: open formats of everything that is public."""
