"""Threads and topics are conversations of their own, in what answers what and what is loaded."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from knowledge.linking.exchanges import build
from knowledge.linking.network import Network
from knowledge.linking.people import People
from knowledge.loading.load import load
from knowledge.model import Exchange, Message
from knowledge.store.read import Store
from knowledge.store.schema import connect
from tests.chat import chat
from tests.test_load import content

ZONE = ZoneInfo("Asia/Shanghai")
START = int(datetime(2024, 5, 6, 10, tzinfo=ZONE).timestamp())
HOUR, DAY = 3600, 86400

Said = tuple[int, str, str, str]
"""Seconds after START, topic, who, words."""

PUMP = "请问鱼缸的水泵半夜嗡嗡响是怎么回事？"
PUMP_ANSWER = "转子里进沙子了，拆下来用牙刷刷一遍"
LAMP = "请问水草灯一天开几个钟头合适？"
LAMP_ANSWER = "八个钟头，多了长藻"
BOTH: list[Said] = [
    (0, "器材", "海蓝", PUMP),
    (20, "水草", "老渔夫", LAMP),
    (50, "水草", "石花", LAMP_ANSWER),
    (70, "器材", "阿港", PUMP_ANSWER),
]


def zulip(folder: Path, said: Sequence[Said]) -> Path:
    """A stream of Zulip's, whose topics are threads: nobody replies by an id."""
    people = sorted({who for _, _, who, _ in said})
    messages = [
        {"id": n, "sender": people.index(who) + 1, "content": text, "recipient": 5,
         "date_sent": float(START + after), "subject": topic, "sending_client": 1}
        for n, (after, topic, who, text) in enumerate(said)
    ]  # fmt: skip
    realm: dict[str, Any] = {
        "zerver_userprofile": [{"id": n, "full_name": w} for n, w in enumerate(people, 1)],
        "zerver_stream": [{"id": 9, "name": "水族"}],
        "zerver_recipient": [{"id": 5, "type": 2, "type_id": 9}],
    }
    folder.mkdir(exist_ok=True)
    (folder / "realm.json").write_text(json.dumps(realm), encoding="utf-8")
    (folder / "messages-000001.json").write_text(
        json.dumps({"zerver_message": messages, "zerver_usermessage": []}), encoding="utf-8"
    )
    return folder


def exchanges(database: Path) -> dict[str, Exchange]:
    """All exchanges, by the text of their leads."""
    with closing(connect(database)) as conn:
        ids = [i for (i,) in conn.execute("select id from exchanges")]
        return {x.lead.text: x for x in Store(conn).exchanges(ids).values()}


def answers(exchange: Exchange) -> list[str]:
    return [a.message.text for a in exchange.answers]


def test_each_topic_answers_its_own_questions(tmp_path: Path, database: Path) -> None:
    load(database, [zulip(tmp_path / "z", BOTH)], zone=ZONE)
    found = exchanges(database)
    assert answers(found[PUMP]) == [PUMP_ANSWER]
    assert answers(found[LAMP]) == [LAMP_ANSWER]
    assert [m.text for x in found.values() for m in x.thread] == []


@pytest.mark.parametrize("later", [6 * HOUR, 15 * HOUR, 3 * DAY], ids=["hours", "night", "days"])
def test_what_is_said_in_a_thread_later_belongs_to_it(
    tmp_path: Path, database: Path, later: int
) -> None:
    talk = [(n * 600, "闲聊", "路人甲乙丙丁"[n % 2 :][:3], f"第{n}缸换水了") for n in range(1, 60)]
    said = sorted([BOTH[0], *talk, (later, "器材", "阿港", PUMP_ANSWER)])
    load(database, [zulip(tmp_path / "z", said)], zone=ZONE)
    assert answers(exchanges(database)[PUMP]) == [PUMP_ANSWER]


def test_a_thread_that_goes_on_is_linked_as_if_it_had_been_loaded_at_once(
    tmp_path: Path, database: Path
) -> None:
    said = [BOTH[0], *((n * DAY, "水草", "石花", f"第{n}天：水草长得很好") for n in range(1, 6))]
    load(database, [zulip(tmp_path / "z", said)], zone=ZONE)
    assert PUMP not in exchanges(database) or not answers(exchanges(database)[PUMP])
    more = [*said, (6 * DAY, "器材", "阿港", PUMP_ANSWER)]
    load(database, [zulip(tmp_path / "z", more)], zone=ZONE)
    assert answers(exchanges(database)[PUMP]) == [PUMP_ANSWER]
    fresh = tmp_path / "fresh.db"
    load(fresh, [tmp_path / "z"], zone=ZONE)
    assert content(database) == content(fresh)
    load(database, [zulip(tmp_path / "z", said)], zone=ZONE)
    load(again := tmp_path / "again.db", [tmp_path / "z"], zone=ZONE)
    assert content(database) == content(again)


DAY_OF_CHAT = """
    09:00:00 海蓝: 请问鱼缸的水泵半夜嗡嗡响是怎么回事？
    09:00:20 石花: 转子里进沙子了，拆下来用牙刷刷一遍
    09:00:40 老渔夫: 请问这种牙刷在哪里买合适？
    09:01:00 阿港: 超市里两块钱一把的就可以
    09:01:20 石花: 软毛的就行，不要硬的
"""


def built(day: list[Message], network: Network) -> dict[str, list[str]]:
    return {
        e.lead.text: [a.message.citation.time for a in e.answers]
        for e in build(day, [], [], People({}), network)
    }


def rooted(day: list[Message], inside: Sequence[int]) -> Network:
    """A thread as Slack has it: all of it replies to its root, the first message."""
    root = day[0].citation
    return Network(
        replies={day[k].citation: root for k in inside},
        threads={day[k].citation: "t" for k in (0, *inside)},
        roots=frozenset([root]),
    )


def test_a_second_question_in_a_thread_has_its_own_answers() -> None:
    day = chat(DAY_OF_CHAT)
    found = built(day, rooted(day, [1, 2, 3, 4]))
    assert found[day[0].text] == ["09:00:20"]
    assert "09:01:00" in found[day[2].text]


def test_a_root_may_be_answered_in_the_group_and_leads_one_exchange() -> None:
    day = chat(DAY_OF_CHAT)
    found = build(day, [], [], People({}), rooted(day, [3]))
    leads = [e.lead.citation for e in found]
    assert len(leads) == len(set(leads))
    # Nothing but the reply in the thread answers it, where there is one.
    assert built(day, rooted(day, [3]))[day[0].text] == ["09:01:00"]


def test_a_reply_out_of_another_thread_answers_all_the_same() -> None:
    day = chat(DAY_OF_CHAT)
    threads = {day[0].citation: "one", day[3].citation: "two"}
    unlinked = built(day, Network(threads=threads))
    assert "09:01:00" not in unlinked.get(day[0].text, [])
    linked = built(day, Network(replies={day[3].citation: day[0].citation}, threads=threads))
    assert linked[day[0].text] == ["09:01:00"]
