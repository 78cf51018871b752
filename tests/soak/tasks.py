"""What a soak kills: each task with its folder, what is done there, and what has to hold after.

Every task begins with a folder that holds an archive and, but for the first load, a database.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random

from bot.harness.group import contact
from bot.reply import texts
from knowledge.errors import StoreError
from knowledge.loading.load import load
from knowledge.store import wishes
from knowledge.store.forget import of_contact, of_names
from knowledge.store.schema import SCHEMA, connect
from knowledge.store.transaction import bring_up_to_date, create
from tests.chats import Said, put
from tests.dump import DATA, restore
from tests.fish import chatlab
from tests.group import ADMIN
from tests.soak.killing import Tell
from tests.soak.talking import ASKED, HOME, Talking

_MADE = {
    *("files", "file_days", "losses", "days", "speakers", "messages", "people", "exchanges"),
    *("loads", "sounds", "index_size", "common_terms", "exchange_texts", "exchange_terms"),
    *(
        "exchange_index",
        "vectors",
        "vectors_of",
        "word_vectors",
        "word_vectors_of",
        "_sqlite_migrations",
    ),
}
# The tables that a load can make again: all others are what no load may lose.
_KNOWLEDGE = {
    "messages": "select grp, date, time, n, name, text from messages m"
    " join days d on d.id = m.id >> 20 join speakers using (grp) where speakers.id = speaker",
    "exchanges": "select grp, question, context, answers, sought, count from exchange_texts",
    "parts": "select role, time, n, text, probability from exchange_messages x"
    " join messages m on m.id = x.message",
    "terms": "select term, doc, cnt from exchange_terms",
    "files": "select path, sha256, grp, messages, same_as from files",
}
_APPLIED = "applied"
_ACTS = 14
_CITED = {
    "paytalk-20240506-090140": "十点还没有就找渠道经理",
    "paytalk-20240506-090100": "一般早上九点半以后",
}
_OF_ID = ("水泵的转子里进沙子了", "牙刷刷一遍就不响了")
_OF_NAMESAKE = "水草灯开八个钟头就够了"
_WHERE, _CUPBOARD = "请问第{}号档案柜的钥匙在哪里拿？", "第{}号档案柜的钥匙在前台老林那里拿"
_ERASED = "去掉了"  # in what is said to him who had all his words forgotten

State = dict[str, list[tuple[object, ...]]]


@dataclass(frozen=True, slots=True)
class Task:
    """What is done and killed: `prepare` makes its folder, `check` is given what was told."""

    name: str
    prepare: Callable[[Path], None]
    do: Callable[[Path, Tell], None]
    check: Callable[[Path, list[str], State, State], None]


def state(folder: Path) -> State | None:
    """All that a database knows and keeps, by table, without ids; None where it is to be made.

    How far wishes are applied stands by itself, as `applied`. StoreError: it is of an older schema.
    AssertionError: it is damaged.
    """
    database = folder / "bot.db"
    if not database.exists() or not database.stat().st_size:
        return None
    with closing(connect(database)) as conn:
        assert conn.execute("pragma integrity_check").fetchone() == ("ok",), "damaged"
        asked = dict(_KNOWLEDGE)
        for (name,) in conn.execute("select name from sqlite_master where type = 'table'"):
            if name not in _MADE and not name.startswith(("sqlite_", "exchange_index_")):
                asked[name] = f"select * from {name}"
        # When a load was told of a wish is its own affair.
        asked["forgotten"] = "select contact, what, grp, key from forgotten"
        asked[_APPLIED] = "select key, applied from forgotten"
        return {name: sorted(conn.execute(sql), key=repr) for name, sql in asked.items()}


def _load(folder: Path, tell: Tell) -> None:
    load(folder / "bot.db", [folder / "archive"])
    tell("loaded")


def brought_up_to_date(folder: Path) -> State:
    """What a database knows before a load has changed anything: none yet, or an older schema's."""
    database = folder / "bot.db"
    (bring_up_to_date if database.exists() else create)(database)
    now = state(folder)
    assert now is not None
    return now


def _old_or_new(folder: Path, told: list[str], before: State, after: State) -> None:
    """The old knowledge or the new one, and after the next load the new one."""
    with suppress(StoreError):  # of an older schema, or nothing yet: the next load has to take it
        now = state(folder)
        if now is None:
            assert not before["messages"], "the database is gone"
        else:
            # What a load has taken out, the next one may still have to wipe off the disk.
            old, new = ([x for x in _other(now, to) if x != _APPLIED] for to in (before, after))
            assert not (old and new), f"neither old nor new: old but for {old}, new but for {new}"
        assert "loaded" not in told or now == after, "what was loaded is lost"
    _load(folder, lambda line: None)
    last = state(folder)
    assert last == after, f"the next load comes to something else: {_other(last or {}, after)}"


def _wiped(folder: Path, told: list[str], before: State, after: State) -> None:
    """The same, and after the next load no byte of what is forgotten is left beside the archive."""
    _old_or_new(folder, told, before, after)
    _without(folder, *_CITED.values())


def _wiped_of_id(folder: Path, told: list[str], before: State, after: State) -> None:
    """The same of what an id said, while what a namesake said is there."""
    _old_or_new(folder, told, before, after)
    _without(folder, *_OF_ID)
    assert any(_OF_NAMESAKE in row for row in after["messages"]), "a namesake is forgotten"


def _without(folder: Path, *forgotten: str) -> None:
    for path in folder.glob("bot.db*"):
        for words in forgotten:
            assert words.encode() not in path.read_bytes(), f"{path.name} still holds {words}"


def _other(one: State, other: State) -> list[str]:
    """The tables in which two states differ."""
    return [name for name in other if one.get(name) != other[name]]


def _days(folder: Path, count: int, mark: str) -> None:
    for number in range(count):
        said: list[Said] = [
            (f"{9 + i // 60:02}:{i % 60:02}:00", f"人{i % 7}", f"{mark}怎么对第{i}笔账？{number}")
            for i in range(24)
        ]
        put(folder / "archive" / "desk", f"2024-05-{number + 1:02}", said)


def _nothing_yet(folder: Path) -> None:
    shutil.copytree(DATA / "paytalk", folder / "archive" / "paytalk")
    _days(folder, 2, "旧")


def _changed(folder: Path) -> None:
    """A loaded archive of which a file has changed since, one is gone, and one is new."""
    restore(SCHEMA, folder)
    _days(folder, 3, "旧")
    _load(folder, lambda line: None)
    _days(folder, 2, "新")
    (folder / "archive" / "desk" / "_posts" / "2024-05-03-chat.markdown").unlink()
    put(folder / "archive" / "desk", "2024-05-09", [("09:00:00", "人一", "请问票据几点出库？")])


def _linked_otherwise(folder: Path) -> None:
    """A loaded archive whose exchanges an older version of the links has made."""
    restore(SCHEMA, folder)
    _load(folder, lambda line: None)
    with closing(sqlite3.connect(folder / "bot.db")) as conn, conn:
        conn.execute("update loads set linked_by = 'older'")


def _wished(folder: Path) -> None:
    """A loaded archive, and wishes to be forgotten that no load has applied yet."""
    _linked(folder)
    bot = Talking(folder)
    for citation in _CITED:  # not `say`, by which a load would begin, and apply them
        bot.core.receive(bot.incoming(ADMIN, f"/forget {citation}"))
    bot.core.close()


def _wished_by_id(folder: Path) -> None:
    """An archive with ids, of which one is to be forgotten whose name another bears."""
    _linked(folder)
    first, second = _OF_ID
    talk = [
        (0, "wxid_a", "小王", first, None),
        (60, "wxid_b", "小王", _OF_NAMESAKE, None),
        (90, "wxid_c", "阿港", f"「小王：{first}」\n- - - - - - - - - - - - - - -\n好", None),
        (99, "wxid_a", "王-北塘", second, None),
    ]
    path = folder / "archive" / "paytalk" / "ids.jsonl"
    path.write_text(chatlab(talk, "paytalk"), encoding="utf-8")
    _load(folder, lambda line: None)
    rules = [*of_contact("paytalk", "wxid_a", words=True), *of_names("paytalk", ["王-北塘"], True)]
    rules.append(wishes.Rule("contact", "", wishes.hashed_contact("wxid_a")))
    wishes.keep(folder / "bot.db", rules, datetime(2024, 6, 1, tzinfo=UTC), "wxid_a")


def _linked(folder: Path) -> None:
    restore(SCHEMA, folder)
    _load(folder, lambda line: None)


def _talk(folder: Path, tell: Tell, *, seed: int) -> None:
    """Talk to a bot; tells what is tried, and what the bot has said is done."""
    chance = Random(seed)
    bot = Talking(folder, live=True)
    for n in range(_ACTS):
        _ACT[chance.choice(sorted(_ACT))](bot, n, tell)
    bot.core.close()


def _tell(tell: Tell, what: str, value: str, *of: str) -> None:
    tell(json.dumps([what, value, *of]))


def _once(words: str, tell: Tell, what: str, value: str, *of: str) -> Callable[[str], None]:
    """Tells something as soon as a reply with these words may be in the group."""
    return lambda reply: _tell(tell, what, value, *of) if words in reply else None


def _judge(bot: Talking, n: int, tell: Tell) -> None:
    asker = f"问的人{n}"
    bot.say(asker, f"@爬楼 {ASKED}")
    bot.say(asker, "有用", _once(texts.THANKS[1], tell, "judged", contact(asker).id))


def _mode(bot: Talking, n: int, tell: Tell) -> None:
    mode = ("ambient", "mention")[n % 2]
    _tell(tell, "mode?", mode)
    bot.command(f"/mode {mode}", _once(texts.MODE_SET.format(mode), tell, "mode", mode))


def _forget(bot: Talking, n: int, tell: Tell) -> None:
    citation = sorted(_CITED)[n % len(_CITED)]
    said = texts.FORGOTTEN.format(citation)
    bot.command(f"/forget {citation}", _once(said, tell, "forgotten", _CITED[citation]))


def _forget_me(bot: Talking, n: int, tell: Tell) -> None:
    who, asker, words = f"晚风-{n}楼", f"Mia{n}", _CUPBOARD.format(n)
    bot.say(asker, _WHERE.format(n))
    bot.say(who, f"@{asker}\u2005{words}")
    bot.command("/reload")
    bot.say(who, "/forget-me all", _once(_ERASED, tell, "erased", words, str(n)))
    bot.say(who, "/forget-me all", _once(_ERASED, tell, "erased", words, str(n)))


def _chatter(bot: Talking, n: int, tell: Tell) -> None:
    bot.now += timedelta(seconds=61)
    incoming = bot.incoming("聊天的人", f"第{n}句闲话")
    _tell(tell, "live?", incoming.text, incoming.id, incoming.sent_at.isoformat())
    bot.hear(incoming, lambda reply: _tell(tell, "live", incoming.text))


def _answer(bot: Talking, n: int, tell: Tell) -> None:
    answer = f"煮{n}小时就行"
    bot.say("好奇的人", f"@爬楼 紫砂壶第{n}次开壶要煮几个小时？")
    bot.command("/unanswered")
    bot.command(f"/answer 1 {answer}", _once("记下了", tell, "answered", answer))


def _reload(bot: Talking, n: int, tell: Tell) -> None:
    bot.command("/reload")


_ACT: dict[str, Callable[[Talking, int, Tell], None]] = {
    "answer": _answer,
    "chatter": _chatter,
    "forget": _forget,
    "forget me": _forget_me,
    "judge": _judge,
    "mode": _mode,
    "reload": _reload,
}


def _kept(folder: Path, told: list[str], before: State, after: State) -> None:
    """All that the bot said is done is done, for the bot that is started next.

    To that one the chat delivers again what it has delivered before.
    """
    lines = [tuple(json.loads(line)) for line in told]
    bot = Talking(folder, live=True)
    try:
        for what, text, *of in lines:
            if what == "live?":
                again = bot.incoming("聊天的人", text)
                at = datetime.fromisoformat(of[1])
                bot.core.receive(replace(again, id=of[0], sent_at=at))
        bot.number += _ACTS * 10
        _modes(bot, lines)
        reply = bot.say("另一个人", f"@爬楼 {ASKED}")
        for what, words, *_ in lines:
            assert what != "forgotten" or words not in reply, f"not forgotten: {words}"
        for what, words, *of in lines:
            if what == "erased":
                reply = bot.say("又一个人", f"@爬楼 {_WHERE.format(of[0])}")
                assert words not in reply, f"not erased: {words}"
        bot.command("/reload")
    finally:
        bot.core.close()
    with closing(connect(folder / "bot.db")) as conn:
        judged = {row[0] for row in conn.execute("select contact from feedback")}
    written = "".join(
        p.read_text("utf-8", "replace") for p in sorted(folder.glob("answers/**/*.md"))
    )
    lived = "".join(p.read_text("utf-8", "replace") for p in sorted(folder.glob("live/**/*.md")))
    for what, value, *_ in lines:
        assert what != "judged" or value in judged, f"lost what {value} thought of a reply"
        assert what != "answered" or value in written, f"lost the answer {value}"
        if what.startswith("live"):
            assert lived.count(value) == 1, f"{lived.count(value)} times: {value}"
    assert state(folder) is not None


def _modes(bot: Talking, lines: list[tuple[str, ...]]) -> None:
    """The mode of the room is the last that was set, or the one that was being set."""
    said = [value for what, value, *_ in lines if what == "mode"][-1:]
    tried = [value for what, value, *_ in lines if what == "mode?"][-1:]
    mode = bot.core.rooms.rules(HOME).mode
    assert not said or mode in (*said, *tried), f"mode {mode} instead of {said[0]}"


def tasks() -> list[Task]:
    """All of them."""
    return [
        Task("first load", _nothing_yet, _load, _old_or_new),
        Task("reload", _changed, _load, _old_or_new),
        Task("relink", _linked_otherwise, _load, _old_or_new),
        Task("forget", _wished, _load, _wiped),
        Task("forget by id", _wished_by_id, _load, _wiped_of_id),
        *(
            Task(f"migration {n}", partial(_older, schema=n), _load, _old_or_new)
            for n in range(1, SCHEMA)
        ),
        *(Task(f"talk {n}", _linked, partial(_talk, seed=n), _kept) for n in range(8)),
    ]


def _older(folder: Path, *, schema: int) -> None:
    restore(schema, folder)
