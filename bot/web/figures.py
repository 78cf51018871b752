"""What the desk shows of the bot's record: questions, replies, feedback, the last load."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path

from bot.reports.evaluate import Figures, Labelled, Outcome, curve, figures

DAYS = 30
"""Days that the desk looks back."""

ANSWERED, NOT_FOUND, SILENT = "answered", "not found", "silent"

REASONS = {
    "below threshold": "把握不够",
    "answer unsure": "回答本身不确定",
    "no question archived": "归档里的不是问题",
    "several questions may be meant": "可能指好几个问题",
    "a person answered": "已有群友回答",
    "not a question": "不是问题",
    "put to somebody else": "问的是别人",
    "too short to stand by itself": "话太短",
    "nothing like it in the archive": "归档里没有相近的",
    "cooldown": "刚回答过，先歇一会儿",
    "flood, this person": "此人问得太密",
    "flood, this room": "本群问得太密",
    "mode off": "本群已关",
    "muted": "静音中",
    "not mentioned": "没有被 @",
}
"""What the log's reasons are called here."""

_NUMBERS = re.compile(r"\s*(?:until\s+)?\d[\d.:]*.*$")
_LOSSES = 20
_VOICES = 8


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
class Voice:
    """What a member thought of a reply, to a question."""

    worth: int
    asked: str
    citation: str


@dataclass(frozen=True, slots=True)
class Evaluated:
    """The latest evaluation: precision and coverage by threshold, and those of the settings."""

    at: datetime
    questions: int
    points: tuple[tuple[float, Figures], ...]
    thresholds: tuple[tuple[str, float, Figures], ...]


@dataclass(frozen=True, slots=True)
class Load:
    """The last load, and what the files lost: path, line, what."""

    at: str
    seconds: float
    losses: tuple[tuple[str, int, str], ...]
    lost: int


def questions(conn: sqlite3.Connection, now: datetime, zone: tzinfo) -> QuestionCounts:
    """The questions of the last days, as their record has them."""
    today = now.astimezone(zone).date()
    dates = [f"{today - timedelta(days=n)}" for n in range(DAYS - 1, -1, -1)]
    since = datetime.fromisoformat(dates[0]).replace(tzinfo=zone).astimezone(UTC)
    days = {date: Counter[str]() for date in dates}
    silent = Counter[str]()
    for at, reason in conn.execute(
        "select at, reason from asked where at >= ?", [since.isoformat(timespec="seconds")]
    ):
        date = f"{datetime.fromisoformat(at).astimezone(zone).date()}"
        kind, _, why = reason.partition(":")
        if date in days:
            days[date][kind if kind in (ANSWERED, NOT_FOUND) else SILENT] += 1
        if kind == SILENT:
            silent[_NUMBERS.sub("", why.strip())] += 1
    return QuestionCounts(
        tuple(DayCounts(date, counts) for date, counts in days.items()),
        tuple((REASONS.get(why, why), n) for why, n in silent.most_common()),
    )


def voices(conn: sqlite3.Connection) -> tuple[int, int, list[Voice]]:
    """How often members found replies useful, and not, and the latest voices."""
    good, bad = conn.execute(
        "select coalesce(sum(worth > 0), 0), coalesce(sum(worth < 0), 0) from feedback"
    ).fetchone()
    rows = conn.execute(
        "select worth, asked, citation from feedback order by at desc limit ?", [_VOICES]
    )
    return good, bad, [Voice(*row) for row in rows]


def last_load(conn: sqlite3.Connection) -> Load | None:
    """The last load; None when there was none."""
    row = conn.execute("select at, seconds from loads order by id desc limit 1").fetchone()
    if row is None:
        return None
    losses = conn.execute(
        "select f.path, l.line, l.what from losses l join files f on f.id = l.file"
        " order by 1, 2 limit ?",
        [_LOSSES],
    ).fetchall()
    lost = conn.execute("select count(*) from losses").fetchone()[0]
    return Load(row[0], row[1], tuple(losses), lost)


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
