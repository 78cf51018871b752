"""What members and admins want forgotten: who may say so, of what, and that it holds at once."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from bot.asking import Asking
from bot.commands import COMMANDS
from bot.erasing import WrittenFiles
from bot.identity import Identity
from bot.loads import Loads
from bot.memory import FRESH, Memory
from bot.record import labels
from bot.record.people import Claim, Pending
from bot.record.record import Record
from bot.reply import texts
from bot.rooms import Rooms
from bot.terms import Contact, Incoming, Room
from knowledge.errors import PalouError, StoreError
from knowledge.language.display import shown
from knowledge.language.names import SOMEBODY
from knowledge.model import Citation
from knowledge.store import wishes
from knowledge.store.forget import of_contact, waits
from knowledge.store.forgotten import Forgotten
from knowledge.store.read import Store
from knowledge.store.wishes import UNDO, Rule, Wish, hashed_contact

log = logging.getLogger("palou")

_ALL = ("all", "全部")
_UNDO = ("undo", "撤回", "反悔")
_YES = ("yes", "同意")
_NO = ("no", "拒绝")
_AGAIN = timedelta(minutes=10)  # until files that could not be written are tried again
_NAMES = 3  # names of one person that are told


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to be told to somebody else than who gave a command."""

    to: Contact
    room: Room | None
    text: str
    key: str


class Wishes:
    """The wishes to be forgotten that one bot is told of; `admins` are contact ids."""

    def __init__(
        self,
        database: Path,
        admins: Collection[str],
        record: Record,
        rooms: Rooms,
        memory: Memory,
        asking: Asking,
        loads: Loads,
        zone: tzinfo,
        written: WrittenFiles,
        steady: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._admins = admins
        self._record = record
        self._identity = Identity(record, rooms, zone, written)
        self._rooms = rooms
        self._memory = memory
        self._asking = asking
        self._loads = loads
        self._zone = zone
        self._written = written
        self._steady = steady
        self._erase_at: datetime | None = None
        self._look_at: datetime | None = None
        self._plan_erasing()
        self._notices: list[Notice] = []

    def masked(self, group: str, contact: str, name: str, text: str) -> tuple[str, str]:
        """Who is to be archived as having said what, by what members want forgotten."""
        forgotten = self._asking.forgotten
        return forgotten.said_by(group, contact, name, text) if forgotten else (name, text)

    def unnamed(self, groups: Iterable[str], text: str) -> str:
        """A text as it is to be written down, without the names that are forgotten in groups."""
        for group in groups if self._asking.forgotten else ():
            text = self._asking.forgotten.unnamed(group, text)
        return text

    def meet(self, room: Room, who: Contact, at: datetime) -> None:
        """Have what others wished about a name reach nothing that somebody else says under it.

        `at` is when he is first seen under that name.
        """
        groups, forgotten = self._rooms.groups(room), self._asking.forgotten
        if not any(forgotten.name(group, who.name) for group in groups):
            return
        try:
            held = wishes.read(self._database).held
            ended = [(wish, self._identity.end(wish, groups, who, at)) for wish in held]
            changed = [now for before, now in ended if now != before]
            if changed:
                wishes.tell_again(self._database, changed)
                self._hold()
        except StoreError as e:
            # More stays forgotten than has to, and he is heard all the same.
            log.error("%s", e)

    def notices(self) -> list[Notice]:
        """What others are to be told of, once."""
        found, self._notices = self._notices, []
        return found

    def forget(self, incoming: Incoming, citation: str, now: datetime) -> str:
        """Forget a message, on the word of an admin or of who said it; what to say."""
        try:
            cited = Citation.parse(citation)
        except ValueError:
            return texts.USAGE.format(COMMANDS["forget"].usage)
        store = Store(self._asking.conn)
        number = store.message_id(cited)
        message = store.messages([number]).get(number) if number is not None else None
        admin = incoming.sender.id in self._admins
        if message is None:
            return texts.NO_SUCH_MESSAGE if admin else texts.NOT_YOURS_TO_FORGET
        if not admin and not self._identity.owns(store, incoming.sender, message, now):
            # The same words as for one that is not there: nobody learns what an archive holds.
            return texts.NOT_YOURS_TO_FORGET
        kept = self._keep([Rule("message", cited.group, str(cited))], incoming.sender.id, now, 1)
        return texts.FORGOTTEN.format(cited) if kept else texts.NOT_KEPT

    def forget_me(self, incoming: Incoming, what: str, now: datetime) -> str:
        """Forget who sent this: his name, or with `all` what he said as well; what to say."""
        what = what.strip().lower()
        if what in _UNDO:
            return self._undo(incoming, now)
        if what and what not in _ALL:
            return texts.USAGE.format(COMMANDS["forget-me"].usage)
        words, contact = bool(what), incoming.sender
        store, before = Store(self._asking.conn), self._before(contact.id, words)
        claims = self._identity.claims(store, contact, now)
        # In front of a room nothing is said of others that somebody is in.
        here = self._rooms.groups(incoming.room) if incoming.room else None
        found = _found([c for c in claims if here is None or c.group in here], before)
        if not self._record.sightings(contact.id):
            # What a stranger may have said is told to admins alone, but for what is by his id.
            claims = [c for c in claims if c.proven]
            found = found if claims else [texts.NEVER_SEEN]
            known = {(claim.group, name) for claim in claims for name in claim.known}
            claims += [
                claim
                for claim in self._identity.of_stranger(store, contact, now)
                if known.isdisjoint((claim.group, name) for name in claim.known)
            ]
        asked = self._memory.sure.get(contact.id)
        if words and not (asked and self._steady() - asked <= FRESH):
            self._memory.sure[contact.id] = self._steady()
            return "\n".join([*found, texts.SURE_TO_FORGET])
        self._memory.sure.pop(contact.id, None)
        sure = [claim for claim in claims if claim.proven]
        unsure = [claim for claim in claims if not claim.proven]
        return "\n".join(
            [
                *found,
                self._forget(incoming, sure, before, words, now),
                *self._ask(incoming, unsure, words, now),
            ]
        )

    def _before(self, contact: str, words: bool) -> list[Wish]:
        """The wishes of a contact by which his name went, when his words are to go as well."""
        return wishes.read(self._database).by(contact) if words else []

    def _forget(
        self,
        incoming: Incoming,
        claims: Sequence[Claim],
        before: Sequence[Wish],
        words: bool,
        now: datetime,
    ) -> str:
        """Forget what a contact has proven to be his; what to say."""
        contact = incoming.sender.id
        nameless = self._identity.nameless(before, now)
        groups = {*(c.group for c in claims), *self._groups(incoming)}
        rules = [
            *(rule for claim in claims for rule in self._identity.rules(claim, words)),
            *nameless,
            *(rule for group in sorted(groups) for rule in of_contact(group, contact, words)),
            *self._identity.questions(contact, self._asking.forgotten),
            Rule("contact", "", hashed_contact(contact)),
        ]
        if not self._keep(rules, contact, now, sum(c.messages for c in claims)):
            return texts.NOT_KEPT
        self._memory.forget(contact)
        labels.forget(self._database, self._record.asked_alone(contact))
        self._record.forget_contact(contact)
        if not (nameless or any(claim.messages for claim in claims)):
            return texts.FROM_NOW_ON
        return texts.FORGOTTEN_ALL if words else texts.FORGOTTEN_NAME.format(SOMEBODY)

    def _groups(self, incoming: Incoming) -> tuple[str, ...]:
        """The groups that somebody's further messages may be archived in."""
        seen = self._record.sightings(incoming.sender.id)
        return tuple(group for s in seen for group in self._rooms.groups_of(s.room))

    def _ask(
        self, incoming: Incoming, claims: Sequence[Claim], words: bool, now: datetime
    ) -> list[str]:
        """Have an admin decide on what may be another's; what to say."""
        claims = [claim for claim in claims if claim.messages]
        if not claims:
            return []
        if not self._record.ask_admins(incoming.sender, incoming.room, words, claims, now):
            return [texts.NOT_KEPT]
        stranger = not self._record.sightings(incoming.sender.id)
        for admin in self._admins:
            said = texts.WISH_FOR_ADMIN.format(
                shown(incoming.sender.name), COMMANDS["wishes"].usage
            )
            key = f"{incoming.id}:wish:{admin}"
            self._notices.append(Notice(Contact(admin, ""), None, said, key))
        # A stranger is told the same whether there is anything under his name or not.
        return [] if stranger else [texts.ADMIN_DECIDES]

    def decide(self, incoming: Incoming, words: Sequence[str], now: datetime) -> str:
        """List the wishes that wait for an admin, or decide on one; what to say."""
        waiting = self._record.pending()
        if not words:
            lines = [_listed(pending, self._zone) for pending in waiting]
            lines.append(texts.USAGE.format(COMMANDS["wishes"].usage))
            return "\n".join(lines) if waiting else texts.NO_WISHES
        number, *answer = words
        said = answer[0].lower() if answer else ""
        # By its own number: another may have decided on one since they were listed.
        pending = next((p for p in waiting if str(p.id) == number), None)
        if pending is None or said not in _YES + _NO:
            return texts.USAGE.format(COMMANDS["wishes"].usage)
        if said in _YES and not self._grant(pending, now):
            return texts.NOT_KEPT
        self._record.drop(pending)
        told = texts.WISH_GRANTED if said in _YES else texts.WISH_REFUSED
        key = f"{incoming.id}:wish"
        self._notices.append(Notice(pending.contact, pending.room, told, key))
        return texts.WISH_DECIDED.format(shown(pending.contact.name))

    def _grant(self, pending: Pending, now: datetime) -> bool:
        who, words = pending.contact.id, pending.words
        rules = [
            rule
            for claim in pending.claims
            for rule in self._identity.rules_up_to(who, claim, words, pending.at)
        ]
        messages = sum(claim.messages for claim in pending.claims)
        return self._keep(rules, pending.contact.id, now, messages)

    def _undo(self, incoming: Incoming, now: datetime) -> str:
        """Take back the last wish of a contact, while that can be; what to say.

        Who first had his name forgotten, and then all, was told that both can be had back.
        """
        kept = wishes.read(self._database).by(incoming.sender.id)
        if not kept or not kept[-1].can_be_undone(now):
            return texts.NOTHING_TO_UNDO
        *before, last = kept
        back = [w for w in before if w.can_be_undone(now) and _goes_on_from(last, w)]
        try:
            wishes.undo(self._database, last, *back)
        except StoreError as e:
            log.error("%s", e)
            return texts.NOT_KEPT
        self._hold()
        stay = any(r.what == "name" for w in before if w not in back for r in w.rules)
        return texts.UNDONE_LAST if stay else texts.UNDONE

    def _keep(self, rules: Iterable[Rule], contact: str, now: datetime, messages: int) -> bool:
        """Keep a wish; whether it is on disk. It holds from now on, and a load applies it."""
        unique = list(dict.fromkeys(rules))
        try:
            wishes.keep(self._database, unique, now, contact, messages)
        except StoreError as e:
            log.error("%s", e)
            return False
        log.info("forgetting by %d rules, for %s", len(unique), contact)
        self._hold()
        return True

    def _hold(self) -> None:
        """Have all that is asked from now on know the wishes, and a load apply them."""
        self._loads.soon()
        self._memory.drop_quotes()
        self._plan_erasing()
        try:
            self._asking.refresh()
        except (PalouError, sqlite3.Error) as e:
            # The wish is on disk all the same, and whoever asks next sees that it came.
            log.error("the knowledge could not be read again: %s", e)

    def _plan_erasing(self) -> None:
        """Note when the next wish cannot be taken back any more."""
        waiting = [wish.at for wish in wishes.read(self._database).held if not wish.erased]
        self._erase_at = min(waiting) + UNDO if waiting else None

    def due(self, now: datetime) -> None:
        """Do what waits for time to pass."""
        self._load_again(now)
        self._erase(now)

    def _load_again(self, now: datetime) -> None:
        """Begin the load of a wish that the process before this one left, or that failed."""
        if self._look_at is not None and now < self._look_at:
            return
        self._look_at = now + _AGAIN
        if waits(self._asking.conn) and not self._loads.running:
            self._loads.soon()

    def _erase(self, now: datetime) -> None:
        """Take what can come back no more out of the files that the bot wrote, when it is time."""
        if self._erase_at is None or now < self._erase_at:
            return
        held = wishes.read(self._database).held
        final = [wish for wish in held if not wish.can_be_undone(now)]
        try:
            self._written.erase(Forgotten(rule for wish in final for rule in wish.rules))
            wishes.note_erased(self._database, [wish for wish in final if not wish.erased])
            self._plan_erasing()
        except (OSError, PalouError) as e:
            log.error("what is forgotten stays in files for now: %s", e)
            self._erase_at = now + _AGAIN


def _goes_on_from(wish: Wish, before: Wish) -> bool:
    """Whether a wish has the words forgotten, too, where one before it had the names alone."""
    names = [rule for rule in before.rules if rule.what == "name"]
    alone = all(rule.what != "words" for rule in before.rules)
    return bool(names) and alone and {replace(r, what="words") for r in names} <= {*wish.rules}


def _found(claims: Sequence[Claim], before: Sequence[Wish]) -> list[str]:
    """What was found of a contact: a line for each group, and one for what has no name any more."""
    lines = [
        texts.YOU_SAID.format(claim.group, claim.messages, _named(claim))
        for claim in claims
        if claim.messages
    ]
    if nameless := sum(wish.messages for wish in before):
        lines.append(texts.YOU_SAID_NAMELESS.format(nameless))
    return lines or [texts.NOTHING_OF_YOU]


def _named(claim: Claim) -> str:
    """The first names of a claim, as they are told."""
    return "".join(f"「{shown(name)}」" for name in claim.names[:_NAMES])


def _listed(pending: Pending, zone: tzinfo) -> str:
    """A wish as an admin is told of it."""
    what = "；".join(
        texts.SAID_THERE.format(c.group, c.messages, _named(c)) for c in pending.claims
    )
    wish = texts.WANTS_WORDS if pending.words else texts.WANTS_NAME
    return wish.format(pending.id, shown(pending.contact.name), pending.at.astimezone(zone), what)
