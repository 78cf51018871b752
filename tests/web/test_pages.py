"""The pages of the archive, as a reader finds them."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.asking import Asking
from bot.record.record import Record
from knowledge.archive.limits import cut_text
from knowledge.loading.load import load
from knowledge.store.read import Store
from tests.chats import ASKED as SHORT_DAY
from tests.chats import put
from tests.web.client import (
    ANSWER,
    BASE,
    QUESTION,
    Client,
    Serve,
    links,
    path_of,
    plain,
    settings,
    token,
)

ASKED = "网联成立以后，我们支付机构手里的备付金是不是都得放到网联去"
SIXTY_KB = 60_000


def test_earlier_and_later_lead_through_the_whole_archive(seeds_site: Client) -> None:
    page = seeds_site.get(f"/m/{ANSWER}")
    (later,) = re.findall(r'href="([^"]*)" rel="next"', page.text)
    seen, days = [], set()
    while later:
        page = seeds_site.get(later.partition("#")[0])
        assert page.status_code == 200
        days.add(later[:23])
        seen += re.findall(r'<li id="(m\d+-\d+(?:-\d+)?)"', page.text)
        found = re.findall(r'href="([^"]*)" rel="next"', page.text)
        later = found[0] if found else ""
    assert len(seen) == len(set(seen)) and len(days) == 6
    with sqlite3.connect(seeds_site.settings.database) as conn:
        (all_of_them,) = conn.execute(
            "select count(*) from messages where id >> 20 in"
            " (select id from days where grp = 'paytalk')"
        ).fetchone()
    assert all_of_them - len(seen) < 60  # all but those on pages before the first


def test_every_message_has_a_page_of_less_than_60_kb(seeds_site: Client) -> None:
    store = Store(seeds_site.site.archive.conn)
    ids = [i for (i,) in seeds_site.site.archive.conn.execute("select id from messages")][::19]
    for message in store.messages(ids).values():
        page = seeds_site.get(f"/m/{message.citation}")
        assert page.status_code == 200
        assert len(page.content) < SIXTY_KB, message.citation


HOSTILE = [
    ("09:00:00", "<b>甲</b>", "<script>alert(1)</script>&lt;img src=x onerror=alert(2)&gt;"),
    (
        "09:01:00",
        "乙\u202egnp.exe",
        "[点我](javascript:alert(3)) ![图](javascript:alert(4)) \u202eabc",
    ),
    ("09:02:00", "丙", '![2024](http://img.example.com/a".png"onload=alert(5)) "> <svg/onload=1>'),
    ("09:03:00", "丁", "请问怎么退款？" + "长<&\"'文[强]" * 11_000 + "完"),
    ("09:04:00", "戊", "https://a.example/?x=1&y=<b> http://b.example/'onmouseover=alert(6)"),
]


@pytest.fixture
def hostile(database: Path, serve: Serve) -> Client:
    put(database.parent / "archive" / "h", "2024-05-06", HOSTILE)
    load(database, [database.parent / "archive"])
    return serve(settings(database))


def test_hostile_text_is_shown_as_text(hostile: Client) -> None:
    for path in ("/m/h-20240506-090300", "/day/h/2024-05-06", "/people", "/?q=请问怎么退款"):
        page = hostile.get(path)
        assert page.status_code == 200 and len(page.content) < SIXTY_KB, path
        tags = re.findall(r"<(\w+)([^>]*)>", page.text)
        assert not {name for name, _ in tags} & {"script", "img", "iframe", "object", "b", "form-x"}
        assert not [rest for _, rest in tags if re.search(r"\son\w+\s*=|style\s*=", rest)]
        for target in links(page.text):
            assert target.startswith(("/", "#", "http://", "https://")), target
    page = hostile.text("/day/h/2024-05-06")
    assert "<script>alert(1)</script><img src=x onerror=alert(2)>" in page
    assert "![图](javascript:alert(4))" in page


def test_marks_that_turn_the_direction_are_isolated(hostile: Client) -> None:
    page = hostile.get("/day/h/2024-05-06").text
    marks = [m.start() for m in re.finditer("\u202e", page)]
    assert marks
    for at in marks:
        before = page[:at]
        assert before.rfind("<bdi") > before.rfind("</bdi>")


def test_a_message_as_long_as_is_kept_is_cut_and_can_be_read_on_to_its_end(
    hostile: Client,
) -> None:
    page = hostile.get("/m/h-20240506-090300")
    assert len(page.content) < SIXTY_KB
    (path,) = {x for x in links(page.text) if "part=" in x}
    read = ""
    while path:
        page = hostile.get(path)
        assert page.status_code == 200 and len(page.content) < SIXTY_KB
        read += re.search(r'<p class="long"><bdi>(.*?)</bdi></p>', page.text, re.S)[1]  # type: ignore[index]
        found = re.findall(r'href="([^"]*)" rel="next"', page.text)
        path = found[0] if found else ""
    assert plain(read) == cut_text(HOSTILE[3][2]).replace("[强]", "👍")


def test_emoji_codes_and_images_are_what_members_saw(database: Path, serve: Serve) -> None:
    said = [
        ("09:00:00", "甲", "好的[强][不存在的码]"),
        ("09:01:00", "乙", "![2024-05-06](http://img.example.com/a.png)"),
    ]
    put(database.parent / "archive" / "g", "2024-05-06", said)
    load(database, [database.parent / "archive"])
    page = serve(settings(database)).get("/m/g-20240506-090000").text
    assert "好的👍[不存在的码]" in plain(page)
    assert "http://img.example.com/a.png" in links(page)
    assert "<img" not in page


def test_a_speaker_has_one_colour_everywhere(seeds_site: Client) -> None:
    def colours(path: str) -> set[str]:
        page = seeds_site.get(path).text
        lines = re.findall(
            r'class="c(\d+)[^"]*"[^>]*>(?:(?!<li).)*?class="name">([^<]+)', page, re.S
        )
        return {c for c, name in lines if name == "知渔-蓝鲸架构师"}

    assert len(colours(f"/m/{QUESTION}") | colours("/day/paytalk/2024-03-01")) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/people?group=nobodys",
        *("/m/nothing", "/m/paytalk-20240301-000000", "/m/paytalk-20241399-000000"),
        *("/m/%ff-20240301-000000", "/m/" + "x" * 5000, "/nothing", "/archive/messages/1"),
        *("/day/paytalk/2031-01-01", "/day/paytalk/2024-99-99", "/day/paytalk/2024-03-01?page=99"),
        *(f"/m/{QUESTION}.{'9' * 30}", f"/m/{QUESTION}.7", "/archive/messages/" + "9" * 19),
        *(f"/m/{QUESTION}?part=2", f"/m/{QUESTION}?part=x", f"/m/{QUESTION}?part=0"),
    ],
)
def test_what_is_not_there_is_said_so(seeds_site: Client, path: str) -> None:
    answer = seeds_site.get(path)
    assert answer.status_code == 404
    assert "回首页" in answer.text


def test_a_search_answers_as_the_bot_would(seeds_site: Client, seeds_database: Path) -> None:
    record = Record(seeds_database, read_only=True)
    verdict = Asking(seeds_database, seeds_site.settings, record).ask(ASKED)
    assert verdict.answered
    page = seeds_site.text("/?q=" + ASKED)
    assert "爬楼会这样回答" in page
    quoted = verdict.reply.split("\n")[2:-2]
    assert len(quoted) > 3
    for line in quoted:
        assert line.removeprefix("▸ ") in page
    assert f"把握 {verdict.matches[0].confidence:.0%}" in page


def test_a_search_says_when_the_bot_would_keep_silent(seeds_site: Client) -> None:
    page = seeds_site.text("/?q=周末去哪里钓鱼比较好")
    assert "爬楼会这样回答" not in page
    assert "没有把握回答" in page


def test_matches_are_narrowed_down_by_group_month_and_speaker(seeds_site: Client) -> None:
    page = seeds_site.get("/?q=网联 备付金 怎么记").text
    groups = [x for x in links(page) if "group=ledgerlab" in x]
    assert groups
    narrowed = seeds_site.get(groups[0]).text
    found = [x for x in links(narrowed) if x.startswith("/m/")]
    assert found and all(x.startswith("/m/ledgerlab-") for x in found)
    (speaker,) = {x for x in links(page) if "speaker=" in x and "%E7%9F%A5%E6%B8%94" in x}
    his = {x for x in links(seeds_site.get(speaker).text) if x.startswith("/m/")}
    assert his
    for href in his:
        assert "知渔" in seeds_site.text(href)


def test_matches_go_on_over_pages_without_repeating(seeds_site: Client) -> None:
    path, seen = "/?q=" + ASKED, []
    while path:
        page = seeds_site.get(path).text
        seen += re.findall(r'(?:<h2>|class="weak">)<a href="([^"?]+)[^>]*"><bdi>', page)
        found = re.findall(r'href="([^"]*)" rel="next"', page)
        path = found[0].replace("&amp;", "&") if found else ""
    assert len(seen) == len(set(seen)) > 5


def test_a_day_and_people_count_what_was_said(seeds_site: Client) -> None:
    assert "121 条消息" in seeds_site.text("/day/paytalk/2024-03-01")
    people = seeds_site.get("/people?group=paytalk").text
    row = re.search(r"<tr><th.*?知渔-蓝鲸架构师.*?</tr>", people, re.S)
    assert row
    with sqlite3.connect(seeds_site.settings.database) as conn:
        (count,) = conn.execute(
            "select count(*) from messages m join speakers s on s.id = m.speaker"
            " where s.name = '知渔-蓝鲸架构师' and m.id >> 20 in"
            " (select id from days where grp = 'paytalk')"
        ).fetchone()
    assert f'<td class="n">{count}</td>' in row[0]


def test_a_group_of_any_name_has_pages(database: Path, serve: Serve) -> None:
    put(database.parent / "archive" / "支付 茶馆#1?%", "2024-05-06", SHORT_DAY)
    load(database, [database.parent / "archive"])
    chosen = settings(database)
    reply = Asking(database, chosen, Record(database)).ask(SHORT_DAY[0][2]).reply
    link = reply.split("原文：")[1]
    assert link.isascii() and "#" not in link
    client = serve(chosen)
    page = client.get(path_of(link)).text
    assert "T+1早上十点以后" in plain(page)
    own = [href for href in links(page) if href.startswith("/")]
    assert own
    for href in own:
        assert client.get(href.partition("#")[0]).status_code == 200, href


def test_a_load_is_seen_while_the_site_runs(own: Path, serve: Serve) -> None:
    client = serve(settings(own))
    assert client.get("/day/paytalk/2024-03-20").status_code == 404
    question = "跨境人民币的结算周期一般是几天"
    said = [
        ("09:00:00", "林一一", f"请问{question}？"),
        ("09:02:00", "周大山", "看清算行，一般T+1"),
    ]
    assert "看清算行" not in client.text("/?q=" + question)
    put(own.parent / "archive" / "paytalk", "2024-03-20", said)
    load(own, [own.parent / "archive"])
    assert "看清算行" in client.text("/day/paytalk/2024-03-20")
    assert "看清算行" in client.text("/?q=" + question)
    rows = client.get("/archive/messages.json?_shape=array&text__contains=清算行").json()
    assert "看清算行" in rows[0]["text"]


def test_pages_stand_below_the_path_of_the_base_url(seeds_database: Path, serve: Serve) -> None:
    client = serve(settings(seeds_database, base_url=BASE + "/palou"))
    answer = client.get(f"/palou/m/{QUESTION}")
    assert answer.status_code == 200
    found = links(answer.text)
    assert any(x.startswith("/palou/") for x in found)
    assert all(x.startswith(("/palou/", "#", "http")) for x in found)


def test_the_policy_forbids_scripts_and_other_origins_and_no_cookie_is_set(
    seeds_site: Client,
) -> None:
    ours = ("/", f"/m/{QUESTION}", "/?q=备付金", "/people", "/desk", "/nothing")
    for path in (*ours, "/day/paytalk/2024-03-01", "/archive/messages", "/archive/messages.json"):
        answer = seeds_site.get(path)
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "script-src 'unsafe-inline'" not in policy
        assert "http:" not in policy and "*" not in policy
        assert "set-cookie" not in answer.headers
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        if not path.startswith("/archive/"):
            assert "unsafe" not in policy and "script-src" not in policy
            assert "<script" not in answer.text and "style=" not in answer.text


def test_datasettes_own_scripts_stand_in_the_policy_by_their_hash(seeds_site: Client) -> None:
    import base64
    import hashlib

    answer = seeds_site.get("/archive/messages")
    inline = re.findall(r"<script>(.*?)</script>", answer.text, re.S)
    assert inline
    for code in inline:
        digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in answer.headers["content-security-policy"]


def test_what_breaks_is_not_told_to_the_reader(
    seeds_database: Path, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = serve(settings(seeds_database))

    def broken(*_: object) -> None:
        raise RuntimeError("a secret of the house")

    monkeypatch.setattr(client.site.archive, "cited", broken)
    answer = client.get(f"/m/{QUESTION}")
    assert answer.status_code == 500 and "出了点问题" in answer.text
    assert "secret" not in answer.text


def test_a_copy_that_nothing_writes_is_served_without_files_beside_it(
    seeds_database: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy" / "palou.db"
    copy.parent.mkdir()
    copy.write_bytes(seeds_database.read_bytes())
    with closing(Client(settings(copy), immutable=True)) as client:
        assert ASKED in client.text(f"/m/{QUESTION}")
        assert "爬楼会这样回答" in client.text("/?q=" + ASKED)
        assert client.get("/archive/days.json").status_code == 200
        assert [p.name for p in copy.parent.iterdir()] == ["palou.db"]


def test_pages_are_compressed_for_whoever_takes_it_but_not_the_desk(seeds_site: Client) -> None:
    for path in ("/", f"/m/{QUESTION}", "/archive/messages", f"/-/{seeds_site.site.style.name}"):
        plainly = seeds_site.get(path, headers={"accept-encoding": "identity"})
        assert "content-encoding" not in plainly.headers
        for taken in ("gzip", "br, gzip;q=0.5", "*"):
            answer = seeds_site.get(path, headers={"accept-encoding": taken})
            assert answer.headers["content-encoding"] == "gzip", (path, taken)
            assert "accept-encoding" in answer.headers["vary"]
            assert int(answer.headers["content-length"]) < 0.7 * len(plainly.content)
            assert answer.content[:500] == plainly.content[:500]  # a table says how long it took
        for refused in ("gzip;q=0", "br", "gzip;q=0.0", ""):
            answer = seeds_site.get(path, headers={"accept-encoding": refused})
            assert "content-encoding" not in answer.headers, (path, refused)
    for path in ("/desk", "/archive/messages.csv?_stream=1"):
        answer = seeds_site.get(path, headers={"accept-encoding": "gzip"})
        assert "content-encoding" not in answer.headers


def test_ids_in_tables_say_what_they_stand_for(seeds_site: Client, closed_site: Client) -> None:
    page = seeds_site.get("/archive/messages?_size=5").text
    (cited, *_) = (x for x in links(page) if x.startswith("/m/"))
    assert seeds_site.get(cited).status_code == 200
    assert re.search(r"<bdi>\w+ 2024-03-0\d \d\d:\d\d \S+</bdi>", page)
    for table, begins in (("exchanges", "/m/"), ("exchange_messages", "/m/"), ("days", "/day/")):
        assert any(x.startswith(begins) for x in links(seeds_site.get(f"/archive/{table}").text))
    page = closed_site.get(f"/archive/days?_t={token('paytalk')}").text
    (day,) = {x.split("/2024")[0] for x in links(page) if x.startswith("/day/")}
    assert day == "/day/paytalk"
    assert all(token("paytalk") in x for x in links(page) if x.startswith("/day/"))
    assert "/archive/messages" in links(seeds_site.get("/archive").text)


def test_a_day_begins_with_what_was_asked_and_leads_to_an_hour(seeds_site: Client) -> None:
    page = seeds_site.get("/day/paytalk/2024-03-01").text
    top = page.split('<ol class="talk">')[0]
    count = int(re.findall(r"有回答的 (\d+) 个", top)[0])
    assert count == len([x for x in links(top) if x.startswith("/m/")]) > 0
    assert re.search(r'<li id="[^"]+" class="[^"]*role question', page)
    assert re.search(r'<li id="[^"]+" class="[^"]*role answer', page)
    hours = {re.sub(r"\D", "", x[1]): x[0] for x in re.findall(r'href="([^"]*)">(\d\d 点)', top)}
    for hour, href in hours.items():
        assert f"T{hour}:" in seeds_site.get(href.replace("&amp;", "&")).text
    numbers = re.findall(r'<a class="chip n" href="([^"]*)"[^>]*>\d+</a>', page)
    assert len(numbers) == -(-121 // 60)
