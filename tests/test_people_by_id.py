"""Who is who where the archive has ids: they part people of one name, and join names of one."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from knowledge.linking.senders import Senders
from knowledge.loading.load import load
from knowledge.store.schema import connect
from knowledge.store.wishes import hashed
from tests.fish import TALK, ZONE, chatlab, qce
from tests.test_load import content
from tests.test_threads import answers, exchanges

ASKED = "请问鱼缸的水泵半夜嗡嗡响是怎么回事？"
ANSWER = "转子里进沙子了，拆下来用牙刷刷一遍"
OTHER = "请问水草灯一天开几个钟头合适？"
LATE = "八个钟头就够了，多了长藻"

Talk = Sequence[tuple[int, str, str, str, int | None]]


def loaded(database: Path, folder: Path, talk: Talk) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "a.jsonl"
    path.write_text(chatlab(talk), encoding="utf-8")
    load(database, [path], zone=ZONE)
    return path


def test_one_of_the_same_name_answers_as_anybody_else_would(tmp_path: Path, database: Path) -> None:
    talk = [(0, "u1", "小王", ASKED, None), (40, "u2", "小王", ANSWER, None)]
    loaded(database, tmp_path, talk)
    found = exchanges(database)[ASKED]
    assert [m.text for m in found.question] == [ASKED] and answers(found) == [ANSWER]


def test_the_further_words_of_an_asker_are_his_own_not_his_namesakes(
    tmp_path: Path, database: Path
) -> None:
    talk = [
        (0, "u1", "小王", ASKED, None),
        (10, "u1", "小王", "是新买的缸", None),
        (20, "u2", "小王", "今天的虾到了", None),
        (60, "u3", "石花", ANSWER, None),
    ]
    loaded(database, tmp_path, talk)
    assert [m.text for m in exchanges(database)[ASKED].question] == [ASKED, "是新买的缸"]


def test_a_mention_of_a_shared_name_means_the_one_who_spoke_last(
    tmp_path: Path, database: Path
) -> None:
    talk = [
        (0, "u1", "小王", ASKED, None),
        (400, "u2", "小王", OTHER, None),
        (430, "u3", "石花", f"@小王 {LATE}", None),
        (500, "u4", "阿港", "今天的虾到了", None),
    ]
    loaded(database, tmp_path, talk)
    found = exchanges(database)
    assert answers(found[OTHER])[0] == f"@小王 {LATE}"
    assert f"@小王 {LATE}" not in answers(found[ASKED])


def test_a_name_that_comes_to_be_shared_parts_those_who_bore_it_before(
    tmp_path: Path, database: Path
) -> None:
    old = [(0, "u1", "小王", ASKED, None), (40, "u2", "小王", ANSWER, None),
           (7200, "u2", "阿王", "今天的虾到了", None)]  # fmt: skip
    day = 86400
    more = [*old, (9 * day, "u1", "小王", OTHER, None), (9 * day + 30, "u3", "石花", LATE, None)]
    loaded(database, tmp_path, old)
    path = loaded(database, tmp_path, more)
    load(tmp_path / "fresh.db", [path], zone=ZONE)
    assert content(database) == content(tmp_path / "fresh.db")
    assert answers(exchanges(database)[ASKED]) == [ANSWER]


def test_names_that_look_alike_are_two_where_their_ids_are(tmp_path: Path, database: Path) -> None:
    talk = [(0, "u3", "石花", "大家早", None), (9, "u3", "花花", "早", None)] + [
        (n * 86400 * 2 + k * 86400, who, name, "今天换水了", None)
        for n in range(8)
        for k, (who, name) in enumerate(
            [("u1", "柯北-石榴金服-风控"), ("u2", "柯北-石榴金服-运营")]
        )
    ]
    loaded(database, tmp_path, talk)
    assert set(people(database)) <= {"石花", "花花"}
    # Converters that have no ids make some of the names: these say nothing.
    loaded(
        database, tmp_path, [(at, f"id-{name}", name, text, None) for at, _, name, text, _ in talk]
    )
    assert "柯北-石榴金服-运营" in {*people(database), *people(database).values()}


def people(database: Path) -> dict[str, str]:
    with closing(connect(database)) as conn:
        return dict(conn.execute("select name, person from people").fetchall())


def test_the_ids_of_two_tools_part_nobody(tmp_path: Path, database: Path) -> None:
    """Each tool has ids of its own for the same people."""
    (tmp_path / "a.jsonl").write_text(chatlab(TALK[:3]), encoding="utf-8")
    said = [(after + 7 * 86400, "v" + who[1:], *more) for after, who, *more in TALK]
    (tmp_path / "b.json").write_text(qce(said), encoding="utf-8")  # type: ignore[arg-type]
    load(database, [tmp_path], zone=ZONE)
    with closing(connect(database)) as conn:
        assert conn.execute("select * from shared_names").fetchall() == []


def test_ids_that_files_join_are_of_one_kind() -> None:
    names = [("u1", "小王"), ("u2", "小王"), ("v1", "小王"), ("u3", "石花")]
    assert not Senders(names[1:], [["u2", "u3"], ["v1"]]).shared
    assert Senders(names, [["u1", "u3"], ["u2", "u3"], ["v1"]]).is_shared(" 小王 ")
    apart = Senders(names, [["u1", "u2", "u3", "v1"]])
    assert len({apart.key("小王", i) for i in ("u1", "u2", "v1")}) == 3
    assert apart.key("石花", "u3") == "石花" and apart.key("小王", "") == "小王"


def test_a_forgotten_member_leaves_no_id_behind(tmp_path: Path, database: Path) -> None:
    talk = [(0, "u1", "海蓝", ASKED, None), (40, "u2", "石花", ANSWER, None)]
    loaded(database, tmp_path, talk)
    with closing(connect(database, read_only=False)) as conn, conn:
        conn.execute(
            "insert into forgotten(at, contact, what, grp, key) values ('', '', 'name', ?, ?)",
            ["水族", hashed("水族", "石花")],
        )
    load(database, ())
    with closing(connect(database)) as conn:
        senders = [s for (s,) in conn.execute("select sender from message_ids order by message")]
        assert senders == ["u1", ""]
        assert conn.execute("select id from speaker_ids").fetchall() == [("u1",)]
