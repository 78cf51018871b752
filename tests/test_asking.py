"""What is asked: the same for all who ask, with what is forgotten masked and feedback weighed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.asking import Asking
from bot.cli import main
from bot.harness.group import Group
from bot.reasons import Reason, Why
from bot.record.record import Record
from bot.reply import texts
from bot.settings import Settings, Thresholds
from knowledge.language.names import SOMEBODY
from knowledge.loading.load import load
from knowledge.store import wishes
from knowledge.store.wishes import Rule, hashed
from tests.chats import put
from tests.conftest import SEEDS

NOW = datetime(2024, 4, 1, 9, 0, tzinfo=UTC)
ASKED = "网联成立以后，我们支付机构手里的备付金是不是都得放到网联去"
CITED = "paytalk-20240301-004933"
BEST, WORDS = "paytalk-20240301-075512", "不放网联哈"


@pytest.fixture
def own(tmp_path: Path, seeds_database: Path) -> Path:
    """The sample archive in a database of its own."""
    return Path(shutil.copy(seeds_database, tmp_path / "own.db"))


@pytest.fixture
def record(own: Path) -> Iterator[Record]:
    made = Record(own)
    yield made
    made.close()


@pytest.fixture
def asking(own: Path, record: Record) -> Iterator[Asking]:
    made = Asking(own, Settings(), record)
    yield made
    made.close()


def palou(*arguments: object) -> str:
    result = CliRunner().invoke(main, list(map(str, arguments)), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_an_answer_says_what_is_shown_first_in_its_order(asking: Asking) -> None:
    verdict = asking.ask(ASKED)
    assert verdict.answered and not verdict.hedged and verdict.reason == Reason(Why.ANSWERED)
    said = {str(a.message.citation): a.message for a in verdict.matches[0].exchange.answers}
    shown = [said[str(cited)] for cited in verdict.shown]
    places = [verdict.reply.index(m.text[:8]) for m in shown if not m.text.startswith("@")]
    assert len(places) >= 2 and places == sorted(places)
    assert verdict.offered == ()


def test_what_is_not_found_offers_the_questions_that_its_reply_lists(asking: Asking) -> None:
    verdict = asking.ask("备付金要不要放到网联", thresholds=Thresholds(0.99, 0.99, 0.99))
    assert not verdict.answered and verdict.reason.why is Why.OFFERED
    listed = [line for line in verdict.reply.splitlines() if line[:1].isdigit()]
    assert len(listed) == len(verdict.offered) >= 1
    for line, cited in zip(listed, verdict.offered, strict=True):
        assert cited.date in line
    assert verdict.shown == ()


def test_nothing_like_it_is_said_not_to_be_found(asking: Asking) -> None:
    verdict = asking.ask("红烧肉要炖多久才软烂")
    assert verdict.reason.why is Why.NOT_FOUND and verdict.offered == ()
    assert verdict.reply.splitlines()[0] == texts.NOT_FOUND


def test_overheard_there_is_nothing_to_say_but_an_answer(asking: Asking) -> None:
    assert asking.ask(ASKED, overheard=True).answered
    for text, why in (
        ("备付金归央行管", Why.NOT_A_QUESTION),
        ("备付金放哪？", Why.TOO_SHORT),
        (f"@老周 {ASKED}", Why.PUT_TO_SOMEBODY),
        ("周末去水库钓鱼要不要带帐篷呢？", Why.BELOW_THRESHOLD),
        ("kwijibo zyzzyva qoph vug nth?", Why.NOTHING_LIKE_IT),
    ):
        verdict = asking.ask(text, overheard=True)
        assert (verdict.reason.why, verdict.reply, verdict.shown) == (why, "", ())


def test_what_would_be_doubted_is_not_told_to_who_did_not_ask(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "网联成立后，备付金要放到网联吗"
    assert asking.ask(text).hedged
    monkeypatch.setattr("bot.asking.welcome", lambda confidence, text: 0.99)
    assert asking.ask(text, overheard=True).reason.why is Why.BELOW_THRESHOLD


def test_a_threshold_of_ones_own_holds_instead_of_the_settings(asking: Asking) -> None:
    high = Thresholds(0.99, 1.0, 1.0)
    assert asking.ask(ASKED, thresholds=high).reason.why is Why.OFFERED
    assert asking.ask(ASKED, overheard=True, thresholds=high).reason.why is Why.BELOW_THRESHOLD


def test_the_scope_is_kept_and_one_without_an_archive_says_so(asking: Asking) -> None:
    elsewhere = asking.ask(ASKED, groups=["ledgerlab", "nowhere"])
    assert {m.exchange.lead.citation.group for m in elsewhere.matches} == {"ledgerlab"}
    assert asking.ask(ASKED, groups=["nowhere"]).reply == texts.NO_ARCHIVE


def test_a_wish_that_waits_for_a_load_holds_for_all_who_ask(own: Path) -> None:
    wishes.keep(own, [Rule("message", "paytalk", BEST)], NOW, "c1")
    group = Group(database=own)
    in_group = group.ask("小林", ASKED).sends[0].text
    group.close()
    asked = palou("ask", "--db", own, ASKED)
    found = json.loads(palou("ask", "--db", own, "--json", ASKED))
    assert found["answered"] and BEST not in found["shown"]
    for said in (in_group, asked, json.dumps(found, ensure_ascii=False)):
        assert CITED in said and WORDS not in said
    assert WORDS not in palou("show", "--db", own, CITED)


def test_who_is_forgotten_is_somebody_in_what_is_shown(own: Path) -> None:
    name = "知渔-蓝鲸架构师"
    assert name in palou("show", "--db", own, CITED)
    wishes.keep(own, [Rule("name", "paytalk", hashed("paytalk", name))], NOW, "c1")
    shown = palou("show", "--db", own, CITED)
    assert name not in shown and SOMEBODY in shown and WORDS in shown


def test_a_message_that_is_forgotten_is_not_shown(own: Path) -> None:
    wishes.keep(own, [Rule("message", "paytalk", CITED)], NOW, "c1")
    result = CliRunner().invoke(main, ["show", "--db", str(own), CITED])
    assert result.exit_code == 1
    assert result.stderr == f"palou: {CITED}: this message is forgotten, as a member wished\n"


def test_feedback_weighs_for_the_command_line_as_for_the_group(own: Path, record: Record) -> None:
    before = json.loads(palou("ask", "--db", own, "--json", ASKED))["matches"][0]
    reply = record.reply(
        record.question(NOW, "1@chatroom", "c", ASKED, Reason(Why.ANSWERED), 0.9), NOW, CITED
    )
    for voice in ("甲", "乙", "丙"):
        record.feedback(reply, NOW, CITED, ASKED, voice, -1)
    record.flush()
    after = json.loads(palou("ask", "--db", own, "--json", ASKED))
    same = [m for m in after["matches"] if m["question"]["citation"] == CITED]
    assert before["question"]["citation"] == CITED and before["confidence"] > 0.9
    assert all(m["confidence"] < before["confidence"] - 0.05 for m in same)
    group = Group(database=own)
    (in_group,) = {
        m.confidence for m in group.ask("小林", ASKED).matches
        if str(m.exchange.lead.citation) == CITED
    }  # fmt: skip
    group.close()
    assert in_group == pytest.approx(same[0]["confidence"], abs=1e-4)


def test_what_is_forgotten_while_a_question_is_held_is_not_told(tmp_path: Path) -> None:
    put(tmp_path / "茶馆", "2024-03-01", [
        ("09:00:00", "林一一", "请问对账文件每天几点能下载？"),
        ("09:03:00", "周大山", "@林一一 早上十点以后，节假日顺延"),
    ])  # fmt: skip
    load(tmp_path / "own.db", [tmp_path / "茶馆"])
    group = Group(database=tmp_path / "own.db", mode="ambient")
    said = "请问对账文件每天几点能下载？"
    assert group.say("小林", said).reason.why is Why.HELD
    group.admin("/forget 茶馆-20240301-090300")
    group.advance(30)
    assert "早上十点" not in group.spoken[0].reply
    group.close()


def test_more_does_not_go_on_with_what_was_forgotten_since(tmp_path: Path) -> None:
    said = [(f"09:0{n}:00", f"人{n}", f"@林一一 第{n}种说法，早上{n}点。") for n in range(1, 8)]
    asked = ("09:00:00", "林一一", "请问对账文件每天几点能下载？")
    put(tmp_path / "茶馆", "2024-03-01", [asked, *said])
    load(tmp_path / "own.db", [tmp_path / "茶馆"])
    group = Group(database=tmp_path / "own.db")
    group.ask("小林", asked[2])
    first = group.last().reply
    assert "更多" in first
    left = next(n for n in range(1, 8) if f"第{n}种" not in first)
    group.admin(f"/forget 茶馆-20240301-090{left}00")
    group.say("小林", "更多")
    assert f"第{left}种" not in group.last().reply
    group.close()


def test_every_decision_is_there_for_why(own: Path) -> None:
    group = Group(database=own)
    group.admin("/mute 30m")
    group.ask("小林", ASKED)
    assert "」：静音中，到 09:30" in said_by(group, "/why").splitlines()[0]
    group.admin("/unmute")
    for _ in range(7):
        group.ask("老周", ASKED)
    assert "」：此人问得太密" in said_by(group, "/why").splitlines()[0]
    group.say("小林", "今天吃面")
    group.say("小林", "还是吃饺子吧")
    decided = said_by(group, "/why").splitlines()
    assert decided[0] == "「还是吃饺子吧」：没有被 @"
    assert decided[1].endswith("」：此人问得太密"), "of chatter only the last is kept"
    group.close()


def said_by(group: Group, command: str) -> str:
    group.admin(command)
    return group.last().reply


def test_who_is_forgotten_leaves_nothing_for_why(own: Path) -> None:
    group = Group(database=own)
    group.ask("小林", ASKED)
    group.say("小林", "/forget-me")
    assert said_by(group, "/why") == texts.NOTHING_DECIDED
    group.close()


def test_what_is_thought_of_a_question_that_was_picked_counts_for_that(own: Path) -> None:
    group = Group(
        database=own, settings=replace(Settings(), hedged=0.99, asked=0.99, overheard=0.99)
    )
    offered = group.ask("小林", "备付金要不要放到网联").verdict
    assert offered is not None and offered.offered
    picked = str(offered.offered[0])
    group.ask("小林", "1")
    group.ask("小林", "没用")
    group.core.record.flush()
    record = Record(group.settings.database, read_only=True)
    assert record.feedback_on(picked) == [("备付金要不要放到网联", -1)]
    record.close()
    group.close()


def test_the_sample_archive_is_the_one_of_these_tests() -> None:
    day = (SEEDS / "paytalk" / "_posts" / "2024-03-01-chat.markdown").read_text("utf-8")
    assert ASKED in day and WORDS in day


def test_two_questions_in_one_message_are_both_answered(asking: Asking) -> None:
    other = "有个景区商户想收老外的卡，外卡收单怎么弄"
    verdict = asking.ask(f"{ASKED}？{other}？")
    assert verdict.answered and "还问了「有个景区商户想收老外的卡" in verdict.reply
    assert "网联成立以后" in verdict.reply and "paytalk-20240306-094022" in verdict.reply
    assert {c.date for c in verdict.shown} == {"2024-03-01", "2024-03-06"}


def test_what_one_asks_on_is_no_second_question(asking: Asking) -> None:
    verdict = asking.ask(f"{ASKED}？{ASKED}吗？")
    assert verdict.answered and "还问了" not in verdict.reply


def test_of_two_questions_the_one_that_was_answered_is_told(asking: Asking) -> None:
    verdict = asking.ask(f"周末去水库钓鱼要不要带帐篷和炉子呢？{ASKED}？")
    assert verdict.answered and "网联成立以后" in verdict.reply


def test_who_exported_is_called_by_his_name_or_by_none(tmp_path: Path) -> None:
    put(tmp_path / "茶馆", "2024-03-01", [
        ("09:00:00", "林一一", "请问对账文件每天几点能下载？"),
        ("09:03:00", "我", "@林一一 早上十点以后，节假日顺延"),
    ])  # fmt: skip
    own = tmp_path / "own.db"
    load(own, [tmp_path / "茶馆"])
    asked = "请问对账文件每天几点能下载？"
    for me, shown in (("", SOMEBODY), ("周大山", "周大山")):
        (tmp_path / "palou.toml").write_text(f'me = "{me}"', encoding="utf-8")
        settings = ("--settings", tmp_path / "palou.toml")
        assert f"▸ {shown} 09:03" in palou(*settings, "ask", "--db", own, asked)
        assert f"{shown}: @林一一" in palou(*settings, "show", "--db", own, "茶馆-20240301-090000")
