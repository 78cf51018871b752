"""What the links look at: each message worked out once, a day with its neighbours, the pairs."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import islice

from knowledge.language.kinds import Kind, Reading, read
from knowledge.language.names import tidy
from knowledge.language.questions import ending
from knowledge.language.replies import is_yes, opening, thanks
from knowledge.language.words import words
from knowledge.linking.network import UNKNOWN, Network
from knowledge.linking.people import People
from knowledge.model import Citation, Message

_SAYS = frozenset((Kind.STATEMENT, Kind.QUESTION, Kind.ANNOUNCEMENT, Kind.URL))

_BURST_GAP = 100  # seconds after which a speaker begins anew
_BURST_STEP = 6  # messages of others that may cut into a burst
_ECHO = 30  # seconds within which the same words under another nickname are the same message
_TELLING = 4  # characters from which a text is more than what two can say at once
_TWICE = 5  # echoes on one day from which two nicknames are one person
_SHORT = 200  # characters of a text up to which it is kept taken apart
_STICKY = 600  # seconds for which a mention goes on saying whom its writer talks to


@dataclass(slots=True)
class Note:
    """A message with all that the links need of it, worked out once."""

    message: Message
    reading: Reading
    at: int  # seconds since the midnight that begins the day in question
    who: str
    mentions: frozenset[str]
    quoted: str  # the person quoted, or ""
    words: frozenset[str]  # bigrams of Chinese, words of Latin letters and digits
    size: int  # characters of the plain words
    asks: int
    says: bool  # has content that could answer; thanks, pictures and greetings have not
    yes: bool  # nothing but yes or no
    opens: int  # how it begins, see `opening`
    thanks: bool


_Taken = tuple[Reading, frozenset[str], bool, bool, int, bool]


def _take(text: str) -> _Taken:
    """Take a text apart; kept for a while, since a day is seen again as its neighbour's neighbour.

    Not so a long one: the words of a character take a hundred bytes.
    """
    return _kept(text) if len(text) <= _SHORT else _taken(text)


@lru_cache(maxsize=8192)
def _kept(text: str) -> _Taken:
    return _taken(text)


def _taken(text: str) -> _Taken:
    reading = read(text)
    plain = reading.plain
    yes = reading.asks < 2 and is_yes(plain)
    says = yes or reading.kind in _SAYS
    opens = opening(plain) if says else 0
    return reading, words(plain) if says else _NONE, says, yes, opens, thanks(plain)


_NONE: frozenset[str] = frozenset()


def note(message: Message, people: People, day: str, network: Network = UNKNOWN) -> Note:
    """Work out what the links need of a message; `day` is the ISO date that time counts from."""
    c = message.citation
    text = message.text
    head = network.addressed.get(c, 0) if network.addressed else 0
    reading, found, says, yes, opens, thanked = _take(text[head + 1 :].lstrip() if head else text)
    t = c.time
    at = int(t[:2]) * 3600 + int(t[3:5]) * 60 + int(t[6:8])
    if c.date != day:
        at += 86400 * (date.fromisoformat(c.date) - date.fromisoformat(day)).days
    who = people.who
    named = frozenset(map(who, reading.mentions)) if reading.mentions else _NONE
    return Note(
        message,
        reading,
        at,
        who(network.senders.get(c, message.speaker) if network.senders else message.speaker),
        named | {who(text[:head])} if head else named,
        who(reading.quote.name) if reading.quote else "",
        found,
        len(reading.plain),
        reading.asks,
        says,
        yes,
        opens,
        thanked,
    )


def tell_apart(notes: Sequence[Note], senders: Mapping[Citation, str]) -> None:
    """Have mentions and quotes of a name that several bear mean the one who spoke last before.

    `senders` has the messages that were sent under such names. Where none of the others spoke
    before, the first is meant who speaks later; nobody mentions himself.
    """
    bearers: dict[str, list[str]] = {}  # a name -> those who bear it, the last to speak first
    for x in reversed(notes):
        if x.message.citation in senders:
            _to_front(bearers.setdefault(tidy(x.message.speaker), []), x.who)
    for x in notes if bearers else ():

        def meant(name: str, by: str = x.who) -> str:
            return next((who for who in bearers.get(name, ()) if who != by), name)

        if x.mentions:
            x.mentions = frozenset(map(meant, x.mentions))
        x.quoted = meant(x.quoted, "")
        if x.message.citation in senders:
            _to_front(bearers[tidy(x.message.speaker)], x.who)


def _to_front(people: list[str], who: str) -> None:
    if who in people:
        people.remove(who)
    people.insert(0, who)


def silence_echoes(notes: Sequence[Note]) -> None:
    """Silence what was just said under another nickname: one message that two accounts exported.

    Who is echoed again and again has two nicknames: then both are one person.
    """
    last: dict[str, Note] = {}
    echoes: dict[tuple[str, str], int] = {}
    for x in notes:
        text = x.message.text
        if not x.says or len(text) < _TELLING:
            continue
        first = last.setdefault(text, x)
        if x.at - first.at > _ECHO or x.message.speaker == first.message.speaker:
            last[text] = x
            continue
        x.says = x.yes = x.thanks = False
        x.asks = 0
        if x.who != first.who:
            echoes[x.who, first.who] = echoes.get((x.who, first.who), 0) + 1
    same = {who: first for (who, first), n in echoes.items() if n >= _TWICE}
    if not same:
        return
    for x in notes:
        x.who, x.quoted = same.get(x.who, x.who), same.get(x.quoted, x.quoted)
        x.mentions = frozenset([same.get(name, name) for name in x.mentions])


def _places(notes: Sequence[Note], replies: Mapping[Citation, Citation] | None) -> dict[int, int]:
    """Replies by the places of their messages, as far as both are there."""
    if not replies:
        return {}
    places = {x.message.citation: k for k, x in enumerate(notes)}
    found = ((places.get(reply), places.get(to)) for reply, to in replies.items())
    return {j: k for j, k in found if j is not None and k is not None and k < j}


class Scene:
    """A day with its neighbours: the notes in order, and what is worked out over all of them.

    `lo` to `hi` is the day itself. All lists run parallel to `notes`. Echoes are silenced: they
    neither ask nor answer. `replies` are the messages that reply to another by their network's own
    means, and to which.
    """

    def __init__(
        self,
        notes: Sequence[Note],
        lo: int,
        hi: int,
        replies: Mapping[Citation, Citation] | None = None,
    ) -> None:
        self.notes, self.lo, self.hi = notes, lo, hi
        self.replies = _places(notes, replies)
        silence_echoes(notes)
        self._bursts()
        self._calls()

    def _bursts(self) -> None:
        """Find the runs of one speaker's messages; others may cut in."""
        notes = self.notes
        self.burst = [0] * len(notes)
        self.bursts: list[list[int]] = []
        self.talks_to = [""] * len(notes)  # whom the speaker last mentioned, while that lasts
        last: dict[str, int] = {}
        mentioned: dict[str, tuple[int, str]] = {}
        for k, x in enumerate(notes):
            p = last.get(x.who, -1)
            if p >= 0 and x.at - notes[p].at <= _BURST_GAP and k - p <= _BURST_STEP:
                self.burst[k] = self.burst[p]
                self.bursts[self.burst[k]].append(k)
            else:
                self.burst[k] = len(self.bursts)
                self.bursts.append([k])
            last[x.who] = k
            if x.mentions:
                mentioned[x.who] = (x.at, min(x.mentions))
            since = mentioned.get(x.who)
            if since is not None and x.at - since[0] < _STICKY:
                self.talks_to[k] = since[1]

    def _calls(self) -> None:
        """List for each person the messages that mention or quote him, and his questions."""
        self.calls: dict[str, list[int]] = {}
        self.asked_by: dict[str, list[int]] = {}
        for k, x in enumerate(self.notes):
            for name in sorted(x.mentions | {x.quoted} - {""}) if x.quoted else x.mentions:
                self.calls.setdefault(name, []).append(k)
            if x.asks >= 2:
                self.asked_by.setdefault(x.who, []).append(k)


REACH = (6, 12, 40, 40)
"""Messages with content looked at behind a lead, by its signs of asking.

Of what readers call answers, 0.71 stand within 16 messages with content, 0.95 within 40.
"""

_DISTANCE = (*range(17), *[17] * 4, *[18] * 6, *[19] * 7, *[20] * 7)
"""The code of a distance in messages with content; far ones are told apart less."""

LATE = 10 * 3600
"""Seconds after which, as beyond that reach, only a mention or quote answers."""

LATE_REMARK = 3600
"""The same for a message that asks nothing."""

_RECALLED = 2000  # messages behind a question in which its asker's name can mean it; the busiest
# real day has 1,842
_OVER = 7200  # seconds of silence after a reply that end a conversation
_FAR = _DISTANCE[-1] + 2  # values of `far`; the last one is beyond reach

CODES = {
    "far": 4 * _FAR, "gap": 17, "same": 12, "asked": 5, "talks": 5, "asked_him": 3, "spoke": 5,
    "voices": 5, "silence": 34, "shared": 5, "own": 5, "thanked": 2,
}  # fmt: skip
"""What `pairs` tells of a lead and a message behind it, with the number of values of each code.

`links_weights.json` has a table for each, here and below.
"""

ALONE = {"asks": 4, "size": 11, "opens": 4, "yes": 2}
"""The same of a message alone."""


def alone(x: Note) -> tuple[int, ...]:
    """Code what a message shows by itself, as `ALONE` names it."""
    return x.asks, min(x.size.bit_length(), 10), x.opens, int(x.yes)


def pairs(scene: Scene, i: int) -> list[tuple[int, tuple[int, ...]]]:
    """Code the messages behind lead `i` that could answer it: index, and codes as `CODES` names.

    Codes are small whole numbers. Messages without content are passed over.
    """
    notes, talks_to, burst = scene.notes, scene.talks_to, scene.burst
    q = notes[i]
    asker, asks, q_at, q_words, q_mentions = q.who, q.asks, q.at, q.words, q.mentions
    reach, late = REACH[asks], LATE if asks else LATE_REMARK
    base, same_base = asks * _FAR, 3 * asks
    q_burst = burst[i]
    far = asked = own = silence = thanked = 0
    spoken: dict[str, int] = {}
    over = False
    out: list[tuple[int, tuple[int, ...]]] = []
    at = q_at
    for j in range(i + 1, len(notes)):
        m = notes[j]
        if m.at - at > silence:
            silence = m.at - at
            over = silence > _OVER and bool(spoken)
        at = m.at
        who = m.who
        if not m.says:
            if who == asker:
                own += 1
                thanked |= m.thanks
            continue
        far += 1
        if far > reach or at - q_at > late or over:
            if asks < 2:
                break
            return out + _recalled(scene, i, j)
        same = who == asker
        to = talks_to[j]
        spoke = spoken.get(who, 0)
        shared = len(q_words & m.words)
        out.append((j, (
            base + _DISTANCE[far],
            (at - q_at).bit_length(),
            same_base + (0 if not same else 1 if burst[j] == q_burst else 2),
            asked if asked < 4 else 4,
            0 if not to else (1 if asker in m.mentions else 2) if to == asker
            else 3 if m.mentions else 4,
            0 if not q_mentions else 1 if who in q_mentions else 2,
            spoke if spoke < 4 else 4,
            len(spoken) if len(spoken) < 4 else 4,
            silence.bit_length() + (17 if spoken else 0),
            shared if shared < 4 else 4,
            own if own < 4 else 4,
            thanked,
        )))  # fmt: skip
        if same:
            own += 1
            thanked |= m.thanks
        else:
            spoken[who] = spoke + 1
        asked += m.asks >= 2
    return out


def _recalled(scene: Scene, i: int, start: int) -> list[tuple[int, tuple[int, ...]]]:
    """Code what mentions or quotes the asker from `start` on, until he asks something else."""
    notes = scene.notes
    q = notes[i]
    out: list[tuple[int, tuple[int, ...]]] = []
    calls, asked = scene.calls.get(q.who, ()), scene.asked_by.get(q.who, ())
    again = bisect_right(asked, i)
    end = min(i + _RECALLED, asked[again] if again < len(asked) else len(notes))
    for j in islice(calls, bisect_left(calls, start), None):
        if j > end:
            break
        if notes[j].who == q.who or not notes[j].says:
            continue
        m = notes[j]
        out.append((j, (
            q.asks * _FAR + _FAR - 1, 16, 3 * q.asks, 4, 1, 1 if m.who in q.mentions else 0,
            0, 4, 33, min(len(q.words & m.words), 4), 4, 0,
        )))  # fmt: skip
    return out


LEAD = {
    "asks": 4, "size": 11, "ends": 3, "elliptical": 2, "mentions": 2, "goes_on": 3, "went_on": 2,
    "reply": 17, "silence": 17, "voices": 6, "opens": 4,
}  # fmt: skip
"""What `lead_codes` tells of a message that could be a question."""


def lead_codes(scene: Scene, i: int) -> tuple[int, ...]:
    """Code what speaks for a message being a question that others answer, as `LEAD` names it."""
    notes = scene.notes
    q = notes[i]
    prev, later = notes[max(0, i - 1)], notes[min(len(notes) - 1, i + 1)]
    window = notes[i + 1 : i + 6]
    return (
        q.asks,
        min(q.size.bit_length(), 10),
        ending(q.reading.plain),
        int(q.reading.elliptical),
        1 if q.mentions else 0,
        (1 if later.who == q.who else 0) if later is not q else 2,
        1 if prev.who == q.who and prev is not q else 0,
        min((later.at - q.at).bit_length(), 16),
        min(max(0, q.at - prev.at).bit_length(), 16),
        len({x.who for x in window if x.says and x.who != q.who}),
        q.opens,
    )
