"""Plays real days through the bot on a clock of their own, and notes when it would have spoken."""

from __future__ import annotations

from bisect import insort
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bot.core import PalouCore
from bot.decision import Decision
from bot.harness.days import Days, Said
from bot.harness.expect import cited, said
from bot.learning import learn
from bot.reasons import Reason, Why
from bot.reload import InProcess
from bot.reply.reply import told
from bot.settings import RoomSettings, Settings
from bot.terms import Contact, Incoming, Room
from knowledge.store.transaction import create

_CANDIDATES = 5

NEAR = 12
"""How many messages are kept at most for which the bot was nearly sure enough."""

BEFORE, AFTER = 4, 6
"""How many messages are shown around one that the bot would have answered."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A message that the bot answered, or would have but for `reason`, and what stands around it.

    `replied` is what it said, or would have; `quotes` are the citations that a reply quotes.
    `candidates`: confidence, citation and question of the best matches.
    """

    message: Said
    reason: Reason
    spoke: bool
    replied: str
    at: datetime
    quotes: tuple[str, ...]
    confidence: float
    candidates: tuple[tuple[float, str, str], ...]
    before: tuple[Said, ...]
    after: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of the days: moments in order, and how many messages were decided how.

    `near` are those for which the bot was not sure enough, the surest first.
    """

    group: str
    first: str
    last: str
    messages: int
    known: int
    mode: str
    moments: tuple[Moment, ...]
    near: tuple[Moment, ...]
    reasons: tuple[tuple[Why, int], ...]


Progress = Callable[[str, float, int], None]
"""Called with what is being done (`read`, `link`, `play`), how much is done, and of how much."""


def replay(
    played: Days,
    settings: Settings,
    database: Path,
    *,
    mode: str = "ambient",
    daily: bool = False,
    progress: Progress = lambda what, done, of: None,
) -> Replayed:
    """Play days; the bot knows what was archived before them.

    With `daily` it learns each day when it is over, as if it were reloaded at midnight. `database`
    is made anew (StoreError when it is something else) and holds what the bot knew at the end.
    """
    known = _learn(database, played.before, settings, progress)
    return _Playing(played, settings, database, mode, daily).run(known, progress)


def _learn(database: Path, files: Sequence[Path], settings: Settings, progress: Progress) -> int:
    if not files:
        create(database)
        return 0
    done = learn(
        database,
        files,
        settings.semantic,
        zone=settings.zone,
        own=settings.owned,
        progress=progress,
    )
    return done.messages


class _Playing:
    """One run over some days."""

    def __init__(
        self, played: Days, settings: Settings, database: Path, mode: str, daily: bool
    ) -> None:
        self.days = played
        self.daily = daily
        self.zone = settings.zone
        self.room = Room(f"{played.group}@replay", played.group)
        room = RoomSettings(id=self.room.id, groups=(played.group,), mode=mode)
        self.settings = replace(settings, rooms=(room,), live=None, database=database)
        self.now = self._at(played.messages[0])
        nothing = InProcess(lambda: "")
        self.core = PalouCore(self.settings, database, nothing, lambda: self.now)
        self.reasons: Counter[Why] = Counter()
        self.moments: list[tuple[int, Moment]] = []
        self.near: list[tuple[float, int, Moment]] = []  # the least sure first

    def run(self, known: int, progress: Progress) -> Replayed:
        """All days, one message after the other; `known` is how many were known before."""
        messages = self.days.messages
        day = messages[0].citation.date
        for number, message in enumerate(messages):
            if number % 100 == 0:
                progress("play", number, len(messages))
            self._settle(self._at(message))
            if self.daily and message.citation.date != day:
                self._learn_until(day)
                day = message.citation.date
            self._hear(number, message)
        self._settle(None)
        self.core.close()
        progress("play", len(messages), len(messages))
        return Replayed(
            self.days.group,
            messages[0].citation.date,
            messages[-1].citation.date,
            len(messages),
            known,
            self.settings.rooms[0].mode,
            tuple(moment for _, moment in sorted(self.moments, key=lambda m: m[0])),
            tuple(moment for *_, moment in reversed(self.near)),
            tuple(self.reasons.most_common()),
        )

    def _hear(self, number: int, message: Said) -> None:
        incoming = Incoming(
            id=str(number),
            room=self.room,
            sender=Contact(message.speaker, message.speaker),
            text=message.text,
            sent_at=self.now,
        )
        decision = self.core.receive(incoming)
        if decision.reason.why is not Why.HELD:
            self._note(decision)

    def _settle(self, until: datetime | None) -> None:
        """Let time pass, stopping where something is due; None: until nothing waits any more."""
        while True:
            due = self.core.next_due()
            if due is not None and until is not None and due > until:
                due = None
            self.now = max(self.now, due or until or self.now)
            for decision in self.core.due(self.now):
                self._note(decision)
            if due is None:
                return

    def _note(self, decision: Decision) -> None:
        """Count a decision, and keep it when the bot spoke or had something to say."""
        self.reasons[decision.reason.why] += 1
        number = int(decision.incoming.id)
        sure = decision.matches and decision.matches[0].confidence >= decision.threshold
        # What a threshold is compared with: how sure it was, and that anything is asked at all.
        figure = decision.reason.figure or 0.0
        if decision.sends or sure:
            self.moments.append((number, self._moment(number, decision)))
        elif decision.reason.why is Why.BELOW_THRESHOLD and figure > self._least_near():
            moment = self._moment(number, decision)
            insort(self.near, (figure, -number, moment), key=lambda near: near[:2])
            del self.near[:-NEAR]

    def _least_near(self) -> float:
        """What a near miss has to be above, to be kept."""
        return self.near[0][0] if len(self.near) == NEAR else 0.0

    def _moment(self, number: int, decision: Decision) -> Moment:
        messages = self.days.messages
        return Moment(
            message=messages[number],
            reason=decision.reason,
            spoke=bool(decision.sends),
            replied=said([decision])
            or told(decision.matches[0], self.settings.permalink_to)[0].text,
            at=self.now,
            quotes=tuple(str(c) for c in cited([decision])),
            confidence=decision.matches[0].confidence if decision.matches else 0.0,
            candidates=tuple(
                (m.confidence, str(m.exchange.lead.citation), m.exchange.lead.text)
                for m in decision.matches[:_CANDIDATES]
            ),
            before=messages[max(0, number - BEFORE) : number],
            after=messages[number + 1 : number + 1 + AFTER],
        )

    def _learn_until(self, day: str) -> None:
        """Load all days that are over, as an admin's /reload at midnight would."""
        files = [*self.days.before, *(path for last, path in self.days.files if last <= day)]
        if files:
            learn(
                self.settings.database,
                files,
                self.settings.semantic,
                zone=self.settings.zone,
                own=self.settings.owned,
            )
            self.core.asking.refresh()

    def _at(self, message: Said) -> datetime:
        moment = f"{message.citation.date}T{message.citation.time}"
        return datetime.fromisoformat(moment).replace(tzinfo=self.zone)
