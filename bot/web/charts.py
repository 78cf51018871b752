"""Draws the desk's diagrams as SVG within the page; colours are classes of its style sheet."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from bot.web.figures import ANSWERED, NOT_FOUND, SILENT, DayCounts, Evaluated

_WIDE, _HIGH, _LEFT, _BOTTOM = 440, 190, 28, 22
_KINDS = ((ANSWERED, "answered"), (NOT_FOUND, "notfound"), (SILENT, "silent"))


def bars(days: Sequence[DayCounts]) -> Markup:
    """Questions a day: a bar for each, in parts by how they ended."""
    most = max((sum(d.counts.values()) for d in days), default=0) or 1
    high, wide = _HIGH - _BOTTOM - 8, (_WIDE - _LEFT) / max(1, len(days))
    parts: list[str] = []
    for step in sorted({0, most // 2, most}):
        y = 8 + high * (1 - step / most)
        parts.append(_line(_LEFT, y, _WIDE, y, "grid"))
        parts.append(_text(_LEFT - 6, y + 4, str(step), "end"))
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
            parts.append(_text(x + wide * 0.72, _HIGH - 6, day.date[5:], "end"))
    total = sum(sum(d.counts.values()) for d in days)
    return _svg(parts, _WIDE, _HIGH, f"每天的问题数，{len(days)} 天共 {total} 个")


def precision_coverage(found: Evaluated) -> Markup:
    """Precision over coverage as the threshold falls, with the thresholds of the settings."""
    wide, high, left, bottom = 420, 300, 40, 38

    def at(coverage: float, precision: float) -> tuple[float, float]:
        return left + (wide - left - 12) * coverage, 20 + (high - bottom - 20) * (1 - precision)

    parts: list[str] = []
    for step in (0.0, 0.25, 0.5, 0.75, 1.0):
        x, y = at(step, step)
        parts.append(_line(left, y, wide - 12, y, "grid"))
        parts.append(_text(left - 6, y + 4, f"{step:.0%}", "end"))
        parts.append(_text(x, high - bottom + 18, f"{step:.0%}", "middle"))
    parts.append(_text((left + wide) / 2, high - 2, "覆盖率：答得上的问题里答对的", "middle"))
    parts.append(_text(left, 6, "准确率：说了的里面说对的", "start"))
    path = " ".join(
        f"{x:.1f},{y:.1f}" for x, y in (at(f.coverage, f.precision) for _, f in found.points)
    )
    parts.append(f'<polyline class="curve" points="{path}"/>')
    for n, (name, threshold, figures) in enumerate(found.thresholds):
        x, y = at(figures.coverage, figures.precision)
        side = "end" if x > wide * 0.6 else "start"
        parts.append(f'<circle class="threshold" cx="{x:.1f}" cy="{y:.1f}" r="5"/>')
        dx, dy = (-9 if side == "end" else 9), (22 if n % 2 == 0 else -12)
        parts.append(_text(x + dx, y + dy, f"{name} {threshold:.2f}", side, "named"))
    said = "，".join(
        f"{name} {threshold:.2f}：准确率 {f.precision:.0%}，覆盖率 {f.coverage:.0%}"
        for name, threshold, f in found.thresholds
    )
    return _svg(parts, wide, high, f"准确率和覆盖率。{said}")


def _svg(parts: Sequence[str], wide: int, high: int, said: str) -> Markup:
    return Markup(
        f'<svg class="chart" viewBox="0 0 {wide} {high}" role="img" aria-label="{escape(said)}">'
        + "".join(parts)
        + "</svg>"
    )


def _line(x1: float, y1: float, x2: float, y2: float, name: str) -> str:
    return f'<line class="{name}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _text(x: float, y: float, said: str, side: str, name: str = "axis") -> str:
    return (
        f'<text class="{name}" x="{x:.1f}" y="{y:.1f}" text-anchor="{side}">{escape(said)}</text>'
    )
