"""When the bot speaks, and why not; with a clock that is moved by hand."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.harness import group as harness
from bot.harness.group import ROOM
from bot.reply import texts
from bot.settings import RoomSettings, Settings, Speaking
from bot.terms import Room
from bot.tokens import tokens
from knowledge.loading.load import load
from tests.chats import ASKED as AGAIN
from tests.chats import put
from tests.conftest import SEEDS
from tests.group import ADMIN, ASKED, OTHER, Group, said, settings

ASKED_THERE = "待清算科目为什么日终不是零？我以为清完了就该是零"
"""A question as it stands in the archive of the other room."""


def group_in(folder: Path, database: Path, mode: str) -> Group:
    return Group(replace(settings(folder, mode), database=database))


@pytest.fixture
def group(tmp_path: Path, seeds_database: Path) -> Iterator[Group]:
    """A group whose bot speaks when it is mentioned."""
    made = group_in(tmp_path, seeds_database, "mention")
    yield made
    made.close()


@pytest.fixture
def ambient(tmp_path: Path, seeds_database: Path) -> Iterator[Group]:
    """A group whose bot also overhears."""
    made = group_in(tmp_path, seeds_database, "ambient")
    yield made
    made.close()


def test_asked_it_answers_with_a_citation_and_mentions_who_asked(group: Group) -> None:
    decision = group.ask("小林", ASKED)
    assert str(decision.reason) == "answered"
    assert "原文：paytalk-20240301-004933" in said(decision)
    (sent,) = decision.sends
    assert sent.room is not None
    assert (sent.room.topic, sent.to.name, sent.mention) == (ROOM, "小林", True)


@pytest.mark.parametrize("text", ["@爬楼 {}", "@Palou\u2005{}", "{} @爬楼", "@爬楼?{}"])
def test_a_mention_by_one_of_its_names_is_one(group: Group, text: str) -> None:
    assert str(group.say("小林", text.format(ASKED)).reason) == "answered"


def test_a_word_that_is_its_name_is_no_mention(group: Group) -> None:
    assert str(group.say("小林", "爬楼看完了，受益").reason) == "silent: not mentioned"


def test_privately_it_answers_from_the_rooms_where_the_asker_speaks(group: Group) -> None:
    assert said(group.ask("小林", ASKED, room=None)) == texts.NO_ARCHIVE
    group.say("小林", "大家好")
    decision = group.ask("小林", ASKED, room=None)
    assert str(decision.reason) == "answered"
    assert not decision.sends[0].mention


def test_not_found_is_said_and_what_is_near_can_be_picked(group: Group) -> None:
    group.change(hedged=0.99, asked=0.99, overheard=0.99)
    decision = group.ask("小林", "网联之后支付机构的备付金")
    assert str(decision.reason).startswith("offered: 0.")
    assert "1. " in said(decision)
    assert "原文：" in said(group.say("小林", "1"))


def test_what_is_nowhere_near_is_said_so(group: Group) -> None:
    decision = group.ask("小林", "周末去哪里钓鱼比较好")
    assert decision.matches and said(decision).splitlines()[0] == texts.NOT_FOUND


def test_unmentioned_in_mention_mode_it_is_silent(group: Group) -> None:
    assert str(group.say("小林", ASKED).reason) == "silent: not mentioned"


def test_overheard_it_waits_and_then_answers(ambient: Group) -> None:
    assert str(ambient.say("小林", ASKED).reason) == "held: 20 s"
    assert ambient.advance(19) == []
    (decision,) = ambient.advance(1)
    assert str(decision.reason) == "answered"
    assert decision.sends[0].to.name == "小林"


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        ("不放网联，交到央行", "silent: a person answered"),
        ("@小林?看公告", "silent: a person answered"),
        ("「小林：网联成立以后」 - - - - - - - - - - - - - - - 央行", "silent: a person answered"),
        ("[强]", "answered"),
        ("收到", "answered"),
    ],
)
def test_a_person_who_answers_first_spares_the_bot(
    ambient: Group, reply: str, outcome: str
) -> None:
    ambient.say("小林", ASKED)
    ambient.say("老周", reply)
    ambient.advance(20)
    assert [str(d.reason) for d in ambient.spoken[0].decisions] == ["held: 20 s", outcome]


def test_what_the_asker_adds_himself_is_no_answer(ambient: Group) -> None:
    ambient.say("小林", ASKED)
    ambient.say("小林", "今天老板问我的")
    assert [str(d.reason) for d in ambient.advance(20)] == ["answered"]


def test_overheard_talk_is_not_answered(ambient: Group) -> None:
    assert str(ambient.say("小林", "今天中午吃面").reason) == "silent: not a question"


@pytest.mark.parametrize("text", ["@老周?{}", "「老周：早」 - - - - - - - - - - - - - - - {}"])
def test_a_question_to_somebody_else_is_his_to_answer(ambient: Group, text: str) -> None:
    asked = ambient.say("小林", text.format("支付机构的备付金放哪里？"))
    assert str(asked.reason) == "silent: put to somebody else"


def test_what_is_too_short_to_stand_by_itself_is_not_answered_unasked(ambient: Group) -> None:
    assert str(ambient.say("小林", "备付金放哪？").reason) == "silent: too short to stand by itself"


def test_overheard_below_the_threshold_it_is_silent_and_says_the_figures(ambient: Group) -> None:
    ambient.change(overheard=1.0)
    ambient.say("小林", "x")
    reason = str(ambient.say("小林", "支付机构的备付金后来怎么样了？").reason)
    assert reason.startswith("silent: below threshold 0.")
    assert reason.endswith("< 1.00")


def test_after_an_overheard_question_the_room_is_left_alone(ambient: Group) -> None:
    ambient.say("小林", ASKED)
    ambient.advance(20)
    ambient.advance(20)
    assert str(ambient.say("老周", ASKED).reason) == "silent: cooldown 40 s"
    assert str(ambient.ask("老周", ASKED).reason) == "answered"
    ambient.advance(40)
    assert str(ambient.say("老周", ASKED).reason) == "held: 20 s"


def test_of_two_questions_held_at_once_one_is_answered(ambient: Group) -> None:
    ambient.say("小林", ASKED)
    ambient.say("老周", ASKED)
    reasons = [str(d.reason) for d in ambient.advance(30)]
    assert reasons == ["answered", "silent: cooldown 60 s"]


def test_rooms_do_not_share_a_cooldown(ambient: Group) -> None:
    ambient.say("小林", ASKED)
    ambient.advance(20)
    assert str(ambient.say("老周", ASKED_THERE, room=OTHER).reason) == "held: 20 s"


def test_off_is_silent_even_when_mentioned(group: Group) -> None:
    group.command("/mode off")
    assert str(group.ask("小林", ASKED).reason) == "silent: mode off"


def test_it_does_not_answer_itself_other_bots_or_a_message_twice(group: Group) -> None:
    own = replace(group.incoming("爬楼", ASKED, mentioned=True), own=True)
    assert str(group.core.receive(own).reason) == "silent: own message"
    assert str(group.ask("机器人乙", ASKED).reason) == "silent: another bot"
    message = group.incoming("小林", ASKED, mentioned=True)
    assert str(group.core.receive(message).reason) == "answered"
    assert str(group.core.receive(message).reason) == "silent: seen before"


def test_a_flood_by_one_person_is_dropped_and_counted(group: Group) -> None:
    reasons = [str(group.ask("小林", ASKED).reason) for _ in range(8)]
    assert reasons == ["answered"] * 6 + ["silent: flood, this person"] * 2
    assert str(group.ask("老周", ASKED).reason) == "answered"
    assert "防刷丢弃 2" in group.command("/status")
    group.advance(61)
    assert str(group.ask("小林", ASKED).reason) == "answered"


def test_a_flood_in_one_room_is_dropped(group: Group) -> None:
    group.change(speaking=Speaking(room=3))
    reasons = [str(group.ask(f"人{i}", ASKED).reason) for i in range(5)]
    assert reasons == ["answered"] * 3 + ["silent: flood, this room"] * 2
    assert str(group.ask("人4", ASKED, room=None).reason) == "answered"
    assert str(group.ask("人4", ASKED_THERE, room=OTHER).reason) == "answered"


def test_knowledge_of_one_group_never_answers_in_another(group: Group) -> None:
    decision = group.ask("小林", ASKED, room=OTHER)
    assert "paytalk" not in said(decision) and "知渔" not in said(decision)
    unlisted = group.ask("小林", ASKED, room="别的群")
    assert said(unlisted) == texts.NO_ARCHIVE


def test_a_room_that_is_not_listed_sees_the_archive_of_its_own_name_if_no_room_has_it(
    group: Group,
) -> None:
    assert said(group.ask("小林", ASKED, room="paytalk")) == texts.NO_ARCHIVE
    free = harness.Group(SEEDS, rooms={ROOM: ("ledgerlab",)})
    assert str(free.ask("小林", ASKED, room="paytalk").reason) == "answered"
    again = replace(free.last().incoming, id="again", room=Room("9@chatroom", "paytalk"))
    assert said(free.core.receive(again)) == texts.NO_ARCHIVE
    free.close()


@pytest.mark.parametrize("live", [None, Path("live")])
def test_a_strangers_room_gets_neither_words_nor_token_nor_archive_of_a_closed_group(
    live: Path | None,
) -> None:
    secret = "a secret of this test"
    chosen = Settings(live=live, base_url="https://example.org", web_token=secret)
    rooms = {ROOM: ("paytalk",), OTHER: ("ledgerlab",)}
    group = harness.Group(SEEDS, rooms=rooms, settings=chosen)
    token = tokens(secret).group("paytalk")
    heard: list[str] = []
    for topic in ("paytalk", "PAYTALK", ROOM, " paytalk ", "paytalk/"):
        stranger = Room("9@chatroom", topic)
        for text in (ASKED, "网联", "请问龙井几度水？", "更多", "出处", "/help"):
            for where in (stranger, None):
                asked = group.ask("骗子", "", room=None).incoming
                asked = replace(asked, id=f"s{len(heard)}", room=where, text=text, mentioned=True)
                heard.append(said(group.core.receive(asked)))
    assert texts.NO_ARCHIVE in heard[0]
    assert not [text for text in heard if token in text or "备付金" in text or "paytalk-2" in text]
    written = {p.parent.name for p in (group.folder / "live").rglob("*.md")}
    assert written == ({"9@chatroom"} if live else set())
    group.close()


def test_more_shows_the_rest_and_says_when_there_is_none(group: Group) -> None:
    first = said(group.ask("小林", ASKED))
    pages = [first]
    for _ in range(10):
        pages.append(said(group.say("老周", "更多")))
        if pages[-1] == texts.NO_MORE:
            break
    assert pages[-1] == texts.NO_MORE
    assert len(set(pages)) == len(pages)


def test_after_ten_minutes_more_is_ordinary_talk(group: Group) -> None:
    group.ask("小林", ASKED)
    group.advance(601)
    assert str(group.say("小林", "更多").reason) == "silent: not mentioned"
    assert said(group.ask("小林", "更多")) == texts.NOTHING_TO_GO_ON


def test_the_full_citation(group: Group) -> None:
    group.ask("小林", ASKED)
    full = said(group.ask("小林", "出处"))
    assert "问 顾言舟-青橙钱包PM 2024-03-01 00:49:33 paytalk-20240301-004933" in full
    assert "答 " in full


@pytest.mark.parametrize(("word", "worth"), [("没用", -1), ("👎", -1), ("有用", 1), ("👍", 1)])
def test_feedback_lowers_and_raises_an_exchange(group: Group, word: str, worth: int) -> None:
    def confidence() -> float:
        group.advance(61)
        found = group.ask("小林", ASKED).matches
        return next(
            m.confidence
            for m in found
            if str(m.exchange.lead.citation) == "paytalk-20240301-004933"
        )

    before = confidence()
    for who in ("小林", "老周", "小吴"):
        assert said(group.say(who, word)) == texts.THANKS[worth]
    assert (confidence() - before) * worth > 0


def test_a_voice_against_one_time_counts_for_all_times_that_it_was_asked(tmp_path: Path) -> None:
    put(tmp_path / "g", "2024-03-01", AGAIN)
    put(tmp_path / "g", "2024-05-01", [(at, who + "二", text) for at, who, text in AGAIN])
    made = harness.Group(tmp_path / "g")
    before = made.ask("小林", AGAIN[0][2]).matches[0].confidence
    for who in ("小林", "老周", "小吴"):
        assert "没用" in said(made.ask(who, "没用"))
    best = made.ask("小林", AGAIN[0][2]).matches[0]
    assert len(best.repeats) == 1 and best.confidence < before
    made.close()


def test_one_person_has_one_voice_a_reply(group: Group) -> None:
    group.ask("小林", ASKED)
    group.say("小林", "没用")
    group.say("小林", "没用")
    group.core.record.flush()
    assert len(group.core.record.feedback_on("paytalk-20240301-004933")) == 1


def test_a_long_reply_is_three_messages_and_the_first_mentions_who_asked(tmp_path: Path) -> None:
    groups = tuple(f"支付同业交流群之第{n}分群" for n in range(50))
    for group in groups:
        said_there = [("09:00:00", "林一一", f"{group}的第一句")]
        put(tmp_path / "archive" / group, "2024-03-01", said_there)
    load(tmp_path / "bot.db", [tmp_path / "archive"])
    made = Group(replace(settings(tmp_path), rooms=(RoomSettings(topic=ROOM, groups=groups),)))
    sends = made.say(ADMIN, "/status").sends
    assert [s.mention for s in sends] == [True, False, False]
    assert len({s.key for s in sends}) == 3
    assert "之第0分群：1 条消息" in sends[0].text and sends[2].text.endswith("…")
    made.close()


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["小林", "群主", "机器人乙"]),
            st.one_of(
                st.text(max_size=40),
                st.sampled_from(
                    ["更多", "1", "有用", "/reload", "/forget x", "/answer 1 x", "/mute 9", ASKED]
                ),
            ),
            st.booleans(),
            st.floats(0, 100),
        ),
        max_size=8,
    )
)
def test_whatever_is_said_nothing_fails(
    ambient: Group, talk: list[tuple[str, str, bool, float]]
) -> None:
    for who, text, mentioned, seconds in talk:
        decision = ambient.say(who, text, mentioned=mentioned)
        assert not str(decision.reason).startswith("failed")
        assert all(s.text for s in decision.sends)
        ambient.advance(seconds)


def test_who_asks_in_a_thousand_rooms_fills_no_memory(group: Group) -> None:
    for n in range(40):
        group.say(f"群友{n}", "早")
        assert "有人问过" in said(group.ask(f"群友{n}", ASKED, room=None))
        group.advance(60)
    memory = group.core._memory
    kept = pickle.dumps([*memory.why.values(), *memory.last.values()])
    assert len(memory.last) <= 11, "a reply can be talked about for ten minutes"
    assert len(memory.why) == 41 and len(kept) < 41 * 6_000
