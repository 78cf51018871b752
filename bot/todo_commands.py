"""What admins do about questions that were not found: list them, answer them, strike them off."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.bounded import Bounded
from bot.commands import COMMANDS, Request
from bot.live import archive_answer
from bot.loads import Loads
from bot.memory import FRESH, Memory, place
from bot.reasons import Why
from bot.record.record import Record
from bot.reply import texts
from bot.rooms import Rooms
from bot.settings import Settings
from bot.terms import Incoming
from bot.todo import Todo, find, todos
from knowledge.language.display import shown
from knowledge.language.names import SOMEBODY

_LISTED = 10
_TEXT, _LIST_TEXT, _NAME = 40, 60, 24  # characters of a text, or a name, that an answer holds
_PLACES = 1_000  # lists, and answers that wait for their archive, that are remembered

_Where = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Waiting:
    """An answer of which an admin was asked at a moment in which of some groups it belongs."""

    todo: Todo
    answer: str
    groups: tuple[str, ...]
    at: datetime


class TodoCommands:
    """The commands about the work list; each admin has a list of his own in each place."""

    def __init__(
        self,
        settings: Settings,
        record: Record,
        rooms: Rooms,
        memory: Memory,
        loads: Loads,
        steady: Callable[[], datetime],
    ) -> None:
        self._settings = settings
        self._record = record
        self._rooms = rooms
        self._memory = memory
        self._loads = loads
        self._steady = steady
        self._listed: Bounded[_Where, list[Todo]] = Bounded(_PLACES)
        self._waiting: Bounded[_Where, _Waiting] = Bounded(_PLACES)

    def unanswered(self, incoming: Incoming, given: str) -> str:
        """What was asked here and not found; privately what was asked anywhere, and where.

        What somebody asked privately is shown to no group, and who it was to nobody.
        """
        room = incoming.room
        page = int(given) if given.isdecimal() and len(given) < 4 else 1
        todo = todos(self._record, room.id if room else None)
        first = max(0, min(_LISTED * (page - 1), (len(todo) - 1) // _LISTED * _LISTED))
        self._listed[_where(incoming)] = todo
        if not todo:
            return texts.NONE_UNANSWERED
        lines = []
        for n, q in enumerate(todo[first : first + _LISTED], first + 1):
            text = shown(q.text)[:_LIST_TEXT]
            if room:
                lines.append(texts.UNANSWERED.format(n, text, q.times))
            else:
                where = shown(self._rooms.title(q.room)) if q.room else texts.ASKED_PRIVATELY
                lines.append(texts.UNANSWERED_IN.format(n, text, q.times, where))
        left = len(todo) - first - _LISTED
        if left > 0:
            lines.append(texts.MORE_UNANSWERED.format(left, first // _LISTED + 2))
        how = texts.HOW_TO_ANSWER.format(COMMANDS["answer"].usage, COMMANDS["dismiss"].usage)
        return "\n".join([*lines, how])

    def dismiss(self, incoming: Incoming, number: str) -> str:
        """Strike a question off the list."""
        todo = self._todo(incoming, number)
        if todo is None:
            return texts.LIST_FIRST.format(COMMANDS["dismiss"].usage)
        if find(self._record, todo.text, todo.room) is None:
            return texts.ASKED_NO_MORE
        self._record.done(todo.texts, todo.room, Why.DISMISSED)
        return texts.DISMISSED.format(shown(todo.text)[:_TEXT])

    def answer(self, incoming: Incoming, given: str, now: datetime) -> str:
        """Archive an answer to a question of the list; where it may belong to several groups, ask.

        `given` is its number and the answer or, once that was asked, the group or its number.
        """
        waiting = self._asked_which(incoming)
        if waiting and (group := _chosen(waiting.groups, given)):
            del self._waiting[_where(incoming)]
            return self._file(incoming, waiting.todo, waiting.answer, group, now)
        number, answer = (*given.split(maxsplit=1), "", "")[:2]
        todo = self._todo(incoming, number)
        if todo is None or not answer:
            if waiting:
                return _which(waiting)
            return texts.LIST_FIRST.format(COMMANDS["answer"].usage)
        groups = self._rooms.answers_in(todo.room)
        if not groups:
            return texts.NO_PRIVATE_GROUP
        if len(groups) > 1 and find(self._record, todo.text, todo.room):
            waiting = _Waiting(todo, answer, groups, self._steady())
            self._waiting[_where(incoming)] = waiting
            return _which(waiting)
        return self._file(incoming, todo, answer, groups[0], now)

    def picked(self, incoming: Incoming, text: str) -> Request | None:
        """The command that a mere number stands for: which group an answer belongs to.

        None: it is none, or picks one of the questions that were offered to him since.
        """
        waiting = self._asked_which(incoming)
        if waiting is None or not text.isdecimal() or not _chosen(waiting.groups, text):
            return None
        last = self._memory.last.get(place(incoming))
        if last and last.near and last.asker == incoming.sender.id and last.at >= waiting.at:
            return None
        return Request("answer", text)

    def _file(self, incoming: Incoming, todo: Todo, answer: str, group: str, now: datetime) -> str:
        if find(self._record, todo.text, todo.room) is None:
            # Somebody else did it since, or who asked it wanted it forgotten.
            return texts.ASKED_NO_MORE
        said = replace(incoming, text=answer, sent_at=now)
        archive_answer(self._settings.answers, self._settings.zone, group, todo.text, said)
        self._record.done(todo.texts, todo.room, Why.TAUGHT)
        self._loads.soon()
        noted = texts.ANSWER_NOTED if todo.room else texts.ANSWER_NOTED_PRIVATELY
        by = shown(incoming.sender.name)[:_NAME] or SOMEBODY
        return noted.format(shown(todo.text)[:_TEXT], by, group)

    def _todo(self, incoming: Incoming, number: str) -> Todo | None:
        """What was listed last under a number, to whom and where it is given."""
        listed = self._listed.get(_where(incoming), [])
        known = number.isdecimal() and len(number) < 5 and 1 <= int(number) <= len(listed)
        return listed[int(number) - 1] if known else None

    def _asked_which(self, incoming: Incoming) -> _Waiting | None:
        """The answer of which somebody was asked here, not long ago, in which group it belongs."""
        waiting = self._waiting.get(_where(incoming))
        return waiting if waiting and self._steady() - waiting.at <= FRESH else None


def _where(incoming: Incoming) -> _Where:
    return incoming.sender.id, place(incoming)


def _chosen(groups: tuple[str, ...], given: str) -> str:
    """The group that is named, by its name or its number among those to choose from; else empty."""
    if given in groups:
        return given
    number = int(given) if given.isdecimal() and len(given) < 4 else 0
    return groups[number - 1] if 1 <= number <= len(groups) else ""


def _which(waiting: _Waiting) -> str:
    listed = (f"{n}. {group}" for n, group in enumerate(waiting.groups, 1))
    return "\n".join([texts.WHICH_GROUP.format(shown(waiting.todo.text)[:_TEXT]), *listed])
