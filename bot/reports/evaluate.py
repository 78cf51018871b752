"""Figures of a run over labelled questions: how often the right thing is found, and said."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge import regular
from knowledge.errors import PalouError
from knowledge.matching.match import Match
from knowledge.model import Citation

BINS = 10
"""Bins of the reliability diagram."""

_BYTES = 100_000_000  # of a file of labelled questions, at most
_ITEM = re.compile(r"\s*[-*]\s+(?P<question>.+?)\s*(?:→|->)\s*(?P<answers>.*?)\s*")


class QuestionsError(PalouError):
    """A file of labelled questions cannot be used; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question with the citations of what answers it; none: it should not be answered."""

    question: str
    answers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a question: the confidence of the best match, and where the right one stood."""

    labelled: Labelled
    confidence: float
    cited: str
    hit1: bool
    hit5: bool


@dataclass(frozen=True, slots=True)
class Rates:
    """A run at one threshold. Shares are of `questions`, or of what their name says.

    `precision`: of the replies, those that cite a right answer. `coverage`: of the questions that
    have an answer, those that got a right reply. `false_replies`: of the questions without one,
    those that got a reply.
    """

    questions: int
    answerable: int
    hit1: float
    hit5: float
    precision: float
    coverage: float
    false_replies: float


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
    """
    readers: dict[str, Callable[[str], Iterator[tuple[int, object, object]]]] = {
        ".csv": _csv,
        ".jsonl": _jsonl,
        ".md": _markdown,
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise QuestionsError(f"{path}: should be one of {', '.join(readers)}")
    try:
        text = regular.text(path, _BYTES)
        found = [_labelled(path, *row) for row in reader(text)]
    except UnicodeDecodeError as e:
        raise QuestionsError(f"{path}: {regular.no_utf8(e)}") from e
    except OSError as e:
        raise QuestionsError(f"{path}: cannot be read: {e.strerror or e}") from e
    except csv.Error as e:
        raise QuestionsError(f"{path}: is no CSV: {e}") from e
    if not found:
        raise QuestionsError(f"{path}: no labelled question in it")
    return found


def _csv(text: str) -> Iterator[tuple[int, object, object]]:
    for number, row in enumerate(csv.DictReader(io.StringIO(text)), 2):
        yield number, row.get("question"), row.get("answers") or ""


def _jsonl(text: str) -> Iterator[tuple[int, object, object]]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                row = json.loads(line)
            except json.JSONDecodeError:
                row = None
            if not isinstance(row, dict):
                row = {}
            yield number, row.get("question"), row.get("answers", [])


def _markdown(text: str) -> Iterator[tuple[int, object, object]]:
    for number, line in enumerate(text.splitlines(), 1):
        if m := _ITEM.fullmatch(line):
            yield number, m["question"], m["answers"]


def _labelled(path: Path, line: int, question: object, answers: object) -> Labelled:
    if not isinstance(question, str) or not question.strip():
        raise QuestionsError(f"{path}:{line}: a `question` is missing")
    given = re.split(r"[\s,，]+", answers) if isinstance(answers, str) else answers
    if not isinstance(given, list) or not all(isinstance(a, str) for a in given):
        raise QuestionsError(f"{path}:{line}: `answers` should be citations")
    try:
        return Labelled(question, frozenset(str(Citation.parse(a)) for a in given if a))
    except ValueError as e:
        raise QuestionsError(f"{path}:{line}: {e}") from e


def outcome(labelled: Labelled, matches: Sequence[Match]) -> Outcome:
    """What came of a question, by its matches, best first.

    An answer counts from whichever time that the question was asked: the reply merges them.
    """

    def right(match: Match) -> bool:
        again = (a for x in match.repeats for a in x.answers)
        said = {str(a.message.citation) for a in (*match.cited, *again)}
        return bool(said & labelled.answers)

    best = matches[0] if matches else None
    return Outcome(
        labelled,
        best.confidence if best else 0.0,
        str(best.exchange.lead.citation) if best else "",
        best is not None and right(best),
        any(right(m) for m in matches[:5]),
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
        precision=_share(right, len(replies), nothing=1.0),
        coverage=_share(right, len(answerable)),
        false_replies=_share(sum(o.confidence >= threshold for o in others), len(others)),
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


def _share(part: int, of: int, nothing: float = 0.0) -> float:
    return part / of if of else nothing
