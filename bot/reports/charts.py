"""Draws the diagrams of an evaluation as SVG: within a page, by its colours, or as a file alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from unicodedata import east_asian_width

from bot.reports.evaluate import BINS, Bin, Rates
from bot.reports.palette import DARK, LIGHT

_RULES = """
.chart text { fill: var(--dim); font-size: 13px; font-variant-numeric: tabular-nums; }
.chart .count { font-size: 12px; }
.chart .named { fill: var(--ink); font-weight: 600; paint-order: stroke; stroke: var(--card);
  stroke-width: 4px; stroke-linejoin: round; }
.chart .grid { stroke: var(--line); }
.chart .even { stroke: var(--dim); stroke-dasharray: 2 4; }
.chart .to { stroke: var(--dim); }
.chart .curve { fill: none; stroke: var(--accent); stroke-width: 2.5; stroke-linejoin: round; }
.chart .dot { fill: var(--accent); }
.chart .threshold { fill: var(--here); stroke: var(--card); stroke-width: 2; }
.chart .answered { fill: var(--answer-line); }
.chart .hedged { fill: var(--answer-line); opacity: .5; }
.chart .notfound { fill: var(--here); }
"""

STYLE = ".chart { display: block; width: 100%; height: auto; max-width: 36rem; }" + _RULES
"""The rules of a page that shows a diagram on a card, in the colours of `bot.reports.palette`."""

_FONT = 'system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif'
WIDE = 330
"""The width of a diagram: as a phone leaves room for, so that a unit is nearly a pixel there."""

_HIGH = 304

# Where the axes end; around them is room for the labels, and for a row of numbers above.
_LEFT, _RIGHT, _TOP, _BOTTOM = 46.0, WIDE - 22.0, 42.0, _HIGH - 44.0

_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)

_CHARACTER = 8.7
# What a label takes at most, in units of the drawing: by character (a Chinese one takes half as
# much again), measured on the widest of the usual fonts in bold, and by line.
_LINE = 15.0

# Where a label may stand, from its point, the nearest first: to the right when it is positive,
# else to the left. From the fifth on a line leads to it.
_AROUND = (
    *((9, 19), (9, -10), (-9, 19), (-9, -10)),
    *((16, 36), (16, -27), (-16, 36), (-16, -27), (22, 53), (-22, 53), (22, -44), (-22, -44)),
)
_NEAR = 19

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Labels:
    """What a diagram says: both axes, and all of it in words for who cannot see it."""

    across: str
    up: str
    alt: str


@dataclass(frozen=True, slots=True)
class Diagram:
    """A drawing: its size in its own units, what it shows in words, and its parts as SVG."""

    wide: int
    high: int
    alt: str
    parts: Sequence[str]

    def inline(self) -> str:
        """SVG for an HTML page, as wide as its place there; the page's style has its colours."""
        return f"{self._head()}>{''.join(self.parts)}</svg>"

    def alone(self) -> str:
        """SVG as a file, with its own style for light and dark."""
        style = f".chart {{ font-family: {_FONT}; }} .ground {{ fill: var(--card); }}{_RULES}"
        dark = f"@media (prefers-color-scheme: dark) {{{_in_colours(style, DARK)}}}"
        return (
            f'{self._head()} xmlns="http://www.w3.org/2000/svg"'
            f' width="{2 * self.wide}" height="{2 * self.high}">'
            f"<style>{_in_colours(style, LIGHT)}{dark}</style>"
            f'<rect class="ground" width="{self.wide}" height="{self.high}"/>'
            f"{''.join(self.parts)}</svg>\n"
        )

    def _head(self) -> str:
        size = f"0 0 {self.wide} {self.high}"
        return f'<svg class="chart" viewBox="{size}" role="img" aria-label="{escape(self.alt)}"'


def precision_coverage(
    points: Sequence[Rates], thresholds: Sequence[tuple[str, Rates]], labels: Labels
) -> Diagram:
    """Precision over coverage as the threshold falls, with some thresholds named."""
    path = [_at(f.coverage, f.precision) for f in points]
    marks = [(_at(f.coverage, f.precision), name) for name, f in thresholds]
    parts = [*_axes(labels), _curve(path)]
    parts += [_dot(at, "threshold", 5) for at, _ in marks]
    parts += _named(marks, [*_along(path)])
    return Diagram(WIDE, _HIGH, labels.alt, parts)


def reliability(bins: Sequence[Bin], labels: Labels) -> Diagram:
    """How often it was right, by how sure it was, with the number of each bin above it."""
    path = [_at(b.confidence, b.right) for b in bins]
    parts = [*_axes(labels), line(_LEFT, _BOTTOM, _RIGHT, _TOP, "even"), _curve(path)]
    parts += [_dot(at, "dot", 4) for at in path]
    for b in bins:
        x, y = _at(b.low + 0.5 / BINS, 1.0)
        parts.append(text(x, y - 8, _short(b.count), "middle", "axis count"))
    return Diagram(WIDE, _HIGH, labels.alt, parts)


def line(x1: float, y1: float, x2: float, y2: float, name: str) -> str:
    """A line; `name` is its class."""
    return f'<line class="{name}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def text(x: float, y: float, said: str, side: str, name: str = "axis") -> str:
    """A text; `side` is its `text-anchor`."""
    return (
        f'<text class="{name}" x="{x:.1f}" y="{y:.1f}" text-anchor="{side}">{escape(said)}</text>'
    )


def _at(across: float, up: float) -> Point:
    """Where two shares lie in the drawing."""
    return _LEFT + (_RIGHT - _LEFT) * across, _BOTTOM - (_BOTTOM - _TOP) * up


def rect(x: float, y: float, wide: float, high: float, name: str) -> str:
    """A bar; `name` is its class."""
    return (
        f'<rect class="{name}" x="{x:.1f}" y="{y:.1f}" rx="1.5" width="{wide:.1f}"'
        f' height="{high:.1f}"/>'
    )


def _axes(labels: Labels) -> Iterator[str]:
    for share in _TICKS:
        x, y = _at(share, share)
        yield line(_LEFT, y, _RIGHT, y, "grid")
        yield text(_LEFT - 6, y + 4, f"{share:.0%}", "end")
        yield text(x, _BOTTOM + 17, f"{share:.0%}", "middle")
    yield text((_LEFT + _RIGHT) / 2, _HIGH - 6, labels.across, "middle")
    yield text(6, 12, labels.up, "start")


def _curve(path: Sequence[Point]) -> str:
    return f'<polyline class="curve" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in path)}"/>'


def _dot(at: Point, name: str, radius: int) -> str:
    return f'<circle class="{name}" cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="{radius}"/>'


def _named(marks: Sequence[tuple[Point, str]], curve: Sequence[Point]) -> Iterator[str]:
    """The names of points, each where it hides least: no other name, point, or line."""
    taken: list[_Box] = [_Box(x - 5, y - 5, x + 5, y + 5) for (x, y), _ in marks]
    for (x, y), name in marks:
        places = [(x + dx, y + dy, "start" if dx > 0 else "end") for dx, dy in _AROUND]

        def hidden(place: tuple[float, float, str], name: str = name) -> int:
            box = _box(place, name)
            others = sum(box.meets(other) for other in taken)
            return 1000 * (not box.is_inside()) + 100 * others + sum(map(box.holds, curve))

        best = min(places, key=hidden)
        taken.append(_box(best, name))
        if abs(best[1] - y) > _NEAR:
            edge = best[1] + (4 if best[1] < y else -_LINE + 2)
            yield line(x, y, best[0], edge, "to")
        yield text(best[0], best[1], name, best[2], "named")


@dataclass(frozen=True, slots=True)
class _Box:
    """What a label or a point covers."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: _Box) -> bool:
        """Whether two have something in common."""
        beside = self.right <= other.left or other.right <= self.left
        return not beside and self.top < other.bottom and other.top < self.bottom

    def holds(self, at: Point) -> bool:
        """Whether a point lies in it."""
        return self.left < at[0] < self.right and self.top < at[1] < self.bottom

    def is_inside(self) -> bool:
        """Whether all of it lies between the axes, or just above them."""
        return (
            self.left >= _LEFT
            and self.right <= WIDE
            and self.top >= _TOP - 1.5 * _LINE
            and self.bottom <= _BOTTOM
        )


def _box(place: tuple[float, float, str], name: str) -> _Box:
    x, y, side = place
    wide = sum(_CHARACTER * (1.5 if east_asian_width(c) in "WF" else 1) for c in name)
    left = x if side == "start" else x - wide
    return _Box(left, y - _LINE + 3, left + wide, y + 3)


def _along(path: Sequence[Point]) -> Iterator[Point]:
    """Points on a line, close enough to tell what lies on it."""
    yield from path
    for (x1, y1), (x2, y2) in pairwise(path):
        steps = int(max(abs(x2 - x1), abs(y2 - y1)) / _CHARACTER)
        for step in range(1, steps + 1):
            share = step / (steps + 1)
            yield x1 + (x2 - x1) * share, y1 + (y2 - y1) * share


def _short(count: int) -> str:
    """A number in three characters at most, so that those of two bins keep apart."""
    return f"{count}" if count < 1000 else f"{min(count // 1000, 99)}k"


def _in_colours(style: str, colours: Mapping[str, str]) -> str:
    """A style with the colours themselves, for programs that know no variables."""
    return re.sub(r"var\(--([\w-]+)\)", lambda found: colours[found[1]], style)
