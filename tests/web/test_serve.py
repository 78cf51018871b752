"""`palou serve` as an operator calls it; that it serves, and ends in order, a browser tests."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import uvicorn
from click.testing import CliRunner, Result

from bot.cli import main
from bot.cli.serve import with_base_url
from bot.settings import Settings
from bot.web.door import TRIES
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
    seeds_database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It listens by then, and ends at once here."""
    began: list[int] = []

    async def stop(server: uvicorn.Server) -> None:
        began.append(server.servers[0].sockets[0].getsockname()[1])

    monkeypatch.setattr("uvicorn.Server.main_loop", stop)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    file = tmp_path / "palou.toml"
    file.write_text(ROOM, encoding="utf-8")
    options = ("--settings", str(file), "serve", "--db", str(seeds_database), "--port", port)
    for environment, warned in (({}, True), ({"PALOU_WEB_TOKEN": SECRET}, False)):
        said = CliRunner().invoke(main, options, env=environment).output
        assert f"serving {seeds_database} at http://127.0.0.1:{port}/" in said
        assert ("warning: ledgerlab, paytalk: of rooms" in said) == warned
        assert SECRET not in said
    assert began == [int(port)] * 2


def test_what_cannot_be_served_is_not_said_to_be(seeds_database: Path, taken: str) -> None:
    assert "serving" not in serve("--db", str(seeds_database), "--port", taken).output


@pytest.mark.parametrize(
    ("options", "alone"),
    [((), False), (("--proxy", "192.0.2.1"), False), (("--proxy", "127.0.0.1"), True)],
    ids=["by default", "of another", "of the server in front"],
)
def test_a_header_says_who_asks_where_a_server_in_front_is_trusted(
    seeds_database: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
    alone: bool,
) -> None:
    """Two who ask by one server in front: tries of the first count for the second, or do not."""
    answers: list[int] = []

    def operate(server: uvicorn.Server) -> None:
        config = server.config
        config.load()
        server.started = True
        transport = httpx.ASGITransport(config.loaded_app)  # from 127.0.0.1

        async def ask() -> None:
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as web:
                for token, who in [*[("wrong", "203.0.113.7")] * TRIES, (SECRET, "203.0.113.8")]:
                    headers = {"x-forwarded-for": who}
                    form = {"token": token}
                    answer = await web.post("/desk/enter", data=form, headers=headers)
                    answers.append(answer.status_code)

        asyncio.run(ask())

    monkeypatch.setattr("uvicorn.Server.run", operate)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    file = tmp_path / "palou.toml"
    file.write_text(ROOM, encoding="utf-8")
    command = [
        "--settings",
        str(file),
        "serve",
        "--db",
        str(seeds_database),
        "--port",
        port,
        *options,
    ]
    done = CliRunner().invoke(main, command, env={"PALOU_WEB_TOKEN": SECRET})
    assert done.exit_code == 0, done.output
    assert answers == [*[403] * TRIES, 303 if alone else 429]


def test_a_server_in_front_is_named_by_its_address(seeds_database: Path) -> None:
    done = serve("--db", str(seeds_database), "--proxy", "nginx")
    assert done.exit_code == 2 and "give one like 127.0.0.1" in done.output


@pytest.mark.parametrize(
    "wrong", ["example.org", "ftp://x", "https://x/?q", "https://x/{a}", "https://"]
)
def test_a_base_url_that_is_none_is_refused(seeds_database: Path, wrong: str) -> None:
    done = serve("--db", str(seeds_database), "--base-url", wrong)
    assert done.exit_code == 1 and "--base-url" in done.output


def test_replies_link_to_where_it_is_served() -> None:
    plain = Settings(permalink="https://elsewhere.example/{citation}")
    served = with_base_url(plain, "https://example.org/palou/", "127.0.0.1", 8001)
    assert served.permalink_to("g") == "https://example.org/palou/m/{citation}{told}"
    assert with_base_url(Settings(), None, "::1", 9).base_url == "http://[::1]:9"
    assert with_base_url(plain, None, "127.0.0.1", 9).permalink == plain.permalink
