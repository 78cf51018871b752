"""`palou run`, as far as it goes without a gateway."""

from __future__ import annotations

import sys

import pytest
from click.testing import CliRunner

from bot.cli import main

ENDPOINT, TOKEN = "WECHATY_PUPPET_SERVICE_ENDPOINT", "WECHATY_PUPPET_SERVICE_TOKEN"


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, f"set {ENDPOINT} and {TOKEN} in the environment"),
        ({ENDPOINT: "127.0.0.1:9"}, f"set {TOKEN} in the environment"),
        ({TOKEN: "t", ENDPOINT: " "}, f"set {ENDPOINT} in the environment"),
        ({TOKEN: "t", ENDPOINT: "127.0.0.1"}, f"{ENDPOINT} should be host:port"),
        ({TOKEN: "t", ENDPOINT: "host:99999"}, f"{ENDPOINT} should be host:port"),
    ],
)
def test_what_is_missing_in_the_environment_is_named(
    environment: dict[str, str], said: str
) -> None:
    unset: dict[str, str | None] = {ENDPOINT: None, TOKEN: None}
    result = CliRunner().invoke(main, ["run"], env=unset | environment)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"palou: {said}") and result.stderr.count("\n") == 1


def test_without_the_extra_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("wechaty", "wechaty_puppet", "wechaty_puppet.schemas.puppet"):
        monkeypatch.setitem(sys.modules, name, None)
    result = CliRunner().invoke(main, ["run"], env={ENDPOINT: "127.0.0.1:9", TOKEN: "t"})
    assert result.exit_code == 1
    assert result.stderr.startswith(
        "palou: palou run needs the extra for WeChat; "
        "install it with: pip install 'palou[wechat]' ("
    )
    assert result.stderr.count("\n") == 1
