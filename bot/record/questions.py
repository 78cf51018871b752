"""Questions that the bot was asked or overheard, its replies, and what members thought of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.reasons import Reason, Why
from bot.record.writing import Noted, Writing

_TEXT = 2000
_FEEDBACK_TEXT = 500


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that was put to the bot and not answered, with how often it was asked."""

    text: str
    room: str
    times: int


@dataclass(frozen=True, slots=True)
class Voice:
    """What a member thought of a reply (1 or -1), to which question, and what it cited."""

    worth: int
    text: str
    citation: str


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
                *(_iso(at), room, contact, text[:_TEXT]),
                *(reason.why.value, reason.figure, reason.bound, confidence),
            ),
        )

    def reply(self, question: Noted, at: datetime, citation: str, text: str) -> Noted:
        """Note a reply to a question."""
        return self._put(
            "insert into replies(question, at, citation, text) values (?, ?, ?, ?)",
            (question, _iso(at), citation, text),
        )

    def feedback(
        self, reply: Noted, at: datetime, citation: str, text: str, contact: str, worth: int
    ) -> None:
        """Note what a member thought of a reply to a text (1 or -1); his last word counts."""
        self._put(
            "insert or replace into feedback(reply, at, citation, text, contact, worth)"
            " values (?, ?, ?, ?, ?, ?)",
            (reply, _iso(at), citation, text[:_FEEDBACK_TEXT], contact, worth),
        )

    def feedback_on(self, citation: str) -> list[tuple[str, int]]:
        """The questions asked, and the worth of the reply, in the feedback on an exchange."""
        return self._rows("select text, worth from feedback where citation = ?", [citation]) or []

    def unanswered(self, most: int) -> list[Unanswered]:
        """What was asked of the bot and not found, most asked first."""
        found = self._rows(
            "select text, max(room), count(*) from questions q where reason in (?, ?)"
            " and not exists (select 1 from questions later where later.text = q.text"
            "                 and later.id > q.id and later.reason = ?)"
            " group by text order by 3 desc, max(id) desc limit ?",
            [Why.NOT_FOUND.value, Why.OFFERED.value, Why.ANSWERED.value, most],
        )
        return [Unanswered(*row) for row in found or ()]

    def decided(self, since: datetime) -> list[tuple[datetime, Why]]:
        """When questions were decided since a moment, and why so."""
        found = self._rows(
            "select at, reason from questions where at >= ? order by id", [_iso(since)]
        )
        known = frozenset(Why)  # a newer palou may have written others
        return [(datetime.fromisoformat(at), Why(why)) for at, why in found or () if why in known]

    def counts(self, since: datetime) -> dict[str, int]:
        """How many questions came to which outcome since a moment."""
        return dict(Counter(why.outcome for _, why in self.decided(since)))

    def voices(self, most: int) -> tuple[int, int, list[Voice]]:
        """How often members found replies useful, and not, and the latest voices."""
        counted = self._rows(
            "select coalesce(sum(worth > 0), 0), coalesce(sum(worth < 0), 0) from feedback"
        )
        good, bad = (counted or [(0, 0)])[0]
        rows = self._rows(
            "select worth, text, citation from feedback order by at desc limit ?", [most]
        )
        return good, bad, [Voice(*row) for row in rows or ()]


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
