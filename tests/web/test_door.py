"""The door of the desk: closed to all who have neither link nor secret, and to who guesses."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.tokens import tokens
from bot.web.door import TRIES
from bot.web.door import file_of as file_of_sessions
from tests.group import ADMIN, Group
from tests.web.client import (
    BASE,
    NOW,
    SECRET,
    Client,
    Serve,
    closed,
    desk,
    enter,
    path_of,
    settings,
    token,
)


@pytest.fixture
def client(own: Path, serve: Serve) -> Client:
    return serve(closed(own))


def test_the_desk_is_refused_without_the_token(client: Client) -> None:
    until = int(NOW.timestamp()) + 600
    forged = tokens("another secret, just as long").sealed("desk session", until)
    expired = tokens(SECRET).sealed("desk session", until - 900)
    other = tokens(SECRET).sealed("desk link", until)
    for session in ("", "x", forged, expired, other, f"{until}.", f"{until + 1}.{other[11:]}"):
        for path in ("/desk", "/desk?said=answered"):
            answer = client.get(path, cookies={"palou_desk": session})
            assert answer.status_code == 403 and "没答上" not in answer.text
            assert "set-cookie" not in answer.headers
        for path in ("/desk/answer", "/desk/teach", "/desk/dismiss", "/desk/leave"):
            assert (
                client.post(path, {"form": "x"}, cookies={"palou_desk": session}).status_code == 403
            )
    assert client.post("/desk/enter", {"token": "wrong"}).status_code == 403
    assert client.get(f"/desk?t={token('paytalk')}").status_code == 400
    assert client.get("/desk/answer").status_code == 405
    assert client.post("/desk/enter", {"token": "x" * 200_000}).status_code == 413


def test_there_is_no_desk_without_a_secret(own: Path, serve: Serve) -> None:
    client = serve(settings(own))
    assert client.get("/desk").status_code == 403
    assert client.post("/desk/enter", {"token": ""}).status_code == 403


def test_the_secret_opens_it_with_a_cookie_for_the_desk_alone(client: Client) -> None:
    answer = client.post("/desk/enter", {"token": SECRET})
    cookie = answer.headers["set-cookie"]
    for wanted in ("Path=/desk", "HttpOnly", "SameSite=Lax", "Secure", "Max-Age=43200"):
        assert wanted in cookie
    assert SECRET not in cookie
    assert "今天要做的" in desk(client, enter(client))


def test_the_link_that_an_admin_asks_for_opens_it_for_a_while(own: Path, serve: Serve) -> None:
    client = serve(closed(own))
    chosen = closed(own, admins=("id-" + ADMIN,))
    chat = Group(chosen, start=NOW)
    assert "/desk?k=" not in chat.command("/desk")
    link = chat.command("/desk", room=None)
    assert str(chat.say("小林", "/desk", room=None).reason) == "refused: not an admin"
    chat.close()
    assert link.startswith(BASE + "/desk?k=")
    key = link.partition("?k=")[2]
    for _ in range(2):
        page = client.get(path_of(link))
        assert page.status_code == 200 and "set-cookie" not in page.headers, "a chat fetches it"
        assert f'name="k" value="{key}"' in page.text
    answer = client.post("/desk/enter", {"k": key})
    assert answer.status_code == 303 and answer.headers["location"] == "/desk"
    session = answer.headers["set-cookie"].split(";")[0].partition("=")[2]
    assert "今天要做的" in desk(client, session)
    again = serve(closed(own))
    for site in (client, again):
        for refused in (site.get(path_of(link)), site.post("/desk/enter", {"k": key})):
            assert refused.status_code == 403 and "已经用过" in refused.text
    late = serve_at(closed(own), NOW + timedelta(minutes=16))
    assert late.get(path_of(link)).status_code == 403
    assert late.get("/desk", cookies={"palou_desk": session}).status_code == 200
    late.close()


def serve_at(chosen: Settings, now: datetime) -> Client:
    return Client(chosen, lambda: now)


def test_leaving_ends_the_session(client: Client) -> None:
    session = enter(client)
    (form,) = set(re.findall(r'name="form" value="([^"]+)"', desk(client, session)))
    answer = client.post("/desk/leave", {"form": form}, cookies={"palou_desk": session})
    assert "Max-Age=0" in answer.headers["set-cookie"]


def test_leaving_ends_the_session_everywhere(own: Path, serve: Serve) -> None:
    client, other = serve(closed(own)), serve(closed(own))
    sessions = [enter(client), enter(other)]
    (form,) = set(re.findall(r'name="form" value="([^"]+)"', desk(client, sessions[0])))
    client.post("/desk/leave", {"form": form}, cookies={"palou_desk": sessions[0]})
    for site in (client, other, serve(closed(own))):
        for session in sessions:
            cookies = {"palou_desk": session}
            assert site.get("/desk", cookies=cookies).status_code == 403
            given = {"form": form, "question": "q", "answer": "a", "group": "paytalk"}
            assert site.post("/desk/answer", given, cookies=cookies).status_code == 403
    assert "今天要做的" in desk(other, enter(other))


@pytest.mark.parametrize("left", ["", "{", "[]", '{"era": 1}', '{"era": "", "used": [1]}'])
def test_a_file_of_sessions_that_is_broken_opens_nothing(
    own: Path, serve: Serve, left: str
) -> None:
    client = serve(closed(own))
    session = enter(client)
    file_of_sessions(own).write_text(left, encoding="utf-8")
    assert serve(closed(own)).get("/desk", cookies={"palou_desk": session}).status_code == 403
    assert "今天要做的" in desk(client, session), "this process knows it"


def test_links_work_once_where_nothing_can_be_written(own: Path, serve: Serve) -> None:
    client = serve(closed(own))
    file_of_sessions(own).with_name(file_of_sessions(own).name + ".new").mkdir()
    key = tokens(SECRET).sealed("desk link", int(NOW.timestamp()) + 60)
    assert client.post("/desk/enter", {"k": key}).status_code == 303
    assert client.post("/desk/enter", {"k": key}).status_code == 403


def test_the_secret_can_be_tried_five_times_a_minute(own: Path) -> None:
    now = [NOW]
    client = Client(closed(own), lambda: now[0])
    for seconds in (0, 10, 20, 30, 40):
        now[0] = NOW + timedelta(seconds=seconds)
        assert client.post("/desk/enter", {"token": "wrong"}).status_code == 403
    for seconds in (40, 59):
        now[0] = NOW + timedelta(seconds=seconds)
        answer = client.post("/desk/enter", {"token": SECRET})
        assert answer.status_code == 429 and "过一分钟" in answer.text, "the right one, too"
    key = tokens(SECRET).sealed("desk link", int(NOW.timestamp()) + 90)
    assert client.post("/desk/enter", {"k": key}).status_code == 303, "a link is no guess"
    now[0] = NOW + timedelta(seconds=60)
    assert client.post("/desk/enter", {"token": SECRET}).status_code == 303
    assert client.post("/desk/enter", {"token": "wrong"}).status_code == 403
    assert client.post("/desk/enter", {"token": "wrong"}).status_code == 429
    now[0] = NOW - timedelta(hours=2)
    assert client.post("/desk/enter", {"token": SECRET}).status_code == 303, "the clock went back"
    client.close()


@pytest.mark.parametrize(
    ("first", "other", "apart"),
    [
        ("203.0.113.7", "203.0.113.8", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", True),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", False),
        ("203.0.113.7", "::ffff:203.0.113.7", False),
        ("a socket", "a socket", False),
    ],
)
def test_who_guesses_the_secret_locks_out_nobody_elsewhere(
    own: Path, serve: Serve, first: str, other: str, apart: bool
) -> None:
    client = serve(closed(own))
    client.address = first
    for _ in range(TRIES):
        assert client.post("/desk/enter", {"token": "wrong"}).status_code == 403
    assert client.post("/desk/enter", {"token": SECRET}).status_code == 429
    forged = {"x-forwarded-for": "198.51.100.1", "forwarded": "for=198.51.100.1"}
    again = client.post("/desk/enter", {"token": SECRET}, headers=forged)
    assert again.status_code == 429, "whatever he says where he is"
    client.address = other
    entered = client.post("/desk/enter", {"token": SECRET}).status_code
    assert entered == (303 if apart else 429)
