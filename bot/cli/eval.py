"""`palou eval`: how good the answers to labelled questions are, and where to set thresholds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from bot.cli.common import db_option, open_knowledge
from bot.settings import Settings
from knowledge.evaluate import (
    Outcome,
    calibration_error,
    figures,
    outcome,
    read_questions,
    threshold_for,
)
from knowledge.match import Matcher

_PRECISIONS = (0.8, 0.9, 0.95)


@click.command("eval", short_help="Measure the answers to labelled questions.")
@click.argument("questions", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@db_option
@click.option("--group", "groups", multiple=True, help="Only this group's archive (repeatable).")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="Draw reliability.png and precision-coverage.png into this folder, and write run.json.",
)
@click.option(
    "--against",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The run.json of an earlier run: list what got better and what got worse.",
)
@click.pass_obj
def command(
    settings: Settings,
    questions: Path,
    database: Path | None,
    groups: tuple[str, ...],
    out: Path | None,
    against: Path | None,
) -> None:
    """Ask labelled QUESTIONS (.csv, .jsonl, .md) and print how good the answers are.

    A question is labelled with the citations that answer it; without any it should get no reply.

    \b
    palou eval questions.md
    palou eval questions.csv --out eval/           draw the curves (needs palou[eval])
    palou eval questions.csv --against eval/run.json
    """
    labelled = read_questions(questions)
    matcher = Matcher(open_knowledge(settings, database))
    asked = [outcome(x, matcher.ask(x.question, groups=groups or None, k=5)) for x in labelled]
    thresholds = {"asked": settings.asked, "overheard": settings.overheard}
    _print(asked, thresholds)
    if against:
        _compare(asked, json.loads(against.read_text(encoding="utf-8")))
    if out:
        from bot.plots import draw_curve, draw_reliability

        out.mkdir(parents=True, exist_ok=True)
        draw_reliability(asked, out / "reliability.png")
        draw_curve(asked, thresholds, out / "precision-coverage.png")
        (out / "run.json").write_text(_run(asked, thresholds), encoding="utf-8")
        click.echo(f"drawn into {out}", err=True)


def _print(asked: Sequence[Outcome], thresholds: dict[str, float]) -> None:
    first = figures(asked, 0.0)
    click.echo(
        f"{first.questions} questions, {first.answerable} with an answer: hit@1 {first.hit1:.3f}, "
        f"hit@5 {first.hit5:.3f}, calibration error {calibration_error(asked):.3f}"
    )
    for name, threshold in thresholds.items():
        at = figures(asked, threshold)
        click.echo(
            f"{name:9} {threshold:.2f}: precision {at.precision:.3f}, coverage {at.coverage:.3f}, "
            f"false replies {at.false_replies:.3f}"
        )
    for precision in _PRECISIONS:
        found = threshold_for(asked, precision)
        where = "not reached" if found is None else f"from threshold {found:.2f}"
        click.echo(f"precision {precision:.2f}: {where}")


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


def _compare(asked: Sequence[Outcome], run: dict[str, list[dict[str, object]]]) -> None:
    before = {str(q["question"]): bool(q["hit1"]) for q in run["questions"]}
    for mark, was in (("better", False), ("worse", True)):
        for o in asked:
            if before.get(o.labelled.question) is was and o.hit1 is not was:
                click.echo(f"{mark}: {o.labelled.question[:60]} → {o.cited or 'nothing'}")
