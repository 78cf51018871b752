"""What groups of QQ see of `palou run --network onebot`, whichever way it is connected."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

from bot.reply import texts
from tests.chats import ASKED, put
from tests.gateway.processes import Palou
from tests.onebot.conftest import ADMIN, BOOKS, BOT, LIN, PAY, SETTINGS, ZHOU, Peer

Start = Callable[..., Palou]

ASKS = ASKED[0][2]
ANSWER = "T+1早上十点以后"
CITED = "pay-20240506-090000"


def of(room: str, message: str) -> str:
    """A message's id as Palou has it."""
    return f"onebot:{room}/#{message}"


def test_an_overheard_question_is_answered_with_reply_mention_and_citation(
    peer: Peer, palou: Start
) -> None:
    bot = palou()
    asked = peer.say(LIN, ASKS, PAY)
    reply = peer.events.wait("sent")
    assert bot.reason(of(PAY, asked)) == "answered"
    assert (reply["to"], reply["mention"], reply["reply"]) == (PAY, [LIN], [asked])
    assert ANSWER in reply["text"] and CITED in reply["text"]


def test_two_groups_do_not_share_what_they_know(peer: Peer, palou: Start) -> None:
    palou()
    peer.say(LIN, f"@群助手\u2005{ASKS}", BOOKS, mention=[BOT])
    elsewhere = peer.events.wait("sent", to=BOOKS)
    assert ANSWER not in elsewhere["text"] and CITED not in elsewhere["text"]
    since = peer.events.mark()
    peer.say(LIN, "@群助手\u2005月底结账前凭证断号要怎么补？", BOOKS, mention=[BOT])
    assert "先反审核" in peer.events.wait("sent", since, to=BOOKS)["text"]


def test_a_private_question_is_answered_privately(peer: Peer, palou: Start) -> None:
    palou()
    peer.say(LIN, ASKS)
    reply = peer.events.wait("sent")
    assert (reply["to"], reply["mention"], reply["reply"]) == (LIN, [], [])
    assert ANSWER in reply["text"]


def test_a_reply_to_the_bot_is_put_to_it(peer: Peer, palou: Start) -> None:
    bot = palou()
    peer.say(LIN, ASKS, PAY)
    answer = peer.events.wait("sent")
    since = peer.events.mark()
    said = peer.say(LIN, "出处", PAY, reply=answer["id"])
    assert CITED in peer.events.wait("sent", since)["text"]
    assert bot.log.wait("decided", message=of(PAY, said))["mentioned"] is True


def test_a_question_that_replies_to_somebody_is_his_to_answer(peer: Peer, palou: Start) -> None:
    bot = palou()
    talk = peer.say(ZHOU, "大家早上好", PAY)
    asked = peer.say(LIN, ASKS, PAY, reply=talk)
    assert bot.reason(of(PAY, asked)) == "silent: put to somebody else"


def test_a_picture_is_named_and_a_group_and_its_new_name_are_seen(peer: Peer, palou: Start) -> None:
    bot = palou("-v")
    picture = peer.say(LIN, "", PAY, picture=True)
    assert bot.log.wait("decided", message=of(PAY, picture))["text"] == "[图片]"
    asked = peer.say(ZHOU, ASKS, BOOKS)
    assert bot.log.wait("decided", message=of(BOOKS, asked))["topic"] == "账务小群"


def test_an_admin_reloads_and_nobody_else(peer: Peer, palou: Start, folder: Path) -> None:
    bot = palou()
    said = [
        ("09:00:00", "林一一", "退票的手续费会原路退回吗？"),
        ("09:05:00", "周大山", "手续费不退，只退本金"),
    ]
    put(folder / "archive" / "pay", "2024-05-09", said)
    refused = peer.say(ZHOU, "@群助手\u2005/reload", PAY, mention=[BOT])
    assert bot.reason(of(PAY, refused)).startswith("refused: ")
    assert peer.events.wait("sent")["text"].strip() == texts.REFUSED
    since = peer.events.mark()
    peer.say(ADMIN, "@群助手\u2005/reload", PAY, mention=[BOT])
    begun = peer.events.wait("sent", since)
    ended = peer.events.wait("sent", since, where=lambda e: e["id"] != begun["id"])
    assert begun["text"].endswith(texts.RELOADING) and "归档已重新读入" in ended["text"]
    since = peer.events.mark()
    peer.say(LIN, "@群助手\u2005退票的手续费会原路退回吗？", PAY, mention=[BOT])
    assert "只退本金" in peer.events.wait("sent", since, mention=[LIN])["text"]


def test_both_ids_are_told_to_whoever_asks(peer: Peer, palou: Start) -> None:
    palou()
    peer.say(ZHOU, "@群助手\u2005/id", PAY, mention=[BOT])
    text = peer.events.wait("sent")["text"]
    assert f"onebot:{PAY}" in text and f"onebot:{ZHOU}" in text


def test_a_message_that_comes_twice_is_answered_once(peer: Peer, palou: Start) -> None:
    bot = palou()
    for _ in range(2):
        peer.say(LIN, ASKS, PAY, id="77")
    bot.log.wait("skipped", message=of(PAY, "77"), reason="duplicate")
    peer.events.wait("sent")
    mark = bot.log.mark()
    peer.do("drop")
    bot.log.wait("down", mark)
    bot.log.wait("ready", mark)
    peer.say(LIN, ASKS, PAY, id="77")
    bot.log.wait("skipped", mark, message=of(PAY, "77"), reason="duplicate")
    assert len(peer.events.all("sent")) == 1


def test_what_was_said_before_the_start_is_left_alone(peer: Peer, palou: Start) -> None:
    bot = palou()
    earlier = peer.say(LIN, ASKS, PAY, at=1_700_000_000)
    bot.log.wait("skipped", message=of(PAY, earlier), reason="sent before the start")
    assert not peer.events.all("sent")


def test_a_message_that_qq_refuses_for_a_moment_is_sent_then(peer: Peer, palou: Start) -> None:
    palou()
    peer.do("refuse", times=1)
    peer.say(LIN, ASKS, PAY)
    assert ANSWER in peer.events.wait("sent")["text"]
    assert len(peer.events.all("sent")) == 1


def test_a_port_that_is_taken_ends_it_with_the_reason(folder: Path, ends: ExitStack) -> None:
    taken = ends.enter_context(socket.create_server(("127.0.0.1", 0)))
    at = f"127.0.0.1:{taken.getsockname()[1]}"
    (folder / "palou.toml").write_text(f'{SETTINGS}listen = "{at}"\n', encoding="utf-8")
    bot = ends.enter_context(closing(Palou(folder, 9)))
    why = f"palou: onebot.listen: cannot listen at {at}: "
    bot.log.wait("noise", where=lambda e: e["line"].startswith(why))
    assert bot.status() == 1


def test_while_qq_is_offline_it_is_not_logged_in(peer: Peer, palou: Start) -> None:
    bot = palou()
    mark = bot.log.mark()
    peer.do("offline", offline=True)
    why = bot.log.wait("down", mark)["why"]
    assert why.startswith("QQ is offline")
    peer.do("offline", offline=False)
    bot.log.wait("ready", mark)
    peer.say(LIN, ASKS, PAY)
    assert ANSWER in peer.events.wait("sent")["text"]


def test_dry_run_decides_and_sends_nothing(peer: Peer, palou: Start) -> None:
    bot = palou("--dry-run")
    asked = peer.say(LIN, ASKS, PAY)
    assert bot.reason(of(PAY, asked)) == "answered"
    bot.log.wait("would send")
    assert bot.end() == 0
    assert not peer.events.all("sent")


def test_the_log_holds_no_text_and_a_signal_ends_it(peer: Peer, palou: Start) -> None:
    bot = palou()
    mark = bot.log.mark()
    peer.say(LIN, ASKS, PAY)
    bot.log.wait("sent")
    assert bot.end(signal.SIGTERM) == 0
    bot.log.wait("stopped", sent=1, unsent=0)
    assert not bot.log.all("noise", mark)
    log = str(bot.log.all("decided") + bot.log.all("sent") + bot.log.all("login"))
    assert "对账" not in log and "十点" not in log and "林一一" not in log
    assert bot.log.all("sent")[0]["network"] == "onebot"


def test_what_was_said_meanwhile_is_archived_and_not_answered(
    peer: Peer, palou: Start, folder: Path
) -> None:
    file = folder / "palou.toml"
    settings = file.read_text(encoding="utf-8") + "history = true\n"
    file.write_text('live = "live"\n' + settings, encoding="utf-8")
    bot = palou()
    heard = peer.say(ZHOU, "今天的对账文件出来了", PAY)
    bot.log.wait("decided", message=of(PAY, heard))
    mark = bot.log.mark()
    missed = peer.say(LIN, ASKS, PAY, unheard=True)
    peer.say(ZHOU, "十点以后", PAY, unheard=True, reply=missed)
    peer.do("drop")
    assert bot.log.wait("missed", mark)["messages"] == 2
    bot.log.wait("ready", mark)
    peer.say(ZHOU, "谢谢", PAY)
    bot.log.wait("decided", mark)
    said = next((folder / "live" / "pay").glob("*.md")).read_text(encoding="utf-8")
    places = [said.index(words) for words in ("出来了", ASKS, "「林一一：", "谢谢")]
    assert places == sorted(places) and said.count("出来了") == 1
    assert not [e for e in peer.events.all("sent") if ANSWER in e["text"]]
