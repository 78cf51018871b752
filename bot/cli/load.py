"""`palou load`: make the knowledge from archives."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from bot.cli.common import db_option, embed_with_progress, load_with_progress, summarise
from bot.cli.preview import show
from bot.settings import Settings


@click.command("load", short_help="Load archives into the database.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@db_option
@click.option(
    "--group",
    help="The group of all these files, in this load (default: what they state, or their folder's"
    " name).",
)
@click.option("--dry-run", is_flag=True, help="Say what would be read, and write nothing.")
@click.option(
    "--jsonl", is_flag=True, help="With --dry-run: print every message, one JSON object a line."
)
@click.pass_obj
def command(
    settings: Settings,
    paths: tuple[Path, ...],
    database: Path | None,
    group: str | None,
    dry_run: bool,
    jsonl: bool,
) -> None:
    """Load archives (files, folders, zips; default: the settings' archives, seeds/).

    What exporters of WeChat, QQ, Telegram and others write is known by its content: palou formats.

    Only files that changed since the last load are read. A file that is gone from a folder takes
    its messages along. When a load fails, the database stays as it was. With `semantic` set, the
    vectors that are missing are made then: stop that when you like, the next load goes on.

    A name given by --group stays with a file until it changes; give it with each load, or set it
    once for a folder in the settings ([[archives]]).

    \b
    palou load                        the archives that the settings name
    palou load ~/chats/paytalk        a folder; its name is the group's
    palou load day.md --group paytalk
    palou load --dry-run export.zip   what is in there: groups, from when to when, three messages
    palou load --dry-run --jsonl export.json | head
    """
    if group is not None and not group.strip(" /\\"):
        raise click.BadParameter("should be the name of a group", param_hint="--group")
    if jsonl and not dry_run:
        raise click.UsageError("--jsonl is for --dry-run: it writes messages, and loads none")
    if dry_run:
        show(settings, paths or settings.sources, group, jsonl)
        return
    target = database or settings.database
    sources = paths or settings.sources
    from knowledge.matching.embedder import open_models

    # Here, as an error in one is said before anything is loaded; and once, as what opens the
    # packaged one first in a process says how many threads it has.
    models = open_models(settings.semantic, os.cpu_count() or 1)
    report = load_with_progress(settings, target, sources, group)
    summarise(report, target)
    for model in models:
        embed_with_progress(target, model)
    if report.unread > report.read:
        click.echo(
            f"palou: {report.unread} files could not be read, {report.read} could, and are loaded",
            err=True,
        )
        sys.exit(1)
