"""The forms of the counter and of the letters."""
