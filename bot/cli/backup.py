"""`palou backup`: a copy of the database, also while the bot runs."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.common import db_option, note_output
from bot.settings import Settings
from knowledge.store.copies import back_up, lasting_as_text
from knowledge.store.outputs import BACKUP, REPORT


@click.command("backup", short_help="Copy the database, also while the bot runs.")
@click.argument("file", type=click.Path(path_type=Path))
@db_option
@click.option("--force", is_flag=True, help="Replace FILE if it is there.")
@click.option(
    "--text", is_flag=True, help="Write what no load makes again as text, too: FILE.jsonl."
)
@click.pass_obj
def command(settings: Settings, file: Path, database: Path | None, force: bool, text: bool) -> None:
    """Copy the database to FILE as it stands at one moment, also while a bot or a load writes it.

    The copy is checked before it gets its name: it is whole, or there is none. To go back to it,
    stop the bot, remove palou.db-wal and palou.db-shm if they are there, and put the copy in the
    place of palou.db. Leave palou.db.forgotten where it is: the next load forgets by it again what
    members wanted forgotten since. What they want forgotten later is taken out of the copy, too, by
    the next load, as long as it stays where it was written.

    \b
    palou backup palou-2026-11-28.db
    palou backup backup.db --force --text      nightly; with backup.db.jsonl to read
    """
    back_up(database or settings.database, file, replace=force)
    note_output(database or settings.database, file, BACKUP)
    click.echo(f"{file}: {file.stat().st_size / 1e6:.1f} MB", err=True)
    if text:
        beside = file.with_name(file.name + ".jsonl")
        rows = lasting_as_text(file, beside, replace=force)
        note_output(database or settings.database, beside, REPORT)
        click.echo(f"{beside}: {rows:,} rows", err=True)
