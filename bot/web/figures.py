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

DAYS = 30
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

    def total(self, kind: str = "") -> int:
        """How many there were of a kind, or in all."""
        return sum(n for d in self.days for k, n in d.counts.items() if not kind or k == kind)


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The latest evaluation: precision and coverage by threshold, and those of the settings."""

    at: datetime
    questions: int
    points: tuple[tuple[float, Rates], ...]
    thresholds: tuple[tuple[str, float, Rates], ...]


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
    marked = tuple((name, at_, figures(outcomes, at_)) for name, at_ in thresholds.items())
    return Evaluated(at, len(outcomes), tuple(curve(outcomes)), marked)
