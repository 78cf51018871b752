"""Rewrites what a conversation expects to what was said, for `palou test --update`."""

from __future__ import annotations

from bot.harness.expect import cited
from bot.harness.run import Played, Result
from bot.reasons import Why

_NAMED = {
    Why.HEDGED: "不确定",
    Why.OFFERED: "让选",
    Why.NOT_FOUND: "没找到",
    Why.REFUSED: "拒绝",
}


def updated(result: Result, text: str) -> str:
    """The file's text with each failed expectation replaced by what happened."""
    lines = text.split("\n")
    dropped: set[int] = set()
    for played in result.played:
        if played.step.what == "see" or not played.decisions:
            continue  # neither what a file holds nor a bot that broke is to be expected
        line = f"palou: {_happened(played)}"
        for n, failure in enumerate(played.failures):
            if failure.expectation.line == played.step.line:
                continue  # a reply that nobody expected: to be looked at, not to be accepted
            place = failure.expectation.line - 1
            lines[place] = line
            if n:
                dropped.add(place)  # one line says it
    return "\n".join(line for n, line in enumerate(lines) if n not in dropped)


def _happened(played: Played) -> str:
    """What happened, as the expectation that would have been met."""
    first, last = played.decisions[0], played.decisions[-1]
    if not played.reply:
        return f"沉默 ({last.reason.words})"
    if first.reason.why in _NAMED:
        return _NAMED[first.reason.why]
    if quotes := cited(played.decisions):
        return f"引用 {quotes[0].date} {quotes[0].time}"
    return f"包含 {played.reply.splitlines()[0]}"
