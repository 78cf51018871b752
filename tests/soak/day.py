"""Plays a day of a busy group to the real core, and sees that its memory stays and its counts hold.

    python -m tests.soak.day                     24 hours of 1,200 messages: ten minutes
    python -m tests.soak.day --count 2 --seed 7

Members chat, ask, judge, wish to be forgotten, and are delivered twice; admins give commands; all
is loaded anew every hour, and the bot started anew after each of the first quarter. What `/status`,
the record and the desk say is compared with what was sent, the live archive with what was said, and
the memory at the end with that after half of the day.
"""

from __future__ import annotations

import gc
import re
import resource
import shutil
import tempfile
import tracemalloc
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

from bot.commands import parse
from bot.decision import Decision
from bot.reasons import Why
from bot.reply import texts
from bot.settings import RoomSettings
from bot.terms import Incoming
from knowledge.archive.contents import ZONE, read
from knowledge.loading.load import load
from tests.group import ADMIN
from tests.soak.crowd import BOOKS, Crowd, Line
from tests.soak.part import Outcome, Part, Step, main
from tests.soak.talking import HOME, Talking, said
from tests.soak.texts import SEEDS
from tests.web.client import SECRET, Client, desk, enter, plain

_JUDGED = 0.3  # of what was answered
_AGAIN = 0.02  # of all messages are delivered twice
# MB of half a day that are no leak: the ids of its 14,000 messages, which the core (50,000) and the
# live archive (a day's) keep, and the crowd's own; 6.0 measured.
_FLAT = 8.0
_SHOWN = 20

_STATUS = re.compile(texts.STATUS_TODAY.replace("{}", r"(\d+)"))
_ROOMS = (
    RoomSettings(id=HOME.id, topic=HOME.topic, groups=("paytalk",), mode="ambient"),
    RoomSettings(id=BOOKS.id, topic=BOOKS.topic, groups=("ledgerlab",)),
)


class _Day:
    """A bot, its group, and what came of all that was said."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.chance = Random(seed)
        self.crowd = Crowd(self.chance)
        shutil.copytree(SEEDS, folder / "archive")
        load(folder / "bot.db", [folder / "archive"], workers=1)
        web = {"base_url": "https://archive.example.org", "web_token": SECRET}
        self.bot = Talking(folder, live=True, apart=True, rooms=_ROOMS, **web)
        self.bot.now = self.bot.now.replace(hour=0)
        self.came: Counter[Why] = Counter()
        self.judged: Counter[int] = Counter()
        self.archived = 0
        self.keys: Counter[str] = Counter()
        self.gone: set[str] = set()
        self.loads = 0
        self.faults: list[str] = []

    def take(self, line: Line) -> list[Decision]:
        """Somebody says something, some seconds later."""
        self.bot.now += timedelta(seconds=self.chance.randint(1, 5))
        incoming = self.bot.incoming(line.who, line.text, room=line.room)
        decisions = self._hear(incoming)
        self._archived(incoming)
        if self.chance.random() < _AGAIN:
            again = self._hear(incoming)
            if again[0].reason.why is not Why.SEEN_BEFORE or again[0].sends:
                self.faults.append(f"said twice: {again[0].reason}")
        return decisions

    def _hear(self, incoming: Incoming) -> list[Decision]:
        decisions = self.bot.hear(incoming)
        for decision in decisions:
            why = decision.reason.why
            if why in (Why.FAILED, Why.NOT_RELOADED):
                self.faults.append(f"{decision.reason} on {incoming.text!r}: {said([decision])}")
            # What was looked for is written down, but for what still waits.
            if decision.verdict is not None and why is not Why.HELD:
                self.came[why] += 1
            self.loads += why is Why.RELOADED
            self.keys.update(send.key for send in decision.sends)
            for name in self.gone:
                if name in said([decision]):
                    self.faults.append(f"{name} wished to be forgotten: {said([decision])[:80]}")
        return decisions

    def _archived(self, incoming: Incoming) -> None:
        """Count what belongs into the live archive: what is said in a room and is no command."""
        command = parse(incoming.text.replace("@爬楼", "").strip()) is not None
        self.archived += incoming.room is not None and not command

    def next(self) -> None:
        """The next thing is said, with what follows from it."""
        line = self.crowd.next()
        if line.kind == "answer":
            self.take(replace(line, text="/unanswered"))
        decisions = self.take(line)
        if line.kind == "forget me" and "好，" in said(decisions):
            self.gone.add(line.who)
        verdict = decisions[0].verdict
        if verdict and verdict.pages and decisions[0].sends and self.chance.random() < _JUDGED:
            worth = self.chance.choice((1, -1))
            word = {1: "有用", -1: "没用"}[worth]
            if texts.THANKS[worth] in said(self.take(replace(line, text=word))):
                self.judged[worth] += 1

    def compare(self) -> None:
        """See that `/status` says what was sent."""
        wanted = self.counted()
        reply = said(self.take(Line("command", ADMIN, "/status", None)))
        found = _STATUS.search(reply)
        told = [int(n) for n in found.groups()[:4]] if found else []
        if told != wanted:
            self.faults.append(f"/status at {self.bot.now:%H:%M} says {told}, it was {wanted}")

    def counted(self) -> list[int]:
        """How many were answered, told with a doubt, not found, and not answered silently."""
        outcomes: Counter[str] = Counter()
        for why, times in self.came.items():
            outcomes[why.outcome] += times
        missed = outcomes["not found"] + outcomes["offered"]
        return [outcomes["answered"], outcomes["hedged"], missed, outcomes["silent"]]

    def end(self) -> None:
        """Compare the record, the desk and the live archive with what was sent and said."""
        bot = self.bot
        midnight = bot.now.replace(hour=0, minute=0, second=0)
        noted = Counter(why for _, why in bot.core.record.decided(midnight))
        good, bad = bot.core.record.voices(midnight, bot.now + timedelta(seconds=1))
        bot.core.close()
        with closing(Client(bot.settings, lambda: bot.now)) as site:
            desk = _desk(site)
        heard = _heard(bot.settings.live)
        self._same("the record", _missed(noted), _missed(self.came))
        self._same("the record's voices", (good, bad), (self.judged[1], self.judged[-1]))
        row = f"{bot.now:%Y-%m-%d} " + " ".join(map(str, self.counted()))
        self._same("the desk's day", re.findall(rf"{bot.now:%Y-%m-%d} [\d ]+\d", desk), [row])
        self._same("the desk's voices", f"有用 {good} / 没用 {bad}" in desk, True)
        self._same("the live archive", heard.total(), self.archived)
        self._same("what it holds twice", [t for t, n in heard.items() if n > 1], [])
        twice = [key for key, times in self.keys.items() if times > 1]
        self._same(f"keys sent twice, of {len(self.keys):,}", twice[:3], [])

    def _same(self, what: str, found: object, wanted: object) -> None:
        if found != wanted:
            self.faults.append(f"{what}: {found!r} instead of {wanted!r}")


def _missed(reasons: Counter[Why]) -> Counter[Why]:
    """How often each came, all that was not found as one: a later answer takes it off the list."""
    found: Counter[Why] = Counter()
    for why, times in reasons.items():
        lacking = why in (Why.OFFERED, Why.TAUGHT, Why.DISMISSED)
        found[Why.NOT_FOUND if lacking else why] += times
    return found


def _desk(site: Client) -> str:
    """What the desk says, its blanks single."""
    page = desk(site, enter(site))
    return " ".join(plain(page.replace("</td>", " ").replace("</th>", " ")).split())


def _heard(live: Path | None) -> Counter[tuple[str, str, str, str]]:
    """How often each message stands in a live archive, by place, time, speaker and text."""
    found: Counter[tuple[str, str, str, str]] = Counter()
    for path in sorted(live.rglob("*.md")) if live else ():
        if reading := read(str(path), ZONE):
            found.update((path.parent.name, m.time, m.speaker, m.text) for m in reading.messages)
    return found


def _megabytes() -> tuple[float, float]:
    """What Python has allocated, and what the process takes, both in MB."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return tracemalloc.get_traced_memory()[0] / 1e6, pages * resource.getpagesize() / 1e6


def run(count: int, seed: int, step: Step) -> Outcome:
    """Play so many hours of one day."""
    tracemalloc.start()
    with tempfile.TemporaryDirectory(prefix="palou-day-") as name:
        day = _Day(Path(name).resolve(), seed)
        warm = _megabytes()
        for hour in range(count):
            until = day.bot.now.replace(minute=59, second=0)
            while day.bot.now < until:
                day.next()
            day.take(Line("command", ADMIN, "/reload", HOME))
            day.compare()
            day.bot.now = until.replace(second=30)
            if hour < count // 4:
                day.bot.restart()
            if hour == (count - 1) // 2:
                warm = _megabytes()
            if hour < count - 1:
                day.bot.now += timedelta(seconds=30)
            step(hour + 1)
        last = _megabytes()
        day.end()
    tracemalloc.stop()
    grown = last[0] - warm[0]
    if grown > _FLAT:
        day.faults.append(f"memory has grown by {grown:.1f} MB in the second half")
    figures = (
        f"{count} hours, {day.bot.number:,} messages, {sum(day.counted()):,} questions looked up, "
        f"{day.judged.total()} judged, {day.loads} loads asked for, {len(day.gone)} forgotten; "
        f"Python's memory {warm[0]:.1f} MB at half of it and {last[0]:.1f} at the end, "
        f"the process's {warm[1]:.0f} and {last[1]:.0f}; {len(day.faults)} faults"
    )
    return Outcome(figures, tuple(day.faults[:_SHOWN]))


PART = Part("day", "hours of a busy group", 24, 1, run)

if __name__ == "__main__":
    main(PART, __doc__ or "")
