"""Writes the reply that a group reads: a cited excerpt of the archive, in plain text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.model import Answer, Citation, Exchange, Message
from knowledge.text import is_image, sentences, shown

CHARACTERS = 400
"""About how long a reply may be: what a phone shows without scrolling."""

TURNS = 3
"""How many turns of answers an excerpt shows at most."""

_QUESTION_CHARACTERS = 90
_TURN_CHARACTERS = 160
_LEAST_CHARACTERS = 24
_TURN_SECONDS = 180


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker said in one go, as far as it belongs to the answers."""

    answers: tuple[Answer, ...]

    @property
    def first(self) -> Message:
        """The message that begins the turn."""
        return self.answers[0].message

    @property
    def worth(self) -> float:
        """How surely it answers: the best of its messages."""
        return max(a.probability for a in self.answers)

    @property
    def lines(self) -> tuple[str, ...]:
        """The messages as shown; an image is named, what holds no word is left out."""
        texts = [
            "（图片，见原文）" if is_image(a.message.text) else shown(a.message.text)
            for a in self.answers
        ]
        return tuple(dict.fromkeys(t for t in texts if t))


def turns(exchange: Exchange) -> list[Turn]:
    """The answers of an exchange as turns with something to show, in the archive's order."""
    found: list[list[Answer]] = []
    for answer in exchange.answers:
        last = found[-1][-1].message if found else None
        if last is not None and _continues(last, answer.message):
            found[-1].append(answer)
        else:
            found.append([answer])
    return [turn for turn in (Turn(tuple(part)) for part in found) if turn.lines]


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
    return [turn for turn in all_turns if turn in best]


def excerpt(exchange: Exchange, link: str = "") -> str:
    """The reply that quotes an exchange: question, answers that matter, and where to read on."""
    lead = exchange.lead
    cited = lead.citation
    question = " ".join(filter(None, (shown(m.text) for m in exchange.question)))
    head = (
        f"有人问过：{sentences(question, _QUESTION_CHARACTERS)}\n"
        f"—— {_name(lead)}，{cited.date} {cited.time[:5]}，{cited.group}"
    )
    everything = turns(exchange)
    picked = chosen(everything)
    tail = "原文：" + source(cited, link)
    room = CHARACTERS - len(head) - len(tail) - len("\n还有 99 条，回复「更多」")
    body, quoted = _body(picked, cited, room)
    more = sum(len(t.lines) for t in everything) - quoted
    if more:
        tail = f"还有 {more} 条，回复「更多」\n{tail}"
    return "\n".join([head, *body, tail])


def more(exchange: Exchange, link: str = "") -> str:
    """What an excerpt left out: the other turns, as far as a reply holds them."""
    everything = turns(exchange)
    picked = chosen(everything)
    rest = [turn for turn in everything if turn not in picked]
    cited = exchange.lead.citation
    tail = "原文：" + source(cited, link)
    if not rest:
        return f"没有更多了。\n{tail}"
    body, _ = _body(rest, cited, CHARACTERS - len(tail))
    return "\n".join([*body, tail])


def _body(picked: Sequence[Turn], cited: Citation, room: int) -> tuple[list[str], int]:
    """The quoted turns as lines, and how many messages they quote."""
    body: list[str] = []
    quoted = 0
    for place, turn in enumerate(picked):
        at = turn.first.citation
        when = at.time[:5] if at.date == cited.date else f"{at.date[5:]} {at.time[:5]}"
        heading = f"▸ {_name(turn.first)} {when}"
        share = min(_TURN_CHARACTERS, room // (len(picked) - place) - len(heading) - 1)
        if share < _LEAST_CHARACTERS:
            break
        body.append(heading)
        room -= len(heading) + 1
        for line in turn.lines:
            if share < min(len(line), _LEAST_CHARACTERS):
                break
            text = sentences(line, share)
            body.append(text)
            share -= len(text) + 1
            room -= len(text) + 1
            quoted += 1
    return body, quoted


def source(citation: Citation, link: str = "") -> str:
    """Where to read on: the link by the operator's template, or the citation itself."""
    if not link:
        return str(citation)
    return link.format(
        citation=citation, group=citation.group, date=citation.date, time=citation.time
    )


def _name(message: Message) -> str:
    return shown(message.speaker)[:24] or "一位群友"
