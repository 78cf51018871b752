"""Reads what a message of wechaty says: when it was sent, and whether it is for the bot."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import UTC, datetime

from bot.terms import Contact, Outgoing

AFTER_MENTION = "\u2005"
"""What WeChat writes after a name that is mentioned: a four-per-em space."""

_ALL = re.compile(r"@(所有人|all)(?=[\s\u2005]|$)", re.IGNORECASE)


def mentions(text: str, mentioned: Collection[str], own: Contact) -> bool:
    """Whether a text in a room mentions the bot: by the ids that came along, else by its name.

    Some gateways pass no ids, so `@name` followed by a space counts as well. Others pass the ids
    of all members for `@所有人`, which puts nothing to the bot.
    """
    if own.name and re.search(rf"@{re.escape(own.name)}(?=[\s\u2005]|$)", text):
        return True
    return own.id in mentioned and not _ALL.search(text)


def sent_at(timestamp: float, now: datetime) -> datetime:
    """The time of a message; gateways give it in seconds or milliseconds, or not at all (0)."""
    if timestamp <= 0:
        return now
    seconds = timestamp / 1000 if timestamp > 1e11 else timestamp
    return datetime.fromtimestamp(seconds, UTC)


def wire_text(outgoing: Outgoing) -> str:
    """The text as it is sent: WeChat shows a mention only where the text holds the name, too."""
    if outgoing.room is None or not outgoing.mention:
        return outgoing.text
    return f"@{outgoing.to.name}{AFTER_MENTION}{outgoing.text}"
