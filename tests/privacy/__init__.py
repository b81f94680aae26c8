"""What is kept about people: download, erasure, keeping times."""
