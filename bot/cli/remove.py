"""`palou remove`: take a group out of the database."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.common import db_option
from bot.settings import Settings


@click.command("remove", short_help="Take a group out of the database.")
@click.argument("group")
@db_option
@click.pass_obj
def command(settings: Settings, group: str, database: Path | None) -> None:
    """Take GROUP out of the database, with all that was loaded of it; `palou stats` lists groups.

    Its files stay where they are: one in a folder that is loaded again brings the group back.

    \b
    palou remove paytalk
    """
    from knowledge.loading.remove import remove

    removed = remove(database or settings.database, group)
    click.echo(f"{group}: {removed:,} messages were taken out", err=True)
