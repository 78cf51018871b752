"""The two diagrams of an evaluation: how reliable confidences are, and what a threshold brings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.reports import charts
from bot.reports.charts import Diagram, Labels
from bot.reports.evaluate import Outcome, Rates, curve, figures, reliability
from bot.reports.words import Words


def diagrams(
    asked: Sequence[Outcome], thresholds: Mapping[str, float], words: Words
) -> dict[str, Diagram]:
    """The diagrams of an evaluation, each by the name of its file."""
    bins = reliability(asked)
    sure = words.joint.join(words.reliable.format(b.confidence, b.count, b.right) for b in bins)
    marked = [(words.thresholds[name], t, figures(asked, t)) for name, t in thresholds.items()]
    return {
        "precision-coverage": threshold_chart([f for _, f in curve(asked)], marked, words),
        "reliability": charts.reliability(
            bins, Labels(words.how_sure, words.right_of, f"{words.reliability}. {sure}")
        ),
    }


def threshold_chart(
    points: Sequence[Rates], thresholds: Sequence[tuple[str, float, Rates]], words: Words
) -> Diagram:
    """Precision over coverage as the threshold falls, with the thresholds that are set."""
    said = words.joint.join(
        words.at_threshold.format(name, t, f.precision, f.coverage) for name, t, f in thresholds
    )
    return charts.precision_coverage(
        points,
        [(f"{name} {t:.2f}", f) for name, t, f in thresholds],
        Labels(words.coverage_axis, words.precision_axis, f"{words.curve}. {said}"),
    )
