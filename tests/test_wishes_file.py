"""The file of wishes: on disk or not at all, read whole or not at all, and true of any database."""

from __future__ import annotations

import os
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.errors import StoreError
from knowledge.loading.load import load
from knowledge.store import forget, wishes
from knowledge.store.schema import connect
from knowledge.store.wishes import Rule, beside, keep, read, undo
from tests.chats import Said, put

NOW = datetime(2024, 4, 1, 9, tzinfo=UTC)
DAY: list[Said] = [
    ("09:00:00", "林一一", "请问对账文件每天几点能下载？"),
    ("09:03:00", "周大山", "@林一一?早上十点以后"),
]
RULE = Rule("message", "g", "g-20240301-090300")

rules = st.builds(
    Rule,
    st.sampled_from(["message", "name", "words", "contact"]),
    st.text(max_size=8),
    st.text(max_size=12),
)


@pytest.fixture
def there(tmp_path: Path) -> Path:
    """Where a database could be."""
    return tmp_path / "palou.db"


def test_without_a_file_nothing_is_wished(there: Path) -> None:
    assert read(there) == wishes.Wishes()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    steps=st.lists(
        st.one_of(st.lists(rules, min_size=1, max_size=4), st.integers(0, 5)), max_size=8
    )
)
def test_what_is_kept_and_not_taken_back_is_read(
    there: Path, steps: list[list[Rule] | int]
) -> None:
    beside(there).unlink(missing_ok=True)
    held: list[tuple[Rule, ...]] = []
    for step in steps:
        if isinstance(step, list):
            keep(there, step, NOW, "wxid")
            held.append(tuple(step))
        elif step < len(held):
            undo(there, read(there).held[step])
            del held[step]
    found = read(there)
    assert [wish.rules for wish in found.held] == held
    assert found.rules == {rule for some in held for rule in some}
    assert not found.undone & found.rules


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_line_that_a_crash_cut_off_is_no_wish_and_swallows_none(there: Path, cut: int) -> None:
    keep(there, [RULE], NOW, "wxid")
    whole = beside(there).read_bytes()
    keep(there, [Rule("message", "g", "another")], NOW, "wxid")
    beside(there).write_bytes(beside(there).read_bytes()[: len(whole) + cut])
    assert read(there).rules == {RULE}
    keep(there, [Rule("name", "g", "third")], NOW, "wxid")
    assert read(there).rules == {RULE, Rule("name", "g", "third")}


@pytest.mark.parametrize(
    "line", ["{}", "no json", '{"wish": "1", "at": "then", "rules": []}', "[]"]
)
def test_a_line_that_cannot_be_read_is_named_and_nothing_is_loaded(
    tmp_path: Path, there: Path, line: str
) -> None:
    put(tmp_path / "g", "2024-03-01", DAY)
    keep(there, [RULE], NOW, "wxid")
    with beside(there).open("a", encoding="utf-8") as stream:
        stream.write(f"{line}\n")
    with pytest.raises(StoreError, match=r"palou\.db\.forgotten, line 2: .*cannot be read"):
        load(there, [tmp_path / "g"])
    assert not there.exists()


def test_a_wish_is_on_disk_when_it_is_confirmed(
    there: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", synced.append)
    keep(there, [RULE], NOW, "wxid")
    assert len(synced) == 2, "the file, and the folder that it is new in"


def test_a_wish_that_a_full_disk_cuts_off_is_not_kept(
    there: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(there, [RULE], NOW, "wxid")
    before = beside(there).read_bytes()
    write = os.write
    monkeypatch.setattr(os, "write", lambda file, content: write(file, content[:20]))
    with pytest.raises(StoreError, match="cannot be written"):
        keep(there, [Rule("name", "g", "k")], NOW, "wxid")
    assert beside(there).read_bytes() == before


def test_it_is_for_the_operator_alone_to_read(there: Path) -> None:
    keep(there, [RULE], NOW, "wxid")
    assert beside(there).stat().st_mode & 0o077 == 0


def test_wishes_of_a_database_that_is_moved_away_hold_for_the_next(
    tmp_path: Path, there: Path
) -> None:
    put(tmp_path / "g", "2024-03-01", DAY)
    load(there, [tmp_path / "g"])
    keep(there, [RULE], NOW, "wxid")
    there.rename(tmp_path / "damaged.db")
    load(there, [tmp_path / "g"])
    assert DAY[1][2] not in said(there)


def test_rules_that_an_older_palou_kept_in_the_database_are_written_to_the_file(
    tmp_path: Path, there: Path
) -> None:
    taken_over(tmp_path / "g", there, at="", contact="")
    assert read(there).rules == {RULE}
    there.unlink()
    load(there, [tmp_path / "g"])
    assert DAY[1][2] not in said(there)


def test_a_rule_of_an_older_palou_is_of_the_contact_who_wished_it(
    tmp_path: Path, there: Path
) -> None:
    """So that it ends when somebody else is seen under the name, and not when he himself is."""
    taken_over(tmp_path / "g", there, at="2024-03-01T01:00:00+00:00", contact="wxid")
    (wish,) = read(there).by("wxid")
    assert wish.rules == (RULE,) and not wish.can_be_undone(NOW)
    with closing(connect(there)) as conn:
        assert "wxid" not in str(conn.execute("select * from forgotten").fetchall())


def test_a_wish_that_was_taken_back_is_loaded_again_and_its_twin_is_not(
    tmp_path: Path, there: Path
) -> None:
    put(tmp_path / "g", "2024-03-01", DAY)
    for contact in ("wxid_one", "wxid_two"):
        keep(there, [RULE], NOW, contact)
    load(there, [tmp_path / "g"])
    for n, left in ((1, False), (0, True)):
        undo(there, read(there).held[0])
        load(there, [tmp_path / "g"])
        assert len(read(there).held) == n and (DAY[1][2] in said(there)) is left


def test_a_wish_can_be_taken_back_for_a_day_unless_it_was_erased(there: Path) -> None:
    keep(there, [RULE], NOW, "wxid")
    (wish,) = read(there).held
    assert wish.can_be_undone(NOW + timedelta(hours=23))
    assert not wish.can_be_undone(NOW + timedelta(hours=24))
    wishes.note_erased(there, [wish])
    (wish,) = read(there).held
    assert not wish.can_be_undone(NOW)


def test_a_load_has_nothing_to_do_when_all_is_applied(tmp_path: Path, there: Path) -> None:
    put(tmp_path / "g", "2024-03-01", DAY)
    keep(there, [RULE], NOW, "wxid")
    load(there, [tmp_path / "g"])
    with closing(connect(there)) as conn:
        assert not forget.pending(conn) and not forget.waits(conn)
        keep(there, [Rule("name", "g", "k")], NOW, "wxid")
        assert forget.pending(conn) and forget.waiting_groups(conn) == {"g"}


def taken_over(folder: Path, database: Path, at: str, contact: str) -> None:
    """Have a load find a rule that stands in the database alone, as an older palou kept it."""
    put(folder, "2024-03-01", DAY)
    load(database, [folder])
    with closing(connect(database, read_only=False)) as conn, conn:
        conn.execute(
            "insert into forgotten(at, contact, what, grp, key) values (?, ?, ?, ?, ?)",
            [at, contact, RULE.what, RULE.group, RULE.key],
        )
    load(database, [folder])


def said(database: Path) -> set[str]:
    with closing(connect(database)) as conn:
        return {text for (text,) in conn.execute("select text from messages")}
