"""`palou label`: go through questions, judge each reply, and keep the labels for eval and tune."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from bot.asking import Asking
from bot.cli.common import db_option, known_groups, note_output, open_asking, synonyms_option
from bot.cli.output import check_file
from bot.record.labels import add
from bot.reports.evaluate import read_questions
from bot.reports.judging import JUDGEMENTS, WANTED
from bot.reports.judging import questions as to_judge
from bot.reports.judging import shown as to_be_judged
from bot.settings import Settings
from knowledge import regular
from knowledge.errors import PalouError
from knowledge.language.display import shown
from knowledge.store.outputs import LABELS

_KEYS = dict(zip("rhws", JUDGEMENTS, strict=True)) | {"k": "", "q": ""}
_BYTES = 10_000_000  # of a text with questions, at most
_HOW = "right, half right, wrong, should be silent, skip, quit"


@click.command("label", short_help="Judge replies, for eval and tune.")
@click.argument("file", type=click.Path(path_type=Path))
@db_option
@synonyms_option
@click.option("--group", "groups", multiple=True, help="Only this group's archive (repeatable).")
@click.option("--count", type=click.IntRange(1, 10_000), default=WANTED, help="Questions to judge.")
@click.option(
    "--questions",
    type=click.Path(path_type=Path),
    help="Take these: a text with a question a line, or labelled ones (.csv, .jsonl, .md).",
)
@click.option(
    "--archived", is_flag=True, help="Take archived questions, and none that the bot was asked."
)
@click.pass_obj
def command(
    settings: Settings,
    file: Path,
    database: Path | None,
    groups: tuple[str, ...],
    count: int,
    questions: Path | None,
    archived: bool,
) -> None:
    """Go through questions in the terminal, and write how right each reply is into FILE (.jsonl).

    Questions that the bot was asked come first, then archived ones. Each is shown with the reply as
    the group would see it, or what it would tell if it were surer; type r, h, w, s, k to skip, or q
    to stop. Each label is kept at once; the same command goes on where it was stopped.

    An archived question finds itself, so its labels tell how right the answers are, and hardly
    whether a question in other words finds them: for thresholds, judge what members asked, or give
    questions as they would put them by --questions.

    \b
    palou label labels.jsonl
    palou label labels.jsonl --questions asked-lately.txt --group paytalk
    palou tune labels.jsonl
    """
    if file.suffix != ".jsonl":
        raise PalouError(f"{file}: name a file .jsonl for the labels")
    check_file(file)
    begun = file.exists() and file.stat().st_size > 0
    done = {each.question for each in read_questions(file)} if begun else set()
    asking = open_asking(settings, database)
    scope = known_groups(asking.conn, groups)
    if questions:
        wanted = _given(questions)
    else:
        wanted = to_judge(() if archived else asking.asked(count), asking.conn, scope, count)
    left = [q for q in dict.fromkeys(wanted) if q not in done][: max(0, count - len(done))]
    if not left:
        click.echo(f"nothing is left to be judged: {len(done)} labels are in {file}", err=True)
        return
    note_output(database or settings.database, file, LABELS)
    counted: Counter[str] = Counter()
    for number, question in enumerate(left, 1):
        label = _judged(asking, settings, question, scope, f"{number} of {len(left)}")
        if label is None:
            break
        if label:
            _keep(file, label)
            counted[str(label["label"])] += 1
    said = ", ".join(f"{n} {label}" for label, n in counted.most_common()) or "none"
    click.echo(f"judged: {said}; next: palou tune {file}", err=True)


def _given(file: Path) -> list[str]:
    """Questions of a file: labelled ones, or a text with one a line."""
    if file.suffix in (".csv", ".jsonl", ".md"):
        return [each.question for each in read_questions(file)]
    text = regular.text_or(PalouError, file, _BYTES)
    lines = [x.strip() for x in text.splitlines() if x.strip()]
    if not lines:
        raise PalouError(f"{file}: no question in it")
    return lines


def _keep(file: Path, label: dict[str, object]) -> None:
    try:
        add(file, label)
    except OSError as e:
        raise PalouError(f"{file} cannot be written: {e.strerror or e}") from e


def _judged(
    asking: Asking, settings: Settings, question: str, groups: Sequence[str], place: str
) -> dict[str, object] | None:
    """A label, as a file has it; empty: it was skipped; None: that is enough."""
    verdict = asking.ask(question, groups=groups or None)
    click.secho(f"\n{place}: {shown(question)}", bold=True)
    click.echo(verdict.reply or f"({verdict.reason})")
    judged = to_be_judged(question, verdict, settings.permalink_to)
    if judged is None:
        click.echo("(nothing like it is found: not to be judged)")
        return {}
    if judged.would:
        click.secho(f"It is {judged.best.confidence:.2f} sure of, and would tell:", dim=True)
        click.echo(judged.would)
    try:
        key = click.prompt(f"({_HOW})", type=click.Choice(list(_KEYS)), show_choices=True)
    except click.Abort:
        return None
    if key == "q":
        return None
    return judged.label(_KEYS[key]) if _KEYS[key] else {}
