"""The moderator's desk: one file a subject."""

from . import bans, comment, mail, panels

__all__ = ["bans", "comment", "mail", "panels"]
