"""What the desk shows of the bot's record: questions, replies, feedback, the last load."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from bot.reasons import Why
from bot.record.record import Record
from bot.reply import texts
from bot.reports.evaluate import Labelled, Outcome, Rates, curve, figures
from bot.reports.words import ZH

DAYS = 56
"""Days that the desk looks back."""

ANSWERED, HEDGED, NOT_FOUND, SILENT = "answered", "hedged", "not found", "silent"

_KIND = {ANSWERED: ANSWERED, HEDGED: HEDGED, NOT_FOUND: NOT_FOUND, "offered": NOT_FOUND}


@dataclass(frozen=True, slots=True)
class DayCounts:
    """How the questions of a day ended."""

    date: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class QuestionCounts:
    """The questions of some days: by day, and silences by reason, most first."""

    days: tuple[DayCounts, ...]
    silent: tuple[tuple[str, int], ...]

    def total(self, kind: str) -> int:
        """How many there were of a kind."""
        return sum(d.counts.get(kind, 0) for d in self.days)


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days, by the first of them: what was put to the bot in them, and what came of it.

    What was overheard and not answered is not in it: that was nobody's question to the bot.
    """

    date: str
    answered: int
    hedged: int
    missed: int

    @property
    def asked(self) -> int:
        """How many questions were put to the bot."""
        return self.answered + self.hedged + self.missed

    @property
    def rate(self) -> float | None:
        """The share that was answered without a doubt; None: nothing was asked."""
        return self.answered / self.asked if self.asked else None


def weeks(counts: QuestionCounts) -> tuple[Week, ...]:
    """The days of some counts by sevens, of which the last ends today."""
    days = counts.days[len(counts.days) % 7 :]
    return tuple(
        Week(
            days[i].date,
            *(
                sum(d.counts.get(kind, 0) for d in days[i : i + 7])
                for kind in (ANSWERED, HEDGED, NOT_FOUND)
            ),
        )
        for i in range(0, len(days), 7)
    )


@dataclass(frozen=True, slots=True)
class Change:
    """What another threshold would do to the labelled questions.

    So many `more` of them would be told, or fewer where that is negative; `wrong` of these wrongly.
    """

    threshold: float
    more: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The latest evaluation: precision and coverage by threshold, and those of the settings.

    `told` is, of each labelled question, how sure the bot was, and whether it was right.
    """

    at: datetime
    questions: int
    points: tuple[tuple[float, Rates], ...]
    thresholds: tuple[tuple[str, float, Rates], ...]
    told: tuple[tuple[float, bool], ...]

    def change(self, now: float, to: float) -> Change:
        """What it would do to set a threshold from `now` to another."""
        low, high, sign = (to, now, 1) if to < now else (now, to, -1)
        between = [right for confidence, right in self.told if low <= confidence < high]
        return Change(to, sign * len(between), sign * between.count(False))


def questions(record: Record, now: datetime, zone: tzinfo) -> QuestionCounts:
    """The questions of the last days, as their record has them."""
    today = now.astimezone(zone).date()
    dates = [f"{today - timedelta(days=n)}" for n in range(DAYS - 1, -1, -1)]
    days = {date: Counter[str]() for date in dates}
    silent = Counter[Why]()
    for at, why in record.decided(datetime.fromisoformat(dates[0]).replace(tzinfo=zone)):
        date = f"{at.astimezone(zone).date()}"
        if date in days:
            days[date][_KIND.get(why.outcome, SILENT)] += 1
        if why.is_silence:
            silent[why] += 1
    return QuestionCounts(
        tuple(DayCounts(date, counts) for date, counts in days.items()),
        tuple((texts.why(why), n) for why, n in silent.most_common()),
    )


def evaluated(folder: Path, thresholds: Mapping[str, float]) -> Evaluated | None:
    """What `palou eval --out` left in a folder; None when there is nothing of its kind."""
    file = folder / "run.json"
    try:
        at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        outcomes = [
            Outcome(
                Labelled(str(q["question"]), frozenset(map(str, q["answers"]))),
                float(q["confidence"]),
                str(q["cited"]),
                bool(q["hit1"]),
                bool(q["hit1"]),
            )
            for q in json.loads(file.read_text("utf-8"))["questions"]
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not outcomes:
        return None
    marked = tuple((ZH.thresholds[n], t, figures(outcomes, t)) for n, t in thresholds.items())
    told = tuple((o.confidence, o.hit1) for o in outcomes)
    return Evaluated(at, len(outcomes), tuple(curve(outcomes)), marked, told)
