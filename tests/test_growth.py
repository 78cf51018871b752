"""No text takes much longer than its length says: whoever types one cannot keep the bot busy.

Every function that is given text is driven, found by its annotated types, with texts that repeat
what patterns and loops stumble over. Here, rooms that take texts apart get all of these shapes, the
others a dozen each, in turn; with `GROWTH=all` in the environment, every function gets all.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import sqlite3
import types
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from markupsafe import Markup, escape

from bot.asking import Asking
from bot.memory import Memory
from bot.record.record import Record
from bot.reload import InProcess, Reloader
from bot.settings import Settings
from bot.web.site import Site
from knowledge.archive.formats.markdown import MarkdownReader
from knowledge.archive.reading import Reader, ReadMessage
from knowledge.errors import StoreError
from knowledge.language.normal import normal, terms
from knowledge.linking.company import Lead
from knowledge.linking.exchanges import scene_of
from knowledge.linking.people import People
from knowledge.linking.scene import Note, Scene
from knowledge.matching.compare import detail, make_query, prepare
from knowledge.matching.query import Archived, Detail, Query
from knowledge.matching.search import Lookup
from knowledge.model import Citation, Message
from knowledge.store.read import Day
from knowledge.store.schema import connect
from knowledge.store.vocabulary import Vocabulary
from tests.growth import SHAPES, Driven, Maker, functions, grows, modules, types_of
from tests.web.client import NOW

LEFT_OUT = {
    "knowledge.train": "run by hand, on archives that whoever runs it chose",
    "knowledge.processes": "starts programs",
    "knowledge.loading.linker": "hands days to processes; what they do is driven by itself",
    "bot.cli": "what the operator types",
    "bot.harness": "tests that the operator wrote",
    "bot.reports": "pages for the operator, made once a day",
    "bot.embedding": "starts programs",
    "bot.learning": "starts programs",
    "bot.reload": "starts programs",
    "bot.tokens": "makes its key slowly on purpose",
    "bot.web.app": "starts a server",
    "bot.wire": "hands texts on as they are",
}
"""What is not driven, and why."""

TAKEN_APART = ("knowledge.archive", "knowledge.language", "bot.web.prose")
"""Rooms whose functions get all shapes."""

DOZEN = 12

MODULES = sorted(modules(LEFT_OUT), key=lambda module: module.__name__)


class Arguments(dict[str, str]):
    """The query string of a request."""

    def getlist(self, name: str) -> list[str]:
        return [self[name]] if name in self else []


@pytest.fixture(scope="module")
def maker(seeds_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Maker]:
    copy = tmp_path_factory.mktemp("growth") / "palou.db"
    shutil.copy(seeds_database, copy)
    conn = connect(copy, read_only=False)
    ours = [kind for module in MODULES for kind in types_of(module)]
    words = Vocabulary.read(conn)
    cited = Citation("paytalk", "2024-03-01", "09:00:00")

    def scene(text: str) -> Scene:
        said = [
            Message(Citation("paytalk", cited.date, f"09:00:0{n}"), "abc"[n % 3], text)
            for n in range(4)
        ]
        return scene_of(said, [], [], People({}))

    def query(text: str) -> Query:
        found = tuple(dict.fromkeys(terms(normal(text))))
        lookup = Lookup(found, (1,) * len(found), {1: 0.5}, ([1],) * len(found))
        return make_query(normal(text), lookup, words, {})

    def archived(text: str) -> Archived:
        return prepare(normal(text), 0.5, 1, 0.5)

    chosen = Settings(database=copy)
    record = Record(copy)
    asking = Asking(copy, chosen, record)
    reloader = InProcess(lambda: "")
    site = Site(chosen, copy, reloader, lambda: NOW)

    special: dict[Any, Callable[[str], object]] = {
        Path: lambda text: copy,
        sqlite3.Connection: lambda text: conn,
        Settings: lambda text: chosen,
        Record: lambda text: record,
        Asking: lambda text: asking,
        Reloader: lambda text: reloader,
        Site: lambda text: site,
        Reader: lambda text: MarkdownReader(),
        BinaryIO: lambda text: io.BytesIO(text.encode("utf-8", "replace")),
        Markup: escape,
        Memory: lambda text: Memory(),
        Citation: lambda text: cited,
        Message: lambda text: Message(cited, text, text),
        ReadMessage: lambda text: ReadMessage(cited.date, cited.time, text, text, 1),
        Day: lambda text: Day("paytalk", cited.date, 1, ((cited.time, 0, text, text),)),
        Scene: scene,
        Note: lambda text: scene(text).notes[0],
        Lead: lambda text: Lead(0, 0.5, {1: 0.5}),
        Vocabulary: lambda text: words,
        Query: query,
        Archived: archived,
        Detail: lambda text: detail(archived(text), words),
    }
    yield Maker(special, ours)
    conn.close()
    site.close()
    asking.close()
    with suppress(StoreError):  # it was driven with statements that are none
        record.close()


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_time_grows_with_the_length_of_a_text(module: types.ModuleType, maker: Maker) -> None:
    steep = []
    for number, driven in enumerate(functions(module, maker)):
        shapes = list(SHAPES)
        if os.environ.get("GROWTH") != "all" and not module.__name__.startswith(TAKEN_APART):
            shapes = (shapes[number * DOZEN % len(shapes) :] + shapes)[:DOZEN]
        for shape in shapes:
            try:
                found = grows(driven, shape)
            except Exception:
                continue  # no argument can be made of this text
            if found:
                steep.append(str(found))
                break
    assert steep == []


def test_what_takes_texts_apart_is_driven(maker: Maker) -> None:
    names = {driven.name for module in MODULES for driven in functions(module, maker)}
    assert len(names) > 400
    assert names >= {
        "knowledge.language.kinds.read",
        "knowledge.language.display.shown",
        "knowledge.archive.formats.markdown.MarkdownReader.read",
        "knowledge.archive.writing.tame_text",
        "knowledge.linking.exchanges.build",
        "knowledge.matching.match.Matcher.ask",
        "knowledge.store.forgotten.Forgotten.masked",
        "bot.asking.Asking.ask",
        "bot.core.PalouCore.receive",
        "bot.reply.reply.told",
        "bot.talk.Talk.answer",
        "bot.web.prose.render",
    }


_RUN = re.compile(r"\s+x")


@pytest.mark.parametrize(
    ("does", "is_steep"),
    [
        (lambda text: _RUN.search(text), True),
        (lambda text: [text[:n].split() for n in range(0, len(text), 4)], True),
        (lambda text: text.split(), False),
        (lambda text: sorted(set(text)), False),
    ],
)
def test_what_grows_too_steep_is_told(does: Callable[[str], object], is_steep: bool) -> None:
    driven = Driven("it", lambda text: lambda: does(text))
    assert (grows(driven, "blanks between") is not None) is is_steep
