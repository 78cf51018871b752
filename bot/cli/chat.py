"""`palou chat`: the group in the terminal, with a virtual clock and the reasons."""

from __future__ import annotations

import sys
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import click

from bot.cli.common import (
    db_option,
    known_groups,
    make_ready,
    synonyms_option,
    warn_of_misnamed,
)
from bot.harness.console import Console
from bot.harness.group import ROOM, Group
from bot.settings import Settings
from knowledge.store.schema import connect

_LINE = 20  # seconds between lines from a pipe: nobody is a flood, and what waits comes due


@click.command("chat", short_help="Be several people in a group, in the terminal.")
@db_option
@synonyms_option
@click.option(
    "--clock",
    type=click.Choice(["real", "frozen", "lines"]),
    help="Which time it is: the real one (in a terminal), one that only /tick moves, or one that"
    " goes on by 20 seconds with each line (from a pipe).",
)
@click.option("--ambient", is_flag=True, help="What you type is overheard, not put to the bot.")
@click.option("--group", "groups", multiple=True, help="Only this group's archive (repeatable).")
@click.pass_obj
def command(
    settings: Settings,
    database: Path | None,
    clock: str | None,
    ambient: bool,
    groups: tuple[str, ...],
) -> None:
    """Talk to the bot as a group would; each decision is shown with its reason.

    It works on a copy of the database: nothing that is said here is remembered. /? lists what can
    be done: /as 小王, /room, /tick 10m, /admin /reload. An empty line shows what came due since.
    Lines from a pipe are said one after the other, up to an empty one; then the reasons go to
    standard error.

    \b
    palou chat
    palou chat --ambient --group paytalk
    printf '备付金放哪\\n更多\\n' | palou chat
    """
    make_ready(settings, database)
    warn_of_misnamed(settings, database)
    with closing(connect(database or settings.database)) as conn:
        groups = known_groups(conn, groups)
    rooms = {ROOM: groups} if groups else None

    def now() -> datetime:
        return datetime.now(settings.zone)

    start = now().replace(microsecond=0)
    group = Group(
        settings=settings,
        database=database or settings.database,
        rooms=rooms,
        mode="ambient" if ambient else "mention",
        start=start,
    )
    listed = [r.topic or r.id for r in settings.rooms]
    terminal = sys.stdin.isatty() and sys.stdout.isatty()
    goes = {
        "real": (now, timedelta()),
        "frozen": (None, timedelta()),
        "lines": (lambda: start, timedelta(seconds=_LINE)),
    }
    tells, pace = goes[clock or ("real" if terminal else "lines")]
    console = Console(group, overhear=ambient, rooms=[ROOM, *listed], clock=tells, pace=pace)
    try:
        if terminal:
            from bot.harness.terminal import talk

            talk(console, Path(click.get_app_dir("palou")) / "chat-history")
        else:
            _pipe(console)
    finally:
        group.close()


def _pipe(console: Console) -> None:
    """Say what comes from a pipe, until an empty line or its end."""
    for raw in sys.stdin:
        text = raw.strip()
        if not text or text == "/quit":
            return
        for line in console.enter(text):
            click.echo(
                f"  ({line.text})" if line.kind == "why" else line.text, err=line.kind == "why"
            )
