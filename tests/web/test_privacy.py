"""What is somebody's own stays so: rooms' groups behind their tokens, the forgotten nowhere."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from bot.settings import Settings
from knowledge.loading.load import load
from knowledge.store import forget, wishes
from knowledge.store.schema import connect
from knowledge.store.wishes import Rule
from tests.web.client import (
    ANSWER,
    QUESTION,
    SAID,
    SPEAKER,
    TABLES,
    Client,
    Serve,
    closed,
    links,
    plain,
    rows,
    settings,
    token,
)

PAGES = [
    f"/m/{QUESTION}",
    "/day/paytalk/2024-03-01",
    "/people?group=paytalk",
    "/?q=网联成立以后，备付金是不是都得放到网联去",
    "/?q=网联成立以后，备付金是不是都得放到网联去&group=paytalk",
    "/?group=paytalk",
    "/",
    "/people",
]


def with_token(path: str, group: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}t={token(group)}"


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("brought", ["", "wrong", "other"])
def test_a_page_of_a_rooms_group_needs_its_token(
    closed_site: Client, path: str, brought: str
) -> None:
    if brought:
        given = token("ledgerlab") if brought == "other" else "x" * 24
        path = f"{path}{'&' if '?' in path else '?'}t={given}"
    answer = closed_site.get(path)
    text = plain(answer.text)
    assert SAID not in text and SPEAKER not in text and "03-01" not in text
    assert not [x for x in links(answer.text) if "/m/paytalk" in x or "/day/paytalk" in x]
    if brought != "other":
        assert answer.status_code == 403


@pytest.mark.parametrize("path", PAGES)
def test_the_token_opens_the_group_and_its_links_bring_it_along(
    closed_site: Client, path: str
) -> None:
    answer = closed_site.get(with_token(path, "paytalk"))
    assert answer.status_code == 200 and "paytalk" in answer.text
    own = [href for href in links(answer.text) if href.startswith("/")]
    assert own
    for href in own:
        assert token("paytalk") in href, href
        assert closed_site.get(href.partition("#")[0]).status_code in (200, 302), href
    assert "ledgerlab" not in plain(answer.text)


def test_a_closed_group_is_told_from_none_by_nothing(closed_site: Client) -> None:
    there = closed_site.get(f"/m/{QUESTION}")
    assert there.status_code == 403
    assert there.text == closed_site.get("/m/nogroup-20240301-004933").text
    assert there.text == closed_site.get("/m/paytalk-20240301-000000").text


def test_groups_that_answer_anybody_are_open(seeds_database: Path, serve: Serve) -> None:
    client = serve(closed(seeds_database, private=("paytalk",)))
    assert client.get(f"/m/{QUESTION}").status_code == 200
    assert client.get("/day/ledgerlab/2024-03-04").status_code == 403


def test_without_a_secret_what_is_closed_stays_closed(seeds_database: Path, serve: Serve) -> None:
    chosen = closed(seeds_database)
    client = serve(Settings(database=seeds_database, rooms=chosen.rooms))
    for given in ("", "?t=", f"?t={token('paytalk')}"):
        assert client.get(f"/m/{QUESTION}{given}").status_code == 403


@pytest.mark.parametrize("table", TABLES)
def test_tables_leave_out_the_rows_of_closed_groups(closed_site: Client, table: str) -> None:
    for path in (table, f"{table}.json", f"{table}.csv"):
        answer = closed_site.get(f"/archive/{path}")
        assert answer.status_code == 403 and "这是群里的内容" in answer.text
    one, other = (rows(closed_site, table, f"&_t={token(g)}") for g in ("paytalk", "ledgerlab"))
    both = rows(closed_site, table, f"&_t={token('paytalk')}&_t={token('ledgerlab')}")
    assert one and other and len(both) == min(1000, len(one) + len(other))
    first = "exchange" if table == "exchange_messages" else "id"
    assert not {str(r[first]) for r in one} & {str(r[first]) for r in other}


def test_facets_filters_and_streams_do_not_bring_closed_rows(closed_site: Client) -> None:
    for query in (
        "_facet=grp",
        "grp=paytalk",
        "_sort_desc=id",
        "_next=0",
        "_facet_size=max&_facet=date",
    ):
        for brought, there in (("", False), (f"&_t={token('paytalk')}", True)):
            answer = closed_site.get(f"/archive/days.json?_shape=object&{query}{brought}")
            assert answer.status_code == (200 if there else 403)
            assert ("paytalk" in answer.text.replace(query, "")) is there, query
            html_page = closed_site.get(f"/archive/days?{query}{brought}")
            assert ("2024-03-0" in html_page.text) is there, query
    for table in TABLES:
        assert closed_site.get(f"/archive/{table}.csv?_stream=1").status_code == 403
    other = f"_t={token('ledgerlab')}"
    for group in ("paytalk", "nogroup"):
        for path in ("days", "days.json", "days.csv"):
            assert closed_site.get(f"/archive/{path}?grp={group}&{other}").status_code == 403
            assert closed_site.get(f"/archive/{path}?grp__exact={group}").status_code == 403
    assert closed_site.get(f"/archive/days.json?grp=ledgerlab&{other}").json()["rows"]


@pytest.mark.parametrize("table", ["days", "messages", "exchanges"])
def test_a_row_of_a_closed_group_has_no_page(closed_site: Client, table: str) -> None:
    (row, *_) = rows(closed_site, table, f"&_t={token('paytalk')}")
    for path in (f"/archive/{table}/{row['id']}", f"/archive/{table}/{row['id']}.json"):
        for given in ("", f"?_t={token('ledgerlab')}"):
            closed_row = closed_site.get(f"{path}{given}")
            missing = closed_site.get(f"/archive/{table}/7777777777777{given}")
            assert closed_row.status_code == missing.status_code == 403
            assert closed_row.text == missing.text, "which rows there are is told to nobody"
        assert closed_site.get(f"{path}?_t={token('paytalk')}").status_code == 200


def test_a_link_that_was_passed_on_in_wechat_opens_the_page(closed_site: Client) -> None:
    added = "&from=groupmessage&isappinstalled=0&scene=1&clicktime=1&enterid=1"
    assert SAID in closed_site.text(f"/m/{ANSWER}?t={token('paytalk')}{added}")


def forgotten(database: Path, rules: list[Rule]) -> None:
    wishes.keep(database, rules, datetime.now(UTC), "wxid_somebody")


def test_a_forgotten_message_is_gone_at_once_and_stays_so(own: Path, serve: Serve) -> None:
    client = serve(settings(own))
    assert SAID in client.text(f"/m/{ANSWER}")
    forgotten(own, [Rule("message", "paytalk", ANSWER)])
    for _ in range(2):
        answer = client.get(f"/m/{ANSWER}")
        assert answer.status_code == 410 and SAID not in answer.text
        for path in (f"/m/{QUESTION}", "/day/paytalk/2024-03-01", "/?q=备付金放到网联去吗"):
            assert SAID not in client.text(path), path
        for path in ("messages", "messages.json", "messages.csv", "exchanges.json"):
            assert SAID not in client.get(f"/archive/{path}?_size=max").text, path
        load(own, [own.parent / "archive"])


def test_where_a_question_is_forgotten_its_answers_have_their_pages(
    own: Path, serve: Serve
) -> None:
    client = serve(settings(own))
    asked = "备付金是不是都得放到网联去"
    paths = [f"/m/{ANSWER}", f"/people/paytalk/{quote(SPEAKER)}", "/", "/day/paytalk/2024-03-01"]
    assert asked in client.text(paths[0]) and asked in client.text(paths[1])
    forgotten(own, [Rule("message", "paytalk", QUESTION)])
    for _ in range(2):
        assert SAID in client.text(paths[0])
        for path in paths:
            assert asked not in client.text(path), path
        load(own, [own.parent / "archive"])


@pytest.mark.parametrize("words", [False, True], ids=["name", "words"])
def test_a_forgotten_member_is_nowhere(own: Path, serve: Serve, words: bool) -> None:
    client = serve(settings(own))
    assert SPEAKER in client.text("/people?group=paytalk")
    assert len(rows(client, "messages", f"&text__contains={SAID}")) == 1
    conn = connect(own)
    forgotten(own, forget.about(conn, "paytalk", SPEAKER, words))
    conn.close()
    for loaded in (False, True):
        for path in ("/people?group=paytalk", f"/m/{QUESTION}", "/day/paytalk/2024-03-01",
                     "/day/paytalk/2024-03-01?page=2", "/?q=备付金放到网联去吗"):  # fmt: skip
            text = client.text(path)
            assert SPEAKER not in text, path
            assert not words or SAID not in text, path
        assert client.get(f"/m/{ANSWER}").status_code == (410 if words else 200)
        kept = loaded and not words
        assert len(rows(client, "messages", f"&text__contains={SAID}")) == kept
        load(own, [own.parent / "archive"])


def test_tables_show_a_group_again_when_the_wish_is_done(own: Path, serve: Serve) -> None:
    client = serve(settings(own))
    count = len(rows(client, "days"))
    forgotten(own, [Rule("message", "paytalk", ANSWER)])
    assert {r["grp"] for r in rows(client, "days")} == {"ledgerlab"}
    load(own, [own.parent / "archive"])
    assert len(rows(client, "days")) == count


def test_links_in_replies_bring_the_token(seeds_database: Path) -> None:
    chosen = closed(seeds_database, private=("ledgerlab",))
    assert chosen.permalink_to("paytalk").endswith(f"/m/{{citation}}{{told}}?t={token('paytalk')}")
    assert chosen.permalink_to("ledgerlab").endswith("/m/{citation}{told}")
