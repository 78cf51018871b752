"""`palou ask`: the reply as it would appear in the group."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from bot.cli.common import db_option, known_groups, open_asking, synonyms_option
from bot.decision import Verdict
from bot.settings import Settings
from knowledge.matching.match import asked_in, found_by
from knowledge.model import Answer, Exchange, Message


@click.command("ask", short_help="Ask; see the reply as the group would.")
@click.argument("question", required=False)
@db_option
@synonyms_option
@click.option("--ambient", is_flag=True, help="The question was overheard, not put to the bot.")
@click.option("--group", "groups", multiple=True, help="Only this group's archive (repeatable).")
@click.option("-k", "k", type=click.IntRange(1, 50), default=5, help="Matches to look at.")
@click.option("--json", "as_json", is_flag=True, help="Print what was decided as one JSON object.")
@click.option(
    "--jsonl", is_flag=True, help="Read a question a line from standard input; a JSON line each."
)
@click.pass_obj
def command(
    settings: Settings,
    question: str | None,
    database: Path | None,
    ambient: bool,
    groups: tuple[str, ...],
    k: int,
    as_json: bool,
    jsonl: bool,
) -> None:
    """Ask a question; exit status 0 also when nothing was found.

    \b
    palou ask "网联成立后备付金放哪"
    palou ask --ambient "有人知道备付金的事吗"
    palou ask --jsonl < questions.txt > decisions.jsonl
    """
    if jsonl == (question is not None):
        raise click.UsageError("give either a QUESTION or --jsonl")
    asking = open_asking(settings, database)
    groups = known_groups(asking.conn, groups)
    if jsonl:
        # Questions by the hundred leave much that stays and little that is in cycles.
        gc.freeze()
        gc.set_threshold(20_000, 20, 50)
    for line in _lines() if jsonl else [question or ""]:
        verdict = asking.ask(line, groups=groups or None, overheard=ambient, k=k)
        if jsonl or as_json:
            click.echo(json.dumps(_as_dict(line, verdict), ensure_ascii=False))
        else:
            _print(verdict)


def _lines() -> Iterator[str]:
    """Questions from standard input; bytes that are no UTF-8 are replaced."""
    for raw in sys.stdin.buffer:
        yield raw.decode("utf-8", errors="replace").rstrip("\r\n")


def _print(verdict: Verdict) -> None:
    """What the group would read; on standard error, why it is silent, or how this was found."""
    if not verdict.answered:
        click.echo(f"({verdict.reason})", err=True)
    elif why := found_by(verdict.matches[0]):
        click.echo(f"(found {why})", err=True)
    if verdict.reply:
        click.echo(verdict.reply)


def _as_dict(text: str, verdict: Verdict) -> dict[str, Any]:
    return {
        "answered": verdict.answered,
        "hedged": verdict.hedged,
        "reason": str(verdict.reason),
        "reply": verdict.reply,
        "shown": [str(cited) for cited in verdict.shown],
        "offered": [str(cited) for cited in verdict.offered],
        "matches": [
            {
                "confidence": round(match.confidence, 4),
                "by": match.by,
                "read_as": match.read_as,
                **_exchange(match.exchange, text),
                "answers": [_answer(a) for a in match.cited],
                "repeats": [_exchange(x, text) for x in match.repeats],
                "nearby": [_exchange(x, text) for x in match.nearby],
            }
            for match in verdict.matches
        ],
    }


def _exchange(exchange: Exchange, text: str) -> dict[str, Any]:
    return {
        "question": _message(asked_in(exchange, text)),
        "answers": [_answer(a) for a in exchange.answers],
    }


def _answer(answer: Answer) -> dict[str, Any]:
    return _message(answer.message) | {"probability": round(answer.probability, 3)}


def _message(message: Message) -> dict[str, Any]:
    cited = message.citation
    return {
        "citation": str(cited),
        "group": cited.group,
        "date": cited.date,
        "time": cited.time,
        "speaker": message.speaker,
        "text": message.text,
    }
