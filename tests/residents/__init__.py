"""Who lives here: documents, ways to show it, conflicts, the census."""
