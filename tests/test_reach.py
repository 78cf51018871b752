"""Wishes reach what Palou wrote elsewhere, whatever became of the database or of the load."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.harness.group import Group
from knowledge.loading.load import load
from knowledge.loading.reach import Reach
from knowledge.store import copies, outputs, wishes
from knowledge.store.schema import connect
from tests.chats import ASKED
from tests.group import said
from tests.tea import ZHOU, words
from tests.test_load import content

WORDS = ASKED[2][2]


def palou_backup(group: Group, name: str, database: Path | None = None) -> Path:
    file = group.folder / name
    command = ["backup", str(file), "--db", str(database or group.settings.database), "--force"]
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 0, done.stderr
    return file


def put_back(group: Group, backup: Path) -> None:
    """Put a backup in the place of the database, as `palou backup --help` says."""
    group.core.close()
    database = group.settings.database
    for suffix in ("-wal", "-shm"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
    shutil.copy(backup, database)
    group.core = group._start()


def forget_all(group: Group) -> None:
    for _ in range(2):
        group.say(ZHOU, "/forget-me all")
    group.advance(5)


def holds(database: Path, text: str = WORDS) -> bool:
    return any(text in str(row[5]) for row in content(database)["messages"])


def test_a_database_that_was_restored_knows_its_backups(known: Group) -> None:
    early, late = palou_backup(known, "early.db"), palou_backup(known, "late.db")
    put_back(known, early)
    assert holds(early) and holds(late)
    forget_all(known)
    assert WORDS not in words(known) and not holds(early) and not holds(late)


def test_a_backup_in_use_elsewhere_knows_those_beside_it(known: Group) -> None:
    first, second = palou_backup(known, "first.db"), palou_backup(known, "second.db")
    known.core.close()
    known.settings.database.unlink()
    wishes.beside(known.settings.database).unlink()
    at = known.clock.now
    wishes.keep(second, [wishes.Rule("message", "tea", "tea-20240301-090330")], at, "wxid")
    load(second, [known.archive_folder])
    assert not holds(second) and not holds(first)
    shutil.copy(first, known.settings.database)
    known.core = known._start()


def test_two_that_are_copies_of_each_other_are_reached_once(known: Group) -> None:
    database = known.settings.database
    backup = palou_backup(known, "backup.db")
    known.core.close()
    palou_backup(known, database.name, backup)
    known.core = known._start()
    forget_all(known)
    assert not holds(backup) and not holds(database)


def test_what_an_older_palou_noted_in_the_database_is_known_after_a_restore(known: Group) -> None:
    database, backup = known.settings.database, known.folder / "backup.db"
    copies.back_up(database, backup)
    other = known.folder / "other.db"
    copies.back_up(database, other)
    with closing(connect(database, read_only=False)) as conn, conn:
        conn.execute("insert into outputs values (?, ?)", [str(other), outputs.BACKUP])
    load(database, [known.archive_folder])
    put_back(known, backup)
    forget_all(known)
    assert not holds(other)


def test_a_backup_on_a_disk_that_is_away_is_reached_when_it_is_back(known: Group) -> None:
    disk, away = known.folder / "disk", known.folder / "away"
    disk.mkdir()
    backup = palou_backup(known, "disk/backup.db")
    disk.rename(away)
    forget_all(known)
    load(known.settings.database, [known.archive_folder])
    away.rename(disk)
    load(known.settings.database, [known.archive_folder])
    assert not holds(backup)


@pytest.mark.parametrize("kind", [outputs.REPORT, outputs.BACKUP])
def test_what_could_not_be_changed_is_reached_by_the_next_load_that_can(
    known: Group, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """No further wish has to come for it; what else was written stays."""
    report = known.folder / "report.html"
    if kind == outputs.REPORT:
        report.write_text(f"<p>{WORDS}</p>", encoding="utf-8")
        outputs.note(known.settings.database, report, kind)
    else:
        palou_backup(known, "report.html")
    other = known.folder / "other.html"
    other.write_text("<p>别的话</p>", encoding="utf-8")
    outputs.note(known.settings.database, other, outputs.REPORT)

    reach = getattr(Reach, f"_{kind}")

    def refused(self: Reach, output: outputs.Output, *rest: object) -> str:
        if output.path == report:
            raise PermissionError(13, "Permission denied")
        return str(reach(self, output, *rest))

    with monkeypatch.context() as patch:
        patch.setattr(Reach, f"_{kind}", refused)
        forget_all(known)
        told = load(known.settings.database, [known.archive_folder]).losses
        assert any(str(report) in str(loss) for loss in told), "each load says so"
    assert report.exists() and (kind == outputs.REPORT or holds(report))
    copy = palou_backup(known, "copy.db")
    assert str(report) in wishes.read(copy).missed, "a copy that takes its place knows it, too"
    load(known.settings.database, [known.archive_folder])
    assert not report.exists() if kind == outputs.REPORT else not holds(report)
    assert other.exists() and not wishes.read(known.settings.database).missed
    assert load(known.settings.database, [known.archive_folder]).losses == ()


@pytest.mark.parametrize("where", ["out", "scrub"])
def test_a_load_that_was_cut_short_before_all_was_clean_is_made_up_for(
    known: Group, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """Killed after its commit: what went is in the database no more, and in the backup still."""
    backup, report = palou_backup(known, "backup.db"), known.folder / "report.html"
    report.write_text(f"<p>{WORDS}</p>", encoding="utf-8")
    outputs.note(known.settings.database, report, outputs.REPORT)

    class Killed(BaseException):
        pass

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        target = Reach if where == "out" else __import__("knowledge.loading.load").store.forget
        patch.setattr(target, where, killed)
        with pytest.raises(Killed):
            forget_all(known)
    assert not holds(known.settings.database)
    assert where == "scrub" or (holds(backup) and report.exists())
    load(known.settings.database, [known.archive_folder])
    assert not holds(backup) and not report.exists()
    for file in (backup, known.settings.database):
        assert WORDS.encode() not in file.read_bytes()


def test_name_then_all_leaves_nothing_in_a_backup(known: Group) -> None:
    backup = palou_backup(known, "backup.db")
    known.say(ZHOU, "/forget-me")
    known.advance(5)
    assert holds(backup)
    forget_all(known)
    assert not holds(backup) and not holds(backup, ASKED[1][2])
    assert holds(backup, ASKED[0][2]), "what others said stays"


def test_a_text_of_a_backup_goes_when_a_restored_database_forgets(known: Group) -> None:
    backup = palou_backup(known, "backup.db")
    command = ["backup", str(backup), "--text", "--force", "--db", str(known.settings.database)]
    known.ask(ZHOU, "我的手机号查得到吗")
    assert CliRunner().invoke(main, command).exit_code == 0
    text = backup.with_name("backup.db.jsonl")
    put_back(known, backup)
    known.say(ZHOU, "/forget-me")
    known.advance(5)
    assert not text.exists() and said(known.ask("林一一", ASKED[0][2]))
