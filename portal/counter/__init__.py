"""The counter: a clerk helps somebody from the first question to the printed receipt, in their name."""
