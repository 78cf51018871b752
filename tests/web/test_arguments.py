"""What is left on of Datasette: our pages, each with its arguments, and nothing that writes."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import datasette
import pytest

from tests.web.client import (
    QUESTION,
    SAID,
    SPEAKER,
    Client,
    rows,
    token,
)

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
        *("/?_search=x", f"/m/{QUESTION}?size=2", "/day/paytalk/2024-03-01?group=x", "/people?q=x"),
        *("/archive?sql=select+1", "/desk?t=x", "/robots.txt?x=1", "/?" + "q=x&" * 41),
        "/?%3Cscript%3E=1",
    ],
)
def test_our_own_pages_take_their_arguments_and_no_others(seeds_site: Client, path: str) -> None:
    answer = seeds_site.get(path)
    assert answer.status_code == 400 and "看不懂这个地址" in answer.text
    assert "<script" not in answer.text


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
