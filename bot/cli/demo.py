"""`palou demo`: the sample archive, loaded and asked, with nothing of one's own."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import click

from bot.cli.common import load_with_progress, open_asking, summarise
from bot.settings import Settings
from knowledge.errors import PalouError

QUESTION = "备付金是不是都得放到网联去"

_PLACES = ("bot/seeds", "seeds")  # in a wheel, and in a clone


@click.command("demo", short_help="Load the sample archive, and ask it.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Keep the sample archive in this new folder, to load it yourself and to read it.",
)
def command(out: Path | None) -> None:
    """Load the sample archive that comes with Palou, of two invented groups, and ask it a question.

    \b
    palou demo
    palou demo --out seeds && palou load seeds
    """
    if out is not None:
        if out.exists():
            raise PalouError(f"{out} is there already; name a new folder")
        try:
            shutil.copytree(sample(), out)
        except OSError as e:
            raise PalouError(f"{out} cannot be written: {e.strerror or e}") from e
        click.echo(f"{out}: the sample archive; go on with: palou load {out}", err=True)
        return
    with tempfile.TemporaryDirectory(prefix="palou-demo-") as folder:
        database = Path(folder) / "palou.db"
        settings = replace(Settings(), archives=(sample(),), database=database)
        click.echo("$ palou load seeds")
        summarise(load_with_progress(settings, database, settings.sources, None), database)
        click.echo(f'\n$ palou ask "{QUESTION}"')
        click.echo(open_asking(settings, database).ask(QUESTION).reply)
    click.echo("\nnext, with your own: palou init", err=True)


def sample() -> Path:
    """The folder of the sample archive; PalouError: this Palou was installed without."""
    root = Path(__file__).parents[2]
    for place in _PLACES:
        if (root / place).is_dir():
            return root / place
    raise PalouError("the sample archive is not installed here; load your own: palou init")
