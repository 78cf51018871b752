"""Searching: words as they were said, what is pasted, people and the front page."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from bot.reasons import Reason, Why
from bot.record.record import Record
from bot.web.query import cited, dated, read
from knowledge.loading.load import load
from knowledge.model import Citation
from knowledge.store import forget, wishes
from knowledge.store.schema import connect
from tests.chats import put
from tests.web.client import (
    QUESTION,
    SECRET,
    SPEAKER,
    Client,
    Serve,
    closed,
    links,
    plain,
    settings,
    token,
)


def rows(page: str) -> list[str]:
    """The messages that a page lists."""
    listed: list[str] = re.findall(r'<ol class="rows">(.*)</ol>', page, re.S)
    return listed[0].split("<li>")[1:]


def count(client: Client, word: str) -> int:
    (found,) = client.site.archive.conn.execute(
        "select count(*) from messages where instr(text, ?)", [word]
    ).fetchone()
    return int(found)


def test_every_message_that_holds_the_words_is_listed_highlighted_page_by_page(
    seeds_site: Client,
) -> None:
    path, seen = "/?in=words&q=清算", []
    assert f"原话 {count(seeds_site, '清算')} 条" in seeds_site.text("/?q=清算")
    while path:
        page = seeds_site.get(path).text
        for row in rows(page):
            assert "<mark>清算</mark>" in row
        seen += [x for x in links("".join(rows(page))) if x.startswith("/m/")]
        found = re.findall(r'href="([^"]*)" rel="next"', page)
        path = found[0].replace("&amp;", "&") if found else ""
    assert len(seen) == len(set(seen)) == count(seeds_site, "清算") > 20


def test_all_of_several_words_have_to_be_there(seeds_site: Client) -> None:
    both = rows(seeds_site.get("/?in=words&q=备付金 网联").text)
    assert both and all("备付金" in plain(r) and "网联" in plain(r) for r in both)
    assert "没有一条原话" in seeds_site.text("/?in=words&q=备付金 没有这个词的")


def test_words_are_ordered_by_date_or_nearness(seeds_site: Client) -> None:
    def dates(order: str) -> list[str]:
        page = seeds_site.get(f"/?in=words&q=备付金&order={order}").text
        return [re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d", row)[0] for row in rows(page)]

    assert dates("") == sorted(dates(""), reverse=True)
    assert dates("old") == sorted(dates("old"))
    assert dates("near") not in (dates(""), dates("old"))


def test_words_are_narrowed_down_by_who_said_them_and_where(seeds_site: Client) -> None:
    his = rows(seeds_site.get("/?q=备付金 发言人:知渔").text)
    assert his and all(SPEAKER in row for row in his)
    page = seeds_site.get("/?in=words&q=备付金 群:ledger").text
    assert all(x.startswith("/m/ledgerlab-") for x in links("".join(rows(page))))
    by_speaker = [x for x in links(page) if "speaker=" in x]
    narrowed = seeds_site.get(by_speaker[0]).text
    names = {re.findall(r'class="name[^"]*">([^<]+)', row)[0] for row in rows(narrowed)}
    assert len(names) == 1 and quote(names.pop()) in by_speaker[0]


def test_words_of_a_closed_group_are_not_found(closed_site: Client) -> None:
    assert closed_site.get("/?in=words&q=备付金").status_code == 403
    page = closed_site.get(f"/?in=words&q=备付金&t={token('ledgerlab')}").text
    assert all(x.startswith("/m/ledgerlab-") for x in links("".join(rows(page))))
    for q in ("备付金", SPEAKER, "2024-03-01", "发言人:知渔"):
        answer = closed_site.get(f"/?q={q}&t={token('ledgerlab')}")
        said = answer.text + answer.headers.get("location", "")
        said = said.replace(q, "").replace(quote(q), "")
        assert "paytalk" not in said and quote(SPEAKER) not in said and "知渔-" not in said, q


@pytest.mark.parametrize("words", [False, True], ids=["name", "words"])
def test_who_is_forgotten_is_found_by_no_word(own: Path, serve: Serve, words: bool) -> None:
    client = serve(settings(own))
    assert client.get(f"/?q={SPEAKER}").status_code == 302
    conn = connect(own)
    wishes.keep(own, forget.about(conn, "paytalk", SPEAKER, words), datetime.now(UTC), "c")
    conn.close()
    said = "把大家该收该付的轧出来"
    for _ in range(2):
        for path in (f"/?q={SPEAKER}", "/?q=发言人:知渔", "/?in=words&q=知渔"):
            assert (
                SPEAKER
                not in client.text(path)
                .replace(f"「{SPEAKER}」", "")
                .replace(f"{SPEAKER} ", "")
                .split("怎么找")[-1]
                .partition("缩小")[2]
            ), path
        assert client.get(f"/people/paytalk/{SPEAKER}").status_code == 404
        found = client.get(f"/?in=words&q={said}").text
        assert ("<mark>" in found) is not words and f">{SPEAKER}<" not in found
        load(own, [own.parent / "archive"])


@pytest.mark.parametrize(
    "pasted",
    [
        QUESTION,
        f"原文：{QUESTION}",
        f" {QUESTION}。",
        f"https://archive.example.org/m/{QUESTION}?t=x",
        f"https://elsewhere.example/m/{QUESTION}+0",
    ],
)
def test_a_pasted_citation_or_link_goes_to_its_page(seeds_site: Client, pasted: str) -> None:
    answer = seeds_site.get("/", params={"q": pasted})
    assert answer.status_code == 302 and answer.headers["location"] == f"/m/{QUESTION}"


@pytest.mark.parametrize("pasted", ["2024-03-01", "20240301", "2024年3月1日", "2024/3/1"])
def test_a_pasted_date_goes_to_its_day(seeds_site: Client, pasted: str) -> None:
    answer = seeds_site.get("/", params={"q": pasted})
    assert answer.status_code == 302
    assert answer.headers["location"] == "/day/paytalk/2024-03-01"


def test_a_name_goes_to_what_that_person_asked_and_answered(seeds_site: Client) -> None:
    answer = seeds_site.get("/", params={"q": SPEAKER})
    assert answer.status_code == 302
    page = seeds_site.get(answer.headers["location"]).text
    assert f"/m/{QUESTION}" in links(page.split('id="answered"')[1].split('id="asked"')[0])
    assert answer.headers["location"] in links(seeds_site.get("/people?group=paytalk").text)
    (everything,) = [x for x in links(page) if "in=words" in x]
    listed = rows(seeds_site.get(everything).text)
    assert listed and all(SPEAKER in row for row in listed)


def test_a_question_that_only_looks_like_something_pasted_is_asked(seeds_site: Client) -> None:
    for text in ("2024-03-01 备付金放到网联去吗", f"{QUESTION} 这条后来怎么样了，有人知道吗"):
        assert seeds_site.get("/", params={"q": text}).status_code == 200


def test_what_was_found_in_one_conversation_is_one_entry(seeds_site: Client) -> None:
    page = seeds_site.get("/?q=备付金 网联").text
    entries = re.findall(r'<li class="card.*?</li>', page, re.S)
    first = [re.findall(r"-(\d{8})-(\d\d)(\d\d)", e)[0] for e in entries]
    minutes = [(d, int(h) * 60 + int(m)) for d, h, m in first]
    for i, (date, at) in enumerate(minutes):
        for other, then in minutes[:i]:
            assert date != other or abs(at - then) >= 30


def test_what_has_little_in_common_is_not_listed_as_if_it_had(seeds_site: Client) -> None:
    page = seeds_site.get("/?q=周末去哪里钓鱼比较好").text
    assert 'class="card"' not in page.split('<ol class="found">')[1].split("</ol>")[0]
    assert "只是字面上有点像" in page or "没有相近的问题" in page


def test_the_front_page_has_examples_counts_and_what_was_asked_of_late(
    own: Path, serve: Serve
) -> None:
    record, now = Record(own), datetime.now(UTC)
    answered = Reason(Why.ANSWERED, 0.9, 0.8)
    for room, text in (
        ("1@chatroom", "备付金交给谁"),
        ("2@chatroom", "账怎么记"),
        ("@c9", "私下问的"),
    ):
        for _ in range(2):
            record.question(now, room, "c9", text, answered, 0.9)
    record.close()
    client = serve(closed(own))
    page = client.text(f"/?t={token('paytalk')}")
    assert "备付金交给谁" in page and "问得最多" in page
    assert "账怎么记" not in page and "私下问的" not in page
    assert re.search(r"[\d,]+ 个问题有回答", page) and "ledgerlab" not in page


def test_whoever_exported_the_archive_is_never_called_i(database: Path, serve: Serve) -> None:
    said = [("09:00:00", "我", "请问对账文件几点出？"), ("09:01:00", "周大山", "早上十点出")]
    put(database.parent / "archive" / "g", "2024-05-06", said)
    load(database, [database.parent / "archive"])
    for me, shown in (("", "一位群友"), ("林一一", "林一一")):
        client = serve(settings(database, me=me))
        for path in ("/people", "/m/g-20240506-090000", "/day/g/2024-05-06", "/?in=words&q=对账"):
            page = client.get(path).text
            assert not re.search(r"<bdi[^>]*>我</bdi>", page), path
            assert shown in page or (not me and path == "/people"), path


def test_a_query_is_taken_apart() -> None:
    found = read('备付金 "网联 清算" 发言人:老秦 群：pay')
    assert found.words == ("备付金", "网联 清算")
    assert (found.speaker, found.group) == ("老秦", "pay")
    assert read("http://a.example/群:x").group == ""
    assert cited("g-20240506-090000.2") == Citation("g", "2024-05-06", "09:00:00", 2)
    assert cited("g-20240506-0900001") is None and cited("") is None
    assert dated("2024年13月1日") == "2024-13-01" and dated("2024") == ""


def test_the_secret_is_in_no_link(own: Path, serve: Serve) -> None:
    assert SECRET not in serve(closed(own)).get(f"/?t={token('paytalk')}").text
