"""The exchanges of one day: who asked what, what answered it, and what else belongs to it."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain

from knowledge.language.kinds import Kind
from knowledge.language.retelling import retold
from knowledge.language.words import words
from knowledge.linking.company import Lead
from knowledge.linking.links import cited as choose
from knowledge.linking.links import link, weights
from knowledge.linking.network import UNKNOWN, Network
from knowledge.linking.people import People
from knowledge.linking.scene import LATE, Note, Scene, note, tell_apart
from knowledge.linking.threads import GROUP, Conversation, conversations, meant, without_silence
from knowledge.model import Answer, Citation, Exchange, Message

SOUGHT = 0.005
"""Leads less likely to be sought make no exchange: a third of all, and 0.7 % of the questions that
people picked from six months of a real group."""

BEFORE = 12  # messages of the day before that a day begins with
AFTER = 40  # messages of the day after that can still belong to it
_FOLLOW = 0.1  # probability from which a message belongs to the thread
_SPREAD = 180  # seconds over which a question can spread
_RETOLD = 0.99  # probability that a message which repeats a question and answers it, answers it
_SAID = 0.97  # probability that a question was answered of which the chat itself says so
_ENOUGH = 4  # words that tell a question from others
_SAME = 0.7  # share of them that a repeated question keeps
_COMMONEST = 2  # words of a repeated question that alone make no other one it: fewer than it keeps
_ASKED = (
    2000  # questions before it that a message can repeat; the busiest real day has 1,842 messages
)
_CONTEXT = 2  # messages that an elliptical question is given as context


def build(
    day: Sequence[Message],
    before: Sequence[Message],
    after: Sequence[Message],
    people: People,
    network: Network = UNKNOWN,
    further: Sequence[Message] = (),
) -> list[Exchange]:
    """Build the exchanges of one day of one group, in the order of their leads.

    `before` and `after` are the days next to it (empty when there are none); they give evidence,
    and `after` can hold answers, but no lead. Every message with content that asks, or that was
    replied to, leads exactly one exchange, unless it is too unlikely to be looked up (`SOUGHT`).
    `further` are messages of other days that reply into this one, or that belong to its threads, in
    order; each thread is a conversation of its own. Any text will do; nothing raises.
    """
    if not day:
        return []
    if not network.threads:
        exchanges = _built(day, scene_of(day, before, after, people, network, further))
        exchanges.sort(key=lambda e: (e.lead.citation, e.retold))
        return exchanges
    date = day[0].citation.date
    earlier = sorted([*before, *(m for m in further if m.citation.date < date)], key=_cited)
    later = sorted([*after, *(m for m in further if m.citation.date > date)], key=_cited)
    made: dict[Citation, Exchange] = {}
    exchanges = []
    for part in conversations(day, earlier, later, network):
        for e in _built(part.day, _scene_of_thread(part, people, network)):
            # A root that nobody answered in its thread may have been answered in the group.
            known = None if e.retold else made.get(e.lead.citation)
            if (
                part.thread == GROUP
                and e.lead.citation in network.roots
                and (e.retold or (known and (known.answers or not e.answers)))
            ):
                continue
            if e.retold:
                exchanges.append(e)
            else:
                made[e.lead.citation] = e
    return sorted([*exchanges, *made.values()], key=lambda e: (e.lead.citation, e.retold))


def _cited(m: Message) -> Citation:
    return m.citation


def _built(day: Sequence[Message], scene: Scene) -> list[Exchange]:
    """The exchanges of a scene, whose own messages are those of `day`."""
    leads = link(scene, weights(), SOUGHT)
    pairs = {scene.lo + k: said for k, m in enumerate(day) if (said := retold(m.text))}
    _answer_by_retelling(scene, leads, pairs)
    found = [_exchange(scene, lead) for lead in leads if lead.sought >= SOUGHT]
    exchanges = [e for e in found if e is not None]
    for k, said in pairs.items():
        exchanges += _retold(scene.notes[k].message, said)
    return exchanges


def scene_of(
    day: Sequence[Message],
    before: Sequence[Message],
    after: Sequence[Message],
    people: People,
    network: Network = UNKNOWN,
    late: Sequence[Message] = (),
) -> Scene:
    """Set a day between the end of the day before and what of the next one can belong to it.

    `late` are messages that reply into the day from elsewhere.
    """
    date = day[0].citation.date
    head = [note(m, people, date, network) for m in before[-BEFORE:]]
    middle = [note(m, people, date, network) for m in day]
    end = middle[-1].at + LATE
    tail: list[Note] = []
    for m in after[:AFTER]:
        x = note(m, people, date, network)
        if x.at > end:
            break
        tail.append(x)
    tail += _beyond(tail, late, people, date, network, end)
    notes = [*head, *middle, *tail]
    tell_apart(notes, network.senders)
    return Scene(notes, len(head), len(head) + len(middle), network.replies)


def _scene_of_thread(part: Conversation, people: People, network: Network) -> Scene:
    """Set what belongs to a thread on a day between what belongs to it on the days around it."""
    here = {m.citation for m in part.day}
    replying = [m for m in part.after if network.replies.get(m.citation) in here]
    late = sorted([*part.guests, *replying], key=_cited)
    if part.thread == GROUP:
        return scene_of(part.day, part.before, part.after, people, network, late)
    date = part.day[0].citation.date
    head = [note(m, people, date, network) for m in part.before[-BEFORE:]]
    middle = [note(m, people, date, network) for m in part.day]
    tail = [note(m, people, date, network) for m in part.after[:AFTER]]
    without_silence([*head, *middle, *tail], len(head))
    end = (tail or middle)[-1].at + LATE
    notes = [*head, *middle, *tail, *_beyond(tail, late, people, date, network, end)]
    tell_apart(notes, network.senders)
    scene = Scene(notes, len(head), len(head) + len(middle), network.replies)
    scene.replies = meant(notes, scene.replies, part.thread, network)
    return scene


def _beyond(
    tail: Sequence[Note],
    late: Sequence[Message],
    people: People,
    date: str,
    network: Network,
    end: int,
) -> list[Note]:
    """Messages that only their replies join to a day: they stand behind all that is near to it."""
    there = {x.message.citation for x in tail}
    found = [note(m, people, date, network) for m in late if m.citation not in there]
    for x in found:
        x.at = max(x.at, end + 1)
    return found


def _exchange(scene: Scene, lead: Lead) -> Exchange | None:
    """Make the exchange of a lead; None for a statement that nobody replied to."""
    notes, i, links = scene.notes, lead.index, lead.links
    q = notes[i]
    least = weights().threshold
    if q.asks == 0 and max(links.values(), default=0.0) < least:
        return None
    cited = choose(links, least)
    question = [i]
    for j in range(i + 1, min(len(notes), i + 6)):
        x = notes[j]
        if x.who != q.who or x.at - q.at > _SPREAD or j in cited:
            break
        if x.says or x.reading.kind is Kind.IMAGE:
            question.append(j)
    for yes, guess in lead.agreed.items():
        if guess != i and yes in cited:
            cited.setdefault(guess, cited[yes])
    answered = max(lead.answered, _SAID) if lead.certain else lead.answered
    return Exchange(
        tuple([notes[j].message for j in question]),
        tuple([Answer(notes[j].message, answered * p) for j, p in sorted(cited.items())]),
        _context(scene, i) if q.reading.elliptical else (),
        tuple(notes[j].message for j in _thread(scene, links, cited, question)) if q.asks else (),
        lead.sought,
    )


def _thread(
    scene: Scene, links: Mapping[int, float], cited: Mapping[int, float], question: Sequence[int]
) -> list[int]:
    """What else belongs to a conversation: less likely answers, and replies to the answers."""
    found = {j for j, p in links.items() if p >= _FOLLOW}
    for j, to in scene.replies.items():  # in their order, so that replies to replies follow
        if (to in cited or to in found) and scene.notes[j].says:
            found.add(j)
    return sorted(found - cited.keys() - set(question))


def _context(scene: Scene, i: int) -> tuple[Message, ...]:
    """Find what an elliptical question leans on: what its asker and his partners said last."""
    notes = scene.notes
    q = notes[i]
    found: list[Message] = []
    for j in range(i - 1, max(-1, i - 9), -1):
        x = notes[j]
        if q.at - x.at > 1800 or len(found) == _CONTEXT:
            break
        if x.says and (not q.mentions or x.who == q.who or x.who in q.mentions):
            found.append(x.message)
    return tuple(reversed(found))


def _answer_by_retelling(
    scene: Scene, leads: Sequence[Lead], pairs: Mapping[int, Sequence[tuple[str, str]]]
) -> None:
    """Link each question to the message that repeats and answers it later on the same day.

    `pairs` are the questions and answers that a message retells, by its index.
    """
    if not pairs:
        return
    questions = [lead for lead in leads if scene.notes[lead.index].asks]
    places: dict[str, list[int]] = {}  # the questions that hold a word
    for place, lead in enumerate(questions):
        for word in scene.notes[lead.index].words:
            places.setdefault(word, []).append(place)
    for j, found in pairs.items():
        end = bisect_left(questions, j, key=lambda lead: lead.index)
        for asked, _ in found:
            repeated = words(asked)
            held = [known for word in repeated if (known := places.get(word))]
            near = [k[bisect_left(k, end - _ASKED) : bisect_left(k, end)] for k in held]
            near.sort(key=len)
            # What shares enough of the words shares some beside the commonest two.
            shared = Counter(chain.from_iterable(near[:-_COMMONEST]))
            for place in sorted(shared, reverse=True):
                lead = questions[place]
                other = scene.notes[lead.index].words
                most = shared[place] + _COMMONEST
                if most >= _SAME * min(len(repeated), len(other)) and _repeats(repeated, other):
                    lead.links = dict(sorted({**lead.links, j: _RETOLD}.items()))
                    lead.answered = 1.0
                    break


def _repeats(one: frozenset[str], other: frozenset[str]) -> bool:
    """Tell whether two sets of words are one question, perhaps shortened."""
    least = min(len(one), len(other))
    return least >= _ENOUGH and len(one & other) >= _SAME * least


def _retold(m: Message, pairs: Sequence[tuple[str, str]]) -> list[Exchange]:
    """List the exchanges that one message retells."""
    return [
        Exchange((replace(m, text=asked),), (Answer(replace(m, text=said), 1.0),), retold=True)
        for asked, said in pairs
    ]
