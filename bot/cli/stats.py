"""`palou stats`: what is known of each group."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.common import db_option, note_output, open_knowledge
from bot.cli.output import check_file, write
from bot.settings import Settings
from knowledge.language.display import shown
from knowledge.matching.embedder import takes_long
from knowledge.store import vectors
from knowledge.store.activity import Activity, activity
from knowledge.store.read import GroupStats, Store

if TYPE_CHECKING:
    from rich.console import Console

_WIDEST = 1000  # columns that a table might want
_PEOPLE = 5
_BUSY_HOURS = 3


@click.command("stats", short_help="Show what is known of each group.")
@db_option
@click.option("--losses", is_flag=True, help="List what could not be read, by file and line.")
@click.option(
    "--out", type=click.Path(path_type=Path), help="Draw hours and months as an .svg, too."
)
@click.pass_obj
def command(settings: Settings, database: Path | None, losses: bool, out: Path | None) -> None:
    """Show what is known of each group: its span, messages, speakers, questions, answered ones.

    Askable are questions with an answer that somebody might ask again. Below stand the busiest
    people and hours, and how much could not be read.

    \b
    palou stats
    palou stats --losses
    palou stats --out group.svg
    """
    if out:
        check_file(out)
    conn = open_knowledge(settings, database)
    store = Store(conn)
    if losses:
        for path, line, what in store.losses():
            click.echo(f"{path}:{line}: {what}" if line else f"{path}: {what}")
        return
    stats = store.stats()
    found = [activity(conn, s.group, _PEOPLE) for s in stats]
    _print_table(stats)
    for s, one in zip(stats, found, strict=True):
        _print_lively(s, one)
    _print_vectors(settings, conn)
    if out:
        from bot.reports.activity_chart import activity_chart

        write(out, activity_chart(found).alone())
        note_output(database or settings.database, out)
        click.echo(f"picture: {out}", err=True)


def _print_table(stats: Sequence[GroupStats]) -> None:
    from rich.console import Console

    print_table(Console(highlight=False), stats)


def print_table(console: Console, stats: Sequence[GroupStats]) -> None:
    """Print the groups as a table or, where that is too wide, each with its counts below it."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column("group", no_wrap=True)
    for column in ("days", "first", "last", "messages", "speakers", "exchanges"):
        table.add_column(column, justify="right", no_wrap=True)
    for s in stats:
        figures = (s.days, s.first, s.last, s.messages, s.speakers, s.exchanges)
        table.add_row(s.group, *(f"{f:,}" if isinstance(f, int) else f for f in figures))
    if console.measure(table, options=console.options.update(max_width=_WIDEST)).maximum <= (
        console.width
    ):
        console.print(table)
        return
    for s in stats:
        console.print(s.group, style="bold", markup=False)
        for line in (
            f"{s.messages:,} messages, {s.speakers:,} speakers",
            f"{s.exchanges:,} exchanges, {s.days:,} days",
            f"{s.first} to {s.last}",
        ):
            console.print(f"  {line}")


def _print_lively(stats: GroupStats, one: Activity) -> None:
    people = ", ".join(f"{shown(name)} {count:,}" for name, count in one.people)
    busy = sorted(range(24), key=lambda hour: -one.hours[hour])[:_BUSY_HOURS]
    hours = ", ".join(f"{hour}:00 ({one.hours[hour]:,})" for hour in busy if one.hours[hour])
    click.echo(
        f"\n{one.group}\n  questions:      {one.questions:,}, {one.answered:,} of them answered,"
        f" {one.askable:,} of these askable\n  busiest people: {people}\n  busiest hours:  {hours}"
    )
    if one.lost:
        share = one.lost / (stats.messages + one.lost)
        click.echo(f"  not read:       {one.lost:,} ({share:.1%}); palou stats --losses")


def _print_vectors(settings: Settings, conn: sqlite3.Connection) -> None:
    if takes_long(settings.semantic):
        made, of = vectors.Shelf(conn, vectors.MODEL).progress()
        click.echo(f"\nvectors: {made:,} of {of:,}")
