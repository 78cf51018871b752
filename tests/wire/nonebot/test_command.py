"""`palou run --network …`, as far as it goes without a network."""

from __future__ import annotations

import socket
import sys

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.wire.nonebot.parts import Mention, Quoted, called, quoting, text_of
from bot.wire.nonebot.running import bound
from knowledge.errors import PalouError
from knowledge.language.kinds import quote


@pytest.mark.parametrize(
    ("network", "missing"),
    [
        ("telegram", "TELEGRAM_TOKEN"),
        ("discord", "DISCORD_TOKEN"),
        ("feishu", "FEISHU_APP_ID and FEISHU_APP_SECRET"),
        ("qq", "QQ_APP_ID and QQ_APP_SECRET"),
    ],
)
def test_what_is_missing_in_the_environment_is_named(network: str, missing: str) -> None:
    result = CliRunner().invoke(main, ["run", "--network", network], env={})
    assert result.exit_code == 1
    assert result.stderr == f"palou: set {missing} in the environment to reach {network}\n"


def test_without_the_extra_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nonebot", None)
    result = CliRunner().invoke(main, ["run", "--network", "onebot"])
    assert result.exit_code == 1
    assert "install it with: pip install 'palou[nonebot]'" in result.stderr
    assert result.stderr.count("\n") == 1


def test_a_network_that_is_none_is_refused() -> None:
    result = CliRunner().invoke(main, ["run"], env={"PALOU_NETWORKS": "onebot,icq"})
    assert result.exit_code == 1 and "should be a list of wechat, onebot" in result.stderr


def test_a_port_that_is_taken_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PalouError, match=f"cannot listen at 127.0.0.1:{port}"):
            bound(f"127.0.0.1:{port}")


def test_the_bot_goes_by_one_name_in_what_is_said_to_it() -> None:
    parts = (Mention("1", "老名字"), " 看下 ", Mention("2", "周大山"), Mention("3"), "的话")
    text, mentioned = text_of(parts, frozenset({"1"}), "爬楼")
    assert text == "@爬楼\u2005看下 @周大山\u2005@3\u2005的话" and mentioned


def test_what_is_quoted_is_read_as_a_quote_of_the_archives() -> None:
    found, said = quote(quoting(Quoted("2", "周「大」山：\n", "他说「十点」以后" * 90), "几点？"))
    assert found is not None and found.name == "周 大 山" and said.strip() == "几点？"
    assert len(found.words) <= 201
    assert quoting(Quoted("2", "", "x"), "几点？") == "几点？"


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("爬楼，几点？", "几点？"),
        ("Palou: 几点？", "几点？"),
        ("爬楼看了一下", None),
        ("爬楼", None),
        ("我爬楼，累", None),
    ],
)
def test_a_name_calls_with_a_comma_alone(text: str, rest: str | None) -> None:
    assert called(text, ("爬楼", "palou")) == rest
    assert called(text, ()) is None
