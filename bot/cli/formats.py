"""`palou formats`: what archives can be read, which tool writes them, and how to export them."""

from __future__ import annotations

import click


@click.command("formats", short_help="List the formats that are read, and how to export them.")
def command() -> None:
    """List the formats of archives that are read: which tool writes them, and how to export.

    A file is known by what stands in it, whatever it is called; `palou load --dry-run PATH` shows
    what would be read of it.

    \b
    palou formats
    palou formats | grep -i telegram
    """
    from knowledge.archive.formats import bundle_readers, readers

    every: list[object] = [*readers(), *bundle_readers()]
    for name, reader in sorted(
        ((str(getattr(x, "name", type(x).__name__)), x) for x in every), key=lambda pair: pair[0]
    ):
        # A plugin's reader need not say more than how it is recognised.
        click.echo(f"{name}  ({getattr(reader, 'written_by', '?')})")
        if how := getattr(reader, "how", ""):
            click.echo(f"    {how}")
