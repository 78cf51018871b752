"""What is somebody's own stays so: rooms' groups behind their tokens, the forgotten nowhere."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import datasette
import pytest

from bot.settings import Settings
from knowledge.loading.load import load
from knowledge.store import forget, wishes
from knowledge.store.schema import connect
from knowledge.store.wishes import Rule
from tests.web.client import ANSWER, QUESTION, Client, closed, links, plain, settings, token

Serve = Callable[[Settings], Client]
TABLES = ("days", "messages", "exchanges", "exchange_messages")
SAID = "备付金是交到人民银行"
SPEAKER = "知渔-蓝鲸架构师"

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


def rows(client: Client, table: str, query: str = "") -> list[dict[str, object]]:
    answer = client.get(f"/archive/{table}.json?_shape=array&_size=max{query}")
    assert answer.status_code == 200
    found: list[dict[str, object]] = answer.json()
    return found


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


OFF = (
    *("asked", "replies", "feedback", "forgotten", "seen", "room_state", "speakers", "people"),
    *("files", "file_days", "losses", "exchange_texts", "exchange_index", "sqlite_master"),
)


@pytest.mark.parametrize(
    "path",
    [
        *(f"/archive/{table}{tail}" for table in OFF for tail in ("", ".json", ".csv", "/1")),
        *("/archive.json", "/archive.db", "/archive.json?sql=select+1"),
        *("/.json", "/-/metadata.json", "/-/databases.json", "/-/settings.json", "/-/plugins.json"),
        *("/-/actor.json", "/-/permissions", "/-/threads.json", "/-/messages", "/-/allow-debug"),
        *(
            "/-/patterns",
            "/_internal",
            "/_internal/tables.json",
            "/_memory",
            "/archive/asked~2Ejson",
        ),
        *("/archive/MESSAGES.json", "/archive/messages/1048576.blob", "/archive/%61sked.json"),
        *("/archive/messages/1,2", "//archive/asked", "/archive//asked", "/archive/messages.blob"),
        *(
            "/archive/exchange_messages/1",
            "/-/static/..",
            "/-/static/../app.py",
            "/-/static/%2e%2e",
        ),
    ],
)
def test_all_else_of_datasette_is_off(seeds_site: Client, path: str) -> None:
    assert seeds_site.get(path).status_code == 404


THROUGH = json.dumps({"table": "file_days", "column": "file", "value": "1"})


@pytest.mark.parametrize(
    "query",
    [
        *(
            "_where=1=1",
            "_where=id+in+(select+id+from+asked)",
            "sql=select+1",
            f"_through={THROUGH}",
        ),
        *("_fts_table=exchange_index&_search=x", "_search_text=x", "_searchmode=raw", "_trace=1"),
        *("_timelimit=9999999", "_extras=foreign_key_tables", "_facet_array=text", "_labels=on"),
        *("nope=1", "id__nope=1", "id__=1", "__exact=1", "_T=x", "T=x", "_facet_=x", "=x", "%00=1"),
        "&".join(f"_facet={c}" for c in ("grp", "date", "id", "grp", "date")),
        "&".join(f"id__gt={n}" for n in range(41)),
    ],
)
@pytest.mark.parametrize("page", ["days", "days.json", "days.csv", "days/1", "days/1.json"])
def test_what_no_page_needs_is_refused_by_a_page_of_ours(
    seeds_site: Client, page: str, query: str
) -> None:
    answer = seeds_site.get(f"/archive/{page}?{query}")
    assert answer.status_code in (302, 400), answer.status_code
    if answer.status_code == 302:
        assert "_search=" in query and answer.headers["location"] == "/?q=x"
    else:
        assert "看不懂这个地址" in answer.text and "问号后面" in answer.text


@pytest.mark.parametrize(
    "path",
    [
        *("/?_search=x", f"/m/{QUESTION}?page=2", "/day/paytalk/2024-03-01?group=x", "/people?q=x"),
        *("/archive?sql=select+1", "/desk?t=x", "/robots.txt?x=1", "/?" + "q=x&" * 41),
        "/?%3Cscript%3E=1",
    ],
)
def test_our_own_pages_take_their_arguments_and_no_others(seeds_site: Client, path: str) -> None:
    answer = seeds_site.get(path)
    assert answer.status_code == 400 and "看不懂这个地址" in answer.text
    assert "<script" not in answer.text


def test_a_link_that_was_passed_on_in_wechat_opens_the_page(closed_site: Client) -> None:
    added = "&from=groupmessage&isappinstalled=0&scene=1&clicktime=1&enterid=1"
    assert SAID in closed_site.text(f"/m/{ANSWER}?t={token('paytalk')}{added}")


def test_what_is_looked_for_in_a_table_is_looked_for_by_our_own_search(closed_site: Client) -> None:
    sought = "备付金放到网联去吗"
    for group, there in (("paytalk", True), ("ledgerlab", False)):
        path = f"/archive/exchanges?_search={sought}&_t={token(group)}"
        answer = closed_site.get(path)
        assert answer.status_code == 302
        page = closed_site.text(answer.headers["location"])
        assert ("网联成立以后" in page) is there


def known_to_datasette() -> set[str]:
    """Every name in Datasette's source that looks like an argument of a request."""
    source = "".join(f.read_text("utf-8") for f in Path(datasette.__file__).parent.rglob("*.py"))
    names = set(re.findall(r"[\"'](_[a-z_]+)[\"'=]", source))
    names |= set(re.findall(r"[?&](_[a-z_]+)=", source))
    return names | set(re.findall(r"args(?:\.get\(|\[)\"(\w+)\"", source))


def test_datasettes_arguments_are_found_in_its_source() -> None:
    assert known_to_datasette() > {
        *("_fts_table", "_fts_pk", "_search", "_searchmode", "_through", "_where", "_facet"),
        *("_facet_array", "_facet_date", "_timelimit", "_trace", "_extras", "_shape", "_json"),
        *("_stream", "_blob_column", "_labels", "_label", "_col", "_next", "sql"),
    }


VALUES = ("exchange_index", "1", "text", "max", THROUGH)


@pytest.mark.filterwarnings("ignore:coroutine '")
def test_no_argument_of_datasettes_brings_a_word_of_another_group(closed_site: Client) -> None:
    """Each with several values, alone and with what makes it tell whether a word is there."""
    mine, other = f"_t={token('ledgerlab')}", {str(r["id"]) for r in rows(
        closed_site, "messages", f"&_t={token('paytalk')}")}  # fmt: skip
    asked = [f"{name}={value}" for name in known_to_datasette() for value in VALUES]
    # The ids of the other group's rows are its, too; an asker may bring them himself.
    asked += [f"id={next(iter(other))}&_nofacet=1", "_facet=text&_facet_size=max"]
    said: dict[str, str] = {}
    for path in ("messages.json", "exchanges", "exchange_messages.csv", "days.json", "days/1.json"):
        for query in asked:
            answer = closed_site.get(f"/archive/{path}?{query}&{mine}")
            words = answer.content.decode("utf-8", "replace")
            for told in (SAID, SPEAKER, "备付金", '"paytalk"', ">paytalk<"):
                assert told not in words, (path, query, told)
            said[f"{path}?{query}"] = words
    for path in ("messages.json", "exchanges", "exchange_messages.csv"):
        for word in ("备付金", "没有这个词的"):
            for how in ("_search", "_search_question", "_search_answers"):
                given = {"_fts_table": "exchange_index", "_fts_pk": "rowid", "_searchmode": "raw"}
                query = "&".join(f"{k}={v}" for k, v in given.items())
                answer = closed_site.get(f"/archive/{path}?{query}&{how}={word}&{mine}")
                said[f"{path}{how}{word}"] = answer.text.replace(word, "…") + str(answer.headers)
            assert answer.status_code in (302, 400)
    for key in [k for k in said if k.endswith("没有这个词的")]:
        there = said[key.replace("没有这个词的", "备付金")]
        assert strip(there) == strip(said[key]), "an answer tells whether a word is there"


def strip(answer: str) -> str:
    return re.sub(r"q=[^&']*", "q=", answer)


@pytest.mark.parametrize(
    "table",
    [
        *("exchange_index", "exchange_index_data", "exchange_index_idx", "exchange_terms"),
        *("exchange_texts", "common_terms", "speakers", "people", "questions", "replies"),
        *("feedback", "forgotten", "seen", "room_state", "files", "losses", "vectors", "sounds"),
    ],
)
def test_the_connection_of_the_tables_can_read_no_other(closed_site: Client, table: str) -> None:
    conn = closed_site._app.get_database("archive").connect()
    for sql in (
        f"select * from {table} limit 1",
        f"select count(*) from {table}",
        f"select id from messages where id in (select rowid from {table})",
    ):
        with pytest.raises(sqlite3.DatabaseError):
            conn.execute(sql).fetchall()
    assert conn.execute("select count(*) from exchange_messages").fetchone()[0] > 100
    conn.close()


def test_a_reader_of_one_group_cannot_ask_the_index_which_words_another_holds(
    closed_site: Client,
) -> None:
    conn = closed_site._app.get_database("archive").connect()
    with pytest.raises(sqlite3.DatabaseError, match="prohibited"):
        conn.execute("select rowid from exchange_index where exchange_index match 'a'").fetchall()
    conn.close()


def test_all_rows_are_streamed_by_their_keys_alone(seeds_site: Client) -> None:
    for table in TABLES:
        streamed = seeds_site.get(f"/archive/{table}.csv?_stream=1")
        assert len(rows_of(streamed.text)) - 1 == count(seeds_site, table)
        for order in ("_sort=id", "_sort_desc=id", "_next=1", "_facet=id", "_filter_column=id"):
            answer = seeds_site.get(f"/archive/{table}.csv?_stream=1&{order}")
            assert answer.status_code == 400, order
    for table in ("messages", "exchange_messages"):
        assert 'name="_stream"' in seeds_site.get(f"/archive/{table}").text


def test_a_streamed_view_is_what_its_pages_show(seeds_site: Client) -> None:
    address = "/archive/exchange_messages.csv"
    for query in (
        *("role=answer", "probability__lt=0.9&role__not=question", "_col=exchange&_col=message"),
        *(
            "_nocol=role",
            "message__gt=abc",
            'role__in=["answer","thread"]',
            "probability__isnull=1",
        ),
        *("_header=off", "exchange__lte=0", "role__contains=w", "probability__glob=0.9*"),
    ):
        shown = seeds_site.get(f"{address}?{query}&_size=1000").text
        streamed = seeds_site.get(f"{address}?{query}&_stream=1").text
        assert streamed.startswith(shown), query
        assert len(rows_of(shown)) >= 1000 or streamed == shown, query
    saved = seeds_site.get(f"{address}?_stream=1&_dl=1").headers
    assert saved["content-type"].startswith("text/csv") and "attachment" in str(saved)


def test_a_streamed_view_has_the_rows_of_open_groups_alone(closed_site: Client) -> None:
    address = "/archive/exchange_messages.csv?_stream=1"
    assert closed_site.get(address).status_code == 403
    one, other = (rows_of(closed_site.get(f"{address}&_t={token(g)}").text)[1:]
                  for g in ("paytalk", "ledgerlab"))  # fmt: skip
    assert one and other and not {row[0] for row in one} & {row[0] for row in other}
    both = closed_site.get(f"{address}&_t={token('paytalk')}&_t={token('ledgerlab')}").text
    assert len(rows_of(both)) - 1 == len(one) + len(other)


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def count(client: Client, table: str) -> int:
    found: int = client.get(f"/archive/{table}.json").json()["filtered_table_rows_count"]
    return found


@pytest.mark.filterwarnings("ignore:coroutine 'TableView")
def test_arguments_that_make_no_sense_break_nothing(seeds_site: Client) -> None:
    for query in (
        "_sort=nope",
        "_through=1",
        "_next=x",
        "_size=x",
        "nope__gt=1",
        "_facet_array=%00",
    ):
        for table in ("messages", "days.json", "exchange_messages.csv"):
            answer = seeds_site.get(f"/archive/{table}?{query}")
            assert answer.status_code in (200, 400), (table, query)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_nothing_can_be_written(seeds_site: Client, method: str) -> None:
    for path in ("/", f"/m/{QUESTION}", "/archive/messages", "/people"):
        answer = seeds_site._loop.run_until_complete(seeds_site._app.client.request(method, path))
        assert answer.status_code == 405


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
