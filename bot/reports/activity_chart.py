"""Draws how lively groups are: their messages by hour of the day, and by month, as one SVG."""

from __future__ import annotations

from collections.abc import Sequence

from bot.reports.charts import Diagram, line, rect, text
from knowledge.language.display import shown
from knowledge.store.activity import Activity

_WIDE, _ROW, _HIGH, _LEFT = 720, 150, 84, 16  # of the drawing, a group's row, its bars, its edge
_HALF = _WIDE / 2
_LABELS = 5  # below the months, at most
_NAME = 40  # characters of a group's name


def activity_chart(groups: Sequence[Activity]) -> Diagram:
    """A row a group: bars for the 24 hours, and beside them for the months."""
    parts: list[str] = []
    for n, group in enumerate(groups):
        top = n * _ROW
        messages = sum(group.hours)
        title = f"{shown(group.group)[:_NAME]}: {messages:,} messages, {group.answered:,} answered"
        parts.append(text(_LEFT, top + 20, title, "start"))
        hours = [(str(h) if h % 6 == 0 else "", count) for h, count in enumerate(group.hours)]
        parts += _bars(hours, _LEFT, top + 32)
        every = -(-len(group.months) // _LABELS) or 1
        months = [(m if i % every == 0 else "", c) for i, (m, c) in enumerate(group.months)]
        parts += _bars(months, _HALF + _LEFT, top + 32)
    said = ", ".join(f"{shown(g.group)[:_NAME]}: {sum(g.hours):,}" for g in groups)
    return Diagram(_WIDE, max(1, len(groups)) * _ROW, f"messages by hour and month; {said}", parts)


def _bars(bars: Sequence[tuple[str, int]], left: float, top: float) -> list[str]:
    """Bars with what stands below them, in half the width."""
    most = max((count for _, count in bars), default=0) or 1
    wide, bottom = (_HALF - 2 * _LEFT) / max(1, len(bars)), top + _HIGH
    parts = [line(left, bottom, left + _HALF - 2 * _LEFT, bottom, "grid")]
    for i, (name, count) in enumerate(bars):
        x, high = left + i * wide, _HIGH * count / most
        parts.append(rect(x + wide * 0.1, bottom - high, wide * 0.8, high, "dot"))
        if name:
            parts.append(text(x, bottom + 14, name, "start"))
    return parts
