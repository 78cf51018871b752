"""A wish is about an identity: where the archive has the chat's ids, about an id and not a name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.decision import Decision
from bot.harness.group import ADMIN, ROOM, Group, contact
from bot.reply import texts
from bot.settings import Settings
from bot.terms import Contact
from knowledge.loading.load import load
from knowledge.store import wishes
from knowledge.store.archive import Archive
from knowledge.store.copies import back_up
from knowledge.store.forget import of_contact, of_names
from knowledge.store.schema import connect
from tests.chats import day
from tests.fish import DAY, ZONE, Talk, chatlab
from tests.group import said
from tests.tea import ZHOU, archived, as_another, command
from tests.test_load import content

FISH = "水族"
WANG, OTHER = Contact("wxid_wang", "小王"), Contact("wxid_other", "小王")
STONE = "wxid_stone"

ASKED = "请问鱼缸的水泵半夜嗡嗡响是怎么回事？"
OLD_NAME = "转子里进沙子了，拆下来用牙刷刷一遍"
SHARED = "水草灯一天开八个钟头就够了"
OF_OTHER = "明天去花鸟市场的顺路捎我一个"
TALK: Talk = [
    (0, STONE, "石花", ASKED, None),
    (40, WANG.id, "王-北塘", OLD_NAME, None),
    (DAY, WANG.id, "小王", SHARED, None),
    (DAY + 60, OTHER.id, "小王", OF_OTHER, None),
    (DAY + 90, STONE, "石花", "@王-北塘 谢谢", None),
]
WORDS = {OLD_NAME, SHARED}


def fish(talk: Talk = TALK, **options: object) -> Group:
    options = {"settings": Settings(timezone="Asia/Shanghai")} | options
    files = {f"{FISH}/all.jsonl": chatlab(talk, FISH)}
    return Group(files=files, rooms={ROOM: (FISH,)}, **options)  # type: ignore[arg-type]


@pytest.fixture
def group() -> Iterator[Group]:
    made = fish()
    yield made
    made.close()


def forget_all(group: Group, who: Contact = WANG) -> str:
    as_another(group, who, "/forget-me all")
    group.advance(1)
    reply = said(_again(group, who))
    group.advance(1)
    return reply


def _again(group: Group, who: Contact) -> Decision:
    return as_another(group, who, " /forget-me all")


def texts_in(database: Path) -> set[str]:
    return {str(row[5]) for row in content(database)["messages"]}


def add(group: Group, name: str, talk: Talk) -> None:
    path = group.archive_folder / FISH / name
    path.write_text(chatlab(talk, FISH), encoding="utf-8")
    group.admin("/reload")
    group.advance(1)


def test_all_words_of_an_id_go_under_whatever_name_and_nobody_elses(group: Group) -> None:
    as_another(group, WANG, "早")
    reply = forget_all(group)
    assert texts.YOU_SAID.format(FISH, 2, "「小王」「王-北塘」") in reply
    assert texts.FORGOTTEN_ALL in reply and texts.ADMIN_DECIDES not in reply
    left = archived(group, FISH)
    assert not WORDS & {text for _, text in left} and ("小王", OF_OTHER) in left
    assert "王-北塘" not in str(left)


def test_who_was_never_seen_here_is_known_by_his_id(group: Group) -> None:
    reply = forget_all(group)
    assert texts.FORGOTTEN_ALL in reply and texts.NEVER_SEEN not in reply
    assert not WORDS & {text for _, text in archived(group, FISH)}
    assert ("小王", OF_OTHER) in archived(group, FISH)


def test_a_name_gives_nobody_what_another_id_has_said(group: Group) -> None:
    """Not even with an admin, who cannot tell either; the id can be forged by nobody."""
    as_another(group, Contact(STONE, "石花"), "早")
    thief = Contact("wxid_thief", "王-北塘")
    as_another(group, thief, "早")
    group.advance(30 * DAY)
    reply = forget_all(group, thief)
    assert texts.FROM_NOW_ON in reply and texts.ADMIN_DECIDES not in reply
    assert command(group, "/wishes", room=None) == texts.NO_WISHES
    assert {text for _, text in archived(group, FISH)} >= WORDS
    assert ("王-北塘", OLD_NAME) in archived(group, FISH)


def test_a_message_is_forgotten_by_whose_id_it_bears_and_by_no_namesake(group: Group) -> None:
    cited = f"{FISH}-20240507-100000"
    assert said(as_another(group, OTHER, f"/forget {cited}")) == texts.NOT_YOURS_TO_FORGET
    renamed = Contact(WANG.id, "换了名字")
    assert said(as_another(group, renamed, f"/forget {cited}")) == texts.FORGOTTEN.format(cited)
    group.advance(1)
    assert SHARED not in {text for _, text in archived(group, FISH)}


def test_later_exports_are_read_by_the_id(group: Group) -> None:
    forget_all(group)
    add(group, "later.jsonl", [
        (9 * DAY, WANG.id, "又一个名字", "这一句也要忘掉", None),
        (9 * DAY + 5, OTHER.id, "小王", "我是另一位小王", None),
        (9 * DAY + 9, STONE, "石花", "大家早", None),
    ])  # fmt: skip
    left = archived(group, FISH)
    assert "这一句也要忘掉" not in str(left) and "又一个名字" not in str(left)
    assert ("小王", "我是另一位小王") in left and ("小王", OF_OTHER) in left


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_a_database_made_anew_tells_namesakes_apart_whatever_is_read_first(
    group: Group, tmp_path: Path, order: Sequence[int]
) -> None:
    """A file in which nobody stands whom the bot knows is read again when others tell of it."""
    forget_all(group)
    parts: list[Talk] = [
        [(DAY + 60, OTHER.id, "小王", OF_OTHER, None), (DAY + 70, "wxid_a", "阿港", "好的", None)],
        [(2 * DAY, "wxid_a", "阿港", "早", None), (2 * DAY + 9, STONE, "石花", "早啊", None)],
        [(3 * DAY, STONE, "石花", "有人吗", None), (3 * DAY + 9, WANG.id, "小王", SHARED, None)],
    ]
    new, folder = tmp_path / "new.db", tmp_path / FISH
    folder.mkdir()
    wishes.beside(new).write_bytes(wishes.beside(group.settings.database).read_bytes())
    for name, part in zip("abc", order, strict=True):
        (folder / f"{name}.jsonl").write_text(chatlab(parts[part], FISH), encoding="utf-8")
    load(new, [folder], zone=ZONE)
    assert OF_OTHER in texts_in(new) and SHARED not in texts_in(new)
    one_by_one = tmp_path / "one.db"
    wishes.beside(one_by_one).write_bytes(wishes.beside(new).read_bytes())
    for name in "abc":
        load(one_by_one, [folder / f"{name}.jsonl"], zone=ZONE)
    load(one_by_one, [folder], zone=ZONE)
    assert OF_OTHER in texts_in(one_by_one) and SHARED not in texts_in(one_by_one)


def test_where_an_archive_has_ids_of_its_own_a_wish_goes_by_name() -> None:
    """A tool that makes ids of its own tells of no contact."""
    talk = [(at, f"h{hash_of}", name, text, None) for at, hash_of, name, text in (
        (0, 1, "石花", ASKED), (40, 2, "老秦", OLD_NAME), (DAY, 2, "秦-禾苗", SHARED),
    )]  # fmt: skip
    group = fish(talk)
    group.say("老秦", "早")
    group.advance(8 * DAY)
    reply = forget_all(group, contact("老秦"))
    assert texts.FORGOTTEN_ALL in reply
    left = str(archived(group, FISH))
    assert OLD_NAME not in left and SHARED not in left and ASKED in left
    group.close()


def test_of_two_of_one_name_with_ids_of_their_own_an_admin_decides() -> None:
    talk = [
        (at, i, "小王", text, None) for at, i, text in ((0, "h1", SHARED), (60, "h2", OF_OTHER))
    ]
    group = fish([*talk, (90, "h2", "王二", "我也叫小王", None)])
    group.say("小王", "早")
    group.advance(8 * DAY)
    assert texts.ADMIN_DECIDES in forget_all(group, contact("小王"))
    assert SHARED in str(archived(group, FISH))
    group.admin("/wishes 1 yes", room=None)
    group.advance(1)
    assert SHARED not in str(archived(group, FISH))
    group.close()


def test_old_exports_without_ids_are_reached_by_the_names(group: Group) -> None:
    """The same archive, before a tool that has ids was used."""
    before = group.archive_folder / FISH / "2024-05-08.md"
    said_then = [("09:00:00", "王-北塘", "新买的滤棉真不错"), ("09:01:00", "小王", "哪家的滤棉？")]
    before.write_text(day("2024-05-08", said_then), encoding="utf-8")
    group.admin("/reload")
    group.advance(1)
    reply = forget_all(group)
    left = {text for _, text in archived(group, FISH)}
    assert "新买的滤棉真不错" not in left, "after his id bore that name, and nobody else's did"
    assert "哪家的滤棉？" in left and texts.ADMIN_DECIDES in reply
    assert "小王" in command(group, "/wishes", room=None)


def test_undo_brings_back_words_and_names(group: Group) -> None:
    before = archived(group, FISH)
    forget_all(group)
    assert said(as_another(group, WANG, "/forget-me undo")) == texts.UNDONE
    group.advance(1)
    assert archived(group, FISH) == before


def test_name_then_all_takes_the_words_of_the_id_alone(group: Group) -> None:
    as_another(group, WANG, "/forget-me")
    group.advance(1)
    assert SHARED in str(archived(group, FISH)) and "王-北塘" not in str(archived(group, FISH))
    forget_all(group)
    left = archived(group, FISH)
    assert not WORDS & {text for _, text in left} and ("小王", OF_OTHER) in left


QUOTING: Talk = [
    *TALK,
    (DAY + 120, STONE, "石花", f"「小王：{SHARED}」\n- - - - - - - - - - - - - - -\n试试", None),
    (DAY + 150, STONE, "石花", f"「小王：{OF_OTHER}」\n- - - - - - - - - - - - - - -\n几点", None),
]


def test_what_others_quote_of_him_goes_and_what_they_quote_of_a_namesake_stays() -> None:
    group = fish(QUOTING)
    forget_all(group)
    quoting = {text for name, text in archived(group, FISH) if name == "石花"}
    assert SHARED not in str(quoting) and "试试" in quoting
    assert any(OF_OTHER in text and text.endswith("几点") for text in quoting)
    new = group.folder / "new.db"
    wishes.beside(new).write_bytes(wishes.beside(group.settings.database).read_bytes())
    load(new, [group.archive_folder], zone=ZONE)
    assert texts_in(new) == {text for _, text in archived(group, FISH)}
    group.close()


def test_what_is_quoted_of_a_message_goes_with_it() -> None:
    group = fish(QUOTING, loading=600)
    as_another(group, WANG, f"/forget {FISH}-20240507-100000")
    archive = Archive(group.settings.database)
    day_then = archive.day(FISH, "2024-05-07", 0, 10)
    archive.close()
    assert day_then and SHARED not in str(day_then), "at once"
    group.advance(601)
    assert SHARED not in str(archived(group, FISH)) and OF_OTHER in str(archived(group, FISH))
    group.close()


def test_it_holds_at_once_for_pages_and_replies_and_for_no_namesake(group: Group) -> None:
    other = fish(loading=600)
    as_another(other, WANG, "/forget-me all")
    _again(other, WANG)
    archive = Archive(other.settings.database)
    with archive.reading():
        shown = archive.day(FISH, "2024-05-07", 0, 10)
        assert shown is not None
        assert [m.text for m in shown.messages][:1] == [OF_OTHER]
        assert shown.messages[0].speaker == "小王"
        names = {name for s in archive.speakers(FISH) for name in s.names}
    archive.close()
    assert "王-北塘" not in names
    assert OLD_NAME not in said(other.ask("何小满", ASKED))
    other.close()


def test_a_namesake_is_on_the_page_of_people_after_the_load(group: Group) -> None:
    forget_all(group)
    archive = Archive(group.settings.database)
    found = {s.name: s.messages for s in archive.speakers(FISH)}
    archive.close()
    assert found["小王"] == 1


def test_backups_are_reached_by_the_id(group: Group) -> None:
    copy = group.folder / "copy.db"
    back_up(group.settings.database, copy)
    wishes.note_written(group.settings.database, {str(copy): "backup"})
    forget_all(group)
    assert not WORDS & texts_in(copy) and OF_OTHER in texts_in(copy)


def test_no_byte_of_words_names_or_the_id_is_left(group: Group) -> None:
    forget_all(group)
    group.core.close()
    with closing(connect(group.settings.database, read_only=False)) as conn:
        conn.execute("pragma wal_checkpoint(truncate)")
    for path in group.folder.glob("palou.db*"):
        held = path.read_bytes()
        for trace in (*WORDS, "王-北塘", WANG.id):
            assert trace.encode() not in held, (path.name, trace)
    group.core = group._start()


def test_the_file_of_wishes_alone_is_enough(group: Group, tmp_path: Path) -> None:
    forget_all(group)
    new = tmp_path / "new.db"
    wishes.beside(new).write_bytes(wishes.beside(group.settings.database).read_bytes())
    load(new, [group.archive_folder], zone=ZONE)
    assert not WORDS & texts_in(new) and OF_OTHER in texts_in(new)
    assert ADMIN not in str(content(new)["messages"])


def test_an_heir_who_is_in_exports_alone_is_told_apart_by_his_id(known: Group) -> None:
    """Where names alone were there, the wish went by them; an export with ids knows better."""
    for _ in range(2):
        reply = said(known.say(ZHOU, "/forget-me all"))
    known.advance(1)
    assert texts.FORGOTTEN_ALL in reply
    path = known.archive_folder / "tea" / "later.jsonl"
    talk: Talk = [
        (0, "wxid_heir", ZHOU, "我是新来的，也姓周", None),
        (60, contact(ZHOU).id, ZHOU, "我出差回来了", None),
        (90, contact("林一一").id, "林一一", "都在啊", None),
    ]
    path.write_text(chatlab(talk, "tea"), encoding="utf-8")
    known.admin("/reload")
    known.advance(1)
    left = archived(known, "tea")
    assert (ZHOU, "我是新来的，也姓周") in left and "我出差回来了" not in str(left)
    assert "早上十点以后" not in str(left), "what went by the name stays away"


PEOPLE = ("wxid_a", "wxid_b", "wxid_c", "wxid_d")
NAMES = ("小王", "老秦", "阿港")
A = ("wxid_a", "老秦")


@settings(max_examples=25)
@given(
    files=st.lists(
        st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(NAMES)), max_size=4),
        min_size=1,
        max_size=4,
    ),
    wishing=st.sets(st.sampled_from(PEOPLE), min_size=1, max_size=2),
    after=st.integers(0, 4),
    without=st.sets(st.integers(0, 3)),
)
@example([[("wxid_b", "小王")], [("wxid_a", "小王")]], {"wxid_a"}, 0, set())
@example(
    [[("wxid_b", "小王")], [("wxid_b", "老秦"), ("wxid_c", "阿港")], [("wxid_c", "小王")], [A]],
    {"wxid_a"},
    0,
    {0, 1},
)
def test_whoever_bears_whatever_name_those_who_wish_are_forgotten_and_nobody_else(
    files: list[list[tuple[str, str]]], wishing: set[str], after: int, without: set[int]
) -> None:
    """A folder that grows by a file at a time; the wishes come behind some of them, or before.

    Whose id stands in no file with that of one who wished, or of one who does, goes by his name.
    """
    said_by: dict[str, str] = {}
    together: list[set[str]] = []
    talks: list[list[tuple[int, str, str, str, None]]] = []
    for n, speakers in enumerate(files):
        talk = [(n * DAY, STONE, "石花", f"第{n}天早上好", None)]
        talk = [] if n in without and speakers else talk
        together.append({who for who, _ in speakers} | {who for _, who, *_ in talk})
        for place, (who, name) in enumerate(speakers, 1):
            text = f"第{n}天第{place}句话"
            said_by[text] = who
            talk.append((n * DAY + place, who, name, text, None))
        talks.append(talk)
    wishing &= set(said_by.values())
    with TemporaryDirectory() as name:
        folder, database = Path(name) / FISH, Path(name) / "palou.db"
        folder.mkdir()
        for n in range(len(talks) + 1):
            if n == min(after, len(talks)):
                for who in sorted(wishing):
                    rules = [
                        *of_contact(FISH, who, words=True),
                        *of_names(FISH, NAMES, words=True),
                        wishes.Rule("contact", "", wishes.hashed_contact(who)),
                    ]
                    wishes.keep(database, rules, datetime(2024, 6, 1, tzinfo=UTC), who)
            if n < len(talks):
                (folder / f"{n}.jsonl").write_text(chatlab(talks[n], FISH), encoding="utf-8")
            load(database, [folder], zone=ZONE, workers=1)
        left = texts_in(database)
    known = set(wishing)
    for _ in together:
        known |= {who for ids in together if ids & known for who in ids}
    for text, who in said_by.items():
        assert (text in left) is (not wishing or who in known - wishing), text
    for n, ids in enumerate(together):
        assert (f"第{n}天早上好" in left) is (STONE in ids)
