"""Quotes an exchange in as much as a chat shows: who asked, the turns that matter, what is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from bot.reply import texts
from knowledge.language.display import is_image, quoted, sentences, shown, split
from knowledge.language.names import SOMEBODY
from knowledge.model import Answer, Citation, Exchange, Message

CHARACTERS = 400
"""About how long a reply may be: what a phone shows without scrolling."""

TURNS = 3
"""How many turns of answers an excerpt shows at most."""

_QUESTION_CHARACTERS = 90
_TURN_CHARACTERS = 160
_LEAST_CHARACTERS = 24
_TURN_SECONDS = 180
# Probability of the surest answer below which an excerpt says that nobody may have answered.
_ANSWERED = 0.3


@dataclass(frozen=True, slots=True)
class Quoted:
    """A line as it is quoted, and the message that it stands in."""

    text: str
    cited: Citation


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker said in one go, as far as it answers: its first message, lines as shown.

    `worth` says how surely it answers: the probability of the best of its messages.
    """

    first: Message
    lines: tuple[Quoted, ...]
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


def _lines(answers: Sequence[Answer]) -> tuple[Quoted, ...]:
    """The messages as shown; an image is named, what holds no word is left out."""
    lines: dict[str, Quoted] = {}
    for said in (a.message for a in answers):
        text = texts.IMAGE if is_image(said.text) else quoted(said.text)
        if text:
            lines.setdefault(text, Quoted(text, said.citation))
    return tuple(lines.values())


def _continues(last: Message, message: Message) -> bool:
    return (
        last.speaker == message.speaker
        and last.citation.date == message.citation.date
        and message.citation.seconds - last.citation.seconds <= _TURN_SECONDS
    )


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


def excerpts(exchange: Exchange, permalink: str = "", notes: Sequence[str] = ()) -> list[Excerpt]:
    """The excerpt of an exchange, and behind it what `更多` shows, page by page.

    The first says who asked what and when, quotes the turns that matter most, and says where to
    read on; the others quote the rest in order. `notes` are lines of their own on the first, which
    also says so when it is likely that nobody answered.
    """
    everything = turns(exchange)
    if exchange.sureness < _ANSWERED:
        notes = [*notes, texts.UNSURE]
    first = Excerpt(exchange, permalink, notes)
    left = first.quote(everything, chosen(everything))
    found = [first]
    while left:
        page = Excerpt(exchange, permalink)
        rest = page.quote(left, left[:TURNS])
        if rest == left:
            break
        found.append(page)
        left = rest
    return found


class Excerpt:
    """One page of what is quoted of an exchange.

    `question` and `notes` stand on the first page alone (`notes` is None on the others); `said` has
    the heading and the lines of each turn, `left` counts the lines behind this page.
    """

    def __init__(
        self, exchange: Exchange, permalink: str, notes: Sequence[str] | None = None
    ) -> None:
        self.cited = exchange.lead.citation
        asked = " ".join(filter(None, (quoted(m.text) for m in exchange.question)))
        self.question = sentences(asked, _QUESTION_CHARACTERS)
        self.notes = notes
        self.said: list[tuple[str, tuple[Quoted, ...]]] = []
        self.left = 0
        at = self.cited
        self._head = (
            []
            if notes is None
            else [
                texts.ASKED.format(self.question),
                texts.WHO_ASKED.format(name(exchange.lead), at.date, at.time[:5], at.group),
                *notes,
            ]
        )
        self._source = texts.SOURCE.format(source(self.cited, permalink))
        taken = len("\n".join(self._head)) + len(self._source)
        self._room = CHARACTERS - taken - len(texts.MORE) - 4

    def quote(self, everything: Sequence[Turn], picked: Sequence[Turn]) -> list[Turn]:
        """Quote of the picked turns what fits, each its share; what is left of everything."""
        left: list[Turn] = []
        waiting = len(picked)
        for turn in everything:
            rest = turn.lines
            if any(turn is p for p in picked):
                rest = self._quote_turn(turn, self._room // waiting)
                waiting -= 1
            if rest:
                left.append(Turn(turn.first, rest, turn.worth))
        self.left = sum(len(t.lines) for t in left)
        return left

    @property
    def shown(self) -> tuple[Citation, ...]:
        """The messages that are quoted as answers on this page, in its order."""
        return tuple(dict.fromkeys(line.cited for _, lines in self.said for line in lines))

    def _quote_turn(self, turn: Turn, share: int) -> tuple[Quoted, ...]:
        """Quote lines of a turn in at most `share` characters; those that did not fit."""
        heading = f"▸ {name(turn.first)} {self._when(turn.first.citation)}"
        share = min(_TURN_CHARACTERS, share) - len(heading) - 1
        todo = list(turn.lines)
        said: list[Quoted] = []
        while todo and share >= min(len(todo[0].text), _LEAST_CHARACTERS):
            line = todo.pop(0)
            text, rest = split(line.text, max(share, 10))
            said.append(Quoted(text, line.cited))
            share -= len(text) + 1
            if rest:
                todo.insert(0, Quoted(rest, line.cited))
                break
        if said:
            self.said.append((heading, tuple(said)))
            self._room -= len("\n".join([heading, *(line.text for line in said)])) + 1
        return tuple(todo)

    def _when(self, at: Citation) -> str:
        return at.time[:5] if at.date == self.cited.date else f"{at.date[5:]} {at.time[:5]}"

    def text(self, behind: int = 0) -> str:
        """The page as a chat shows it; `behind` counts messages of other exchanges to follow."""
        said = [
            text for heading, lines in self.said for text in (heading, *(q.text for q in lines))
        ]
        more = self.left + behind
        tail = [texts.MORE.format(more)] if more else []
        return "\n".join([*self._head, *said, *tail, self._source])


def source(citation: Citation, permalink: str = "") -> str:
    """Where to read on: the link by the operator's template, or the citation itself."""
    if not permalink:
        return str(citation)
    parts = {"citation": str(citation), "group": citation.group}
    # A chat takes a link to end at the first character that is none of a URL's.
    quoted_parts = {name: quote(part, safe="") for name, part in parts.items()}
    return permalink.format(**quoted_parts, date=citation.date, time=citation.time)


def name(message: Message) -> str:
    """The name of who wrote a message, as it is shown."""
    return shown(message.speaker)[:24] or SOMEBODY
