"""The application as a web server imports it."""

from portal.cli import open_portal

app = open_portal().app
