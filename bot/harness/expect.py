"""Assertions about what the bot decided, for tests in Python; and what a reply quotes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.decision import Decision
from bot.harness.group import Spoken
from knowledge.model import Citation

_CITATION = re.compile(r"[^\s：:/（(]+-\d{8}-\d{6}(?:\.\d+)?")


def expect_citation(decided: Decision | Spoken, moment: str) -> None:
    """The reply quotes the message of a moment (`2024-03-02 10:15:04`) or a citation."""
    decisions = _decisions(decided)
    found = cited(decisions)
    if moment not in {str(c) for c in found} | {f"{c.date} {c.time}" for c in found}:
        raise AssertionError(f"expected a reply that quotes {moment}; it {happened(decisions)}")


def expect_silence(decided: Decision | Spoken, reason: str = "") -> None:
    """It kept silent, for a reason that holds these words."""
    decisions = _decisions(decided)
    if said(decisions) or reason not in str(decisions[-1].reason):
        why = f" for {reason!r}" if reason else ""
        raise AssertionError(f"expected silence{why}; it {happened(decisions)}")


def expect_reply(decided: Decision | Spoken, words: str = "") -> None:
    """It replied, with these words in it."""
    decisions = _decisions(decided)
    if not said(decisions) or words not in said(decisions):
        holding = f" with {words!r}" if words else ""
        raise AssertionError(f"expected a reply{holding}; it {happened(decisions)}")


def _decisions(decided: Decision | Spoken) -> tuple[Decision, ...]:
    return (decided,) if isinstance(decided, Decision) else decided.decisions


def said(decisions: Sequence[Decision]) -> str:
    """All that was said, as one text; empty when the bot kept silent."""
    return "\n".join(s.text for d in decisions for s in d.sends)


def cited(decisions: Sequence[Decision]) -> list[Citation]:
    """The messages that a reply quotes: the question, what it shows of the answers, its source."""
    reply = said(decisions)
    found: dict[Citation, None] = {c: None for c in map(_parsed, _CITATION.findall(reply)) if c}
    for decision in decisions:
        if decision.sends and decision.verdict and decision.verdict.pages:
            page = decision.verdict.pages[0]
            asked = (m.citation for m in page.exchange.question)
            found |= dict.fromkeys((page.exchange.lead.citation, *asked, *page.shown))
    return list(found)


def _parsed(text: str) -> Citation | None:
    try:
        return Citation.parse(text)
    except ValueError:
        return None


def happened(decisions: Sequence[Decision]) -> str:
    """What the bot did, in a line: what it quoted or said, how sure it was, and why."""
    if not decisions:
        return "decided nothing"
    last, reply = decisions[-1], said(decisions)
    sure = f", confidence {last.matches[0].confidence:.2f}" if last.matches else ""
    if not reply:
        return f"kept silent ({last.reason})"
    if quotes := cited(decisions):
        return f"quoted {quotes[0]} of {quotes[0].date} {quotes[0].time}{sure} ({last.reason})"
    line = reply.replace("\n", " / ")
    return f"said 「{line[:80]}{'…' if len(line) > 80 else ''}」{sure} ({last.reason})"
