"""After a wish, no byte of any file that Palou wrote holds the name, the words or the number."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.harness.group import Group, room
from bot.learning import learn
from bot.settings import Settings
from knowledge.loading.load import load
from knowledge.matching.embedder import WORDS
from knowledge.store import copies, outputs, wishes
from knowledge.store.schema import connect
from knowledge.store.wishes import Rule, hashed
from tests.chats import Said, day, put
from tests.group import said

NAME = "温如许-镜湖账务"
SECRET = "渠道那边报我的手机一八零零零一二三四五六就行"
NUMBER = "18000123456"
SPOKEN = f"把回执发到 {NUMBER}，我来跟进"
LIVE = f"再说一遍，{NUMBER} 是我"
TOPIC = "测试群"
CITED = "tea-20240301-090100"
ASKED: list[Said] = [
    ("09:00:00", "林一一", "请问回执迟迟不来该找谁跟进？"),
    ("09:01:00", NAME, f"@林一一?{SPOKEN}"),
    ("09:02:00", NAME, SECRET),
    ("09:05:00", "吴知秋", f"@{NAME}?好的，多谢"),
]
OTHERS: list[Said] = [
    (f"1{n}:00:00", "何小满", f"请问第{n}号机的纸卷型号是多少？") for n in range(8)
] + [(f"1{n}:01:00", "吴知秋", f"@何小满?第{n}号机用五七乘三零的") for n in range(8)]


@pytest.fixture
def group(tmp_path: Path) -> Group:
    """A group whose bot archives what is said, and has quoted who will want to be forgotten."""
    files = {"tea/2024-03-01.md": day("2024-03-01", ASKED), "tea/2024-03-02.md": day(
        "2024-03-02", sorted(OTHERS)
    )}  # fmt: skip
    group = Group(files=files, rooms={TOPIC: ("tea",)}, settings=Settings(live=Path("live")))
    group.say(NAME, LIVE)
    group.advance(timedelta(days=8).total_seconds())
    assert SPOKEN in said(group.ask("林一一", ASKED[0][2]))
    group.ask("何小满", f"@{NAME} 说的回执怎么弄")
    group.ask(NAME, f"我的号码 {NUMBER} 查得到吗")
    group.ask(NAME, ASKED[0][2])
    group.say(NAME, "有用")
    return group


def traces(folder: Path, archive: Path) -> dict[str, list[str]]:
    """What is left, by file: of the name, the words and the number; archives are the operator's."""
    wanted = {"name": NAME, "words": SECRET, "number": NUMBER, "grams": "一八零零零"}
    found: dict[str, list[str]] = {}
    for path in folder.rglob("*"):
        if path.is_file() and archive not in path.parents:
            content = path.read_bytes()
            left = [
                what
                for what, text in wanted.items()
                if text.encode() in content or text.encode("utf-16-le") in content
            ]
            if left:
                found[str(path.relative_to(folder))] = left
    return found


def forget_all(group: Group) -> None:
    for _ in range(2):
        reply = said(group.say(NAME, "/forget-me all", room=None))
    assert "都从归档里去掉了" in reply


def test_no_file_holds_what_is_forgotten(group: Group) -> None:
    assert {what for left in traces(group.folder, group.archive_folder).values() for what in left}
    forget_all(group)
    group.advance(5)
    assert {Path(path).parts[0] for path in traces(group.folder, group.archive_folder)} <= {"live"}
    group.advance(timedelta(days=1).total_seconds() + 1)
    group.admin("/reload", room=TOPIC)
    group.advance(5)
    group.core.close()
    assert traces(group.folder, group.archive_folder) == {}


def test_what_is_said_live_comes_back_with_an_undo(group: Group) -> None:
    forget_all(group)
    group.advance(5)
    group.say(NAME, "/forget-me undo", room=None)
    group.advance(5)
    assert SPOKEN in said(group.ask("林一一", ASKED[0][2]))
    (live,) = (group.folder / "live").rglob("*-01-chat.md")
    assert LIVE in live.read_text(encoding="utf-8")


def test_others_are_cited_as_before_when_a_live_file_was_rewritten(group: Group) -> None:
    group.say("林一一", "一样的一秒")
    group.say(NAME, "一样的一秒")
    group.say("林一一", "又是一样的一秒")
    forget_all(group)
    group.advance(timedelta(days=1).total_seconds() + 1)
    texts = [path.read_text(encoding="utf-8") for path in (group.folder / "live").rglob("*.md")]
    (text,) = (text for text in texts if "又是一样的一秒" in text)
    last = [line.split("  ")[1] for line in text.splitlines() if line.startswith("> ")][-3:]
    assert last == ["林一一", "一位群友", "林一一"]


def test_a_copy_of_the_database_forgets_by_the_wishes_that_are_copied_with_it(
    group: Group, tmp_path: Path
) -> None:
    forget_all(group)
    copy = tmp_path / "copy.db"
    copies.back_up(group.settings.database, copy)
    other = Group(database=copy, settings=Settings())
    reply = said(other.ask("林一一", ASKED[0][2], room=room("tea").topic))
    other.close()
    assert SPOKEN not in reply


def test_reports_and_backups_hold_nothing_of_it_either(group: Group) -> None:
    database, folder = group.settings.database, group.folder
    backup, report, other = (folder / name for name in ("backup.db", "report.html", "other.html"))
    copies.back_up(database, backup)
    report.write_text(f"<p>{SPOKEN}</p>", encoding="utf-8")
    other.write_text("<p>好的</p>", encoding="utf-8")
    outputs.note(database, backup, outputs.BACKUP)
    for path in (report, other):
        outputs.note(database, path, outputs.REPORT)
    forget_all(group)
    group.advance(5)
    assert not report.exists() and other.exists()
    left = traces(folder, group.archive_folder)
    assert {Path(path).parts[0] for path in left} == {"live"}
    # What is restored from the backup says nothing of it, and knows the rest.
    restored = Group(database=backup)
    reply = said(restored.ask("林一一", "第3号机的纸卷型号是多少？"))
    restored.close()
    assert "五七乘三零" in reply


def test_a_report_goes_when_nobody_can_tell_whose_words_it_holds(group: Group) -> None:
    group.say(NAME, "/forget-me")
    group.advance(5)
    report = group.folder / "report.html"
    report.write_text(f"<p>{SPOKEN}</p>", encoding="utf-8")
    outputs.note(group.settings.database, report, outputs.REPORT)
    forget_all(group)
    group.advance(5)
    assert not report.exists()


def test_a_report_or_backup_that_cannot_be_changed_is_told(group: Group) -> None:
    broken, gone = group.folder / "backup.db", group.folder / "gone.db"
    broken.write_bytes(b"no database" * 1000)
    for path in (broken, gone):
        outputs.note(group.settings.database, path, outputs.BACKUP)
    wishes.keep(group.settings.database, [Rule("message", "tea", CITED)], group.clock.now, "wxid")
    done = load(group.settings.database, [group.archive_folder])
    (loss,) = done.losses
    assert loss.path == str(broken) and "cannot be changed" in loss.loss.what
    assert broken.read_bytes() == b"no database" * 1000
    assert not gone.exists()


def test_a_replay_of_days_shows_nothing_of_it(group: Group, tmp_path: Path) -> None:
    again = [
        ("09:00:00", NAME, SPOKEN),
        ("09:01:00", "林一一", "@爬楼 请问第3号机的纸卷型号是多少？"),
        ("09:02:00", NAME, SECRET),
    ]
    put(group.archive_folder / "tea", "2024-03-10", again)
    config, shown = tmp_path / "palou.toml", []
    config.write_text(f'database = "{group.settings.database}"\n', encoding="utf-8")
    for out in (tmp_path / "before.html", tmp_path / "after.html"):
        command = [
            *("--settings", str(config), "replay", str(group.archive_folder)),
            *("--from", "2024-03-10", "--to", "2024-03-10", "--out", str(out)),
        ]
        done = CliRunner().invoke(main, command)
        assert done.exit_code == 0, done.stderr
        shown.append(out.read_text(encoding="utf-8"))
        forget_all(group)
        group.advance(5)
    before, after = shown
    assert "纸卷型号" in before and NAME in before and NUMBER in before
    assert "纸卷型号" in after and NAME not in after and NUMBER not in after
    assert not (tmp_path / "before.html").exists(), "it was noted, and a wish reached it"


def test_palou_backup_is_reached_with_the_text_beside_it(group: Group) -> None:
    backup = group.folder / "nightly.db"
    command = ["backup", str(backup), "--text", "--db", str(group.settings.database)]
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 0, done.stderr
    text = backup.with_name("nightly.db.jsonl")
    assert NUMBER in text.read_text(encoding="utf-8")
    forget_all(group)
    group.advance(5)
    assert not text.exists() and backup.exists()
    left = traces(group.folder, group.archive_folder)
    assert {Path(path).parts[0] for path in left} == {"live"}


def test_the_vectors_of_what_is_forgotten_go_with_it(tmp_path: Path) -> None:
    """They tell nobody the words, but which words are like them."""
    database, folder = tmp_path / "palou.db", tmp_path / "archive"
    put(folder / "tea", "2024-03-01", ASKED)
    put(folder / "tea", "2024-03-02", sorted(OTHERS))
    learn(database, [folder], WORDS)
    before = vectors(database)
    at = datetime(2024, 4, 1, tzinfo=UTC)
    rules = [Rule(what, "tea", hashed("tea", NAME)) for what in ("name", "words")]
    wishes.keep(database, rules, at, "")
    learn(database, [folder], WORDS)
    after = vectors(database)
    gone = before - after
    assert gone and {exchange for exchange, *_ in gone} < {exchange for exchange, *_ in before}
    held = database.read_bytes()
    assert not any(vector and vector in held for vector in each(gone) - each(after))


def vectors(database: Path) -> set[tuple[int, bytes, bytes]]:
    """The vectors of a database: of which exchange, of its question, of that with its answers."""
    with closing(connect(database)) as conn:
        return set(conn.execute("select exchange, question, said from word_vectors").fetchall())


def each(rows: set[tuple[int, bytes, bytes]]) -> set[bytes]:
    return {vector for _, *both in rows for vector in both}
