"""Questions to be judged, each with its reply as the group would see it, and the label of that."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from bot.decision import Verdict
from bot.reply.reply import Page, PermalinkTo, told
from knowledge.matching.match import Match
from knowledge.store.trials import answered_questions

JUDGEMENTS = ("right", "half", "wrong", "silent")
"""How a reply can be judged, the labels of a file: `silent`: it should not have been given."""

WANTED = 100
"""Labels that are enough to choose thresholds by."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What is judged of a question: the best match, and the reply by it.

    `reply` is what the group would see, empty: nothing; `would` is what it would see if the bot
    were sure enough, empty where it is told anyway.
    """

    question: str
    best: Match
    reply: str
    would: str
    _page: Page

    def label(self, judgement: str) -> dict[str, object]:
        """The label as a file has it; the answers are what the reply shows, if that is right."""
        cited: Sequence[str] = ()
        if judgement in ("right", "half"):
            of = (self.best.told.lead.citation, *self._page.shown)
            cited = [str(c) for c in dict.fromkeys(of)]
        return {
            "question": self.question,
            "answers": list(cited),
            "label": judgement,
            "confidence": round(self.best.confidence, 4),
        }


def shown(question: str, verdict: Verdict, permalink_to: PermalinkTo) -> Shown | None:
    """What is judged of a question; None: nothing like it was found."""
    if not verdict.matches:
        return None
    best = verdict.matches[0]
    page = told(best, permalink_to)[0]
    return Shown(question, best, verdict.reply, "" if verdict.pages else page.text, page)


def questions(
    asked: Sequence[str], conn: sqlite3.Connection, groups: Sequence[str], count: int
) -> list[str]:
    """What the bot was asked, and then so much of what is archived; `groups`: of these, if any."""
    archived = answered_questions(conn, count, groups=groups, seed=WANTED)
    return list(dict.fromkeys((*asked, *archived)))
