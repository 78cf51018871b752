"""Talk about the last reply: 更多, 出处, 有用 and 没用, and a number to pick a near miss."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.memory import LastReply, Memory, place
from bot.record.record import Record
from bot.reply import texts
from bot.reply.reply import PermalinkTo, full_citation, told
from bot.terms import Incoming
from knowledge.matching.match import Match

_MORE = frozenset({"更多", "还有吗", "more"})
_SOURCE = frozenset({"出处", "原文", "来源"})
_WORTH = {"有用": 1, "👍": 1, "[强]": 1, "没用": -1, "👎": -1, "[弱]": -1}
# Worth that nobody would give to anything but a reply. Applause and numbers are said to others,
# too: they count from the asker, to the bot, or directly behind what it said.
_PLAIN = frozenset({"有用", "没用"})

_PICKS = {"1": 0, "2": 1, "3": 2, "１": 0, "２": 1, "３": 2}
_END = "。.!！~～ "


class Talk:
    """Answers what is said about a reply within ten minutes of it."""

    def __init__(
        self,
        memory: Memory,
        record: Record,
        permalink_to: PermalinkTo,
        steady: Callable[[], datetime],
    ) -> None:
        self._memory = memory
        self._record = record
        self._permalink_to = permalink_to
        self._steady = steady

    def answer(self, incoming: Incoming, text: str, now: datetime, addressed: bool) -> str | None:
        """What to say, or None when the message is not about the last reply."""
        word = text.strip(_END).lower()
        last = self._memory.last.get(place(incoming))
        if last is None or not last.fresh(self._steady()):
            return self._nothing(word) if addressed else None
        if word in _MORE:
            return self._more(last, now)
        if word in _SOURCE and last.exchange:
            others = [x for x in last.same if x != last.exchange]
            permalink = self._permalink_to(last.exchange.lead.citation.group)
            return full_citation(last.exchange, permalink, others)
        meant = addressed or not last.passed or incoming.sender.id == last.asker
        if word in _WORTH and last.exchange and (meant or word in _PLAIN):
            return self._feedback(incoming, last, _WORTH[word], now)
        if word in _PICKS and _PICKS[word] < len(last.near) and meant:
            return self._quote(last, last.near[_PICKS[word]], now)
        return None

    def _nothing(self, word: str) -> str | None:
        """Say that there is nothing to go on with, to one who speaks to the bot."""
        if word in _MORE:
            return texts.NOTHING_TO_GO_ON
        return texts.NO_SOURCE if word in _SOURCE else None

    def _more(self, last: LastReply, now: datetime) -> str:
        last.at = self._steady()
        if last.left:
            return last.more()
        if not last.others:
            return texts.NO_MORE
        return self._quote(last, last.others.pop(0), now)

    def _quote(self, last: LastReply, match: Match, now: datetime) -> str:
        """Go on with another match: a reply of its own to the same question."""
        last.at = self._steady()
        pages = told(match, self._permalink_to)
        cited = str(pages[0].exchange.lead.citation)
        last.quote(match, pages, self._record.reply(last.question, now, cited))
        return pages[0].text

    def _feedback(self, incoming: Incoming, last: LastReply, worth: int, now: datetime) -> str:
        assert last.exchange is not None and last.reply is not None
        cited = str(last.exchange.lead.citation)
        contact = incoming.sender.id
        since = self._record.mark()
        self._record.feedback(last.reply, now, cited, last.text, contact, worth)
        return texts.THANKS[worth] if self._record.kept(since) else texts.NOT_WRITTEN
