"""The verbs of notices: leave a message, choose how often, follow and stop, note where nothing arrives."""

from portal.notices.actions.bounces import forget_bounce, note_bounce
from portal.notices.actions.follows import (
    MOST_FOLLOWS,
    Wish,
    ask_to_follow,
    confirm,
    follow,
    follow_on,
    unfollow,
)
from portal.notices.actions.messages import Recipient, Text, mark_read, post
from portal.notices.actions.readers import (
    choose,
    forget_reader,
    go_on,
    reader_by_link,
    reader_of,
    stop,
)

__all__ = [
    "MOST_FOLLOWS",
    "Recipient",
    "Text",
    "Wish",
    "ask_to_follow",
    "choose",
    "confirm",
    "follow",
    "follow_on",
    "forget_bounce",
    "forget_reader",
    "go_on",
    "mark_read",
    "note_bounce",
    "post",
    "reader_by_link",
    "reader_of",
    "stop",
    "unfollow",
]
