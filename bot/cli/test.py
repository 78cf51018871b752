"""`palou test`: conversations as files, played through the bot."""

from __future__ import annotations

import logging
from pathlib import Path

import click

from bot.harness.run import Result, run
from bot.harness.script import parse, source
from bot.harness.show import failures_as_chat, junit
from bot.harness.update import updated
from knowledge.errors import PalouError

_DEFAULT = Path("tests/conversations")


@click.command("test", short_help="Play conversations and check what the bot says.")
@click.argument(
    "paths", nargs=-1, type=click.Path(path_type=Path, exists=True), metavar="[FILE]..."
)
@click.option("-k", "match", default="", help="Only files whose name holds this.")
@click.option("-x", "stop", is_flag=True, help="Stop at the first failure.")
@click.option("--update", is_flag=True, help="Accept what was said: rewrite what was expected.")
@click.option("--junitxml", type=click.Path(path_type=Path), help="Write the results here, too.")
def command(
    paths: tuple[Path, ...], match: str, stop: bool, update: bool, junitxml: Path | None
) -> None:
    """Play conversations (files or folders; default: tests/conversations) without WeChat.

    Exit status 1 when something expected did not happen. How such a file is written stands in
    bot/harness/script.py and in the README.

    \b
    palou test
    palou test my-group.md -x
    palou test --update -k cooldown
    """
    # What the bot logs (refused commands) is part of the conversations, and not of the report.
    logging.getLogger("palou").addHandler(logging.NullHandler())
    results: list[Result] = []
    errors: dict[str, str] = {}
    for path in _files(paths or (_DEFAULT,), match):
        try:
            result = run(parse(source(path), path), Path.cwd())
        except (PalouError, UnicodeDecodeError) as e:
            errors[str(path)] = str(e)
            click.echo(f"ERROR {e}")
            if stop:
                break
            continue
        if update and result.failures:
            path.write_text(updated(result, source(path)), encoding="utf-8")
            click.echo(f"updated {path}")
            # What cannot be accepted (a bot that breaks) goes on failing.
            result = run(parse(source(path), path), Path.cwd())
        results.append(result)
        click.echo(f"{'FAILED' if result.failures else 'ok    '} {path}")
        if result.failures:
            click.echo(failures_as_chat(result))
            if stop:
                break
    if junitxml:
        junitxml.write_text(junit(results, errors), encoding="utf-8")
    failed = sum(bool(r.failures) for r in results) + len(errors)
    click.echo(f"{len(results) + len(errors) - failed} passed, {failed} failed")
    if failed or not (results or errors):
        raise click.exceptions.Exit(1)


def _files(paths: tuple[Path, ...], match: str) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        found += sorted(path.rglob("*.md")) if path.is_dir() else [path]
    return [p for p in found if match in p.name and p.name != "README.md"]
