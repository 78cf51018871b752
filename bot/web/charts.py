"""Draws the desk's diagrams as SVG within the page; colours are classes of its style sheet."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from bot.reports.charts import WIDE, Diagram, line, rect, text
from bot.reports.eval_charts import threshold_chart
from bot.reports.words import ZH
from bot.web.figures import Evaluated, Week

_HIGH, _TOP, _BOTTOM = 190, 24, 24
_KINDS = (("answered", "answered"), ("hedged", "hedged"), ("missed", "notfound"))


def by_week(weeks: Sequence[Week]) -> Markup:
    """What was asked in each week: a bar, in parts by how it ended, with its number and rate."""
    most = max((w.asked for w in weeks), default=0) or 1
    high, wide = _HIGH - _TOP - _BOTTOM - 16, WIDE / max(1, len(weeks))
    floor = float(_HIGH - _BOTTOM)
    parts = [line(0, floor, WIDE, floor, "grid")]
    for i, week in enumerate(weeks):
        x, bottom = wide * i + wide * 0.14, floor
        for kind, name in _KINDS:
            size = high * getattr(week, kind) / most
            if size:
                bottom -= size
                parts.append(rect(x, bottom, wide * 0.72, size, name))
        middle = x + wide * 0.36
        if week.asked:
            parts.append(text(middle, bottom - 5, str(week.asked), "middle", "named"))
        if week.rate is not None:
            parts.append(text(middle, 12, f"{week.rate:.0%}", "middle"))
        parts.append(text(middle, _HIGH - 7, week.date[5:], "middle", "axis count"))
    said = "，".join(
        f"{w.date[5:]} 起 {w.asked} 个" + ("" if w.rate is None else f"答上 {w.rate:.0%}")
        for w in weeks
    )
    total = sum(w.asked for w in weeks)
    drawn = Diagram(WIDE, _HIGH, f"每周问爬楼的，{len(weeks)} 周共 {total} 个：{said}", parts)
    return Markup(drawn.inline())


def precision_coverage(found: Evaluated) -> Markup:
    """Precision over coverage as the threshold falls, with the thresholds of the settings."""
    return Markup(threshold_chart([f for _, f in found.points], found.thresholds, ZH).inline())
