"""`palou tune`: which thresholds follow from labelled questions, and what they promise."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click

from bot.cli.common import db_option, known_groups, open_asking, synonyms_option
from bot.cli.eval import name_missing
from bot.cli.output import check_file, write
from bot.reports.evaluate import outcome, read_questions
from bot.reports.tuning import ENOUGH, Choice, Fit, Judged, choose, fit
from bot.settings import Settings, Thresholds
from bot.settings_change import changed
from bot.settings_file import FILE, named
from knowledge.errors import PalouError

_TABLE = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95)  # precisions that are shown
_OVERHEARD = ("welcome", "unwelcome")  # labels of a replay
_SHARE = click.FloatRange(0.01, 0.999)


@click.command("tune", short_help="Choose thresholds by labelled questions.")
@click.argument(
    "files", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="FILE..."
)
@db_option
@synonyms_option
@click.option("--group", "groups", multiple=True, help="Only this group's archive (repeatable).")
@click.option(
    "--asked", type=_SHARE, default=0.9, show_default=True, help="How right what is told should be."
)
@click.option(
    "--hedged", type=_SHARE, default=0.5, show_default=True, help="And what is told with a doubt."
)
@click.option(
    "--overheard", type=_SHARE, default=0.95, show_default=True, help="And replies unasked for."
)
@click.option("--write", "write_it", is_flag=True, help="Set the thresholds in palou.toml.")
@click.pass_context
def command(
    ctx: click.Context,
    files: tuple[Path, ...],
    database: Path | None,
    groups: tuple[str, ...],
    asked: float,
    hedged: float,
    overheard: float,
    write_it: bool,
) -> None:
    """Choose thresholds by labelled questions: FILE is one of palou label's, or of palou eval's.

    Printed is, for wanted precisions, from which threshold on they are promised, and which share of
    the questions is told an answer then; and the thresholds for the precisions that are wanted by
    the options. A promise is for other questions of the same kind: it is made by confidences that
    are fitted to the labels, not by counting these. 100 labels or more are wanted.

    Labels of a palou replay (welcome, unwelcome) choose `overheard` alone.

    \b
    palou tune labels.jsonl
    palou tune labels.jsonl --asked 0.95 --write
    """
    settings: Settings = ctx.obj
    assert ctx.parent is not None
    target = named(ctx.parent.params["file"], os.environ) or FILE
    if write_it:
        check_file(target)
    asking = open_asking(settings, database)
    scope = known_groups(asking.conn, groups) or None
    judged: dict[bool, list[Judged]] = {True: [], False: []}
    for file in files:
        labelled = read_questions(file)
        name_missing(file, labelled, asking.conn)
        for each in labelled:
            found = outcome(each, asking.ask(each.question, groups=scope).matches)
            right = found.hit1 * (0.5 if each.label == "half" else 1.0)
            judged[each.label in _OVERHEARD].append(Judged(found.confidence, right))
    labels = len(judged[False]) + len(judged[True])
    if write_it and labels < ENOUGH:
        raise PalouError(f"{labels} labels are too few to --write by: judge {ENOUGH} or more")
    chosen = _chosen(judged[False], judged[True], settings.thresholds, (asked, hedged, overheard))
    click.echo("\nin palou.toml:\n\n[thresholds]")
    for name, value in chosen.items():
        click.echo(f"{name} = {value:.2f}")
    if write_it:
        write(target, changed(target, {f"thresholds.{name}": v for name, v in chosen.items()}))
        click.echo(f"{target}: written; palou run takes it when it is started again", err=True)


def _chosen(
    asked: Sequence[Judged],
    overheard: Sequence[Judged],
    now: Thresholds,
    wanted: tuple[float, float, float],
) -> dict[str, float]:
    """The three thresholds, of which those stay as they are that no label tells anything of."""
    found = {"asked": now.asked, "hedged": now.hedged, "overheard": now.overheard}
    if asked:
        fitted = fit(asked)
        _print_table(asked, fitted)
        told = _said("asked", choose(asked, wanted[0], fitted=fitted), now.asked)
        found["asked"] = told
        doubted = _said("hedged", choose(asked, wanted[1], told, fitted), min(now.hedged, told))
        found["hedged"] = doubted
    heard = _said("overheard", choose(overheard or asked, wanted[2]), now.overheard)
    found["overheard"] = max(heard, found["asked"])
    return found


def _print_table(judged: Sequence[Judged], fitted: Fit) -> None:
    right = sum(j.right for j in judged) / len(judged)
    click.echo(f"{len(judged)} labels, of which {right:.0%} have the right match first")
    if len(judged) < ENOUGH:
        click.echo(f"warning: {ENOUGH} labels or more tell something; 100 are better", err=True)
    click.echo("precision  threshold  told")
    for precision in _TABLE:
        choice = choose(judged, precision, fitted=fitted)
        if choice.threshold is None:
            click.echo(f"{precision:9.2f}  not reached")
        else:
            click.echo(f"{precision:9.2f}  {choice.threshold:9.2f}  {choice.share:4.0%}")


def _said(name: str, choice: Choice, now: float) -> float:
    """Print what a choice promises; the threshold, or the one of now where there is none."""
    if choice.threshold is None:
        click.echo(f"{name:9} {choice.wanted:.0%} right: not reached; it stays at {now:.2f}")
        return now
    click.echo(
        f"{name:9} {choice.wanted:.0%} right: from {choice.threshold:.2f} on (now {now:.2f}),"
        f" {choice.promised:.0%} promised, {choice.replies} of the labels"
    )
    return choice.threshold
