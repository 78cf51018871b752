"""The live archive: what is said is written down once, and can be loaded."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.harness.group import ROOM, START, contact
from bot.live import LiveArchive
from bot.reply import texts
from bot.settings import Settings
from bot.terms import Incoming, Room
from knowledge.archive import writing
from knowledge.archive.formats.markdown import MarkdownReader
from knowledge.groups import folder_of, group_name
from knowledge.loading.load import load
from knowledge.store.read import Store
from knowledge.store.schema import connect
from tests.group import ADMIN, Group, said, settings

ZONE = Settings().zone
NUMBERS = itertools.count(1)


def group_with(tmp_path: Path, seeds_database: Path) -> Group:
    shutil.copytree(Path(__file__).parent.parent / "seeds", tmp_path / "archive")
    group = Group(replace(settings(tmp_path), database=seeds_database))
    group.change(live=tmp_path / "live")
    return group


def incoming(who: str, text: str) -> Incoming:
    at = START.replace(tzinfo=ZONE)
    return Incoming(f"m{next(NUMBERS)}", Room("1@chatroom", ROOM), contact(who), text, at)


def lines(path: Path) -> list[tuple[str, str, str]]:
    with path.open("rb") as stream:
        reading = MarkdownReader().read(stream, path.name)
    assert reading.losses == ()
    return [(m.time, m.speaker, m.text) for m in reading.messages]


def test_it_is_announced_once_and_off_by_default(tmp_path: Path, seeds_database: Path) -> None:
    group = group_with(tmp_path, seeds_database)
    assert texts.ANNOUNCE_LIVE in said(group.say("小林", "早"))
    group.restart()
    assert group.say("小林", "早").sends == ()
    group.change(live=None)
    group.say("小林", "这句不记")
    assert "这句不记" not in next((tmp_path / "live").rglob("*.md")).read_text(encoding="utf-8")
    group.close()


def test_what_is_said_is_answered_from_after_a_reload(tmp_path: Path, seeds_database: Path) -> None:
    group = group_with(tmp_path, seeds_database)
    group.say("小林", "请问分账接口的并发上限是多少？")
    group.advance(60)
    group.say("老周", "@小林?每秒三百，超了会限流")
    group.say(ADMIN, "/reload")
    group.advance(1)
    reply = said(group.ask("小吴", "请问分账接口的并发上限是多少？"))
    assert "每秒三百" in reply and "paytalk-20240401-090000" in reply
    group.close()


def test_nothing_is_doubled_or_lost_over_a_restart(tmp_path: Path) -> None:
    sent = [incoming("小林", t) for t in ("一", "一", "> 09:00:00  假冒  \n真的", "三\n\n行")]
    first = LiveArchive(tmp_path / "live", ZONE)
    for m in sent[:3]:
        first.write("g", m, m.sender.name, m.text)
    second = LiveArchive(tmp_path / "live", ZONE)
    for m in sent:
        second.write("g", m, m.sender.name, m.text)
    (path,) = (tmp_path / "live").rglob("*.md")
    assert [text for _, _, text in lines(path)] == [
        "一",
        "一",
        "> 09:00:00  假冒\n真的",
        "三\n\n行",
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [("小\x00林 \x07", "早\x00"), ("小林", "早 \x00\n好"), ("小林", "长" * 100_001)],
)
def test_what_the_archive_cannot_hold_is_not_doubled_either(
    tmp_path: Path, name: str, text: str
) -> None:
    m = incoming(name, text)
    written = [LiveArchive(tmp_path / "live", ZONE).write("g", m, name, text) for _ in range(2)]
    assert written == [True, False]


HOSTILE = st.text(
    st.sampled_from(list("> 09:0小林\n\r\t\x00\x0b\x1c\x85\u2028\u3000\ufeff\ud800-=#`*\\|_")),
    max_size=30,
)


@given(
    st.lists(st.tuples(HOSTILE, HOSTILE), min_size=1, max_size=8),
    st.integers(0, 8),
    st.lists(st.integers(0, 7), max_size=8),
)
def test_what_is_delivered_again_is_not_written_again_whatever_it_is(
    said_by: list[tuple[str, str]], restart: int, again: list[int]
) -> None:
    sent = [incoming(who, text) for who, text in said_by]
    delivered = [*sent[:restart], *(sent[n] for n in again if n < min(restart, len(sent)))]
    with tempfile.TemporaryDirectory() as folder:
        archive = LiveArchive(Path(folder), ZONE)
        for number, m in enumerate([*delivered, *sent]):
            if number == restart:
                archive = LiveArchive(Path(folder), ZONE)
            archive.write("g", m, m.sender.name, m.text)
        (path,) = Path(folder).rglob("*.md")
        content = path.read_bytes()
        assert content.count(b"  \n   \n") == 2 * len(sent)
        assert not archive.write("g", sent[0], sent[0].sender.name, sent[0].text)
        assert path.read_bytes() == content


def test_the_same_words_in_one_second_after_a_restart_are_another_message(tmp_path: Path) -> None:
    for n in range(3):
        m = incoming("小林", "收到")
        assert LiveArchive(tmp_path, ZONE).write("g", m, "小林", m.text), n
    (path,) = tmp_path.rglob("*.md")
    assert [text for _, _, text in lines(path)] == ["收到"] * 3


def test_a_gateway_that_counts_from_one_again_loses_nothing(tmp_path: Path) -> None:
    for text in ("上午的", "下午的"):
        m = replace(incoming("小林", text), id="1")
        assert LiveArchive(tmp_path, ZONE).write("g", m, "小林", m.text)


@pytest.mark.parametrize("left", ["", "beg", None])
def test_a_message_that_was_killed_before_its_id_is_told_by_what_it_says(
    tmp_path: Path, left: str | None
) -> None:
    sent = [incoming("小林", "一"), incoming("小林", "二"), incoming("小林", "三")]
    for m in sent[:2]:
        LiveArchive(tmp_path, ZONE).write("g", m, "小林", m.text)
    (ids,) = tmp_path.rglob("*.ids")
    first, second = ids.read_text().splitlines()
    assert "m" not in first + second, "it holds no id as the chat has it"
    if left is None:
        ids.unlink()  # a palou noted none
    else:
        ids.write_text(f"{first}\n{second[: len(left)]}")
    again = [LiveArchive(tmp_path, ZONE).write("g", m, "小林", m.text) for m in [*sent, *sent]]
    assert again == [False, False, True, False, False, False]
    (path,) = tmp_path.rglob("*.md")
    assert [text for _, _, text in lines(path)] == ["一", "二", "三"]
    assert len([x for x in ids.read_text().splitlines() if len(x) == len(first)]) == 3


def test_the_ids_are_no_archive_to_a_load(tmp_path: Path) -> None:
    m = incoming("小林", "请问对账文件几点能下载？")
    LiveArchive(tmp_path / "live", ZONE).write("g", m, "小林", m.text)
    report = load(tmp_path / "x.db", [tmp_path / "live"])
    assert (report.new, report.messages, report.losses) == (1, 1, ())


def test_a_message_cut_by_a_crash_is_mended(tmp_path: Path) -> None:
    one, two = incoming("小林", "第一句"), incoming("老周", "第二句")
    LiveArchive(tmp_path / "live", ZONE).write("g", one, "小林", "第一句")
    (path,) = (tmp_path / "live").rglob("*.md")
    path.write_bytes(path.read_bytes()[:-9])
    LiveArchive(tmp_path / "live", ZONE).write("g", two, "老周", "第二句")
    with path.open("rb") as stream:
        assert [m.text[-3:] for m in MarkdownReader().read(stream, path.name).messages][
            1
        ] == "第二句"


@pytest.mark.parametrize(
    "group",
    ["..", ".", "...", ".hidden", "茶" * 100, "a" * 300, "C:", "nul", "NUL.txt", "a:b", "🍵" * 70,
     "123@chatroom", "_posts", "\ud800", "/etc/passwd", "x/../../y", ""],
)  # fmt: skip
def test_whatever_a_group_is_called_its_files_stand_in_the_folder_and_are_loaded(
    tmp_path: Path, group: str
) -> None:
    m = incoming("小林", "请问龙井几度水？")
    live = tmp_path / "live"
    for name in (group, "paytalk"):
        LiveArchive(live, ZONE).write(group_name(name), m, "小林", m.text)
    assert [path.name for path in tmp_path.iterdir()] == ["live"]
    files = sorted(live.rglob("*.md"))
    assert len(files) == 2 and all(len(f.relative_to(live).parts) == 2 for f in files)
    assert load(tmp_path / "bot.db", [live]).messages == 2
    with closing(connect(tmp_path / "bot.db")) as conn:
        named = group_name(group).encode("utf-8", "replace").decode()
        assert Store(conn).groups() == tuple(sorted(("paytalk", named)))


@given(st.text(max_size=120), st.text(max_size=120))
def test_no_two_groups_share_a_folder(one: str, other: str) -> None:
    assert (folder_of(one) == folder_of(other)) is (one == other)
    for folder in (folder_of(one), folder_of(other)):
        assert not folder.startswith(".") and Path(folder).name == folder
        assert len(folder.encode()) <= 200


def test_the_folder_of_an_update_is_gone_on_with(tmp_path: Path) -> None:
    m = incoming("小林", "早")
    day = tmp_path / "live" / "支付茶馆-2" / "2024-04-01-chat.md"
    day.parent.mkdir(parents=True)
    day.write_text(writing.day("2024-04-01", [("09:00:00", "小林", "早")], "支付茶馆-2"), "utf-8")
    assert not LiveArchive(tmp_path / "live", ZONE).write("支付茶馆-2", m, "小林", "早")
    assert list((tmp_path / "live").rglob("*.md")) == [day]


@given(st.lists(st.text(max_size=60), min_size=1, max_size=5))
def test_whatever_is_said_makes_as_many_messages(
    tmp_path_factory: object, said_texts: list[str]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        archive = LiveArchive(Path(folder), ZONE)
        for text in said_texts:
            m = incoming("小林", text)
            archive.write("g", m, "小林", text)
        (path,) = Path(folder).rglob("*.md")
        assert len(lines(path)) == len(said_texts)
