"""Answers a number of requests and ends: what valgrind counts. `python -m tests.benchmarks.once PATH TIMES URL`."""

from __future__ import annotations

import os
import sys
from datetime import timedelta

from config import Config
from portal import clock, crypto, db
from portal.web import kept, parts
from tests.benchmarks import measuring


def main(path: str, times: int, url: str) -> None:
    """Answer `path` so many times; an empty path is the bare answer."""
    if not path:
        call = measuring.caller(measuring.bare())
    else:
        from portal.app import create_app

        config = Config.from_env({"PORTAL_DATABASE_URL": url})
        crypto.use_secret(config.secret_key)
        db.use(db.Database(url))
        app = create_app(config)
        clock.set_offset(timedelta(days=60))
        cookie = os.environ.get("PORTAL_BENCH_COOKIE", "")
        call = measuring.caller(app, path, **({"Cookie": cookie} if cookie else {}))
        if not os.environ.get("PORTAL_BENCH_KEPT"):
            kept.MOST_PAGES = parts.MOST_STANDING = 0  # made anew at every request
    for _ in range(times):
        assert call()[0] == 200


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
