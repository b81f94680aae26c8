"""What is kept about people: one registry of personal columns for download, erasure and keeping times."""
