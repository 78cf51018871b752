"""Rewrites what a conversation expects to what was said, for `palou test --update`."""

from __future__ import annotations

from bot.harness.run import Played, Result


def updated(result: Result, text: str) -> str:
    """The file's text with each failed expectation replaced by what happened."""
    lines = text.split("\n")
    for played in result.played:
        for failure in played.failures:
            lines[failure.expectation.line - 1] = f"palou: {_happened(played)}"
    return "\n".join(lines)


def _happened(played: Played) -> str:
    """What happened, as the expectation that would have been met."""
    if not played.decisions:
        return "沉默"
    first, last = played.decisions[0], played.decisions[-1]
    if not played.reply:
        return f"沉默 ({last.reason.removeprefix('silent: ')})"
    if last.reason == "answered":
        citation = last.matches[0].exchange.lead.citation
        return f"引用 {citation.date} {citation.time}"
    if first.reason.startswith("not found"):
        return "没找到"
    if first.reason.startswith("refused"):
        return "拒绝"
    return f"包含 {played.reply.splitlines()[0]}"
