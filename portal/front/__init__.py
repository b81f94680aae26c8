"""Pages that look across the features and write nothing."""
