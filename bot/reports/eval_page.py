"""The report of an evaluation: one HTML page, first of all with what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.reports import charts
from bot.reports.eval_charts import diagrams
from bot.reports.evaluate import Outcome, Rates, calibration_error, figures
from bot.reports.page import escape, figure_row, linked, page
from bot.reports.words import ZH, Words
from knowledge.language.display import quoted, shown

ANSWERS = 2
"""Answers of a question, at most, whose words are shown."""

_TEXT = 120  # characters of each
_OPEN = ("worse", "wrong")  # sections that are read first; one taps on the others
_ALL = ("worse", "better", "wrong", "doubted", "missed", "right", "silent")


@dataclass(frozen=True, slots=True)
class Beside:
    """What a report shows beside the outcomes; by itself, it has them alone.

    `before` says of an earlier run, by question, whether the best match was right. `said` are the
    words of cited messages, `link` is where a citation leads (empty: nowhere).
    """

    words: Words = ZH
    before: Mapping[str, bool] | None = None
    said: Mapping[str, str] = field(default_factory=dict)
    link: Callable[[str], str] = lambda citation: ""


def eval_page(
    name: str, asked: Sequence[Outcome], thresholds: Mapping[str, float], beside: Beside
) -> str:
    """The page; `name` is that of the file of questions."""
    words = beside.words
    title = words.evaluated.format(name)
    sorted_ = sections(asked, thresholds, beside.before or {})
    body = [
        f"<h1>{escape(title)}</h1>",
        _summary(asked, words),
        _changes(asked, beside),
        *(_section(kind, sorted_[kind], beside) for kind in _OPEN if sorted_[kind]),
        f"<h2>{words.at_thresholds}</h2>",
        _thresholds(asked, thresholds, words),
        '<div class="diagrams">',
        *map(_diagram, diagrams(asked, thresholds, words).values()),
        "</div>",
        *(_section(k, sorted_[k], beside) for k in _ALL if k not in _OPEN and sorted_[k]),
    ]
    return page(title, "\n".join(body), language=words.language, style=charts.STYLE + _STYLE)


def sections(
    asked: Sequence[Outcome], thresholds: Mapping[str, float], before: Mapping[str, bool]
) -> dict[str, list[Outcome]]:
    """The outcomes by what came of them, the surest first; a change stands in a list of its own."""
    found: dict[str, list[Outcome]] = {kind: [] for kind in _ALL}
    for each in sorted(asked, key=lambda o: -o.confidence):
        found[_kind(each, thresholds)].append(each)
        if changed := change(each, before):
            found[changed].append(each)
    return found


def _kind(o: Outcome, thresholds: Mapping[str, float]) -> str:
    if o.confidence < min(thresholds.values()):
        return "missed" if o.labelled.answers else "silent"
    if o.hit1:
        return "right"
    return "wrong" if o.confidence >= thresholds["asked"] else "doubted"


def change(outcome: Outcome, before: Mapping[str, bool]) -> str:
    """`better` or `worse` than in the earlier run, or nothing."""
    was = before.get(outcome.labelled.question)
    if was is None or was == outcome.hit1:
        return ""
    return "better" if outcome.hit1 else "worse"


def _summary(asked: Sequence[Outcome], words: Words) -> str:
    at = figures(asked, 0.0)
    shares = {
        "questions": f"{at.questions:,}",
        "answerable": f"{at.answerable:,}",
        "hit1": f"{at.hit1:.3f}",
        "hit5": f"{at.hit5:.3f}",
        "error": f"{calibration_error(asked):.3f}",
    }
    return figure_row((figure, words.summary[name]) for name, figure in shares.items())


def _changes(asked: Sequence[Outcome], beside: Beside) -> str:
    if beside.before is None:
        return ""
    changes = [change(o, beside.before) for o in asked]
    new = sum(o.labelled.question not in beside.before for o in asked)
    said = beside.words.compared.format(changes.count("better"), changes.count("worse"), new)
    return f"<p>{said}</p>"


def _thresholds(asked: Sequence[Outcome], thresholds: Mapping[str, float], words: Words) -> str:
    at: list[tuple[str, Callable[[Rates], float]]] = [
        ("precision", lambda f: f.precision),
        ("coverage", lambda f: f.coverage),
        ("false", lambda f: f.false_replies),
    ]
    every = [figures(asked, threshold) for threshold in thresholds.values()]
    head = "".join(
        f'<th scope="col" class="n">{escape(words.thresholds[n])}<br>{t:.2f}</th>'
        for n, t in thresholds.items()
    )
    rows = "".join(
        f'<tr><th scope="row">{words.rates[name]}</th>'
        f"{''.join(f'<td class=n>{share(f):.1%}</td>' for f in every)}</tr>"
        for name, share in at
    )
    return (
        f'<div class="scroll"><table><tr><td></td>{head}</tr>{rows}</table></div>'
        f'<p class="dim">{words.rates_mean}</p>'
    )


def _diagram(drawn: charts.Diagram) -> str:
    name = drawn.alt.partition(".")[0]
    return f'<figure class="card"><figcaption>{name}</figcaption>{drawn.inline()}</figure>'


def _section(kind: str, some: Sequence[Outcome], beside: Beside) -> str:
    rows = "".join(_row(kind, o, beside) for o in some)
    return (
        f'<details class="section" id="{kind}"{" open" if kind in _OPEN else ""}><summary>'
        f'<h2>{beside.words.sections[kind]} <small class="n">{len(some):,}</small></h2></summary>'
        f'<ol class="rows">{rows}</ol></details>'
    )


def _row(kind: str, o: Outcome, beside: Beside) -> str:
    words = beside.words
    notes = [words.sure.format(o.confidence)]
    if o.labelled.answers and not o.hit1:
        notes.append(words.notes["five" if o.hit5 else "lost"])
    elif kind == "missed":
        notes.append(words.notes["first"])
    elif kind in ("wrong", "doubted"):
        notes.append(words.notes["false"])
    found = _cited(words.found, o.cited, o.found, beside) if o.cited else ""
    return (
        f'<li class="{kind}"><p class="dim n">{" · ".join(notes)}</p>'
        f'<p class="question"><bdi>{escape(shown(o.labelled.question))}</bdi></p>'
        f"{found}{'' if kind == 'right' else _should(o, beside)}</li>"
    )


def _should(o: Outcome, beside: Beside) -> str:
    words, answers = beside.words, sorted(o.labelled.answers)
    if not answers:
        return f'<p class="dim">{words.no_answer}</p>'
    some = [_cited(words.should, a, beside.said.get(a, ""), beside) for a in answers[:ANSWERS]]
    if len(answers) > ANSWERS:
        some.append(f'<p class="dim">{words.and_more.format(len(answers))}</p>')
    return "".join(some)


def _cited(what: str, citation: str, text: str, beside: Beside) -> str:
    said = f"<bdi>{escape(quoted(text)[:_TEXT])}</bdi> " if text else ""
    return (
        f'<p class="cited"><span class="dim">{what}</span> {said}'
        f"<code>{linked(citation, beside.link(citation))}</code></p>"
    )


_STYLE = """
.diagrams { display: grid; gap: 1rem; margin: 1rem 0;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); }
.diagrams .card { margin: 0; padding: .7rem .6rem; }
.section { margin: 1.6rem 0 0; } .section summary { padding: .3rem 0; color: var(--ink); }
.section h2 { display: inline; margin: 0; } .section h2 small { color: var(--dim);
  font-weight: 400; } .rows { list-style: none; margin: .3rem 0; padding: 0; }
.rows li { border-top: 1px solid var(--line); padding: .6rem 0 .6rem .8rem; }
.rows p { margin: .1rem 0; overflow-wrap: anywhere; } .question { font-weight: 600; }
.wrong, .worse { box-shadow: inset 3px 0 var(--bad); }
.doubted, .missed { box-shadow: inset 3px 0 var(--here); }
.right, .better { box-shadow: inset 3px 0 var(--good); }
"""
