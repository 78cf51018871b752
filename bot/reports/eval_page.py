"""The report of an evaluation: one HTML page with figures, diagrams, and question by question."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.reports import charts
from bot.reports.evaluate import (
    Outcome,
    Rates,
    calibration_error,
    curve,
    figures,
    reliability,
)
from bot.reports.page import escape, figure_row, page
from knowledge.language.display import shown

_MARKS = {"right": "✓ right", "wrong": "✗ wrong", "none": "– silent"}


def eval_page(
    title: str,
    asked: Sequence[Outcome],
    thresholds: Mapping[str, float],
    before: Mapping[str, bool] | None = None,
) -> str:
    """The page; `before` says of an earlier run, by question, whether the best match was right."""
    body = [
        f"<h1>{escape(title)}</h1>",
        _summary(asked),
        "<h2>At the thresholds</h2>",
        _thresholds(asked, thresholds),
        '<div class="diagrams">',
        *map(_diagram, diagrams(asked, thresholds).values()),
        "</div>",
        "<h2>Question by question</h2>",
        _changes(asked, before),
        _FILTER,
        _questions(asked, thresholds, before or {}),
    ]
    return page(title, "\n".join(body), style=charts.STYLE + _STYLE, script=_SCRIPT)


def diagrams(
    asked: Sequence[Outcome], thresholds: Mapping[str, float]
) -> dict[str, charts.Diagram]:
    """The diagrams of an evaluation, each by the name of its file."""
    bins = reliability(asked)
    sure = "; ".join(f"{b.confidence:.0%} sure: {b.right:.0%} of {b.count} right" for b in bins)
    marked = [(f"{name} {t:.2f}", figures(asked, t)) for name, t in thresholds.items()]
    at = "; ".join(
        f"{name}: precision {f.precision:.0%}, coverage {f.coverage:.0%}" for name, f in marked
    )
    return {
        "reliability": charts.reliability(
            bins,
            charts.Labels(
                "how sure it was (dashed: right as often)",
                "share that was right; above, of how many",
                f"Reliability. {sure}",
            ),
        ),
        "precision-coverage": charts.precision_coverage(
            [f for _, f in curve(asked)],
            marked,
            charts.Labels(
                "coverage: of those with an answer",
                "precision: of the replies",
                f"Precision and coverage. {at}",
            ),
        ),
    }


def _summary(asked: Sequence[Outcome]) -> str:
    at = figures(asked, 0.0)
    shares = [
        (f"{at.questions:,}", "questions"),
        (f"{at.answerable:,}", "with an answer"),
        (f"{at.hit1:.3f}", "hit@1"),
        (f"{at.hit5:.3f}", "hit@5"),
        (f"{calibration_error(asked):.3f}", "calibration error"),
    ]
    return figure_row(shares)


def _thresholds(asked: Sequence[Outcome], thresholds: Mapping[str, float]) -> str:
    at: list[tuple[str, Callable[[Rates], float]]] = [
        ("precision", lambda f: f.precision),
        ("coverage", lambda f: f.coverage),
        ("false replies", lambda f: f.false_replies),
    ]
    every = [figures(asked, threshold) for threshold in thresholds.values()]
    head = "".join(f'<th class="n">{escape(n)}<br>{t:.2f}</th>' for n, t in thresholds.items())
    rows = "".join(
        f"<tr><td>{name}</td>{''.join(f'<td class=n>{share(f):.3f}</td>' for f in every)}</tr>"
        for name, share in at
    )
    return (
        f'<div class="scroll"><table><tr><th></th>{head}</tr>{rows}</table></div>'
        '<p class="dim">Precision: of the replies, those that cite a right answer. Coverage: of '
        "the questions with an answer, those answered rightly. False replies: of those without "
        "one, the share that got a reply.</p>"
    )


def _diagram(drawn: charts.Diagram) -> str:
    name = drawn.alt.partition(".")[0]
    return f'<figure class="card"><figcaption>{name}</figcaption>{drawn.inline()}</figure>'


def change(outcome: Outcome, before: Mapping[str, bool]) -> str:
    """`better` or `worse` than in the earlier run, or nothing."""
    was = before.get(outcome.labelled.question)
    if was is None or was == outcome.hit1:
        return ""
    return "better" if outcome.hit1 else "worse"


def _changes(asked: Sequence[Outcome], before: Mapping[str, bool] | None) -> str:
    if before is None:
        return '<p class="dim">Compared with no earlier run (--against run.json).</p>'
    changes = [change(o, before) for o in asked]
    new = sum(o.labelled.question not in before for o in asked)
    return (
        f'<p>Against the earlier run: <b class="good">{changes.count("better")} better</b>, '
        f'<b class="bad">{changes.count("worse")} worse</b>, {new} new.</p>'
    )


def _questions(
    asked: Sequence[Outcome], thresholds: Mapping[str, float], before: Mapping[str, bool]
) -> str:
    least = min(thresholds.values())
    rows = [_row(o, least, change(o, before)) for o in sorted(asked, key=lambda o: -o.confidence)]
    return (
        '<div class="scroll"><table id="questions"><tr><th></th><th>sure</th><th>question</th>'
        f"<th>cited</th><th>right</th></tr>{''.join(rows)}</table></div>"
    )


def _row(o: Outcome, least: float, changed: str) -> str:
    state = "none" if o.confidence < least else "right" if o.hit1 else "wrong"
    right = " ".join(sorted(o.labelled.answers)) or "no answer"
    kind = "good" if state == "right" else "bad" if state == "wrong" else "dim"
    arrow = {"better": ' <b class="good">▲</b>', "worse": ' <b class="bad">▼</b>'}.get(changed, "")
    return (
        f'<tr data-kinds="{state} {changed}"><td class="{kind} mark">{_MARKS[state]}{arrow}</td>'
        f'<td class="n">{o.confidence:.2f}</td>'
        f'<td class="long">{escape(shown(o.labelled.question))}</td>'
        f"<td><code>{escape(o.cited) or '–'}</code></td><td><code>{escape(right)}</code></td></tr>"
    )


_FILTER = """<p><label>Show <select id="show"><option value="">all</option><option>wrong</option>
<option>right</option><option value="none">silent</option><option>better</option>
<option>worse</option></select></label></p>"""

_STYLE = """
.diagrams { display: grid; gap: 1rem; margin: 1rem 0;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); }
.diagrams .card { margin: 0; padding: .6rem .5rem; }
.mark { white-space: nowrap; } #questions code { font-size: .82em; }
@media (max-width: 40rem) { #questions tr, #questions td { display: block; border: 0;
  padding: .1rem 0; text-align: left; } #questions th { display: none; }
  #questions tr { border-bottom: 1px solid var(--line); padding: .5rem 0; }
  #questions tr[hidden] { display: none; } }
"""

_SCRIPT = """
"use strict";
const show = document.getElementById("show");
show.addEventListener("change", () => {
  for (const row of document.querySelectorAll("#questions tr[data-kinds]"))
    row.hidden = show.value && !row.dataset.kinds.split(" ").includes(show.value);
});
"""
