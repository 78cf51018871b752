"""What all pages share: the archive and the answers behind them, templates, threads."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, Protocol, TypeVar

from jinja2 import Environment, FileSystemLoader

from bot.asking import Asking
from bot.bounded import Bounded
from bot.decision import Verdict
from bot.record.record import Record
from bot.reload import Reloader
from bot.reports import charts
from bot.reports.palette import COLOURS
from bot.settings import Settings
from bot.tokens import tokens
from bot.web.access import Access, access
from bot.web.door import Door, file_of
from knowledge.matching.search import GLANCE
from knowledge.matching.similar import Similar
from knowledge.store.archive import Archive
from knowledge.store.state import snapshot

T = TypeVar("T")

HERE = Path(__file__).parent

FOUND = GLANCE.finalists
"""Matches that a search pages through: those that the matcher compares in all their parts."""

_NEAREST = 200  # of the questions of the desk, what was found nearest


class Arguments(Protocol):
    """The query string of a request."""

    def get(self, name: str, default: str | None = None) -> str | None:
        """The first value of an argument."""

    def getlist(self, name: str) -> list[str]:
        """All its values."""


@dataclass(frozen=True, slots=True)
class WebPage:
    """An answer to a request: HTML, or with `location` a redirection."""

    html: str
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "text/html; charset=utf-8"


class Style(NamedTuple):
    """A style sheet, by a name that is another one with each version."""

    name: str
    css: str


def _style(file: str, called: str, before: str = "", after: str = "") -> Style:
    css = before + (HERE / "static" / file).read_text("utf-8") + after
    return Style(f"{called}.{hashlib.sha256(css.encode()).hexdigest()[:12]}.css", css)


class Site:
    """One database with its settings, as it is shown.

    Reading and searching each have a thread and connections of their own: SQLite's connections and
    the matcher's caches are used by one thread at a time, and a search holds up no page.
    """

    def __init__(
        self,
        settings: Settings,
        database: Path,
        reloader: Reloader,
        clock: Callable[[], datetime],
        *,
        immutable: bool = False,
    ) -> None:
        self.settings = settings
        self.database = database
        self.immutable = immutable
        self.reloader = reloader
        self.clock = clock
        self.archive = Archive(database, immutable=immutable, me=settings.me)
        self.similar = Similar(self.archive.conn)
        self.record = Record(database, read_only=True, immutable=immutable)
        self._news = Archive(database, immutable=immutable)
        self._voices = Record(database, read_only=True, immutable=immutable)
        self._asking = Asking(database, settings, self._voices, immutable=immutable)
        self._nearest: Bounded[object, Verdict] = Bounded(_NEAREST)
        self.door = Door(tokens(settings.web_token), None if immutable else file_of(database))
        self._reader = ThreadPoolExecutor(1, "palou-read")
        self._searcher = ThreadPoolExecutor(1, "palou-search")
        self.style = _style("palou.css", "palou", COLOURS, charts.STYLE)
        self.tables_style = _style("tables.css", "palou-tables")
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates" / "palou"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(
            css=f"{settings.prefix}/-/{self.style.name}", icon=f"{settings.prefix}/-/palou.svg"
        )

    async def read(self, what: Callable[[], T]) -> T:
        """Run something that reads the archive, in its thread, on one state of the database."""

        def within() -> T:
            with self.archive.reading():
                return what()

        return await asyncio.get_running_loop().run_in_executor(self._reader, within)

    async def ask(self, text: str, groups: tuple[str, ...] | None) -> Verdict:
        """What the bot would say, were it asked, with the knowledge of some groups (None: all)."""

        def within() -> Verdict:
            if self._news.refresh():
                self._asking.refresh()
            with snapshot(self._asking.conn):
                return self._asking.ask(text, groups=groups, k=FOUND)

        return await asyncio.get_running_loop().run_in_executor(self._searcher, within)

    async def nearest(self, text: str, groups: tuple[str, ...] | None) -> Verdict:
        """The same as `ask`, remembered until the knowledge changes: the desk asks it again."""
        key = text, groups, self.archive.generation
        if key not in self._nearest:
            self._nearest[key] = await self.ask(text, groups)
        return self._nearest[key]

    def access(self, arguments: Arguments) -> Access:
        """What a request may see; call it within `read`."""
        # The pages of tables take `t` for the name of a column.
        return self.access_with([*arguments.getlist("t"), *arguments.getlist("_t")])

    def access_with(self, brought: Sequence[str]) -> Access:
        """What some tokens open; call it within `read`."""
        return access(self.settings, self.archive.groups, brought)

    def visible(self, arguments: Arguments) -> list[str]:
        """The groups whose rows a request may see; call it within `read`.

        Rows are shown as they are stored, so a group of which something is still to be taken out is
        shown when that is done.
        """
        pending = self.archive.pending()
        return [g for g in self.access(arguments).groups if g not in pending]

    def page(self, template: str, status: int = 200, /, **context: object) -> WebPage:
        """A page made of a template."""
        return WebPage(self._templates.get_template(template).render(context), status)

    def note(self, status: int, title: str, said: str, home: str = "") -> WebPage:
        """A page that says why there is no other."""
        home = home or self.settings.prefix + "/"
        return self.page("note.html", status, title=title, said=said, home=home)

    def moved(self, to: str) -> WebPage:
        """Where a page is to be found."""
        return WebPage("", 302, {"Location": to})

    def close(self) -> None:
        """End the threads and let go of the database."""
        self._reader.shutdown()
        self._searcher.shutdown()
        self._asking.close()
        self._news.close()
        self._voices.close()
        self.record.close()
        self.archive.close()
