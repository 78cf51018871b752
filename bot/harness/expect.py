"""Assertions about what the bot decided, for tests in Python."""

from __future__ import annotations

from bot.incoming import Decision


def expect_citation(decision: Decision, moment: str) -> None:
    """The reply quotes the message of a moment (`2024-03-02 10:15:04`) or a citation."""
    cited: list[str] = []
    if decision.reason == "answered" and decision.matches:
        exchange = decision.matches[0].exchange
        for message in (*exchange.question, *(a.message for a in exchange.answers)):
            c = message.citation
            cited += [f"{c.date} {c.time}", str(c)]
    if moment not in cited:
        got = f"it quotes {', '.join(cited[::2])}" if cited else f"it is {decision.reason!r}"
        raise AssertionError(f"expected a reply that quotes {moment}; {got}")


def expect_silence(decision: Decision, reason: str = "") -> None:
    """It kept silent, for a reason that holds these words."""
    if decision.sends:
        said = " / ".join(s.text for s in decision.sends)
        raise AssertionError(f"expected silence ({reason}); it said 「{said}」")
    if reason not in decision.reason:
        raise AssertionError(f"expected silence for {reason!r}; it is {decision.reason!r}")


def expect_reply(decision: Decision, words: str = "") -> None:
    """It replied, with these words in it."""
    said = "\n".join(s.text for s in decision.sends)
    if not said:
        raise AssertionError(f"expected a reply with {words!r}; it is {decision.reason!r}")
    if words not in said:
        raise AssertionError(f"expected a reply with {words!r}; it said 「{said}」")
