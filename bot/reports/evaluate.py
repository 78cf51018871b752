"""Figures of a run over labelled questions: how often the right thing is found, and said."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from knowledge import regular
from knowledge.errors import PalouError
from knowledge.matching.match import Match
from knowledge.model import Citation
from knowledge.store.read import Store

BINS = 10
"""Bins of the reliability diagram."""

_BYTES = 100_000_000  # of a file of labelled questions, at most
_ITEM = re.compile(r"\s*[-*]\s+(?P<question>.+?)\s*(?:→|->)\s*(?P<answers>.*?)\s*")


LABELS = ("right", "half", "wrong", "silent", "welcome", "unwelcome")
"""How a reply is judged, by `palou label` (the first four) and in the page of `palou replay`."""

_NEEDED = ("question", "answers")
_KNOWN = (*_NEEDED, "label", "asked", "confidence")  # columns; the last two are not looked at


class QuestionsError(PalouError):
    """A file of labelled questions cannot be used; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question with the citations of what answers it; none: it should not be answered.

    `label` is how somebody judged a reply to it, one of LABELS; `line` is where the file has it.
    """

    question: str
    answers: frozenset[str]
    label: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a question: the confidence of the best match, and where the right one stood.

    `cited` is the best match's question, `found` its words.
    """

    labelled: Labelled
    confidence: float
    cited: str
    hit1: bool
    hit5: bool
    found: str = ""


@dataclass(frozen=True, slots=True)
class Rates:
    """A run at one threshold. Shares are of `questions`, or of what their name says.

    `precision`: of the replies, those that cite a right answer. `coverage`: of the questions that
    have an answer, those that got a right reply. `false_replies`: of the questions without one,
    those that got a reply. `replies` counts them; without any, the precision is 0.
    """

    questions: int
    answerable: int
    hit1: float
    hit5: float
    precision: float
    coverage: float
    false_replies: float
    replies: int = 0


@dataclass(frozen=True, slots=True)
class Bin:
    """Outcomes of like confidence, from `low` on: how sure the bot was, and right, and how many."""

    low: float
    confidence: float
    right: float
    count: int


def read_questions(path: Path) -> list[Labelled]:
    """Read labelled questions from .csv, .jsonl or .md; QuestionsError names file and line.

    csv: columns `question` and `answers` (citations, by spaces). jsonl: objects with `question`
    and a list `answers`. md: items `- question → citation citation`; other lines are passed over.
    In the first two there may also be `label`, and `asked` and `confidence`, which are not looked
    at; anything else is refused, as it may be a misspelt one of these.
    """
    readers: dict[str, Callable[[str, str], Iterator[tuple[int, dict[str, object]]]]] = {
        ".csv": _csv,
        ".jsonl": _jsonl,
        ".md": _markdown,
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise QuestionsError(f"{path}: should be one of {', '.join(readers)}")
    text = regular.text_or(QuestionsError, path, _BYTES)
    try:
        found = [_labelled(path, *row) for row in reader(text, str(path))]
    except csv.Error as e:
        raise QuestionsError(f"{path}: is no CSV: {e}") from e
    if not found:
        raise QuestionsError(f"{path}: no labelled question in it")
    return found


def _csv(text: str, where: str) -> Iterator[tuple[int, dict[str, object]]]:
    rows = csv.DictReader(io.StringIO(text))
    _check_columns(rows.fieldnames or (), f"{where}:1", _NEEDED)
    for row in rows:
        if None in row:
            raise QuestionsError(f"{where}:{rows.line_num}: has more columns than the first line")
        yield rows.line_num, dict(row)


def _jsonl(text: str, where: str) -> Iterator[tuple[int, dict[str, object]]]:
    # By newlines alone: a text in JSON may hold other characters that end a line.
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (json.JSONDecodeError, RecursionError):
            row = None
        if not isinstance(row, dict):
            raise QuestionsError(f"{where}:{number}: is no JSON object")
        _check_columns(row, f"{where}:{number}", ())
        yield number, row


def _markdown(text: str, where: str) -> Iterator[tuple[int, dict[str, object]]]:
    for number, line in enumerate(text.splitlines(), 1):
        if m := _ITEM.fullmatch(line):
            yield number, {"question": m["question"], "answers": m["answers"]}


def _check_columns(names: Collection[str], where: str, needed: Collection[str]) -> None:
    for name in names:
        if name not in _KNOWN:
            raise QuestionsError(f"{where}: no such column {name!r}; there are {', '.join(_KNOWN)}")
    for name in needed:
        if name not in names:
            raise QuestionsError(f"{where}: a column `{name}` is missing")


def _labelled(path: Path, line: int, row: dict[str, object]) -> Labelled:
    question, answers, label = row.get("question"), row.get("answers", ""), row.get("label") or ""
    if not isinstance(question, str) or not question.strip():
        raise QuestionsError(f"{path}:{line}: a `question` is missing")
    given = re.split(r"[\s,，]+", answers or "") if isinstance(answers, str | None) else answers
    if not isinstance(given, list) or not all(isinstance(a, str) for a in given):
        raise QuestionsError(f"{path}:{line}: `answers` should be citations")
    if label not in ("", *LABELS):
        raise QuestionsError(f"{path}:{line}: label {label!r} should be one of {', '.join(LABELS)}")
    try:
        cited = frozenset(str(Citation.parse(a)) for a in given if a)
    except ValueError as e:
        raise QuestionsError(f"{path}:{line}: {e}") from e
    return Labelled(question, cited, str(label), line)


def not_there(labelled: Iterable[Labelled], store: Store) -> list[tuple[int, str]]:
    """The citations that a database lacks, each with the line that names it."""
    return [
        (each.line, cited)
        for each in labelled
        for cited in sorted(each.answers)
        if store.message_id(Citation.parse(cited)) is None
    ]


def outcome(labelled: Labelled, matches: Sequence[Match]) -> Outcome:
    """What came of a question, by its matches, best first.

    An answer counts from whichever time that the question was asked: the reply merges them. The
    question's own citation counts as well: it is the one that every reply prints.
    """

    def right(match: Match) -> bool:
        told = (match.told, match.exchange, *match.repeats)
        messages = [a.message for a in match.cited]
        messages += (a.message for x in match.repeats for a in x.answers)
        messages += (m for x in told for m in x.question)
        return not labelled.answers.isdisjoint(str(m.citation) for m in messages)

    best = matches[0] if matches else None
    return Outcome(
        labelled,
        best.confidence if best else 0.0,
        str(best.exchange.lead.citation) if best else "",
        best is not None and right(best),
        any(right(m) for m in matches[:5]),
        best.exchange.lead.text if best else "",
    )


def figures(outcomes: Sequence[Outcome], threshold: float) -> Rates:
    """The figures of a run when the bot replies from `threshold` on."""
    answerable = [o for o in outcomes if o.labelled.answers]
    others = [o for o in outcomes if not o.labelled.answers]
    replies = [o for o in outcomes if o.confidence >= threshold]
    right = sum(o.hit1 for o in replies)
    return Rates(
        questions=len(outcomes),
        answerable=len(answerable),
        hit1=_share(sum(o.hit1 for o in answerable), len(answerable)),
        hit5=_share(sum(o.hit5 for o in answerable), len(answerable)),
        precision=_share(right, len(replies)),
        coverage=_share(right, len(answerable)),
        false_replies=_share(sum(o.confidence >= threshold for o in others), len(others)),
        replies=len(replies),
    )


def curve(outcomes: Sequence[Outcome]) -> list[tuple[float, Rates]]:
    """The figures at every threshold that makes a difference, highest first."""
    return [(t, figures(outcomes, t)) for t in sorted({o.confidence for o in outcomes})[::-1]]


def threshold_for(outcomes: Sequence[Outcome], precision: float) -> float | None:
    """The lowest threshold from which on every one reaches a precision; None: there is none."""
    best = None
    for threshold, at in curve(outcomes):
        if at.precision < precision:
            break
        best = threshold
    return best


def reliability(outcomes: Sequence[Outcome]) -> list[Bin]:
    """How often the bot was right, by how sure it was, in bins of equal width."""
    bins: list[list[Outcome]] = [[] for _ in range(BINS)]
    for o in outcomes:
        bins[min(int(o.confidence * BINS), BINS - 1)].append(o)
    return [
        Bin(
            low=i / BINS,
            confidence=sum(o.confidence for o in b) / len(b),
            right=sum(o.hit1 for o in b) / len(b),
            count=len(b),
        )
        for i, b in enumerate(bins)
        if b
    ]


def calibration_error(outcomes: Sequence[Outcome]) -> float:
    """The expected calibration error (Naeini et al. 2015): how far confidence is off on average."""
    return sum(b.count * abs(b.confidence - b.right) for b in reliability(outcomes)) / max(
        1, len(outcomes)
    )


def _share(part: int, of: int) -> float:
    return part / of if of else 0.0
