"""`palou show`: the conversation around a cited message."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from bot.cli.common import db_option, open_knowledge
from bot.settings import Settings
from knowledge.errors import PalouError
from knowledge.language.display import shown
from knowledge.model import Citation, Exchange, Message
from knowledge.store.archive import Archive, Gone


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
    date = ""
    for each in found.around:
        if each.citation.date != date:
            date = each.citation.date
            click.echo(f"{cited.group}  {date}")
        click.echo(_line(each, marks.get(each.citation, ""), each.citation == cited))
    beyond = sorted(set(marks) - {m.citation for m in found.around})
    for citation_beyond in beyond:
        click.echo(f"  {marks[citation_beyond]:<5} {citation_beyond}")


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


def _line(message: Message, mark: str, cited: bool) -> str:
    pointer = ">" if cited else " "
    wide = mark + " " * (6 - len(mark) - (1 if mark else 0))
    text = shown(message.text) or message.text.strip()
    return f"{pointer} {wide} {message.citation.time}  {shown(message.speaker)}: {text}"
