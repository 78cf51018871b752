"""Draws the desk's diagrams as SVG within the page; colours are classes of its style sheet."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from bot.reports import charts
from bot.reports.charts import Diagram, line, text
from bot.web.figures import ANSWERED, HEDGED, NOT_FOUND, SILENT, DayCounts, Evaluated

_WIDE, _HIGH, _LEFT, _BOTTOM = 440, 190, 28, 22
_KINDS = (
    (ANSWERED, "answered"),
    (HEDGED, "hedged"),
    (NOT_FOUND, "notfound"),
    (SILENT, "silent"),
)


def bars(days: Sequence[DayCounts]) -> Markup:
    """Questions a day: a bar for each, in parts by how they ended."""
    most = max((sum(d.counts.values()) for d in days), default=0) or 1
    high, wide = _HIGH - _BOTTOM - 8, (_WIDE - _LEFT) / max(1, len(days))
    parts: list[str] = []
    for step in sorted({0, most // 2, most}):
        y = 8 + high * (1 - step / most)
        parts.append(line(_LEFT, y, _WIDE, y, "grid"))
        parts.append(text(_LEFT - 6, y + 4, str(step), "end"))
    for i, day in enumerate(days):
        x, bottom = _LEFT + wide * i + wide * 0.14, 8.0 + high
        for kind, name in _KINDS:
            size = high * day.counts.get(kind, 0) / most
            if size:
                bottom -= size
                parts.append(
                    f'<rect class="{name}" x="{x:.1f}" y="{bottom:.1f}" rx="1.5"'
                    f' width="{wide * 0.72:.1f}" height="{size:.1f}"/>'
                )
        if (len(days) - 1 - i) % 7 == 0:
            parts.append(text(x + wide * 0.72, _HIGH - 6, day.date[5:], "end"))
    total = sum(sum(d.counts.values()) for d in days)
    drawn = Diagram(_WIDE, _HIGH, f"每天的问题数，{len(days)} 天共 {total} 个", parts)
    return Markup(drawn.inline())


def precision_coverage(found: Evaluated) -> Markup:
    """Precision over coverage as the threshold falls, with the thresholds of the settings."""
    said = "，".join(
        f"{name} {threshold:.2f}：准确率 {f.precision:.0%}，覆盖率 {f.coverage:.0%}"
        for name, threshold, f in found.thresholds
    )
    drawn = charts.precision_coverage(
        [f for _, f in found.points],
        [(f"{name} {threshold:.2f}", f) for name, threshold, f in found.thresholds],
        charts.Labels(
            across="覆盖率：答得上的问题里答对的",
            up="准确率：说了的里面说对的",
            alt=f"准确率和覆盖率。{said}",
        ),
    )
    return Markup(drawn.inline())
