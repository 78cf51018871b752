"""What takes text from a chat, an archive or the web, each ready to be given hostile ones."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from contextlib import ExitStack, closing, redirect_stderr
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from urllib.parse import quote_from_bytes

from bot.asking import Asking
from bot.commands import duration, parse
from bot.harness.group import contact
from bot.reasons import Why
from bot.record.record import Record
from bot.reply.reply import messages
from bot.settings import Settings
from bot.terms import Contact, Incoming, Room
from bot.web.prose import render
from bot.wire.wechat.convert import mentions as mentions_bot
from knowledge.archive import writing
from knowledge.archive.formats.markdown import MarkdownReader, kept
from knowledge.groups import group_name
from knowledge.language import display, earnest, kinds, normal, questions, replies, retelling, words
from knowledge.loading.load import load
from knowledge.matching import overheard
from knowledge.model import Citation
from tests.group import ADMIN
from tests.soak.talking import HOME, Talking
from tests.soak.texts import SEEDS, Texts
from tests.web.client import SECRET, Client, settings

_ARCHIVED = 200  # hostile messages of the archive that is asked
_RELOADS = 4_000  # messages between two loads of what the bot has archived itself
_DUE = 25  # messages between two looks at what is due


@dataclass(frozen=True, slots=True)
class Target:
    """Something that takes a text; `share` of all inputs go to it. It raises what went wrong."""

    name: str
    share: float
    take: Callable[[str], object]


def targets(folder: Path, chance: Random, texts: Texts, ends: ExitStack) -> list[Target]:
    """All of them, over databases below a folder."""
    database = archive(folder / "asked", texts)
    record = ends.enter_context(closing(Record(database, read_only=True)))
    asking = ends.enter_context(closing(Asking(database, Settings(), record)))
    site = ends.enter_context(closing(Client(settings(database, web_token=SECRET))))
    bot = Hearing(folder / "heard" / "here", chance, texts)
    ends.callback(bot.close)
    return [
        Target("reader", 0.15, Reading(chance, texts).read),
        Target("kinds", 0.3, kinds.read),
        Target("text", 0.35, text),
        Target("ask", 0.09, lambda t: asking.ask(t, overheard=chance.random() < 0.5)),
        Target("core", 0.09, bot.hear),
        Target("pages", 0.02, Browsing(site, chance).open),
    ]


def archive(folder: Path, texts: Texts) -> Path:
    """A database of the sample archive with a day of hostile messages."""
    shutil.copytree(SEEDS, folder / "archive")
    said = [
        (f"{9 + n // 60:02}:{n % 60:02}:00", texts.name(), texts.text()) for n in range(_ARCHIVED)
    ]
    day = folder / "archive" / "paytalk" / f"2024-03-09{writing.SUFFIX}"
    day.write_text(writing.day("2024-03-09", said), encoding="utf-8", errors="replace")
    load(folder / "palou.db", [folder / "archive"], workers=1)
    return folder / "palou.db"


def text(said: str) -> None:
    """All that is made of a text by itself: how it is understood, compared and shown."""
    reading = kinds.read(said)
    for understood in (kinds.is_greeting, questions.kinds, questions.sentences, earnest.signs):
        understood(said)
    for by_plain in (replies.opening, replies.thanks, replies.is_yes, questions.expects_yes):
        by_plain(reading.plain)
    flat = normal.normal(said)
    normal.terms(flat)
    normal.tokens(said)
    words.words(reading.plain)
    retelling.retold(said)
    overheard.asks(said)
    overheard.questions_in(said)
    overheard.put_to_somebody(said)
    display.quoted(said)
    display.split(said, 200)
    parts = messages(said)
    assert len(parts) <= 3, f"{len(parts)} messages at once"
    request = parse(said)
    duration(request.rest if request else said)
    mentions_bot(said, (), contact("爬楼"))
    assert not set(" /\\\0") & set(group_name(said)), "no name of a folder"
    shown, _ = render(kept(said), 4_000)  # of stored text, as it is kept
    assert "<script" not in shown and "<img" not in shown, "markup of a member"
    try:
        Citation.parse(said)
    except ValueError:
        return


class Reading:
    """Files as somebody forges them."""

    def __init__(self, chance: Random, texts: Texts) -> None:
        self._chance = chance
        self._texts = texts
        self._reader = MarkdownReader()

    def read(self, said: str) -> None:
        """Read a file that holds a text somewhere."""
        chance = self._chance
        at = f"{chance.randint(0, 29):02}:{chance.randint(0, 69):02}:{chance.randint(0, 69):02}"
        front = chance.choice((writing.front_matter("2024-03-01"), f"---\n{said}\n---\n", said, ""))
        body = f"> {at}  {self._texts.name()}  \n   \n{said}  \n   \n" * chance.randint(0, 3)
        code = chance.choice(("utf-8", "utf-8", "utf-8", "gb18030", "utf-16"))
        content = bytearray(
            (front + body).encode(code, "surrogatepass" if code == "utf-8" else "replace")
        )
        for _ in range(chance.choice((0, 0, 0, 1, 5)) if content else 0):
            content[chance.randrange(len(content))] = chance.randrange(256)
        self._reader.recognises(bytes(content[:65536]))
        found = self._reader.read(io.BytesIO(content), f"2024-03-01{said[:20]}.md")
        for message in found.messages:
            datetime.fromisoformat(f"{message.date}T{message.time}")
            assert message.speaker.splitlines() == [message.speaker], "no name"
            (message.text + message.speaker).encode("utf-8")
        assert len(found.losses) <= 1000, f"{len(found.losses)} losses"


class Hearing:
    """A bot with a live archive in rooms of any name, and admins who say anything."""

    def __init__(self, folder: Path, chance: Random, texts: Texts) -> None:
        folder.mkdir(parents=True)
        self._folder = folder
        self._chance = chance
        self._texts = texts
        shutil.copytree(SEEDS, folder / "archive")
        load(folder / "bot.db", [folder / "archive"], workers=1)
        self._bot = Talking(folder, live=True, apart=True, private=("paytalk",))
        self._heard = 0
        self._rooms = [Room(f"{n}@chatroom", texts.name()) for n in range(2, 20)]

    def hear(self, said: str) -> None:
        """Somebody says it, somewhere; now and then all is loaded anew."""
        bot, chance = self._bot, self._chance
        bot.now += timedelta(seconds=chance.choice((0, 1, 20, 90)))
        room = chance.choice((HOME, HOME, HOME, None, chance.choice(self._rooms)))
        incoming = bot.incoming(ADMIN, said, room=room)
        if chance.random() < 0.8:
            name = self._texts.name()
            sender = Contact(chance.choice((name, f"id-{self._heard % 50}")), name)
            incoming = replace(incoming, sender=sender, mentioned=chance.random() < 0.3)
        self._take(incoming)
        self._heard += 1
        if self._heard % _RELOADS == 0:
            self._take(bot.incoming(ADMIN, "/reload"))
        if self._heard % _DUE == 0:
            for decision in bot.core.due(bot.now):
                assert decision.reason.why is not Why.NOT_RELOADED, decision.sends[0].text
            self._look_around()

    def _take(self, incoming: Incoming) -> None:
        decision = self._bot.core.receive(incoming)
        if decision.reason.why is Why.FAILED:
            try:
                self._bot.core.decide(replace(incoming, id=f"{incoming.id} again"))
                raise AssertionError("it failed the first time alone")
            except Exception as e:
                e.add_note(repr(incoming))
                raise

    def _look_around(self) -> None:
        """Nothing is written but where it belongs."""
        allowed = {"archive", "live", "answers"}
        names = {p.name for p in self._folder.iterdir() if not p.name.startswith("bot.db")}
        outside = names - allowed | {p.name for p in self._folder.parent.iterdir()} - {"here"}
        assert not outside, f"written outside: {sorted(outside)}"

    def close(self) -> None:
        """End it."""
        self._bot.core.close()


class Browsing:
    """Somebody with a browser, and any address."""

    def __init__(self, site: Client, chance: Random) -> None:
        self._site = site
        self._chance = chance

    def open(self, said: str) -> None:
        """Ask for a page with a text somewhere in its address."""
        # As long as servers take an address with three of them: 65,536 characters.
        quoted = quote_from_bytes(said.encode("utf-8", "surrogatepass")[:5_000], safe="")
        hour, minute = divmod(self._chance.randrange(_ARCHIVED), 60)
        address = self._chance.choice(_ADDRESSES).replace("{}", quoted)
        address = address.replace("{hostile}", f"paytalk-20240309-{9 + hour:02}{minute:02}00")
        with redirect_stderr(io.StringIO()):  # Datasette prints the SQL of what it refuses
            if address == "/desk":
                answer = self._site.post("/desk/enter", {"token": quoted})
            else:
                answer = self._site.get(address)
        assert answer.status_code < 500, f"{answer.status_code}: {address[:200]}"
        if not address.startswith("/archive"):
            assert "<script" not in answer.text.lower(), f"markup: {address[:200]}"


_ADDRESSES = (
    *("/?q={}", "/?q={}", "/?q={}&page={}", "/?group={}&month={}", "/?q=对账&speaker={}&t={}"),
    *("/m/{hostile}", "/m/{hostile}", "/m/{hostile}?part={}", "/day/paytalk/2024-03-09?page={}"),
    *("/m/{}", "/m/{}?part={}&t={}", "/day/{}/2024-03-09", "/people?page={}", "/people", "/"),
    *("/desk?k={}", "/desk", "/archive/messages?{}", "/archive/messages?_sort={}", "/{}"),
    *("/archive/exchange_messages?_search={}", "/archive/messages?text__contains={}", "/-/{}"),
    *("/archive/messages.json?time={}", "/archive/{}", "/archive/messages/{}"),
)
# Addresses of the pages with a text where something is expected; `{hostile}` is a citation.
