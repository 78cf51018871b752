"""The command `palou`: one module a command, imported when it is called."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path

import click

from bot.cli.errors import one_line, wrong_use
from bot.settings_file import SettingsError, read

COMMANDS = (
    *("demo", "init", "doctor", "load", "ask", "run", "chat", "show", "stats"),
    *("eval", "label", "tune", "test", "replay", "serve", "formats", "remove", "backup"),
)


WITHOUT_SETTINGS = ("demo", "formats", "test", "init", "doctor")
"""Commands that have no need of settings, or say themselves what is wrong with them."""

_HELP = "palou.help"  # where the context holds that help is asked for


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

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: object,
    ) -> click.Context:
        with wrong_use():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> object:
        ctx.meta[_HELP] = not {"-h", "--help"}.isdisjoint(ctx.args)
        with one_line(ctx), wrong_use():
            return super().invoke(ctx)


@click.command("palou", cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="palou", prog_name="palou")
@click.option(
    "--settings",
    "file",
    type=click.Path(path_type=Path),
    help="Read the settings from this file instead of palou.toml.",
)
@click.pass_context
def main(ctx: click.Context, file: Path | None) -> None:
    """Palou replays a chat group's archived answers as cited excerpts.

    \b
    palou load archive/                  make the knowledge from archives
    palou ask "备付金要放到网联吗"        see what the group would read
    """
    try:
        ctx.obj = read(file, os.environ)
    except SettingsError:
        if not ctx.meta[_HELP] and ctx.invoked_subcommand not in WITHOUT_SETTINGS:
            raise
