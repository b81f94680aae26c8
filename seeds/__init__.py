"""City profiles, and the demonstration city sown through the actions."""
