"""`palou chat`: ask in a loop, in the terminal."""

from __future__ import annotations

from pathlib import Path

import click

from bot.answer import decide
from bot.cli.common import db_option, open_knowledge
from bot.reply import pages
from bot.settings import Settings
from knowledge.match import Matcher
from knowledge.text import shown

_MORE = "更多"


@click.command("chat", short_help="Ask in a loop, in the terminal.")
@db_option
@click.option("--ambient", is_flag=True, help="What you type is overheard, not put to the bot.")
@click.option("--group", "groups", multiple=True, help="Only this group's archive (repeatable).")
@click.pass_obj
def command(
    settings: Settings, database: Path | None, ambient: bool, groups: tuple[str, ...]
) -> None:
    """Ask in a loop; 更多 shows more answers, an empty line or Ctrl-D ends.

    \b
    palou chat
    palou chat --ambient --group paytalk
    """
    matcher = Matcher(open_knowledge(settings, database))
    left: list[str] = []
    click.echo("问一个问题；「更多」看其余回答；空行结束。", err=True)
    while text := _read():
        if text == _MORE:
            click.echo(left.pop(0) if left else "没有更多了。")
            continue
        decision = decide(text, matcher, settings, ambient=ambient, groups=groups or None)
        click.echo(f"  ({decision.reason})", err=True)
        if decision.answered:
            reply, *left = pages(decision.matches[0].exchange, settings.link)
            click.echo(reply)
        elif not ambient:
            click.echo("没有找到答案。")
            for match in decision.matches[:3]:
                lead = match.exchange.lead
                click.echo(f"· {shown(lead.text)[:60]}（{lead.citation}）")


def _read() -> str:
    try:
        return input("> ").strip()
    except (EOFError, KeyboardInterrupt):
        click.echo(err=True)
        return ""
