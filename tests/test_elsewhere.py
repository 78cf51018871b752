"""Wishes about files that are not there when they are applied: loaded once, from another folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.language.names import SOMEBODY
from knowledge.loading.load import load
from knowledge.store import forget, wishes
from knowledge.store.wishes import Rule
from tests.chats import Said, put
from tests.test_forget import BEHIND, ZHOU, said, wish

DAYS: dict[str, list[Said]] = {
    "2024-03-01": [
        ("09:00:00", "林一一", "请问对账文件每天几点能下载？"),
        ("09:03:00", ZHOU, "早上十点以后，节假日顺延"),
        ("09:05:00", "吴知秋", f"「{ZHOU}：早上十点以后，节假日顺延」{BEHIND}我们是九点"),
    ],
    "2024-03-02": [
        ("10:00:00", "何小满", "请问退款一般多久到账？"),
        ("10:01:00", ZHOU, "三天，遇到周末再等等"),
    ],
}
OTHERS = {
    text for messages in DAYS.values() for _, who, text in messages if who in ("林一一", "何小满")
}
HERE: list[Said] = [
    ("11:00:00", "何小满", "请问发票在哪里开？"),
    ("11:01:00", ZHOU, "后台账单那一页"),
]


@pytest.fixture
def elsewhere(tmp_path: Path, database: Path) -> Path:
    """A folder with two files of a group, loaded once; a third file is there at each load."""
    for date, messages in DAYS.items():
        put(tmp_path / "elsewhere" / "g", date, messages)
    put(tmp_path / "here" / "g", "2024-03-03", HERE)
    load(database, [tmp_path / "elsewhere", tmp_path / "here"])
    return tmp_path / "elsewhere"


def rules(words: bool) -> list[Rule]:
    return forget.of_names("g", [ZHOU], words)


def name_then_all(database: Path, here: Path) -> None:
    for words in (False, True):
        wish(database, *rules(words))
        load(database, [here])


def all_texts(database: Path) -> set[str]:
    return {str(text) for _, text in said(database)}


def test_name_then_all_takes_his_words_out(tmp_path: Path, database: Path, elsewhere: Path) -> None:
    name_then_all(database, tmp_path / "here")
    left = all_texts(database)
    assert not any(word in text for text in left for word in ("十点以后", "三天", "后台账单"))
    assert left >= OTHERS and "我们是九点" in left, "others' words stay, and what they quoted goes"


def test_others_stay_whatever_is_loaded_next(
    tmp_path: Path, database: Path, elsewhere: Path
) -> None:
    name_then_all(database, tmp_path / "here")
    left = said(database)
    put(tmp_path / "here" / "g", "2024-03-04", [("09:00:00", "林一一", "早")])
    load(database, [tmp_path / "here"])
    assert said(database) == [*left, ("林一一", "早")]
    load(database, [elsewhere, tmp_path / "here"])
    assert said(database) == [*left, ("林一一", "早")]


def test_who_went_by_name_alone_keeps_his_words_when_his_file_is_there_again(
    tmp_path: Path, database: Path, elsewhere: Path
) -> None:
    wish(database, *forget.of_names("g", ["吴知秋"], False))
    name_then_all(database, tmp_path / "here")
    load(database, [elsewhere, tmp_path / "here"])
    assert (SOMEBODY, "我们是九点") in said(database)


def test_words_of_another_group_stay_when_nobody_wished_them_gone(
    tmp_path: Path, database: Path, elsewhere: Path
) -> None:
    """Somebody's words go in one group; in another, one is known no more by name, and speaks on."""
    put(elsewhere / "h", "2024-03-01", [*DAYS["2024-03-01"], ("12:00:00", "何小满", "散了")])
    load(database, [elsewhere, tmp_path / "here"])
    wish(database, *forget.of_names("h", [ZHOU], False), *rules(False))
    load(database, [tmp_path / "here"])
    wish(database, *rules(True), *forget.of_names("h", ["吴知秋"], True))
    load(database, [tmp_path / "here"])
    assert (SOMEBODY, "早上十点以后，节假日顺延") in said(database, "h")
    assert "十点以后" not in "".join(all_texts(database))


@pytest.mark.parametrize("words", [False, True], ids=["name", "all"])
def test_what_is_taken_back_comes_when_its_file_is_there_again(
    tmp_path: Path, database: Path, elsewhere: Path, words: bool
) -> None:
    before = said(database)
    wish(database, *rules(words))
    load(database, [tmp_path / "here"])
    wishes.undo(database, *wishes.read(database).held)
    load(database, [tmp_path / "here"])
    assert [text for _, text in said(database)][-1] == HERE[1][2]
    load(database, [elsewhere, tmp_path / "here"])
    assert said(database) == before
