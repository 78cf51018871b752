"""Questions that the bot was asked or overheard, its replies, and what members thought of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.reasons import Reason, Why
from bot.record.writing import Noted, Writing, iso

_TEXT = 2000
# Where a question was put: a room's id, or empty for all private chats together.
_PLACE = "case when room = '@' || contact then '' else room end"
_FEEDBACK_TEXT = 500


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that was put to the bot and not answered, with how often it was asked.

    `room` is where: a room's id, or empty for all private chats together. `last` is when it was
    asked last, in ISO.
    """

    text: str
    room: str
    times: int
    last: str = ""


@dataclass(frozen=True, slots=True)
class Replied:
    """A reply: to which question, when (ISO), what it cited, and what members thought of it."""

    text: str
    at: str
    citation: str
    good: int
    bad: int


class Questions(Writing):
    """The questions, replies and feedback of one database."""

    def question(
        self,
        at: datetime,
        room: str,
        contact: str,
        text: str,
        reason: Reason,
        confidence: float | None,
    ) -> Noted:
        """Note a question that was put to the bot or overheard, and what came of it."""
        return self._put(
            "insert into questions(at, room, contact, text, reason, figure, bound, confidence)"
            " values (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(iso(at), room, contact, text[:_TEXT]),
                *(reason.why.value, reason.figure, reason.bound, confidence),
            ),
        )

    def reply(self, question: Noted, at: datetime, citation: str) -> Noted:
        """Note a reply to a question, by what it cites: the words stand in the archive alone."""
        return self._put(
            "insert into replies(question, at, citation) values (?, ?, ?)",
            (question, iso(at), citation),
        )

    def feedback(
        self, reply: Noted, at: datetime, citation: str, text: str, contact: str, worth: int
    ) -> None:
        """Note what a member thought of a reply to a text (1 or -1); his last word counts."""
        self._put(
            "insert or replace into feedback(reply, at, citation, text, contact, worth)"
            " values (?, ?, ?, ?, ?, ?)",
            (reply, iso(at), citation, text[:_FEEDBACK_TEXT], contact, worth),
        )

    def feedback_on(self, citation: str) -> list[tuple[str, int]]:
        """The questions asked, and the worth of the reply, in the feedback on an exchange."""
        return self._rows("select text, worth from feedback where citation = ?", [citation]) or []

    def unanswered(self, most: int, room: str | None = None) -> list[Unanswered]:
        """What was asked of the bot and not found since, most asked first; in one room, if named.

        Rooms have their own archives, so what was asked in two of them are two questions. What
        nobody has to answer is left out, however often it is asked again.
        """
        found = self._rows(
            "with asked as (select id, at, text, reason,"
            f" {_PLACE} as place from questions where :room is null or room = :room),"
            " last as (select *, max(case when reason = :answered then id end)"
            " over (partition by text, place) as answered, max(reason = :dismissed)"
            " over (partition by text, place) as dismissed from asked)"
            " select text, place, count(*), max(at) from last where reason in (:missed, :offered)"
            " and id > coalesce(answered, 0) and not dismissed group by text, place"
            " order by 3 desc, max(id) desc limit :most",
            {
                "room": room,
                "answered": Why.ANSWERED.value,
                "dismissed": Why.DISMISSED.value,
                "missed": Why.NOT_FOUND.value,
                "offered": Why.OFFERED.value,
                "most": most,
            },
        )
        return [Unanswered(*row) for row in found or ()]

    def asked(self, most: int) -> list[str]:
        """What was put to the bot and is no overheard talk, each text once, the latest first."""
        heard = [why.value for why in Why if why.is_silence]
        marks = ",".join("?" * len(heard))
        rows = self._rows(
            f"select text from questions where reason not in ({marks}, ?) group by text"
            " order by max(id) desc limit ?",
            [*heard, Why.HELD.value, most],
        )
        return [text for (text,) in rows or ()]

    def done(self, texts: Sequence[str], room: str, why: Why) -> None:
        """Note what came of questions in a place, in all the times that they were not found."""
        for text in texts:
            self._put(
                f"update questions set reason = ? where text = ? and {_PLACE} = ?"
                " and reason in (?, ?)",
                (why.value, text, room, Why.NOT_FOUND.value, Why.OFFERED.value),
            )

    def replied(self, most: int) -> list[Replied]:
        """Replies, those that members found useless first, then the newest."""
        rows = self._rows(
            "select q.text, r.at, r.citation, coalesce(sum(f.worth > 0), 0),"
            " coalesce(sum(f.worth < 0), 0) from replies r join questions q on q.id = r.question"
            " left join feedback f on f.reply = r.id group by r.id"
            " order by 5 desc, r.id desc limit ?",
            [most],
        )
        return [Replied(*row) for row in rows or ()]

    def voices(self, since: datetime, until: datetime) -> tuple[int, int]:
        """How often members found replies useful, and not, within a time."""
        rows = self._rows(
            "select coalesce(sum(worth > 0), 0), coalesce(sum(worth < 0), 0) from feedback"
            " where at >= ? and at < ?",
            [iso(since), iso(until)],
        )
        good, bad = (rows or [(0, 0)])[0]
        return good, bad

    def told(self, most: int) -> list[tuple[str, str]]:
        """What was asked in rooms and answered, newest first: texts with the rooms' ids."""
        found = self._rows(
            "select text, room from questions where reason = ? and room not like '@%'"
            " and room <> '' order by id desc limit ?",
            [Why.ANSWERED.value, most],
        )
        return [(text, room) for text, room in found or ()]

    def asked_by(self, contact: str) -> dict[str, datetime]:
        """What a contact asked, and when first."""
        found = self._rows(
            "select text, min(at) from questions where contact = ? group by text", [contact]
        )
        return {text: datetime.fromisoformat(at) for text, at in found or ()}

    def others_asked(self, contact: str, text: str, until: datetime) -> bool:
        """Whether anybody else had asked the same by a moment."""
        found = self._rows(
            "select 1 from questions where text = ? and contact <> ? and at <= ? limit 1",
            [text, contact, iso(until)],
        )
        return bool(found)

    def asked_alone(self, contact: str) -> list[str]:
        """What a contact asked, and nobody else."""
        found = self._rows(
            "select text from questions group by text having min(contact) = ?1"
            " and max(contact) = ?1",
            [contact],
        )
        return [text for (text,) in found or ()]

    def decided(self, since: datetime, room: str | None = None) -> list[tuple[datetime, Why]]:
        """When questions were decided since a moment, and why so; in one room, if named."""
        found = self._rows(
            "select at, reason from questions where at >= ?1 and (?2 is null or room = ?2)"
            " order by id",
            [iso(since), room],
        )
        known = frozenset(Why)  # a newer palou may have written others
        return [(datetime.fromisoformat(at), Why(why)) for at, why in found or () if why in known]

    def counts(self, since: datetime, room: str | None = None) -> dict[str, int]:
        """How many questions came to which outcome since a moment; in one room, if named."""
        return dict(Counter(why.outcome for _, why in self.decided(since, room)))
