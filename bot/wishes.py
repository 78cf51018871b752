"""What members and admins want forgotten: who may say so, of what, and that it holds at once."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime

from bot.asking import Asking
from bot.commands import COMMANDS
from bot.loads import Loads
from bot.memory import Memory
from bot.record.record import Record
from bot.reply import texts
from bot.rooms import Rooms
from bot.terms import Incoming, Room
from knowledge.language.names import SOMEBODY
from knowledge.model import Citation
from knowledge.store.forget import Rule, about
from knowledge.store.read import Store

log = logging.getLogger("palou")

_ALL = ("all", "全部")


class Wishes:
    """The wishes to be forgotten that one bot is told of; `admins` are contact ids."""

    def __init__(
        self,
        admins: Collection[str],
        record: Record,
        rooms: Rooms,
        memory: Memory,
        asking: Asking,
        loads: Loads,
    ) -> None:
        self._admins = admins
        self._record = record
        self._rooms = rooms
        self._memory = memory
        self._asking = asking
        self._loads = loads

    def masked(self, group: str, name: str, text: str) -> tuple[str, str]:
        """Who is to be archived as having said what, by what members want forgotten."""
        forgotten = self._asking.forgotten
        return forgotten.masked(group, "", name, text) if forgotten else (name, text)

    def forget(self, incoming: Incoming, citation: str, now: datetime) -> str:
        """Forget a message, on the word of an admin or of who said it; what to say."""
        try:
            cited = Citation.parse(citation)
        except ValueError:
            return texts.USAGE.format(COMMANDS["forget"].usage)
        store = Store(self._asking.conn)
        number = store.message_id(cited)
        message = store.messages([number]).get(number) if number is not None else None
        if message is None:
            return texts.NO_SUCH_MESSAGE
        own = self._is_alone(incoming, message.speaker)
        if incoming.sender.id not in self._admins and not own:
            return texts.NOT_YOURS_TO_FORGET
        self._keep([Rule("message", cited.group, str(cited))], incoming, now)
        return texts.FORGOTTEN.format(cited)

    def forget_me(self, incoming: Incoming, what: str, now: datetime) -> str:
        """Forget who sent this: his name, or with `all` what he said as well; what to say."""
        words = what.strip().lower() in _ALL
        borne = self._record.names(incoming.sender.id)
        if any(not self._is_alone(incoming, name) for _, name in borne):
            # Neither his words nor that he bears the name, too, may go: the other one's would be
            # anybody's then.
            return texts.NAME_OF_ANOTHER
        rules = [
            rule
            for room, name in borne
            for group in self._rooms.groups(self._rooms.named(room) or Room(room, ""))
            for rule in about(self._asking.conn, group, name, words)
        ]
        self._record.forget_contact(incoming.sender.id)
        self._memory.forget(incoming.sender.id)
        self._keep(rules, incoming, now)
        return texts.FORGOTTEN_ALL if words else texts.FORGOTTEN_NAME.format(SOMEBODY)

    def _is_alone(self, incoming: Incoming, name: str) -> bool:
        """Whether a name is the sender's own, and nobody else's who was seen speaking.

        Anybody can take another's nickname; then both are asked to turn to an admin.
        """
        own = {n for _, n in self._record.names(incoming.sender.id)}
        return name in own and not self._record.others_named(name, incoming.sender.id)

    def _keep(self, rules: list[Rule], incoming: Incoming, now: datetime) -> None:
        """Keep rules: they hold for all that is asked from now on, and a load applies them."""
        log.info("forgetting %d rules for %s", len(rules), incoming.sender.id)
        self._record.forget(rules, now, incoming.sender.id)
        self._memory.drop_quotes()
        self._asking.refresh()
        self._loads.soon()
