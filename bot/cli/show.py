"""`palou show`: the conversation around a cited message."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

import click

from bot.cli.common import db_option, open_knowledge
from bot.settings import Settings
from knowledge.errors import PalouError
from knowledge.language.display import shown
from knowledge.model import Citation, Exchange, Message
from knowledge.store.archive import Archive, Gone

if TYPE_CHECKING:
    from rich.console import Console

_NAMES = ("cyan", "magenta", "blue", "yellow", "bright_cyan", "bright_magenta", "bright_blue")
_NARROW = 60  # columns of a terminal, below which a time has no seconds
_LEAST = 10  # columns that a text is given, however narrow the terminal is
# What stays in one line: a word of letters; a sign, with what may not begin a line.
_RUN = re.compile(r"[!-~]+ ?|.[，。！？；：、）」』”’]{0,2}", re.DOTALL)


@click.command("show", short_help="Show the conversation around a cited message.")
@click.argument("citation")
@db_option
@click.option("--before", type=click.IntRange(0, 1000), default=5, help="Messages above it.")
@click.option("--after", type=click.IntRange(0, 1000), default=20, help="Messages below it.")
@click.pass_obj
def command(
    settings: Settings, citation: str, database: Path | None, before: int, after: int
) -> None:
    """Show the conversation around CITATION, with the question (问) and its answers (答) marked.

    In a terminal it is coloured, unless NO_COLOR is set; in a pipe each message is a line.

    \b
    palou show paytalk-20240301-004933
    palou show paytalk-20240301-004933 --after 60
    """
    try:
        cited = Citation.parse(citation)
    except ValueError as e:
        raise click.BadParameter(str(e), param_hint="CITATION") from e
    open_knowledge(settings, database).close()
    archive = Archive(database or settings.database, me=settings.me)
    try:
        found = archive.cited(cited, before, after)
    except Gone as e:
        raise PalouError(f"{cited}: this message is forgotten, as a member wished") from e
    finally:
        archive.close()
    if found is None:
        raise PalouError(f"{cited}: no such message in the archive; palou stats lists the groups")
    marks = _marks(found.exchanges.values())
    if sys.stdout.isatty():
        from rich.console import Console

        show(Console(highlight=False), found.around, marks, cited)
    else:
        for line in _plain(found.around, marks, cited):
            click.echo(line)
    beyond = sorted(set(marks) - {m.citation for m in found.around})
    for citation_beyond in beyond:
        click.echo(f"  {marks[citation_beyond]:<5} {citation_beyond}")


def show(
    console: Console, around: Iterable[Message], marks: dict[Citation, str], cited: Citation
) -> None:
    """Print messages for reading: in colour where there is any, longer ones with an indent."""
    from rich.text import Text

    date = ""
    for each in around:
        if each.citation.date != date:
            date = each.citation.date
            console.print(Text(f"{cited.group}  {date}", "bold"))
        here = each.citation == cited
        mark = marks.get(each.citation, "")
        time = each.citation.time[: None if console.width >= _NARROW else len("00:00")]
        head = Text.assemble(
            (">" if here else " ", "bold yellow"),
            (f" {_wide(mark)} ", "bold blue" if mark == "问" else "bold green"),
            (f"{time}  ", "dim"),
        )
        name = shown(each.speaker)
        colour = _NAMES[crc32(name.encode()) % len(_NAMES)]
        said = Text.assemble((name, colour), f": {_said(each)}", style="bold" if here else "")
        room = max(_LEAST, console.width - head.cell_len)
        first, *others = said.divide(list(_breaks(said.plain, room)))
        console.print(head + first, soft_wrap=True)
        for other in others:
            console.print(Text(" " * head.cell_len) + other, soft_wrap=True)


def _breaks(text: str, room: int) -> Iterator[int]:
    """Where a text is to be broken, so that no line is wider; words of letters stay whole."""
    from rich.cells import cell_len

    used = at = 0
    for run in _RUN.findall(text):
        wide = cell_len(run)
        if used and used + cell_len(run.rstrip()) > room:
            yield at
            used = 0
        if wide > room:  # an address, mostly: filled line by line
            yield from range(at + room, at + len(run), room)
            wide %= room
        used += wide
        at += len(run)


def _plain(around: Iterable[Message], marks: dict[Citation, str], cited: Citation) -> Iterator[str]:
    """The same for other programs: a message a line."""
    date = ""
    for each in around:
        if each.citation.date != date:
            date = each.citation.date
            yield f"{cited.group}  {date}"
        pointer = ">" if each.citation == cited else " "
        wide = _wide(marks.get(each.citation, ""))
        yield f"{pointer} {wide} {each.citation.time}  {shown(each.speaker)}: {_said(each)}"


def _marks(exchanges: Iterable[Exchange]) -> dict[Citation, str]:
    """What each message is to the exchanges: 问, or 答 with its probability in per cent."""
    marks: dict[Citation, str] = {}
    for exchange in exchanges:
        for answer in exchange.answers:
            marks[answer.message.citation] = f"答{answer.probability:4.0%}"
    for exchange in exchanges:
        for message in exchange.question:
            marks[message.citation] = "问"
    return marks


def _wide(mark: str) -> str:
    """A mark in six columns; its first character takes two."""
    return mark + " " * (6 - len(mark) - (1 if mark else 0))


def _said(message: Message) -> str:
    return shown(message.text) or message.text.strip()
