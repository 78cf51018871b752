"""Says what went wrong in one line, whatever it was: never a traceback."""

from __future__ import annotations

import os
import sqlite3
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from bot.settings import Settings
from knowledge.errors import PalouError
from knowledge.store.schema import unusable

DATABASE = "palou.database"
"""Where the context of a command holds which database it was told to use, for its errors."""

TRACEBACK = "PALOU_TRACEBACK"
"""The variable that has a fault of our own shown whole."""


class WrongUse(click.ClickException):
    """The command line itself is wrong; its one line says how, and where help is."""

    exit_code = 2

    def __init__(self, error: click.UsageError) -> None:
        super().__init__(" ".join(error.format_message().split()))
        self._path = error.ctx.command_path if error.ctx else "palou"

    def show(self, file: object = None) -> None:
        """Print it."""
        said = self.message.removesuffix(".")
        click.echo(f"{self._path}: {said}; see {self._path} --help", err=True)


@contextmanager
def wrong_use() -> Iterator[None]:
    """What click would say in four lines is said in one; a call without a command is helped."""
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise
    except click.UsageError as e:
        raise WrongUse(e) from e


@contextmanager
def one_line(ctx: click.Context) -> Iterator[None]:
    """Whatever ends a command wrongly is one line on standard error, and status 1."""
    try:
        yield
    except PalouError as e:
        _end(ctx, str(e))
    except sqlite3.Error as e:
        # What nobody below expects: the database is damaged, or its disk is.
        settings: Settings = ctx.obj or Settings()
        database: Path = ctx.meta.get(DATABASE) or settings.database
        _end(ctx, str(unusable(database, e)))
    except BrokenPipeError:
        # The reader has gone (palou ask --jsonl | head); nothing is left to be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        ctx.exit(1)
    except OSError as e:
        _end(ctx, f"{e.filename}: {e.strerror or e}" if e.filename else str(e.strerror or e))
    except (click.exceptions.Exit, click.exceptions.Abort, click.ClickException):
        raise
    except Exception as e:
        if os.environ.get(TRACEBACK):
            raise
        last = traceback.extract_tb(e.__traceback__)[-1]
        where = f"{Path(last.filename).name}, line {last.lineno}"
        _end(ctx, f"a fault of palou's own: {e!r} in {where}; {TRACEBACK}=1 shows all of it")


def _end(ctx: click.Context, said: str) -> None:
    """Say it, in one line, and end."""
    click.echo(f"palou: {' '.join(said.splitlines())}", err=True)
    ctx.exit(1)
