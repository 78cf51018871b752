"""`palou doctor`: one page of checks, with what to do."""

from __future__ import annotations

import os
from itertools import chain
from pathlib import Path

import click

from bot.cli.checks import BAD, GOOD, NOTE, Check, checks, surroundings
from bot.cli.common import db_option
from bot.settings import Settings
from bot.settings_file import FILE, SettingsError, named, read

_MARKS = {GOOD: ("ok  ", "green"), NOTE: ("note", "yellow"), BAD: ("BAD ", "red")}


@click.command("doctor", short_help="Check that all is in order, and say what to do.")
@db_option
@click.pass_context
def command(ctx: click.Context, database: Path | None) -> None:
    """Check what a bot needs, and say what to do; exit status 1 when something would not work.

    Looked at are Python and the extras, the settings, the archives and how much of them was lost,
    the database, groups that the settings name, the secret of the pages, whether the gateway can be
    reached, the disk, the clock and the zone. Nothing is written.

    \b
    palou doctor
    palou doctor && palou run
    """
    settings, first = _settings(ctx)
    others = checks(settings, database or settings.database, surroundings(settings))
    bad = 0
    for check in chain([first], others):
        _show(check)
        bad += check.level == BAD
    click.echo("all is in order" if not bad else f"{bad} to be mended")
    if bad:
        ctx.exit(1)


def _settings(ctx: click.Context) -> tuple[Settings, Check]:
    """The settings, or the defaults where those that are set are wrong; and how they are."""
    assert ctx.parent is not None
    file: Path | None = ctx.parent.params["file"]
    try:
        settings = read(file, os.environ)
    except SettingsError as e:
        return Settings(), Check("settings", BAD, str(e), "mend it")
    where = named(file, os.environ) or (FILE if FILE.is_file() else None)
    said = str(where) if where else f"there is no {FILE} here: defaults hold"
    if where:
        return settings, Check("settings", GOOD, said)
    return settings, Check("settings", NOTE, said, "palou init")


def _show(check: Check) -> None:
    mark, colour = _MARKS[check.level]
    click.echo(f"{click.style(mark, fg=colour)}  {check.what:<14}  {check.said}")
    if check.todo:
        click.echo(f"{'':22}→ {check.todo}")
