"""What a group sees of `palou run`."""

from __future__ import annotations

import signal
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from bot.reply import texts
from tests.chats import put
from tests.gateway.conftest import ADMIN, BOOKS, BOT, LIN, PAY, ZHOU
from tests.gateway.processes import PATIENCE, Event, Gateway, Palou

pytestmark = pytest.mark.gateway

Start = Callable[..., Palou]

ASKS = "请问对账文件每天几点能下载？"
ANSWER = "T+1早上十点以后"
CITED = "pay-20240506-090000"


def test_an_overheard_question_is_answered_with_citation_and_mention(
    gateway: Gateway, palou: Start
) -> None:
    bot = palou()
    asked = gateway.say(LIN, ASKS, PAY)
    reply = gateway.events.wait("sent")
    assert bot.reason(asked) == "answered"
    assert (reply["to"], reply["mention"]) == (PAY, [LIN])
    assert reply["text"].startswith("@林一一\u2005")
    assert ANSWER in reply["text"] and CITED in reply["text"]


def test_silence_has_a_reason_and_sends_nothing(gateway: Gateway, palou: Start) -> None:
    bot = palou()
    talk = gateway.say(ZHOU, "大家早上好", PAY)
    unknown = gateway.say(ZHOU, "请问紫砂壶哪个牌子泡茶不串味？", PAY)
    assert bot.reason(talk) == "silent: not a question"
    assert bot.reason(unknown).startswith("silent: ")
    gateway.say(LIN, ASKS, PAY)
    assert ANSWER in gateway.events.wait("sent")["text"]


def test_two_rooms_do_not_share_what_they_know(gateway: Gateway, palou: Start) -> None:
    palou()
    gateway.say(LIN, f"@群助手\u2005{ASKS}", BOOKS, mention=[BOT])
    elsewhere = gateway.events.wait("sent", to=BOOKS)
    assert ANSWER not in elsewhere["text"] and CITED not in elsewhere["text"]
    since = gateway.events.mark()
    gateway.say(LIN, "@群助手\u2005月底结账前凭证断号要怎么补？", BOOKS, mention=[BOT])
    assert "先反审核" in gateway.events.wait("sent", since, to=BOOKS)["text"]


def test_a_private_question_is_answered_privately(gateway: Gateway, palou: Start) -> None:
    palou()
    gateway.say(LIN, ASKS)
    reply = gateway.events.wait("sent")
    assert (reply["to"], reply["mention"]) == (LIN, [])
    assert ANSWER in reply["text"]


def test_everybody_is_not_the_bot(gateway: Gateway, palou: Start) -> None:
    bot = palou()
    everybody = gateway.say(ADMIN, "@所有人\u2005明早九点停机升级", PAY, mention=[BOT, LIN])
    assert bot.reason(everybody) == "silent: not a question"
    assert bot.log.wait("decided", message=everybody)["mentioned"] is False


def test_an_admin_reloads_and_nobody_else(gateway: Gateway, palou: Start, folder: Path) -> None:
    bot = palou()
    said = [
        ("09:00:00", "林一一", "退票的手续费会原路退回吗？"),
        ("09:05:00", "周大山", "手续费不退，只退本金"),
    ]
    put(folder / "archive" / "pay", "2024-05-09", said)
    refused = gateway.say(ZHOU, "@群助手\u2005/reload", PAY, mention=[BOT])
    assert bot.reason(refused).startswith("refused: ")
    asks = "@群助手\u2005退票的手续费会原路退回吗？"
    assert "只退本金" not in _reply(gateway, ZHOU, asks)
    gateway.say(ADMIN, "@群助手\u2005/reload", PAY, mention=[BOT])
    # It loads in the background: at first, the old knowledge goes on answering.
    tries = int(PATIENCE / 0.01)
    assert any("只退本金" in _reply(gateway, LIN, asks) for _ in range(tries))


@pytest.mark.parametrize("there", [True, False])
def test_who_reloads_reads_how_it_ended(
    gateway: Gateway, palou: Start, folder: Path, there: bool
) -> None:
    palou()
    if not there:
        (folder / "archive").rename(folder / "moved")
    for room in (PAY, None):
        begun, ended = _reload(gateway, room)
        assert begun["text"].endswith(texts.RELOADING)
        assert ended["to"] == (room or ADMIN)
        assert ("归档已重新读入" if there else texts.NOT_RELOADED.format("")) in ended["text"]


def _reload(gateway: Gateway, room: str | None) -> tuple[Event, Event]:
    """The two messages that a `/reload` is answered with."""
    since = gateway.events.mark()
    gateway.say(ADMIN, "/reload", room, mention=[BOT] if room else [])
    begun = gateway.events.wait("sent", since)
    return begun, gateway.events.wait("sent", since, where=lambda e: e["id"] != begun["id"])


def _reply(gateway: Gateway, by: str, text: str) -> str:
    since = gateway.events.mark()
    gateway.say(by, text, PAY, mention=[BOT])
    reply: str = gateway.events.wait("sent", since, mention=[by])["text"]
    return reply


def test_a_message_that_comes_twice_is_answered_once(gateway: Gateway, palou: Start) -> None:
    bot = palou()
    for _ in range(2):
        gateway.say(LIN, ASKS, PAY, id="again")
    bot.log.wait("skipped", message="again", reason="duplicate")
    gateway.events.wait("sent")
    mark = bot.log.mark()
    gateway.signal(signal.SIGKILL)
    since = gateway.events.mark()
    gateway.start()
    gateway.events.wait("connected", since)
    bot.log.wait("ready", mark)
    gateway.say(LIN, ASKS, PAY, id="again")
    bot.log.wait("skipped", mark, message="again", reason="duplicate")
    assert len(gateway.events.all("sent")) == 1


def test_what_was_said_before_the_start_is_left_alone(gateway: Gateway, palou: Start) -> None:
    bot = palou()
    earlier = gateway.say(LIN, ASKS, PAY, at=1_700_000_000_000)
    bot.log.wait("skipped", message=earlier, reason="sent before the start")
    assert not gateway.events.all("sent")


def test_a_log_with_texts_shows_what_the_group_saw(gateway: Gateway, palou: Start) -> None:
    bot = palou("-v")
    gateway.say(LIN, ASKS, PAY)
    seen = gateway.events.wait("sent")["text"]
    assert bot.log.wait("sent")["text"] == seen and seen.startswith("@林一一\u2005")


def test_a_picture_is_left_alone_and_a_new_topic_is_seen(gateway: Gateway, palou: Start) -> None:
    bot = palou("-v")
    gateway.do("picture", by=LIN)
    bot.log.wait("skipped", reason="not text: IMAGE")
    gateway.do("topic", room=PAY, topic="支付同行二群")
    gateway.events.wait("topic")
    asked = gateway.say(LIN, ASKS, PAY)
    assert bot.log.wait("decided", message=asked)["topic"] == "支付同行二群"


def test_dry_run_decides_and_sends_nothing(gateway: Gateway, palou: Start) -> None:
    bot = palou("--dry-run")
    asked = gateway.say(LIN, ASKS, PAY)
    assert bot.reason(asked) == "answered"
    bot.log.wait("would send")
    assert bot.end() == 0
    assert not gateway.events.all("sent")


@pytest.mark.parametrize("which", [signal.SIGTERM, signal.SIGINT])
def test_the_log_holds_no_text_and_a_signal_ends_it(
    gateway: Gateway, palou: Start, which: signal.Signals
) -> None:
    bot = palou()
    mark = bot.log.mark()
    gateway.say(LIN, ASKS, PAY)
    bot.log.wait("sent")
    assert bot.end(which) == 0
    bot.log.wait("stopped", sent=1, unsent=0)
    assert not bot.log.all("noise", mark) and not bot.log.all("library")
    log = str(bot.log.all("decided") + bot.log.all("sent") + bot.log.all("login"))
    assert "对账" not in log and "十点" not in log and "林一一" not in log


def test_after_a_logout_it_comes_back(gateway: Gateway, palou: Start) -> None:
    bot = palou()
    since, mark = gateway.events.mark(), bot.log.mark()
    gateway.do("logout")
    bot.log.wait("down", mark, why="logged out")
    gateway.events.wait("connected", since)
    bot.log.wait("login", mark)
    gateway.say(LIN, ASKS, PAY)
    assert ANSWER in gateway.events.wait("sent")["text"]


def test_a_wrong_token_is_an_error_of_one_line(
    gateway: Gateway, folder: Path, ends: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.gateway.processes.TOKEN", "another")
    bot = ends.enter_context(closing(Palou(folder, gateway.port)))
    bot.log.wait("noise", where=lambda e: "check WECHATY_PUPPET_SERVICE_TOKEN" in e["line"])
    assert bot.status() == 1
