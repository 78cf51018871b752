"""Quotes an exchange in as much as a chat shows: who asked, the lines that answer, what is left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from bot.reply import texts
from bot.reply.address import Beside, tail
from knowledge.language.display import is_image, quoted, sentences, shown, split
from knowledge.language.names import SOMEBODY
from knowledge.matching.overheard import asks
from knowledge.model import ANSWERED, Citation, Exchange, Message

CHARACTERS = 400
"""About how long a reply may be: what a phone shows without scrolling."""

SHORT_CHARACTERS = 260
"""The same of one that is told with a doubt, and goes on with questions to choose from."""

LIKELY = 0.3
"""Probability from which a line is quoted first."""

BESIDE = 0.55
"""Share of the surest line's probability that a further one must have.

Beside a clear answer, what is half as sure mostly belongs to somebody else: of 270 questions whose
surroundings people read (in sample), 0.82 of the askers would be glad of what is quoted, instead of
0.78.
"""

DOUBTFUL = 0.1
"""Probability from which the two surest lines are quoted first all the same."""

LINES = 5
"""How many lines an excerpt quotes at most."""

SHORT_LINES = 2
"""How many lines one quotes that is told with a doubt; of another question, too."""

_QUESTION_CHARACTERS = 90
_CONTEXT_CHARACTERS = 40
_ALSO_CHARACTERS = 50
_LINE_CHARACTERS = 160
_LEAST_CHARACTERS = 24
_TURN_SECONDS = 180
_TELLING = 6  # characters from which on the same words are the same answer, whoever says them


@dataclass(frozen=True, slots=True)
class Quoted:
    """A line as it is quoted, the message that it stands in, and how surely that answers."""

    text: str
    message: Message
    probability: float

    @property
    def cited(self) -> Citation:
        """Where the message stands."""
        return self.message.citation

    def goes_on(self, last: Quoted) -> bool:
        """Whether it goes on with what its speaker said in the line before."""
        at, before = self.cited, last.cited
        return (
            last.message.speaker == self.message.speaker
            and before.date == at.date
            and at.seconds - before.seconds <= _TURN_SECONDS
        )


def lines(exchange: Exchange) -> list[Quoted]:
    """The answers of an exchange as lines with something to show, in the archive's order.

    An image is named; what holds no word is left out, and what was said before in the same words.
    """
    asked = {m.citation for m in exchange.question} if not exchange.retold else set()
    found: dict[tuple[str, str], Quoted] = {}
    for answer in exchange.answers:
        message = answer.message
        if message.citation in asked:
            continue  # an asker's own guess, which somebody confirmed, stands in the question
        text = texts.IMAGE if is_image(message.text) else quoted(message.text)
        if text:
            key = "" if len(text) >= _TELLING else message.speaker, text
            found.setdefault(key, Quoted(text, message, answer.probability))
    return list(found.values())


def best_line(exchanges: Iterable[Exchange]) -> Quoted | None:
    """The surest line of some exchanges; None where there is nothing to show."""
    found = (line for exchange in exchanges for line in lines(exchange))
    return max(found, key=lambda line: line.probability, default=None)


def surest(found: Sequence[Quoted], most: int = LINES) -> list[Quoted]:
    """The lines to be quoted first, the surest first; none where nobody may have answered.

    Each speaker's surest line comes before anybody's further ones, so that those who disagree are
    both shown.
    """
    by_probability = sorted(found, key=lambda line: -line.probability)
    beside = BESIDE * by_probability[0].probability if by_probability else 0.0
    kept = [line for line in by_probability if line.probability >= max(LIKELY, beside)]
    if len(kept) < 2:
        least = max(DOUBTFUL, beside)
        kept = [line for line in by_probability[:2] if line.probability >= least]
    best: dict[str, Quoted] = {}
    for line in kept:
        best.setdefault(line.message.speaker, line)
    chosen = list(best.values())[:most]
    chosen += [line for line in kept if line not in chosen][: most - len(chosen)]
    return sorted(chosen, key=lambda line: -line.probability)


def excerpts(
    exchange: Exchange,
    permalink: str = "",
    notes: Sequence[str] = (),
    lent: Sequence[Exchange] = (),
) -> list[Excerpt]:
    """The excerpt of an exchange, and behind it what `更多` shows, page by page.

    The first says who asked what and when, quotes the surest lines, and says where to read on; the
    others quote the rest in order. `notes` are lines of their own on the first, which also says so
    when it is likely that nobody answered. `lent` are other questions of the same conversation,
    with those of their answers that may be wanted, too: they come last.
    """
    everything = lines(exchange)
    first, left = _first(exchange, permalink, notes, everything, LINES, CHARACTERS)
    others: list[tuple[Exchange, list[Quoted]]] = []
    for other in lent:
        theirs = lines(other)
        sure = [line for line in surest(theirs, SHORT_LINES) if line.probability >= LIKELY]
        others.append((other, first.quote_of(other, sure, theirs) if sure else theirs))
    found = [first, *_pages(exchange, permalink, left)]
    for other, theirs in others:
        found += _pages(other, permalink, theirs, texts.ALSO)
    behind: set[Citation] = set()
    for page in reversed(found):
        page.left = len(behind)
        behind.update(page.shown)
    return found


def short(exchange: Exchange, permalink: str = "") -> Excerpt:
    """A shorter excerpt, of the surest two lines, for a reply that is told with a doubt."""
    everything = lines(exchange)
    return _first(exchange, permalink, (), everything, SHORT_LINES, SHORT_CHARACTERS)[0]


def _first(
    exchange: Exchange,
    permalink: str,
    notes: Sequence[str],
    everything: Sequence[Quoted],
    most: int,
    characters: int,
) -> tuple[Excerpt, list[Quoted]]:
    """The first page of an exchange, and the lines that do not stand on it."""
    picked = surest(everything, most)
    if not picked:
        notes = [*notes, texts.NOBODY_ANSWERED]
    elif picked[0].probability < ANSWERED:
        notes = [*notes, texts.UNSURE]
    page = Excerpt(exchange, permalink, notes, characters)
    return page, page.quote(picked, everything)


def _pages(
    exchange: Exchange, permalink: str, left: list[Quoted], heading: str = ""
) -> Iterator[Excerpt]:
    """The further pages of an exchange; each names its question by `heading`, if there is one."""
    while left:
        page = Excerpt(exchange, permalink, None, heading=heading)
        rest = page.quote(left[:LINES], left)
        if not page.count:
            return
        yield page
        left = rest


class Excerpt:
    """One page of what is quoted of an exchange.

    `question` and `notes` stand on the first page alone (`notes` is None on the others); `said` has
    the headings with their lines, `lent` what is quoted of other questions, `left` counts the
    messages behind this page.
    """

    def __init__(
        self,
        exchange: Exchange,
        permalink: str,
        notes: Sequence[str] | None = None,
        characters: int = CHARACTERS,
        heading: str = "",
    ) -> None:
        self.exchange = exchange
        self.cited = exchange.lead.citation
        self.question = _question(exchange, _QUESTION_CHARACTERS)
        self.notes = notes
        self.said: list[tuple[str, tuple[Quoted, ...]]] = []
        self.lent: list[tuple[Exchange, tuple[Citation, ...]]] = []
        self.left = 0
        self._permalink = permalink
        self._head = [] if notes is None else [*_headed(exchange, self.question), *notes]
        if heading:
            self._head = [_also(exchange, heading)]
        taken = len("\n".join(self._head)) + len(self._source)
        self._room = characters - taken - len(texts.MORE) - 4

    @property
    def shown(self) -> tuple[Citation, ...]:
        """The messages that are quoted as answers on this page, in its order.

        A statement that is quoted for itself, and not for what was said about it, is one.
        """
        stated = () if self.notes is None or is_asked(self.exchange) else self.exchange.question
        said = (line.cited for _, found in self.said for line in found)
        return tuple(dict.fromkeys((*(m.citation for m in stated), *said)))

    @property
    def _source(self) -> str:
        """Where to read on, with what is quoted of other questions beside this one."""
        beside = [(other.lead.citation, found) for other, found in self.lent if found]
        stated = not for_itself(self.exchange)
        return texts.SOURCE.format(source(self.cited, self._permalink, beside, stated))

    @property
    def count(self) -> int:
        """How many lines stand on this page."""
        return sum(len(found) for _, found in self.said)

    def quote(self, picked: Sequence[Quoted], everything: Sequence[Quoted]) -> list[Quoted]:
        """Quote of the picked lines what fits, what matters most first; what is left of all."""
        cut = self._fitting(picked)
        last: Quoted | None = None
        left: list[Quoted] = []
        for line in everything:
            if line not in cut:
                left.append(line)
                continue
            taken, rest = cut[line]
            if last is not None and line.goes_on(last):
                heading, turn = self.said.pop()
                self.said.append((heading, (*turn, taken)))
            else:
                self.said.append((self._heading(line), (taken,)))
            last = line
            if rest is not None:
                left.append(rest)
        return left

    def quote_of(
        self, other: Exchange, picked: Sequence[Quoted], everything: Sequence[Quoted]
    ) -> list[Quoted]:
        """The same of another question, if there is room for its name, too."""
        named = _also(other, texts.ALSO)
        if self._room < len(named) + 3 * _LEAST_CHARACTERS:
            return list(everything)
        self._room -= len(named) + 1
        self.said.append((named, ()))
        before = len(self.said)
        left = self.quote(picked, everything)
        told = (line.cited for _, found in self.said[before:] for line in found)
        self.lent.append((other, tuple(dict.fromkeys(told))))
        return left

    def _fitting(self, picked: Sequence[Quoted]) -> dict[Quoted, tuple[Quoted, Quoted | None]]:
        """What is quoted of each line that there is room for, and what of it is left."""
        found: dict[Quoted, tuple[Quoted, Quoted | None]] = {}
        heard: set[str] = set()
        for line in picked:
            speaker = line.message.speaker
            named = 0 if speaker in heard else len(self._heading(line)) + 1
            share = min(_LINE_CHARACTERS, self._room - named - 1)
            if share < min(len(line.text), _LEAST_CHARACTERS):
                continue
            text, rest = split(line.text, max(share, 10))
            heard.add(speaker)
            self._room -= len(text) + 1 + named
            further = Quoted(rest, line.message, line.probability) if rest else None
            found[line] = Quoted(text, line.message, line.probability), further
        return found

    def _heading(self, line: Quoted) -> str:
        return f"▸ {name(line.message)} {when(line.cited, self.cited)}"

    def text(self, behind: int = 0) -> str:
        """The page as a chat shows it; `behind` counts messages of other exchanges to follow."""
        said = [
            text for heading, found in self.said for text in (heading, *(q.text for q in found))
        ]
        more = self.left + behind
        tail = [texts.MORE.format(more)] if more else []
        return "\n".join([*self._head, *said, *tail, self._source])


def words(exchange: Exchange) -> str:
    """What an exchange asks, in one line, as it is quoted; empty where nothing is left of it."""
    return _words(exchange.question)


def _words(messages: Sequence[Message], between: str = " ") -> str:
    return between.join(filter(None, (quoted(m.text) for m in messages)))


def _question(exchange: Exchange, characters: int) -> str:
    return sentences(words(exchange), characters)


def _headed(exchange: Exchange, question: str) -> list[str]:
    """Who asked what, or said it, and what that leans on where it cannot be understood alone.

    Of a question that was retold with its answer, nobody knows who asked: there it is who answered.
    """
    at = exchange.lead.citation
    by = texts.WHO_RETOLD if exchange.retold else texts.WHO_ASKED
    head = [
        (texts.ASKED if is_asked(exchange) else texts.SAID).format(question),
        by.format(name(exchange.lead), at.date, at.time[:5], at.group),
    ]
    if leant := _words(exchange.context[-2:], " / "):
        head.append(texts.CONTEXT.format(sentences(leant, _CONTEXT_CHARACTERS)))
    return head


def is_asked(exchange: Exchange) -> bool:
    """Whether an exchange begins with a question, and not with a statement."""
    return exchange.retold or any(asks(m.text) for m in exchange.question)


def for_itself(exchange: Exchange) -> bool:
    """Whether the message that leads an exchange is read for that, and not for what it answers."""
    return exchange.retold or asks(exchange.lead.text)


def _also(exchange: Exchange, heading: str) -> str:
    """The line that names another question of the conversation."""
    if heading == texts.ALSO and not is_asked(exchange):
        heading = texts.ALSO_SAID
    return heading.format(_question(exchange, _ALSO_CHARACTERS), exchange.lead.citation.time[:5])


def source(
    citation: Citation, permalink: str = "", beside: Sequence[Beside] = (), stated: bool = False
) -> str:
    """Where to read on: the link by the operator's template, or the citation itself.

    A link to our own page says what is quoted there of other questions, and that the message is
    `stated`: quoted for itself, though it may answer another.
    """
    if not permalink:
        return str(citation)
    parts = {"citation": str(citation), "group": citation.group}
    # A chat takes a link to end at the first character that is none of a URL's.
    quoted_parts = {name: quote(part, safe="") for name, part in parts.items()}
    told = tail(citation, beside, stated)
    return permalink.format(**quoted_parts, date=citation.date, time=citation.time, told=told)


def when(at: Citation, asked: Citation) -> str:
    """When something was said to what was asked; the day only where it is another."""
    return at.time[:5] if at.date == asked.date else f"{at.date[5:]} {at.time[:5]}"


def name(message: Message) -> str:
    """The name of who wrote a message, as it is shown."""
    return shown(message.speaker)[:24] or SOMEBODY
