"""Loading: what changes in the database when files come, change and go."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.errors import LoadError, StoreError
from knowledge.loading.load import load
from knowledge.store.schema import SCHEMA, connect
from knowledge.store.write import begin
from tests.chats import ASKED, Said, day, put


def content(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """All that was learned, without the ids and without when and from where."""
    conn = connect(database)
    queries = {
        "messages": "select d.grp, d.date, m.time, m.n, s.name, m.text from messages m"
        " join days d on d.id = m.id >> 20 join speakers s on s.id = m.speaker",
        "exchanges": "select d.grp, d.date, q.time, q.n, x.role, e.date, m.time, m.n,"
        " x.probability"
        " from exchange_messages x join messages q on q.id = x.exchange >> 6"
        " join days d on d.id = q.id >> 20 join messages m on m.id = x.message"
        " join days e on e.id = m.id >> 20",
        "days": "select grp, date from days",
        "speakers": "select grp, name from speakers",
    }
    try:
        return {name: sorted(conn.execute(sql).fetchall()) for name, sql in queries.items()}
    finally:
        conn.close()


def texts(database: Path) -> list[object]:
    return [row[5] for row in content(database)["messages"]]


def test_a_folder_is_loaded_with_its_name_as_group(tmp_path: Path, database: Path) -> None:
    put(tmp_path / "chats" / "teahouse", "2024-05-06", ASKED)
    report = load(database, [tmp_path / "chats"])
    assert (report.new, report.messages, report.speakers, report.exchanges > 0) == (1, 4, 2, True)
    assert content(database)["days"] == [("teahouse", "2024-05-06")]


@pytest.mark.parametrize("names", [("front", None, "front"), ("front", "forced", "forced")])
def test_a_group_by_front_matter_or_option(
    tmp_path: Path, database: Path, names: tuple[str, str | None, str]
) -> None:
    stated, option, expected = names
    put(tmp_path / "folder", "2024-05-06", ASKED, front=f"group: {stated}\n")
    load(database, [tmp_path], group=option)
    assert content(database)["days"] == [(expected, "2024-05-06")]


def test_forcing_another_group_moves_what_was_loaded(tmp_path: Path, database: Path) -> None:
    put(tmp_path / "folder", "2024-05-06", ASKED)
    load(database, [tmp_path])
    assert load(database, [tmp_path], group="other").changed == 1
    assert content(database)["days"] == [("other", "2024-05-06")]


def test_loading_the_same_again_changes_nothing(tmp_path: Path, database: Path) -> None:
    put(tmp_path / "g", "2024-05-06", ASKED)
    load(database, [tmp_path])
    before = content(database), database.read_bytes()
    report = load(database, [tmp_path])
    assert (report.new, report.changed, report.unchanged, report.removed) == (0, 0, 1, 0)
    assert (content(database), database.read_bytes()) == before


def test_a_changed_file_replaces_its_day_and_no_other(tmp_path: Path, database: Path) -> None:
    put(tmp_path / "g", "2024-05-06", ASKED)
    put(tmp_path / "g", "2024-05-20", [("08:00:00", "甲", "别的一天")])
    load(database, [tmp_path])
    put(tmp_path / "g", "2024-05-06", [*ASKED[:1], ("09:02:00", "乙", "改过的答案")])
    report = load(database, [tmp_path])
    assert (report.changed, report.unchanged) == (1, 1)
    assert texts(database) == [ASKED[0][2], "改过的答案", "别的一天"]
    assert ("g", "周大山-青瓦支付") not in content(database)["speakers"]


def test_a_file_that_is_gone_takes_its_messages_along(tmp_path: Path, database: Path) -> None:
    gone = put(tmp_path / "g", "2024-05-06", ASKED)
    put(tmp_path / "g", "2024-05-07", [("08:00:00", "甲", "留下的")])
    load(database, [tmp_path])
    gone.unlink()
    assert load(database, [tmp_path]).removed == 1
    assert texts(database) == ["留下的"]
    assert content(database)["exchanges"] == []


def test_a_file_elsewhere_stays_when_another_folder_is_loaded(
    tmp_path: Path, database: Path
) -> None:
    put(tmp_path / "a" / "one", "2024-05-06", ASKED)
    put(tmp_path / "b" / "two", "2024-05-06", [("08:00:00", "甲", "另一处")])
    load(database, [tmp_path / "a"])
    load(database, [tmp_path / "b"])
    assert content(database)["days"] == [("one", "2024-05-06"), ("two", "2024-05-06")]


def test_the_same_content_twice_is_loaded_once(tmp_path: Path, database: Path) -> None:
    first = put(tmp_path / "g", "2024-05-06", ASKED, name="a.md")
    put(tmp_path / "g", "2024-05-06", ASKED, name="b.md")
    report = load(database, [tmp_path])
    assert (report.new, report.same, report.messages) == (2, 1, 4)
    first.unlink()
    report = load(database, [tmp_path])
    assert (report.removed, report.same, report.messages) == (1, 0, 4)


def test_two_exports_of_one_day_are_merged(tmp_path: Path, database: Path) -> None:
    echo = ("09:05:00", "林一一", "收到")
    later = ("21:00:00", "甲", "晚上才说的")
    noon = put(tmp_path / "g", "2024-05-06", [*ASKED, echo, echo], name="noon.md")
    put(tmp_path / "g", "2024-05-06", [*ASKED, echo, later], name="night.md")
    load(database, [tmp_path])
    expected = sorted(
        [(t, w, x) for t, w, x in [*ASKED, echo, echo, later]], key=lambda said: said[0]
    )
    rows = [(row[2], row[4], row[5]) for row in content(database)["messages"]]
    assert sorted(rows) == sorted(expected)
    noon.unlink()
    load(database, [tmp_path])
    assert len(texts(database)) == len(ASKED) + 2


def test_citations_survive_an_edit_elsewhere_in_the_file(tmp_path: Path, database: Path) -> None:
    twice: list[Said] = [("09:00:00", "甲", "一"), ("09:00:00", "甲", "二")]
    put(tmp_path / "g", "2024-05-06", twice)
    load(database, [tmp_path])
    before = [row[:6] for row in content(database)["messages"]]
    put(tmp_path / "g", "2024-05-06", [("08:00:00", "乙", "新的"), *twice])
    load(database, [tmp_path])
    assert [row[:6] for row in content(database)["messages"]][1:] == before


def test_the_order_of_loads_does_not_matter(tmp_path: Path) -> None:
    for at, text in ("2024-05-06", "今天的题"), ("2024-05-07", "明天的答"):
        put(tmp_path / "g", at, [*ASKED, ("12:00:00", "甲", text)])
    parts = sorted((tmp_path / "g" / "_posts").iterdir())
    forth, back = tmp_path / "forth.db", tmp_path / "back.db"
    for part in parts:
        load(forth, [part])
    for part in reversed(parts):
        load(back, [part])
    assert content(forth) == content(back)


@pytest.mark.parametrize("there_before", [False, True])
def test_a_path_that_is_not_there_leaves_the_database(
    tmp_path: Path, database: Path, there_before: bool
) -> None:
    if there_before:
        put(tmp_path / "g", "2024-05-06", ASKED)
        load(database, [tmp_path / "g"])
    before = database.read_bytes() if there_before else None
    with pytest.raises(LoadError, match="nowhere: cannot be read: No such file"):
        load(database, [tmp_path / "nowhere"])
    assert (database.read_bytes() if database.exists() else None) == before


@pytest.mark.parametrize("there_before", [False, True])
def test_a_folder_without_archives_leaves_the_database(
    tmp_path: Path, database: Path, there_before: bool
) -> None:
    put(tmp_path / "g", "2024-05-06", ASKED)
    if there_before:
        load(database, [tmp_path / "g"])
    before = content(database) if there_before else None
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "readme.md").write_text("# no chat\n")
    with pytest.raises(LoadError, match="no chat archive in there"):
        load(database, [tmp_path / "notes"])
    assert (content(database) if database.exists() else None) == before


def test_a_folder_that_became_empty_is_an_error_and_no_wipe(tmp_path: Path, database: Path) -> None:
    put(tmp_path / "g", "2024-05-06", ASKED).rename(tmp_path / "aside")
    (tmp_path / "aside").rename(tmp_path / "g" / "_posts" / "day.md")
    load(database, [tmp_path / "g"])
    (tmp_path / "g" / "_posts" / "day.md").unlink()
    with pytest.raises(LoadError):
        load(database, [tmp_path / "g"])
    assert len(texts(database)) == len(ASKED)


def test_what_is_no_archive_is_left_out_with_a_warning(tmp_path: Path, database: Path) -> None:
    put(tmp_path / "g", "2024-05-06", ASKED)
    (tmp_path / "g" / "readme.md").write_text("# no chat\n")
    (tmp_path / "g" / "binary.txt").write_bytes(bytes(range(256)))
    (tmp_path / "g" / "picture.png").write_bytes(b"\x89PNG")
    report = load(database, [tmp_path])
    assert report.messages == len(ASKED)
    assert [Path(x.path).name for x in report.losses] == ["binary.txt", "readme.md"]


def test_folders_that_link_in_a_circle_end(tmp_path: Path, database: Path) -> None:
    put(tmp_path / "g", "2024-05-06", ASKED)
    (tmp_path / "g" / "again").symlink_to(tmp_path)
    assert load(database, [tmp_path]).new == 1


def test_a_file_that_cannot_be_read_is_a_warning_and_keeps_what_is_known_of_it(
    tmp_path: Path, database: Path
) -> None:
    put(tmp_path / "g", "2024-05-06", ASKED)
    broken = put(tmp_path / "g", "2024-05-07", ASKED[:2])
    load(database, [tmp_path])
    broken.unlink()
    broken.symlink_to(broken)
    report = load(database, [tmp_path])
    assert (report.unchanged, report.removed, report.messages) == (1, 0, len(ASKED) + 2)
    assert str(report.losses[0]).startswith(f"{broken}: cannot be read: ")


def test_a_database_of_a_newer_schema_is_refused(tmp_path: Path, database: Path) -> None:
    put(tmp_path / "g", "2024-05-06", ASKED)
    load(database, [tmp_path])
    with sqlite3.connect(database) as conn:
        conn.execute(f"pragma user_version = {SCHEMA + 1}")
    with pytest.raises(StoreError, match=f"schema {SCHEMA + 1}, this palou knows {SCHEMA}"):
        load(database, [tmp_path])


def test_what_other_links_made_is_made_again(
    tmp_path: Path, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "g", "2024-05-06", ASKED)
    put(tmp_path / "h", "2024-05-06", ASKED)
    load(database, [tmp_path])
    with sqlite3.connect(database) as conn:
        made = conn.execute("select * from exchanges order by id").fetchall()
        conn.execute("update exchanges set sought = 0.5")
    assert load(database, [tmp_path / "g"]).unchanged == 1
    with sqlite3.connect(database) as conn:
        assert conn.execute("select * from exchanges order by id").fetchall() != made
        conn.execute("update loads set linked_by = 'an older one'")
    assert load(database, [tmp_path / "g"]).unchanged == 1
    with sqlite3.connect(database) as conn:
        assert conn.execute("select * from exchanges order by id").fetchall() == made


@pytest.mark.parametrize("content", [b"no database at all, but long enough for a header" * 9, b""])
def test_a_file_that_is_no_database_is_refused_or_filled(
    tmp_path: Path, database: Path, content: bytes
) -> None:
    put(tmp_path / "g", "2024-05-06", ASKED)
    database.write_bytes(content)
    if content:
        with pytest.raises(StoreError, match=r"test\.db"):
            load(database, [tmp_path])
        assert database.read_bytes() == content
    else:
        assert load(database, [tmp_path]).new == 1


def test_somebody_elses_database_is_refused(tmp_path: Path, database: Path) -> None:
    put(tmp_path / "g", "2024-05-06", ASKED)
    with sqlite3.connect(database) as conn:
        conn.execute("create table theirs(x)")
    with pytest.raises(StoreError, match="not a database of palou's"):
        load(database, [tmp_path])


def test_a_second_load_at_the_same_time_says_so(
    tmp_path: Path, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "g", "2024-05-06", ASKED)
    load(database, [tmp_path])
    put(tmp_path / "g", "2024-05-07", ASKED)
    monkeypatch.setattr("knowledge.store.transaction.LOCK_SECONDS", 0)
    first = sqlite3.connect(database)
    first.execute("begin immediate")
    with pytest.raises(LoadError, match="another load is running"):
        load(database, [tmp_path])
    first.close()


def test_a_load_goes_on_behind_one_that_ended_before_it_had_the_lock(
    tmp_path: Path, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "g", "2024-05-06", ASKED)
    load(database, [tmp_path])
    put(tmp_path / "g", "2024-05-07", ASKED)

    def waited(conn: sqlite3.Connection, at: str, linked_by: str) -> int:
        with closing(sqlite3.connect(database)) as other, other:
            other.execute("update loads set seconds = 9")
        return begin(conn, at, linked_by)

    monkeypatch.setattr("knowledge.loading.load.begin", waited)
    assert load(database, [tmp_path]).new == 1


def test_a_reader_sees_the_old_knowledge_until_the_load_is_done(
    tmp_path: Path, database: Path
) -> None:
    put(tmp_path / "g", "2024-05-06", ASKED)
    load(database, [tmp_path])
    put(tmp_path / "g", "2024-05-07", ASKED)
    seen: list[int] = []
    reader = connect(database)

    def look(what: str, done: float, of: int) -> None:
        seen.append(reader.execute("select count(*) from messages").fetchone()[0])

    load(database, [tmp_path], progress=look)
    assert set(seen) == {len(ASKED)}
    assert reader.execute("select count(*) from messages").fetchone()[0] == 2 * len(ASKED)
    reader.close()


def test_a_long_file_tells_how_far_it_is(tmp_path: Path, database: Path) -> None:
    header = {"_type": "header", "chatlab": {"version": "0.0.2"}, "meta": {"type": "group"}}
    lines = [header] + [
        {
            "_type": "message",
            "sender": "u1",
            "accountName": "海蓝",
            "type": 0,
            "timestamp": 1_700_000_000 + 600 * i,
            "content": f"第{i}箱：" + "鱼" * 300,
        }
        for i in range(1000)
    ]
    path = tmp_path / "g.jsonl"
    path.write_text("".join(f"{json.dumps(x, ensure_ascii=False)}\n" for x in lines), "utf-8")
    (tmp_path / "h.markdown").write_text("", "utf-8")
    told: list[float] = []

    def note(what: str, done: float, of: int) -> None:
        if what == "read":
            told.append(done)
            assert of == 2

    load(database, [tmp_path], progress=note)
    assert told == sorted(told)
    assert len({done for done in told if 0 < done < 1}) > 5
    assert told[-1] == 2


_days = st.dictionaries(
    st.sampled_from(["2024-05-06", "2024-05-07", "2024-05-08", "2024-05-30"]),
    st.lists(
        st.tuples(
            st.sampled_from(["09:00:00", "09:00:01", "18:30:00"]),
            st.sampled_from(["甲", "乙乙", "丙 丙"]),
            st.sampled_from(["怎么对账？", "T+1 下载", "", "@甲?好的", "[强]", "请问费率多少"]),
        ),
        max_size=5,
    ).map(sorted),
    max_size=4,
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_days.filter(bool), min_size=2, max_size=4))
def test_after_any_changes_a_load_knows_what_a_fresh_one_knows(
    tmp_path_factory: pytest.TempPathFactory, states: list[dict[str, list[Said]]]
) -> None:
    folder = tmp_path_factory.mktemp("states")
    archive, database = folder / "g", folder / "grown.db"
    for state in states:
        for old in archive.glob("_posts/*"):
            old.unlink()
        for date, messages in state.items():
            put(archive, date, messages)
        load(database, [archive])
    load(folder / "fresh.db", [archive])
    assert content(database) == content(folder / "fresh.db")
    assert len(content(database)["messages"]) == sum(map(len, states[-1].values()))


def test_a_day_without_messages_is_an_archive(tmp_path: Path, database: Path) -> None:
    (tmp_path / "empty.md").write_text(day("2024-05-06", []), encoding="utf-8")
    assert load(database, [tmp_path]).new == 1
