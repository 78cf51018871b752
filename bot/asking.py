"""What is asked: the knowledge of one database, with all that holds for whoever asks it.

The group, the command line, the console, the harness, the pages and an evaluation put their
questions here, so that what is forgotten is masked, feedback weighs, and scope, thresholds and
rules hold for all of them alike.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from bot.decision import Verdict
from bot.reasons import Reason, Why
from bot.record.record import Record
from bot.reply import texts
from bot.reply.reply import BESIDE, hedged, near_misses, offered, told
from bot.settings import Settings, Thresholds
from bot.speaking import OVERHEARD, doubt, first, small_talk
from knowledge.language.display import shown
from knowledge.language.synonyms import SynonymsError, read_synonyms
from knowledge.matching.embedder import takes_long
from knowledge.matching.match import Match, Matcher, asked_in
from knowledge.matching.overheard import questions_in, quoted_question, welcome
from knowledge.matching.probability import log_odds, logistic
from knowledge.model import Citation, Exchange
from knowledge.store import wishes
from knowledge.store.forget import in_force
from knowledge.store.read import Store
from knowledge.store.schema import connect

if TYPE_CHECKING:
    from knowledge.matching.meaning import Meaning

_log = logging.getLogger("palou")

_BESIDE = 3  # questions to choose from beside an answer that is told with a doubt
_OFFERED = 3  # and where none is told
_QUESTIONS = 3  # questions of one text that are looked at by themselves
_QUESTION = 40  # characters by which such a one is named
_TALK_SECONDS = 7200  # between questions of one conversation, at most
_SIMILAR = 70.0  # per cent of likeness from which feedback on one question counts for another
_STEP = 1.4  # log odds that a voice counts
_MOST = 4.2  # and that all voices count together at most


def _by_meaning(semantic: Path | None) -> Callable[[sqlite3.Connection], Meaning | None]:
    """What finds by meaning in a database, if anything is to, by models that are opened once."""
    if semantic is None:
        return lambda conn: None
    from knowledge.matching.embedder import open_models
    from knowledge.matching.meaning import Meaning

    models = open_models(semantic)

    def meaning(conn: sqlite3.Connection) -> Meaning | None:
        found = None
        for model in models:
            found = Meaning(conn, model, found)
        return found

    return meaning


def _asked(matches: Sequence[Match], text: str) -> tuple[Citation, ...]:
    """The messages that are offered of some matches: those most like what was asked."""
    return tuple(asked_in(m.exchange, text).citation for m in matches)


def _same_talk(match: Match, verdict: Verdict) -> bool:
    """Whether a match belongs to the conversation that a verdict tells of, if it tells of one."""
    if not verdict.answered:
        return False
    here, there = match.exchange.lead.citation, verdict.matches[0].exchange.lead.citation
    beside = abs(here.seconds - there.seconds) <= _TALK_SECONDS
    again = {x.lead.citation for x in verdict.matches[0].repeats}
    return here in again or ((here.group, here.date) == (there.group, there.date) and beside)


class Asking:
    """The knowledge of one database, ready to be asked from one thread at a time.

    StoreError: there is no such database; SynonymsError, SemanticError: what the settings name
    cannot be read.
    """

    def __init__(
        self, database: Path, settings: Settings, record: Record, *, immutable: bool = False
    ) -> None:
        self._database = database
        self._immutable = immutable
        self._settings = settings
        self._record = record
        self._synonyms = read_synonyms(settings.synonyms)
        self._meaning = _by_meaning(settings.semantic)
        self._open()

    def _open(self) -> None:
        self._conn = connect(self._database, immutable=self._immutable)
        meaning = self._meaning(self._conn)
        self._matcher = Matcher(self._conn, self._synonyms, meaning, self._settings.me)
        self._stamp = wishes.stamp(self._database)
        self.forgotten = in_force(self._conn)
        self._groups = frozenset(Store(self._conn).groups())

    @property
    def conn(self) -> sqlite3.Connection:
        """The read-only connection, until the next `refresh`."""
        return self._conn

    @property
    def by_meaning(self) -> bool:
        """Whether a model finds by meaning, too, whose vectors take long to make."""
        return takes_long(self._settings.semantic)

    def asked(self, most: int) -> list[str]:
        """What the bot was asked, the latest first, without what is forgotten with its asker."""
        return self._record.asked(most)

    def refresh(self) -> str:
        """See what a load, or a wish to be forgotten, has changed, and the file of synonyms.

        When that cannot be read any more, the old synonyms stay; returns what is wrong with it.
        StoreError: the database cannot be opened any more.
        """
        trouble = ""
        try:
            self._synonyms = read_synonyms(self._settings.synonyms)
        except SynonymsError as e:
            trouble = str(e)
            _log.warning("synonyms: %s", trouble)
        before = self._conn
        self._open()  # when that fails, the old one still answers
        before.close()
        return trouble

    def ask(
        self,
        text: str,
        *,
        groups: Collection[str] | None = None,
        overheard: bool = False,
        thresholds: Thresholds | None = None,
        k: int = 5,
    ) -> Verdict:
        """What there is to be said to a text, out of the archives of some groups (None: of all).

        `overheard`: it was not put to the bot, which then says nothing unless it is a question and
        its answer sure. `thresholds` are those that hold, if others than the settings'. `k` matches
        are looked at.
        """
        limits = thresholds or self._settings.thresholds
        threshold = limits.overheard if overheard else limits.asked
        if not overheard and (quoted := quoted_question(text)):
            text = quoted
        if not overheard and (said := small_talk(text)) is not None:
            return Verdict(Reason(Why.TALK if said else Why.SMALL_TALK), (), threshold, said)
        scope = self._groups if groups is None else self._groups.intersection(groups)
        within = None if groups is None else scope
        matches = tuple(self._find(text, within, k) if scope else ())
        if not overheard:
            verdict = self._asked(text, matches, limits, within, bool(scope))
            return self._with_further(text, verdict, limits, within) if matches else verdict
        reason = self._overheard(text, matches, limits)
        if reason.why is not Why.ANSWERED:
            return Verdict(reason, matches, threshold)
        return self._told(matches, threshold)

    def _asked(
        self,
        text: str,
        matches: tuple[Match, ...],
        limits: Thresholds,
        groups: Collection[str] | None,
        archived: bool,
    ) -> Verdict:
        """What is said to who asked: an answer, one with a doubt, or questions to choose from."""
        best, threshold = matches[0].confidence if matches else 0.0, limits.asked
        if matches and best >= threshold:
            return self._told(matches, threshold)
        if matches and best >= limits.hedged:
            others = [m for m in matches[1:] if m.told.lead != matches[0].told.lead]
            near = offered(others, _BESIDE, BESIDE)
            pages = tuple(hedged(matches[0], near, text, self._settings.permalink_to))
            reason = Reason(Why.HEDGED, best, threshold)
            return Verdict(
                reason, matches, threshold, pages[0].text, pages, near, _asked(near, text)
            )
        if near := offered(matches, _OFFERED):
            reason = Reason(Why.OFFERED, best, threshold)
            said = near_misses(near, text)
            return Verdict(reason, matches, threshold, said, (), near, _asked(near, text))
        said = self._not_found(text, groups or ()) if archived else texts.NO_ARCHIVE
        return Verdict(Reason(Why.NOT_FOUND, best, threshold), matches, threshold, said)

    def _with_further(
        self, text: str, verdict: Verdict, limits: Thresholds, groups: Collection[str] | None
    ) -> Verdict:
        """A verdict with the answer to another question that the same text asks, if it is sure.

        What is asked on, in the same conversation of the archive, is no other question.
        """
        for question in questions_in(text)[:_QUESTIONS]:
            found = self._find(question, groups, k=2)
            if not found or found[0].confidence < limits.asked or _same_talk(found[0], verdict):
                continue
            if not verdict.answered:
                verdict = self._told(tuple(found), limits.asked)
                continue
            page = told(found[0], self._settings.permalink_to)[0]
            first, *rest = verdict.pages
            both = replace(
                first,
                text=f"{first.text}\n{texts.ALSO_ASKED.format(shown(question)[:_QUESTION])}\n{page.text}",
                shown=(*first.shown, *page.shown),
            )
            return replace(verdict, reply=both.text, pages=(both, *rest))
        return verdict

    def _told(self, matches: tuple[Match, ...], threshold: float) -> Verdict:
        pages = tuple(told(matches[0], self._settings.permalink_to))
        return Verdict(Reason(Why.ANSWERED), matches, threshold, pages[0].text, pages)

    def _not_found(self, text: str, groups: Collection[str]) -> str:
        """What was looked for and is not there, and where to look oneself."""
        said = [texts.NOT_FOUND]
        # Words of other groups are named like any that are not said here: what is left out would
        # tell which words another group uses.
        everything = not groups or self._groups.issubset(groups)
        if words := self._matcher.unknown(text, None if everything else groups):
            said.append(texts.NOT_MENTIONED.format("、".join(f"「{word}」" for word in words)))
        if search := self._settings.search_for(text, groups):
            said.append(texts.SEARCH.format(search))
        return "\n".join(said)

    def _overheard(self, text: str, matches: tuple[Match, ...], limits: Thresholds) -> Reason:
        if silence := first(rule(text) for rule in OVERHEARD):
            return silence
        if not matches:
            return Reason(Why.NOTHING_LIKE_IT)
        best = matches[0]
        sure = welcome(best.confidence, text)
        if sure < limits.overheard:
            return Reason(Why.BELOW_THRESHOLD, sure, limits.overheard)
        # However much it begs for an answer: what is doubtful is for those alone who asked.
        least = min(limits.asked, limits.overheard)
        if best.confidence < least:
            return Reason(Why.BELOW_THRESHOLD, best.confidence, least)
        return doubt(best, text) or Reason(Why.ANSWERED)

    def _find(self, text: str, groups: Collection[str] | None, k: int) -> list[Match]:
        """The best matches, best first; without what is forgotten, confidence moved by feedback."""
        if not text.strip():
            return []
        if wishes.stamp(self._database) != self._stamp:
            # Another process was told to forget something.
            self._stamp = wishes.stamp(self._database)
            self.forgotten = in_force(self._conn)
        found = self._matcher.ask(text, groups=groups, k=k)
        if self.forgotten:
            found = [m for m in map(self._without_forgotten, found) if m.cited]
        weighed = [replace(m, confidence=self._weighed(text, m)) for m in found]
        return sorted(weighed, key=lambda m: -m.confidence)

    def _weighed(self, text: str, match: Match) -> float:
        """A confidence with what members thought of this answer for similar questions.

        It is the same whichever time that it was asked they were shown. Each voice counts 1.4 in
        log odds, all together at most 4.2: three voices against a reply of 0.98 bring it to 0.42.
        """
        told = (match.exchange, *match.repeats)
        voices = [v for x in told for v in self._record.feedback_on(str(x.lead.citation))]
        moved = sum(
            worth
            for asked, worth in voices
            if fuzz.token_set_ratio(asked, text) >= _SIMILAR or fuzz.ratio(asked, text) >= _SIMILAR
        )
        if not moved:
            return match.confidence
        return logistic(log_odds(match.confidence) + max(-_MOST, min(_MOST, _STEP * moved)))

    def _without_forgotten(self, match: Match) -> Match:
        """A match as it may be quoted before a load has applied the newest wishes."""
        first, *others = map(self._masked, (match.exchange, *match.repeats))
        left = [x for x in others if x.answers]
        if not first.answers and left:
            first = left.pop(0)
        nearby = tuple(x for x in map(self._masked, match.nearby) if x.answers)
        answered = self._masked(match.answered) if match.answered else None
        return replace(match, exchange=first, repeats=tuple(left), nearby=nearby, answered=answered)

    def _masked(self, exchange: Exchange) -> Exchange:
        """An exchange without what is to be forgotten."""
        masked = self.forgotten.mask
        answers = (replace(a, message=masked(a.message)) for a in exchange.answers)
        return replace(
            exchange,
            question=tuple(masked(m) for m in exchange.question),
            answers=tuple(a for a in answers if a.message.text),
            context=tuple(masked(m) for m in exchange.context),
            thread=tuple(masked(m) for m in exchange.thread),
        )

    def close(self) -> None:
        """Let go of the database."""
        self._conn.close()
