"""People: accounts, sign-in, city roles."""
