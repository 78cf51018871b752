"""`palou stats`: what is known of each group."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.common import db_option, open_knowledge
from bot.settings import Settings
from knowledge.matching.embedder import takes_long
from knowledge.store import vectors
from knowledge.store.read import Store


@click.command("stats", short_help="Show what is known of each group.")
@db_option
@click.option("--losses", is_flag=True, help="List what could not be read, by file and line.")
@click.pass_obj
def command(settings: Settings, database: Path | None, losses: bool) -> None:
    """Show what is known of each group: days, messages, speakers, exchanges.

    \b
    palou stats
    palou stats --losses
    """
    conn = open_knowledge(settings, database)
    store = Store(conn)
    if losses:
        for path, line, what in store.losses():
            click.echo(f"{path}:{line}: {what}" if line else f"{path}: {what}")
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    table.add_column("group")
    for column in ("days", "first", "last", "messages", "speakers", "exchanges"):
        table.add_column(column, justify="right")
    for s in store.stats():
        figures = (s.days, s.first, s.last, s.messages, s.speakers, s.exchanges)
        table.add_row(s.group, *(f"{f:,}" if isinstance(f, int) else f for f in figures))
    Console().print(table)
    if takes_long(settings.semantic):
        made, of = vectors.Shelf(conn, vectors.MODEL).progress()
        click.echo(f"vectors: {made:,} of {of:,}")
