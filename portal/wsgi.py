"""The application as a web server imports it."""

from portal import db
from portal.cli.opening import open_portal
from portal.web import logs

_opened = open_portal(starts=True, patience=db.PAGES)
logs.configure_for(_opened.config)
app = _opened.app
