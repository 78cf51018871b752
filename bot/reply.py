"""Writes the reply that a group reads: a cited excerpt of the archive, in plain text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from knowledge.match import Match
from knowledge.model import Answer, Citation, Exchange, Message
from knowledge.overheard import SURE_ANSWER
from knowledge.text import is_image, quoted, sentences, shown, split

CHARACTERS = 400
"""About how long a reply may be: what a phone shows without scrolling."""

TURNS = 3
"""How many turns of answers an excerpt shows at most."""

MESSAGES = 3
"""How many messages a reply is at most."""

MESSAGE_CHARACTERS = 600
"""How long one message is at most."""

_NEAR_CHARACTERS = 50
_QUESTION_CHARACTERS = 90
_TURN_CHARACTERS = 160
_LEAST_CHARACTERS = 24
_TURN_SECONDS = 180
_NEAREST = 3
_MORE = "还有 {} 条，回复「更多」"
_REPEATED = "这个问题问过 {} 次，{}另见 {}"
_ANOTHER_TIME = "（同一个问题，另一次问）"
_NEARBY = "同一段讨论里还有人问：{}（{}）"
_UNSURE = "（没看到有人直接回答，后面是接着说的话）"
_CITED_REPEATS = 2
_ANSWERED = 0.3
"""Probability of the surest answer below which a reply says that nobody may have answered."""


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker said in one go, as far as it answers: its first message, lines as shown.

    `worth` says how surely it answers: the probability of the best of its messages.
    """

    first: Message
    lines: tuple[str, ...]
    worth: float


def turns(exchange: Exchange) -> list[Turn]:
    """The answers of an exchange as turns with something to show, in the archive's order."""
    found: list[list[Answer]] = []
    asked = {m.citation for m in exchange.question} if not exchange.retold else set()
    for answer in exchange.answers:
        if answer.message.citation in asked:
            continue  # an asker's own guess, which somebody confirmed, stands in the question
        last = found[-1][-1].message if found else None
        if last is not None and _continues(last, answer.message):
            found[-1].append(answer)
        else:
            found.append([answer])
    made = (Turn(part[0].message, _lines(part), max(a.probability for a in part)) for part in found)
    return [turn for turn in made if turn.lines]


def _lines(answers: Sequence[Answer]) -> tuple[str, ...]:
    """The messages as shown; an image is named, what holds no word is left out."""
    texts = (
        "（图片，见原文）" if is_image(a.message.text) else quoted(a.message.text) for a in answers
    )
    return tuple(dict.fromkeys(t for t in texts if t))


def _continues(last: Message, message: Message) -> bool:
    return (
        last.speaker == message.speaker
        and last.citation.date == message.citation.date
        and _seconds(message.citation) - _seconds(last.citation) <= _TURN_SECONDS
    )


def _seconds(citation: Citation) -> int:
    hours, minutes, seconds = citation.time.split(":")
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds)


def chosen(all_turns: Sequence[Turn], count: int = TURNS) -> list[Turn]:
    """The turns that matter most, in the archive's order.

    Each speaker's best turn comes before anybody's second, so that those who disagree are both
    shown.
    """
    by_worth = sorted(all_turns, key=lambda t: -t.worth)
    heard: dict[str, int] = {}
    rounds: list[tuple[int, Turn]] = []
    for turn in by_worth:
        nth = heard[turn.first.speaker] = heard.get(turn.first.speaker, -1) + 1
        rounds.append((nth, turn))
    best = [turn for _, turn in sorted(rounds, key=lambda r: r[0])][:count]
    return [turn for turn in all_turns if any(turn is b for b in best)]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a reply, and the exchange that it quotes."""

    text: str
    exchange: Exchange


LinkTo = Callable[[str], str]
"""Gives the template of links to the messages of a group; empty: its citations stand alone."""


def no_link(group: str) -> str:
    """No link to any group."""
    return ""


def asked_again(match: Match) -> list[Exchange]:
    """The exchanges of a question that was asked several times, as they are told: newest first.

    Left out are what somebody said again on the same day, one whose answers all stand in another,
    and one without an answer to show. What nobody is sure of stands behind what somebody is.
    """
    told, seen = [match.exchange], _answers(match.exchange)
    for repeat in match.repeats:
        again = any(_who(x) == _who(repeat) for x in told)
        if not again and not _answers(repeat) <= seen and turns(repeat):
            told.append(repeat)
            seen |= _answers(repeat)
    if len(told) > 1 and not turns(match.exchange):
        del told[0]
    return sorted(told, key=_newest, reverse=True)


def _who(exchange: Exchange) -> tuple[str, str, str]:
    """Who asked, on which day."""
    return exchange.lead.citation.group, exchange.lead.citation.date, exchange.lead.speaker


def _answers(exchange: Exchange) -> set[Citation]:
    return {a.message.citation for a in exchange.answers}


def _newest(exchange: Exchange) -> tuple[bool, str, str]:
    at = exchange.lead.citation
    return exchange.sureness >= SURE_ANSWER, at.date, at.time


def told(match: Match, link_to: LinkTo = no_link) -> list[Page]:
    """The reply to a match, and behind it what `更多` shows; a repeated question says so."""
    exchanges = asked_again(match)
    first = exchanges[0].lead.citation
    behind = [sum(len(t.lines) for t in turns(x)) for x in exchanges]
    found: list[Page] = []
    for place, exchange in enumerate(exchanges):
        notes = [_ANOTHER_TIME] if place else []
        if not place and len(exchanges) > 1:
            others = [x.lead.citation for x in exchanges[1:]]
            newest = all((c.date, c.time) <= (first.date, first.time) for c in others)
            cited = "、".join(map(str, others[:_CITED_REPEATS]))
            cited += "等" if len(others) > _CITED_REPEATS else ""
            notes.append(
                _REPEATED.format(len(exchanges), "这是最近一次，" if newest else "", cited)
            )
        if exchange is match.exchange:
            notes += _nearby(match)
        link = link_to(exchange.lead.citation.group)
        texts = pages(exchange, link, notes, sum(behind[place + 1 :]))
        found += (Page(text, exchange) for text in texts)
    return found


def _nearby(match: Match) -> list[str]:
    """The other question of the conversation whose answers are quoted with those of a match."""
    told = [x.lead for x in match.nearby if shown(x.lead.text)]
    if not told:
        return []
    lead = told[0]
    return [_NEARBY.format(sentences(shown(lead.text), _NEAR_CHARACTERS), lead.citation.time[:5])]


def pages(
    exchange: Exchange, link: str = "", notes: Sequence[str] = (), behind: int = 0
) -> list[str]:
    """The reply that quotes an exchange, and behind it what `更多` shows, page by page.

    The first page says who asked what and when, quotes the turns that matter most, and says where
    to read on; the others quote the rest in order. `note` is a line of its own on the first.
    `behind` counts messages that are to follow on further pages, of other exchanges.
    """
    lead = exchange.lead
    cited = lead.citation
    question = " ".join(filter(None, (quoted(m.text) for m in exchange.question)))
    head = [
        f"有人问过：{sentences(question, _QUESTION_CHARACTERS)}",
        f"—— {_name(lead)}，{cited.date} {cited.time[:5]}，{cited.group}",
        *notes,
        *([_UNSURE] if exchange.sureness < _ANSWERED else []),
    ]
    everything = turns(exchange)
    first = _Page(head, cited, link)
    left = first.quote(everything, chosen(everything))
    found = [first]
    while left:
        page = _Page([], cited, link)
        rest = page.quote(left, left[:TURNS])
        if rest == left:
            break
        found.append(page)
        left = rest
    return [
        page.text(
            sum(len(t.lines) for t in everything) - sum(p.quoted for p in found[: n + 1]) + behind
        )
        for n, page in enumerate(found)
    ]


class _Page:
    """One message of a reply while it is filled."""

    def __init__(self, head: Sequence[str], cited: Citation, link: str) -> None:
        self.cited = cited
        self.lines = list(head)
        self.source = "原文：" + source(cited, link)
        self.quoted = 0
        self.room = CHARACTERS - len("\n".join(head)) - len(self.source) - len(_MORE) - 4

    def quote(self, everything: Sequence[Turn], picked: Sequence[Turn]) -> list[Turn]:
        """Quote of the picked turns what fits, each its share; what is left of everything."""
        left: list[Turn] = []
        waiting = len(picked)
        for turn in everything:
            rest = turn.lines
            if any(turn is p for p in picked):
                rest = self._quote_turn(turn, self.room // waiting)
                waiting -= 1
            if rest:
                left.append(Turn(turn.first, rest, turn.worth))
        return left

    def _quote_turn(self, turn: Turn, share: int) -> tuple[str, ...]:
        """Quote lines of a turn in at most `share` characters; those that did not fit."""
        heading = f"▸ {_name(turn.first)} {self._when(turn.first.citation)}"
        share = min(_TURN_CHARACTERS, share) - len(heading) - 1
        todo = list(turn.lines)
        said: list[str] = []
        while todo and share >= min(len(todo[0]), _LEAST_CHARACTERS):
            line, rest = split(todo.pop(0), max(share, 10))
            said.append(line)
            share -= len(line) + 1
            if rest:
                todo.insert(0, rest)
                break
        if said:
            self.lines += [heading, *said]
            self.room -= len("\n".join([heading, *said])) + 1
            self.quoted += len(turn.lines) - len(todo)
        return tuple(todo)

    def _when(self, at: Citation) -> str:
        return at.time[:5] if at.date == self.cited.date else f"{at.date[5:]} {at.time[:5]}"

    def text(self, more: int) -> str:
        """The page, with how many messages are left behind it."""
        tail = [_MORE.format(more)] if more else []
        return "\n".join([*self.lines, *tail, self.source])


def source(citation: Citation, link: str = "") -> str:
    """Where to read on: the link by the operator's template, or the citation itself."""
    if not link:
        return str(citation)
    parts = {"citation": str(citation), "group": citation.group}
    # A chat takes a link to end at the first character that is none of a URL's.
    quoted_parts = {name: quote(part, safe="") for name, part in parts.items()}
    return link.format(**quoted_parts, date=citation.date, time=citation.time)


def _name(message: Message) -> str:
    return shown(message.speaker)[:24] or "一位群友"


def messages(text: str) -> list[str]:
    """A reply as at most three messages, split at lines and the ends of sentences."""
    found: list[str] = []
    rest = text.strip()
    while rest and len(found) < MESSAGES:
        part, rest = _first_message(rest)
        found.append(part)
    if rest:
        found[-1] = found[-1][: MESSAGE_CHARACTERS - 1].rstrip("…") + "…"
    return found


def _first_message(text: str) -> tuple[str, str]:
    if len(text) <= MESSAGE_CHARACTERS:
        return text, ""
    line_end = text.rfind("\n", 0, MESSAGE_CHARACTERS)
    if line_end >= MESSAGE_CHARACTERS // 3:
        return text[:line_end], text[line_end + 1 :]
    return split(text, MESSAGE_CHARACTERS)


def nearest(matches: Sequence[Match], threshold: float) -> tuple[Match, ...]:
    """The matches below a threshold that may still be meant: three at most, none hopeless."""
    return tuple(m for m in matches if m.confidence >= threshold / 4)[:_NEAREST]


def near_misses(matches: Sequence[Match]) -> list[str]:
    """Questions that may be meant, numbered to be picked."""
    return [
        f"{n}. {sentences(shown(m.exchange.lead.text), _NEAR_CHARACTERS)}"
        f"（{m.exchange.lead.citation.date}{times_asked(m)}）"
        for n, m in enumerate(matches, 1)
    ]


def times_asked(match: Match) -> str:
    """`，问过 3 次` for a question that was asked several times; else empty."""
    times = len(asked_again(match))
    return f"，问过 {times} 次" if times > 1 else ""


def full_citation(exchange: Exchange, link: str = "", others: Sequence[Exchange] = ()) -> str:
    """Who asked and who answered, each with date, time and citation.

    `others` are the other times that the same was asked.
    """
    said = [("问", exchange.lead), *(("答", a.message) for a in exchange.answers[:8])]
    lines = [
        f"{mark} {_name(m)} {m.citation.date} {m.citation.time} {m.citation}" for mark, m in said
    ]
    return "\n".join(
        [
            f"群：{exchange.lead.citation.group}",
            *lines,
            *(f"又问 {_name(x.lead)} {x.lead.citation.date} {x.lead.citation}" for x in others),
            f"原文：{source(exchange.lead.citation, link)}",
        ]
    )
