"""What the scheduled jobs work with: papers drawn, sealed and kept, mail sent, by one worker."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from portal.documents.issue import issue
from portal.documents.opening import sealer_for, store_for
from portal.documents.renderer import Renderer
from portal.notices.post_office import office_for
from portal.policy import SYSTEM
from portal.schedule import actions as schedule

if TYPE_CHECKING:
    from config import Config
    from portal.documents.issue import Due
    from portal.documents.sheet import Sheet


class Tools:
    """What the jobs work with, made once per worker."""

    def __init__(self, config: Config, *, city: str, sender: str) -> None:
        self.renderer = Renderer()
        self.drawing = threading.Lock()  # one child draws one paper at a time
        self.store = store_for(config.store_url)
        self.sealer = sealer_for(
            config.seal_file,
            config.seal_passphrase,
            tsa_url=config.tsa_url,
            demo_dir=config.data_dir if config.is_demo else None,
        )
        self.office = office_for(config.mail_url, config.mail_bounces)
        self.config = config
        self.base_url, self.city, self.sender = config.base_url, city, sender
        self.reply_to, self.reply_domain = config.mail_reply_to, config.reply_domain

    def issue(self, due: Due) -> object:
        """Draw, seal and keep one paper; HELD where another worker is at it, or was before us."""
        with self.drawing:
            return issue(due, self.renderer, self.sealer, self.store, by=SYSTEM) or schedule.HELD

    def render(self, sheet: Sheet) -> bytes:
        """Draw a sheet that is neither sealed nor kept with the papers."""
        with self.drawing:
            return self.renderer.render(sheet)

    def close(self) -> None:
        """End the drawing child."""
        self.renderer.close()
