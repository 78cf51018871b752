"""The command `palou`: one module a command, imported when it is called."""

from __future__ import annotations

import os
import sqlite3
import sys
from importlib import import_module
from pathlib import Path

import click

from bot.settings_file import read
from knowledge.errors import PalouError
from knowledge.store.schema import unusable

COMMANDS = (
    *("load", "ask", "run", "chat", "show", "stats", "eval", "test", "replay", "serve"),
    *("formats", "remove", "backup"),
)


class _Commands(click.Group):
    """Commands that cost nothing until they are called, and errors without tracebacks."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command = import_module(f"bot.cli.{name}").command
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except PalouError as e:
            click.echo(f"palou: {e}", err=True)
            ctx.exit(1)
        except sqlite3.Error as e:
            # What nobody below expects: the database is damaged, or its disk is.
            from bot.cli.common import DATABASE

            database = ctx.meta.get(DATABASE) or ctx.obj.database
            click.echo(f"palou: {unusable(database, e)}", err=True)
            ctx.exit(1)
        except BrokenPipeError:
            # The reader has gone (palou ask --jsonl | head); nothing is left to be said.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(1)


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="palou", prog_name="palou")
@click.option(
    "--settings",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Read the settings from this file instead of palou.toml.",
)
@click.pass_context
def main(ctx: click.Context, file: Path | None) -> None:
    """Palou replays a chat group's archived answers as cited excerpts.

    \b
    palou load archive/                  make the knowledge from archives
    palou ask "备付金要放到网联吗"        see what the group would read
    """
    ctx.obj = read(file, os.environ)
