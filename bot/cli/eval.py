"""`palou eval`: how good the answers to labelled questions are, and where to set thresholds."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import asdict
from pathlib import Path

import click

from bot.cli.common import (
    db_option,
    known_groups,
    language_option,
    links_by,
    note_output,
    open_asking,
    synonyms_option,
)
from bot.cli.output import made_folder, write
from bot.reports.eval_charts import diagrams
from bot.reports.eval_page import ANSWERS, Beside, change, eval_page
from bot.reports.evaluate import (
    Labelled,
    Outcome,
    calibration_error,
    figures,
    not_there,
    outcome,
    read_questions,
    threshold_for,
)
from bot.reports.words import LANGUAGES
from bot.settings import Settings
from knowledge import regular
from knowledge.errors import PalouError
from knowledge.model import Citation
from knowledge.store.archive import Archive, Gone
from knowledge.store.read import Store

_PRECISIONS = (0.8, 0.9, 0.95)
_NAMED = 20  # citations that the database lacks
_BYTES = 100_000_000  # of a run.json, at most


@click.command("eval", short_help="Measure the answers to labelled questions.")
@click.argument("questions", type=click.Path(path_type=Path))
@db_option
@synonyms_option
@click.option("--group", "groups", multiple=True, help="Only this group's archive (repeatable).")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Write report.html (what went wrong, figures, diagrams, every question), two .svg and"
    " run.json here.",
)
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    help="The run.json of an earlier run: list what got better and what got worse.",
)
@language_option
@click.pass_obj
def command(
    settings: Settings,
    questions: Path,
    database: Path | None,
    groups: tuple[str, ...],
    out: Path | None,
    against: Path | None,
    language: str,
) -> None:
    """Ask labelled QUESTIONS (.csv, .jsonl, .md) and print how good the answers are.

    A question is labelled with the citations of what answers it, or of the question that is to be
    found, as every reply prints it; without any, it should get no reply. `palou label` makes such a
    file. A .csv has the columns question and answers (by spaces); in .jsonl each line is an object
    with these; a .md has items, and what is none is passed over:

    \b
    question,answers
    备付金放哪里,paytalk-20240301-004933
    红烧肉要炖多久,

    \b
    {"question": "备付金放哪里", "answers": ["paytalk-20240301-075607"]}
    - 备付金放哪里 → paytalk-20240301-075607 paytalk-20240301-075512

    \b
    palou eval questions.md
    palou eval questions.csv --out eval/           report and diagrams
    palou eval questions.csv --against eval/run.json --out eval2/
    palou eval labels-….jsonl --db known.db        labels from a palou replay --keep known.db
    """
    labelled = read_questions(questions)
    before = _earlier(against) if against else None
    asking = open_asking(settings, database)
    groups = known_groups(asking.conn, groups)
    name_missing(questions, labelled, asking.conn)
    if out:
        made_folder(out)
    asked = [outcome(x, asking.ask(x.question, groups=groups or None).matches) for x in labelled]
    thresholds = asdict(settings.thresholds)
    _print(asked, thresholds)
    if before is not None:
        _compare(asked, before)
    if out:
        words = LANGUAGES[language]
        for name, diagram in diagrams(asked, thresholds, words).items():
            write(out / f"{name}.svg", diagram.alone())
        write(out / "run.json", _run(asked, thresholds))
        said = _said(database or settings.database, settings.me, asked)
        beside = Beside(words, before, said, links_by(settings))
        write(out / "report.html", eval_page(questions.name, asked, thresholds, beside))
        note_output(database or settings.database, out / "report.html")
        click.echo(f"report: {out / 'report.html'}", err=True)


def name_missing(file: Path, labelled: Sequence[Labelled], conn: sqlite3.Connection) -> None:
    """Warn of citations that the database lacks; PalouError: it has none of them."""
    missing = not_there(labelled, Store(conn))
    if missing and len(missing) == sum(len(each.answers) for each in labelled):
        raise PalouError(
            f"{file}: the database has none of its {len(missing)} citations; are they another's?"
            " name it with --db"
        )
    for line, cited in missing[:_NAMED]:
        click.echo(f"warning: {file}:{line}: the database has no {cited}", err=True)
    if len(missing) > _NAMED:
        click.echo(f"warning: … nor {len(missing) - _NAMED} more", err=True)


def _print(asked: Sequence[Outcome], thresholds: dict[str, float]) -> None:
    first = figures(asked, 0.0)
    click.echo(
        f"{first.questions} questions, {first.answerable} with an answer: hit@1 {first.hit1:.3f}, "
        f"hit@5 {first.hit5:.3f}, calibration error {calibration_error(asked):.3f}"
    )
    for name, threshold in thresholds.items():
        at = figures(asked, threshold)
        right = f"precision {at.precision:.3f}" if at.replies else "no reply"
        click.echo(
            f"{name:9} {threshold:.2f}: {right}, coverage {at.coverage:.3f}, "
            f"false replies {at.false_replies:.3f}"
        )
    for precision in _PRECISIONS:
        found = threshold_for(asked, precision)
        where = "not reached" if found is None else f"from threshold {found:.2f}"
        click.echo(f"precision {precision:.2f}: {where}")


def _said(database: Path, me: str, asked: Sequence[Outcome]) -> dict[str, str]:
    """The words of the answers that were not told, by their citations; of what is forgotten, none.

    Of each question the first few: a report shows no more.
    """
    said: dict[str, str] = {}
    with closing(Archive(database, me=me)) as archive:
        for cited in {a for o in asked if not o.hit1 for a in sorted(o.labelled.answers)[:ANSWERS]}:
            with suppress(Gone):
                if found := archive.message(Citation.parse(cited)):
                    said[cited] = found.text
    return said


def _run(asked: Sequence[Outcome], thresholds: dict[str, float]) -> str:
    run = {
        "figures": {n: asdict(figures(asked, t)) for n, t in thresholds.items()},
        "questions": [
            {
                "question": o.labelled.question,
                "answers": sorted(o.labelled.answers),
                "confidence": round(o.confidence, 4),
                "cited": o.cited,
                "hit1": o.hit1,
            }
            for o in asked
        ],
    }
    return json.dumps(run, ensure_ascii=False, indent=1)


def _earlier(path: Path) -> dict[str, bool]:
    """Of an earlier run, by question: whether the best match was right."""
    try:
        run = json.loads(regular.text(path, _BYTES))
        return {str(q["question"]): bool(q["hit1"]) for q in run["questions"]}
    except OSError as e:
        raise PalouError(f"{path}: cannot be read: {e.strerror or e}") from e
    except (ValueError, KeyError, TypeError) as e:
        raise PalouError(f"{path}: is no run.json of palou eval --out") from e


def _compare(asked: Sequence[Outcome], before: dict[str, bool]) -> None:
    for wanted in ("better", "worse"):
        for o in asked:
            if change(o, before) == wanted:
                click.echo(f"{wanted}: {o.labelled.question[:60]} → {o.cited or 'nothing'}")
