"""Draws the figures of an evaluation; needs matplotlib, from the extra palou[eval]."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.reports.evaluate import Outcome, curve, figures, reliability
from knowledge.errors import PalouError

_INK, _LINE, _MARK = "#444444", "#1f6f8b", "#c8553d"


class PlotError(PalouError):
    """Nothing can be drawn here."""


def _axes(title: str, across: str, up: str) -> tuple[Any, Any]:
    try:
        from matplotlib.figure import Figure
    except ImportError as e:
        raise PlotError("to draw, install the extra: pip install 'palou[eval]'") from e
    figure = Figure(figsize=(6, 5), layout="constrained")
    axes = figure.add_subplot()
    axes.set(title=title, xlabel=across, ylabel=up, xlim=(0, 1), ylim=(0, 1.02))
    axes.grid(alpha=0.25)
    axes.spines[["top", "right"]].set_visible(False)
    return figure, axes


def draw_reliability(outcomes: Sequence[Outcome], path: Path) -> None:
    """A reliability diagram: how often the bot was right, by how sure it was."""
    figure, axes = _axes("Reliability", "confidence", "share that was right")
    bins = reliability(outcomes)
    axes.plot([0, 1], [0, 1], color=_INK, lw=1, ls=":", label="perfectly calibrated")
    axes.plot([b.confidence for b in bins], [b.right for b in bins], color=_LINE, marker="o")
    for b in bins:
        axes.annotate(
            f"n={b.count}",
            (b.confidence, b.right),
            (4, -12),
            textcoords="offset points",
            fontsize=8,
        )
    axes.legend(frameon=False, loc="upper left")
    figure.savefig(path, dpi=140)


def draw_curve(outcomes: Sequence[Outcome], thresholds: dict[str, float], path: Path) -> None:
    """The precision-coverage curve, with the thresholds of the settings marked."""
    figure, axes = _axes(
        "Precision and coverage", "coverage: answerable questions answered rightly", "precision"
    )
    points = [at for _, at in curve(outcomes)]
    axes.plot([p.coverage for p in points], [p.precision for p in points], color=_LINE)
    for name, threshold in thresholds.items():
        at = figures(outcomes, threshold)
        axes.plot([at.coverage], [at.precision], "o", color=_MARK)
        axes.annotate(
            f"{name} {threshold:.2f}",
            (at.coverage, at.precision),
            (6, -14),
            textcoords="offset points",
            color=_MARK,
        )
    figure.savefig(path, dpi=140)
