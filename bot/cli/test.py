"""`palou test`: conversations as files, played through the bot."""

from __future__ import annotations

import logging
from pathlib import Path

import click

from bot.cli.output import check_file, write
from bot.harness.run import Result, run
from bot.harness.script import parse, source
from bot.harness.show import failures_as_chat, junit
from bot.harness.update import updated
from knowledge.errors import PalouError

FOLDERS = (Path("conversations"), Path("tests/conversations"))
"""Where conversations are looked for when none are named."""


@click.command("test", short_help="Play conversations and check what the bot says.")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
@click.option("-k", "match", default="", help="Only files whose name holds this.")
@click.option("-x", "stop", is_flag=True, help="Stop at the first failure.")
@click.option("--update", is_flag=True, help="Accept what was said: rewrite what was expected.")
@click.option("--junitxml", type=click.Path(path_type=Path), help="Write the results here, too.")
def command(
    paths: tuple[Path, ...], match: str, stop: bool, update: bool, junitxml: Path | None
) -> None:
    """Play conversations (files or folders; default: conversations/) without WeChat.

    Exit status 1 when something expected did not happen. A conversation is a day of the archive's
    own format with lines `palou: …` that say what is expected: 引用 (quotes), 包含, 不含 (holds,
    does not), 回复 (replies), 不确定, 让选, 没找到, 沉默 (keeps silent), 等待, 拒绝.

    \b
    palou test                         those in conversations/, or in tests/conversations/
    palou test my-group.md -x
    palou test --update -k cooldown

    \b
    ---
    archive: ~/chats/paytalk           as in the settings; paths are relative to where you are
    ---
    > 09:00:00  小林

    \b
    @爬楼 对账文件几点能下载
    palou: 引用 2024-03-01 10:02:00
    """
    # What the bot logs (refused commands) is part of the conversations, and not of the report.
    logging.getLogger("palou").addHandler(logging.NullHandler())
    if junitxml:
        check_file(junitxml)
    results: list[Result] = []
    errors: dict[str, str] = {}
    for path in _files(paths or _default(), match):
        try:
            result = run(parse(source(path), path), Path.cwd())
        except PalouError as e:
            errors[str(path)] = str(e)
            click.echo(f"ERROR {e}")
            if stop:
                break
            continue
        if update and result.failures:
            write(path, updated(result, source(path)))
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
        write(junitxml, junit(results, errors))
    failed = sum(bool(r.failures) for r in results) + len(errors)
    click.echo(f"{len(results) + len(errors) - failed} passed, {failed} failed")
    if failed:
        raise click.exceptions.Exit(1)


def _default() -> tuple[Path, ...]:
    """The folder of conversations that is here; PalouError: none is."""
    for folder in FOLDERS:
        if folder.is_dir():
            return (folder,)
    raise PalouError(
        f"there is no folder {' or '.join(map(str, FOLDERS))} here; name conversations: palou test"
        " FILE (palou test --help shows one)"
    )


def _files(paths: tuple[Path, ...], match: str) -> list[Path]:
    """The conversations at some paths; PalouError: there is none, or none of such a name."""
    found: list[Path] = []
    for path in paths:
        there = sorted(path.rglob("*.md")) if path.is_dir() else [path]
        found += [p for p in there if p.name != "README.md"]
    if not found:
        raise PalouError(f"{paths[0]}: no conversation in it; one is a file .md")
    wanted = [p for p in found if match in p.name]
    if not wanted:
        raise PalouError(f"none of {len(found)} conversations has {match!r} in its name (-k)")
    return wanted
