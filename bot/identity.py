"""Works out what a contact has said in the archives: by his id, or the names he was seen under.

An archive that has the chat's own ids tells who said what. Others know nicknames, which anybody can
take. Taking one proves nothing about what was said under it before: who was not seen under it when
that was said, and has not borne it alone for a week from his first message on, has an admin decide.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from bot.erasing import WrittenFiles
from bot.record.people import Claim, Sighting
from bot.record.record import Record
from bot.rooms import Rooms
from bot.terms import Contact
from knowledge.language.names import ME, SOMEBODY, tidy
from knowledge.language.retelling import one_line
from knowledge.model import Message
from knowledge.store import browse, contact_senders
from knowledge.store.browse import Spoken
from knowledge.store.forget import contacts_of, known_as, of_contact, of_names, shared_names
from knowledge.store.forgotten import Forgotten
from knowledge.store.read import Store
from knowledge.store.wishes import EVER, Rule, Wish, hashed, hashed_contact, hashed_question, hidden

_SLACK = timedelta(minutes=10)
"""By how much a chat's clock may run before the bot's: a message is archived by the former."""

_SECOND = timedelta(seconds=1)  # what was said at a moment is said before the next second

_WEEK = timedelta(days=7)
"""How long somebody has to bear a name, and nobody else, until he is taken for who bore it before.
Long enough for a member who was robbed of his name to say a word, which makes it nobody's."""


class Identity:
    """Who the contacts of one bot are in its archives."""

    def __init__(self, record: Record, rooms: Rooms, zone: tzinfo, written: WrittenFiles) -> None:
        self._record = record
        self._written = written
        self._rooms = rooms
        self._zone = zone

    def claims(self, store: Store, who: Contact, now: datetime) -> list[Claim]:
        """What a contact may have said, by group: by his id, and under the names of his.

        Those are the names that he was seen under there, those that the archive has by his id, and
        the one that he has now: after an earlier wish, only its hash was written down.
        """
        contact, seen = who.id, dict[str, list[Sighting]]()
        sightings = self._record.sightings(contact)
        noted = {(s.room, tidy(s.name)) for s in sightings}
        rooms = dict.fromkeys(s.room for s in sightings)
        before = {s.room: s.since for s in sightings if s.name == hidden(who.name)}
        now_borne = [
            Sighting(room, who.name, before.get(room))
            for room in rooms
            if (room, tidy(who.name)) not in noted
        ]
        for sighting in [*sightings, *now_borne]:
            for group in self._rooms.groups_of(sighting.room):
                seen.setdefault(group, []).append(sighting)
        for group in contact_senders.groups_of(store.conn, contact):
            seen.setdefault(group, [])
        others = self._record.others(contact)
        said = _said(store, contact, self._written.unloaded(store.conn))
        return [
            claim
            for group, sightings in sorted(seen.items())
            for claim in self._of_contact(
                store, group, contact, sightings, others, said(group), now
            )
        ]

    def _of_contact(
        self,
        store: Store,
        group: str,
        contact: str,
        sightings: Sequence[Sighting],
        others: Collection[str] | None,
        said: _Said,
        now: datetime,
    ) -> list[Claim]:
        """What a contact said in one group by his id, and what he may have said under his names."""
        own = said.of(contact)
        by_id = Claim(
            group=group,
            names=tuple(sorted(own, key=lambda name: -own[name].messages)),
            known=(),
            messages=sum(spoken.messages for spoken in own.values()),
            proven=True,
            ids=(contact,),
        )
        borne = [Sighting("", name, self._at(spoken.first)) for name, spoken in own.items()]
        bearers = None if others is None else {*others, *said.borne_by_others(contact)}
        by_name = self._in_group(store, group, [*sightings, *borne], bearers, said, now)
        return [*([by_id] if own else []), *by_name]

    def _in_group(
        self,
        store: Store,
        group: str,
        sightings: Sequence[Sighting],
        others: Collection[str] | None,
        said: _Said,
        now: datetime,
    ) -> list[Claim]:
        """What may have been said in one group; names that are one person's are one claim.

        Of those whom the archive knows by the ids of contacts, nothing is.
        """
        spoken = said.unidentified()
        since: dict[frozenset[str], datetime | None] = {}
        seen: dict[frozenset[str], datetime | None] = {}
        borne: dict[frozenset[str], str] = {}
        for sighting in sightings:
            if sighting.is_hidden or tidy(sighting.name) == SOMEBODY:
                continue  # under this name stands whoever was forgotten before
            known = known_as(store.conn, group, sighting.name)
            since[known] = _earlier(since.get(known, sighting.since), sighting.since)
            borne.setdefault(known, sighting.name)
            if sighting.room:
                seen[known] = _earlier(seen.get(known, sighting.since), sighting.since)
                borne[known] = sighting.name
        shared = shared_names(store.conn, group)
        claims = []
        for known, from_then in since.items():
            names = [name for name in sorted(spoken) if tidy(name) in known]
            first = min((spoken[name].first for name in names), default=None)
            own = others is not None and _is_nobody_elses(known, {*others, *shared})
            met = seen.get(known)
            always = (
                met is not None
                and now - met >= _WEEK
                and not any(_is_another_before(s, known, met) for s in sightings if s.room)
            )
            claims.append(
                Claim(
                    group=group,
                    names=tuple(names) or (borne[known],),
                    known=tuple(sorted(known)),
                    messages=sum(spoken[name].messages for name in names),
                    proven=own and (always or first is None or self._is_since(first, from_then)),
                    since=from_then,
                    ids=said.ids_of(known),
                )
            )
        return claims

    def of_stranger(self, store: Store, who: Contact, now: datetime) -> list[Claim]:
        """What was said under the name of somebody who was never seen; nothing of it is proven."""
        unknown, unloaded = [Sighting("", who.name, None)], self._written.unloaded(store.conn)
        said, groups = _said(store, who.id, unloaded), sorted({*store.groups(), *unloaded})
        found = (self._in_group(store, g, unknown, (), said(g), now) for g in groups)
        return [replace(claim, proven=False) for claims in found for claim in claims]

    def owns(self, store: Store, who: Contact, message: Message, now: datetime) -> bool:
        """Whether a contact has said a message of the archive."""
        contact = who.id
        cited = message.citation
        if message.sender:
            if message.sender == contact:
                return True
            if message.sender in contacts_of(store.conn, [contact]).among(cited.group):
                return False
        known = known_as(store.conn, cited.group, message.speaker)
        if any(
            claim.proven and claim.group == cited.group and not known.isdisjoint(claim.known)
            for claim in self.claims(store, who, now)
        ):
            return True
        at = f"{cited.date}T{cited.time}"
        others = self._record.others(contact)
        if others is None or SOMEBODY in known or not _is_nobody_elses(known, others):
            return False
        return any(
            tidy(sighting.name) in known and self._is_since(at, sighting.since)
            for sighting in self._record.sightings(contact)
            if cited.group in self._rooms.groups_of(sighting.room)
        )

    def rules(self, claim: Claim, words: bool) -> list[Rule]:
        """The rules that forget what a contact has proven to be his.

        Where the archive has nothing of his yet, all that is known is that he bears the name now.
        """
        if claim.messages:
            return _about(claim, words)
        if claim.since is None:
            return []
        return of_names(claim.group, claim.known, words, since=self.moment(claim.since - _SLACK))

    def rules_up_to(self, contact: str, claim: Claim, words: bool, at: datetime) -> list[Rule]:
        """The rules for what an admin confirmed, up to a moment where others bear the name now."""
        others = self._record.others(contact)
        alone = others is not None and _is_nobody_elses(claim.known, others)
        until = "" if alone else self.moment(at + _SECOND)
        return _about(claim, words, until)

    def nameless(self, before: Sequence[Wish], now: datetime) -> list[Rule]:
        """The rules by which words go whose names went by earlier wishes of a contact.

        Since the first of them, the bot's own files have no name of his; of what was said before,
        they have it until they are rewritten.
        """
        known = {rule for wish in before for rule in wish.rules}
        until, found = self.moment(now + _SECOND), list[Rule]()
        for wish in before:
            words = [replace(rule, what="words") for rule in wish.rules if rule.what == "name"]
            since = "" if wish.erased else self.moment(wish.at - _SLACK)
            groups = sorted({rule.group for rule in words if rule not in known})
            found += [*words, *(Rule("nameless", group, "", since, until) for group in groups)]
        return found

    def questions(self, contact: str, forgotten: Forgotten) -> list[Rule]:
        """The rules that forget what a contact asked, where it was archived with an answer to it.

        What somebody else had asked in the same words stays.
        """
        asked = {one_line(text): (text, at) for text, at in self._record.asked_by(contact).items()}
        rules = []
        for group, question, at in self._written.answered() if asked else ():
            # What is written down of a question lacks names that were forgotten since.
            said = {question, forgotten.unnamed(group, question, EVER)}
            answered = self._at(at)
            if any(
                asked[one][1] <= answered
                and not self._record.others_asked(contact, asked[one][0], answered)
                for one in said & asked.keys()
            ):
                rules += [Rule("question", group, hashed_question(group, q)) for q in said]
        return rules

    def end(self, wish: Wish, groups: Collection[str], who: Contact, at: datetime) -> Wish:
        """A wish, of which what is about a name of somebody else ends when he is seen under it."""
        if wish.by in (hashed_contact(who.id), hashed_contact("")):
            return wish  # it is his own; or an old one, of which nobody knows whose it is
        names = {(group, hashed(group, who.name)) for group in groups}
        until = self.moment(max(at, wish.at + _SECOND))
        return replace(
            wish,
            rules=tuple(
                replace(rule, until=until)
                if not rule.until and (rule.group, rule.key) in names
                else rule
                for rule in wish.rules
            ),
        )

    def moment(self, at: datetime) -> str:
        """A moment as citations have it, in the time of the groups."""
        return f"{at.astimezone(self._zone):%Y-%m-%dT%H:%M:%S}"

    def _at(self, moment: str) -> datetime:
        """A moment as the archive has it."""
        return datetime.fromisoformat(moment).replace(tzinfo=self._zone)

    def _is_since(self, at: str, since: datetime | None) -> bool:
        """Whether what the archive dates so was said when a contact was seen already."""
        return since is not None and self._at(at) >= since - _SLACK


@dataclass(frozen=True, slots=True)
class _Said:
    """What was said in a group, by name and sender's id, of which `contacts` are contacts' own.

    `unloaded` is what no load has read yet, by name.
    """

    spoken: Mapping[tuple[str, str], Spoken]
    unloaded: Mapping[str, Spoken]
    contacts: frozenset[str]

    def of(self, sender: str) -> dict[str, Spoken]:
        """What was said by an id, by name; nothing where it is but a name."""
        return {n: said for (n, i), said in self.spoken.items() if i == sender != n}

    def borne_by_others(self, contact: str) -> set[str]:
        """The names, tidied, that the archive has for other contacts."""
        ids = self.contacts - {contact}
        return {tidy(name) for name, sender in self.spoken if sender in ids}

    def unidentified(self) -> dict[str, Spoken]:
        """What was said by name where no contact's id tells who it was."""
        found = dict(self.unloaded)
        for (name, sender), said in self.spoken.items():
            if sender not in self.contacts:
                found[name] = said + found.get(name)
        return found

    def ids_of(self, known: Collection[str]) -> tuple[str, ...]:
        """The ids, none of them a contact's, by which nobody speaks but under known names."""
        names: dict[str, set[str]] = {}
        for name, sender in self.spoken:
            if sender and sender not in self.contacts:
                names.setdefault(sender, set()).add(tidy(name))
        return tuple(sorted(i for i, borne in names.items() if borne <= {*known}))


def _said(
    store: Store, contact: str, unloaded: Mapping[str, Mapping[str, Spoken]]
) -> Callable[[str], _Said]:
    """What was said in a group, also what no load has read yet."""
    contacts = contacts_of(store.conn, [contact])

    def said(group: str) -> _Said:
        spoken = browse.spoken(store.conn, group)
        return _Said(spoken, unloaded.get(group, {}), contacts.among(group))

    return said


def _about(claim: Claim, words: bool, until: str = "") -> list[Rule]:
    """The rules that forget a claim's names, up to a moment, and its ids."""
    ids = [rule for i in claim.ids for rule in of_contact(claim.group, i, words)]
    return [*of_names(claim.group, claim.known, words, until=until), *ids]


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    """The earlier of two moments; None: before any that is known."""
    return min(one, other) if one and other else None


def _is_another_before(sighting: Sighting, known: Collection[str], then: datetime) -> bool:
    """Whether somebody was seen under another name before a known one, or just then."""
    own = tidy(sighting.name) in known or sighting.name in map(hidden, known)
    return not own and (sighting.since is None or sighting.since <= then)


def _is_nobody_elses(known: Collection[str], others: Collection[str]) -> bool:
    """Whether nobody else was seen under any of a person's names, also one who was forgotten."""
    return not {*known, *map(hidden, known)} & {*others, ME}
