"""The tables of notices: messages and the mails they go in, readers, what they follow, lost addresses."""

from portal.notices.models.messages import Enclosure, Message
from portal.notices.models.readers import Bounce, Follow, Reader, What

__all__ = ["Bounce", "Enclosure", "Follow", "Message", "Reader", "What"]
