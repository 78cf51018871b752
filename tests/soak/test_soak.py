"""The soak itself: it kills where it says, and what goes wrong is told."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.soak.hostile import Run, Stuck
from tests.soak.killing import Tell, events, killed_after, killed_at
from tests.soak.part import Outcome, Part, main
from tests.soak.targets import Target
from tests.soak.texts import SHAPES, grown


def three_rows(database: Path) -> Callable[[Tell], None]:
    """Work that writes three rows, each kept by itself, and tells of each."""

    def work(tell: Tell) -> None:
        with closing(sqlite3.connect(database, isolation_level=None)) as conn:
            conn.execute("create table t(n)")
            for n in range(3):
                conn.execute("insert into t values (?)", [n])
                tell(f"row {n}")

    return work


def test_it_kills_before_any_event_and_keeps_what_was_told(tmp_path: Path) -> None:
    kinds, _ = events(three_rows(tmp_path / "whole.db"))
    inserts = [n for n, kind in enumerate(kinds) if kind.startswith("insert into t")]
    assert len(inserts) == 3
    database = tmp_path / "killed.db"
    assert killed_at(three_rows(database), inserts[2]) == ["row 0", "row 1"]
    with closing(sqlite3.connect(database)) as conn:
        assert conn.execute("select n from t").fetchall() == [(0,), (1,)]


def test_a_write_that_is_killed_is_half_done(tmp_path: Path) -> None:
    def work(tell: Tell) -> None:
        descriptor = os.open(tmp_path / "file", os.O_WRONLY | os.O_CREAT)
        os.write(descriptor, b"12345678")
        tell("written")

    kinds, _ = events(work)
    (tmp_path / "file").unlink()
    assert killed_at(work, kinds.index("write")) == []
    assert (tmp_path / "file").read_bytes() == b"1234"


def test_it_kills_what_would_never_end() -> None:
    def work(tell: Tell) -> None:
        tell("begun")
        while True:
            pass

    assert killed_after(work, 0.1) in ([], ["begun"])


def test_work_that_breaks_undisturbed_is_no_task() -> None:
    def work(tell: Tell) -> None:
        raise ValueError("not even alone")

    with pytest.raises(AssertionError, match="not even alone"):
        events(work)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_shape_grows_to_any_length(shape: tuple[str, str, str]) -> None:
    for length in (2_000, 16_384):
        text = grown(shape, length)
        assert len(text) == length and text.startswith(shape[0]) and text.endswith(shape[2])


def test_what_raises_or_hangs_is_kept_and_told_by_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    def take(text: str) -> None:
        raise (ValueError if text == "a\ud800" else Stuck)(text)

    run = Run()
    for text in ("a\ud800", "a\ud800", "b"):
        run.give(Target("reader", 1.0, take), text)
    (fault,) = run.faults()
    assert fault.startswith("reader at the target, 3 times: ValueError")
    kept = (tmp_path / "soak-found" / "fault-0-reader.txt").read_bytes()
    assert kept.decode("utf-8", "surrogatepass") == "a\ud800"


@pytest.mark.parametrize("faults", [(), ("it is lost",)])
def test_a_part_says_its_figures_and_ends_by_what_it_found(
    faults: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    part = Part("tries", "tries", 5, 2, lambda count, seed, step: Outcome(f"{count} tries", faults))
    with pytest.raises(SystemExit) as ended:
        main(part, "A part.", ["--seed", "7"])
    assert ended.value.code == bool(faults)
    said = capsys.readouterr().out
    assert said.startswith("tries: 5 tries; seed 7\n")
    assert all(fault in said for fault in faults)
