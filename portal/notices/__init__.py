"""Notices: messages to people, on the page and by mail, each event once."""
