"""`palou serve` as an operator calls it; that it serves, and ends in order, a browser tests."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.cli.serve import with_base_url
from bot.settings import Settings
from tests.web.client import SECRET

ROOM = '[[rooms]]\nid = "1@chatroom"\narchives = ["paytalk"]\n'


def serve(*options: str, **environment: str) -> Result:
    return CliRunner().invoke(main, ["serve", *options], env=environment)


@pytest.fixture
def taken() -> Iterator[str]:
    """A port that somebody else listens on, so that nothing is served in these tests."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield str(other.getsockname()[1])


def test_a_port_that_is_taken_is_an_error_of_one_line(seeds_database: Path, taken: str) -> None:
    done = serve("--db", str(seeds_database), "--port", taken)
    assert done.exit_code == 1
    assert f"cannot listen on 127.0.0.1, port {taken}" in done.output.splitlines()[-1]


def test_it_says_what_is_served_where_and_what_is_closed(
    seeds_database: Path, taken: str, tmp_path: Path
) -> None:
    file = tmp_path / "palou.toml"
    file.write_text(ROOM, encoding="utf-8")
    options = ("--settings", str(file), "serve", "--db", str(seeds_database), "--port", taken)
    for environment, warned in (({}, True), ({"PALOU_WEB_TOKEN": SECRET}, False)):
        said = CliRunner().invoke(main, options, env=environment).output
        assert f"serving {seeds_database} at http://127.0.0.1:{taken}/" in said
        assert ("warning: ledgerlab, paytalk: of rooms" in said) == warned
        assert SECRET not in said


@pytest.mark.parametrize(
    "wrong", ["example.org", "ftp://x", "https://x/?q", "https://x/{a}", "https://"]
)
def test_a_base_url_that_is_none_is_refused(seeds_database: Path, wrong: str) -> None:
    done = serve("--db", str(seeds_database), "--base-url", wrong)
    assert done.exit_code == 1 and "--base-url" in done.output


def test_replies_link_to_where_it_is_served() -> None:
    plain = Settings(permalink="https://elsewhere.example/{citation}")
    served = with_base_url(plain, "https://example.org/palou/", "127.0.0.1", 8001)
    assert served.permalink_to("g") == "https://example.org/palou/m/{citation}"
    assert with_base_url(Settings(), None, "::1", 9).base_url == "http://[::1]:9"
    assert with_base_url(plain, None, "127.0.0.1", 9).permalink == plain.permalink
