"""A message as the bot hears it: within what an archive holds, and whether it is put to the bot."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from bot.terms import Contact, Incoming, Room
from knowledge.archive.limits import cut_name, cut_text

_FIRST_MENTION = re.compile(r"@[^\s\u2005]{1,40}[\s\u2005]?")


class Hearing:
    """Tells what is put to a bot of these names, also where the network does not tell it."""

    def __init__(self, names: Iterable[str]) -> None:
        some = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
        pattern = rf"@(?:{some})(?=[\s?？\u2005,，:：]|$)[?\u2005]?"
        self._mention = re.compile(pattern, re.IGNORECASE)

    def addressed(self, incoming: Incoming) -> tuple[str, bool]:
        """The text without its mention of the bot, and whether there was one."""
        text, count = self._mention.subn(" ", incoming.text)
        if incoming.mentioned and not count:
            # The room knows the bot by a name that it does not know itself.
            text = _FIRST_MENTION.sub(" ", text, count=1)
        return text.strip(), incoming.mentioned or count > 0


def fit(incoming: Incoming) -> Incoming:
    """A message as far as it is looked at, as an archive would have it.

    Half of a pair of surrogates can be written nowhere: whatever bears one gets a `?` for it.
    """
    room, sender = incoming.room, incoming.sender
    found = replace(
        incoming,
        id=_whole(incoming.id),
        room=room and Room(_whole(room.id), _whole(room.topic)),
        sender=Contact(_whole(sender.id), _whole(cut_name(sender.name))),
        text=_whole(cut_text(incoming.text)),
    )
    return incoming if found == incoming else found


def _whole(text: str) -> str:
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
