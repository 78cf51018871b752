"""Judging replies at the desk: a page a question, into the file that the command line reads."""

from __future__ import annotations

import html
import json
import re
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.reasons import Reason, Why
from bot.record.record import Record
from bot.reports.evaluate import read_questions
from knowledge.store import outputs, wishes
from knowledge.store.wishes import Rule
from tests.chats import ASKED, TWO_QUESTIONS, put
from tests.command import palou
from tests.web.client import NOW, Client, Serve, closed, enter, links, plain

OTHERWISE = "对账文件几点\n能下载"
ODD = "qwertz uiop"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Two small groups, and a record of what the bot was asked: one thing found, one not."""
    put(tmp_path / "archive" / "paytalk", "2024-05-06", ASKED)
    put(tmp_path / "archive" / "ledgerlab", "2024-05-07", TWO_QUESTIONS)
    palou("load", tmp_path / "archive", "--db", tmp_path / "palou.db")
    record = Record(tmp_path / "palou.db")
    for who, text in (("c1", OTHERWISE), ("c2", ODD)):
        record.question(NOW, "1@chatroom", who, text, Reason(Why.NOT_FOUND), 0.2)
    record.close()
    return tmp_path / "palou.db"


class Desk:
    """The page in a session, as somebody sees it."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._cookies = {"palou_desk": enter(client)}
        self.page = ""

    def open(self, path: str = "/desk/label") -> str:
        answer = self._client.get(path, cookies=self._cookies)
        assert answer.status_code == 200, answer.status_code
        self.page = answer.text
        return plain(self.page)

    def press(self, form: str, **more: str) -> str:
        """Send a form of the page; where it leads is opened."""
        found = re.search(rf'<form[^>]*action="/desk/{form}".*?</form>', self.page, re.S)
        assert found
        fields = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', found[0])
        # As a browser sends it: with carriage returns.
        given = {n: html.unescape(v).replace("\n", "\r\n") for n, v in fields} | more
        answer = self._client.post(f"/desk/{form}", given, cookies=self._cookies)
        assert answer.status_code == 303, answer.status_code
        return self.open(answer.headers["location"])

    def post(self, form: str, given: dict[str, str]) -> Any:
        return self._client.post(f"/desk/{form}", given, cookies=self._cookies)

    @property
    def question(self) -> str:
        """The question that is to be judged; empty: there is none."""
        found = re.search(r"<h2><bdi>(.*?)</bdi></h2>", self.page, re.S)
        return html.unescape(found[1]) if found else ""


@pytest.fixture
def desk(database: Path, serve: Serve) -> Desk:
    """The page of that record."""
    return Desk(serve(closed(database)))


def labels(database: Path) -> Path:
    return database.parent / "eval" / "labels.jsonl"


def test_a_reply_is_judged_as_in_the_terminal(desk: Desk, database: Path) -> None:
    assert "/desk/label" in links(desk._client.get("/desk", cookies=desk._cookies).text)
    said = desk.open()
    assert desk.question == "对账文件几点 能下载", "what nothing is found to is passed over"
    assert "有人问过" in said and "判了 0 个，到 100 个" in said
    said = desk.press("judge", label="right")
    assert "判了 1 个" in said and "上一个判了「对」：对账文件几点 能下载" in said
    assert desk.question.startswith("请问对账文件"), "then what is archived"
    desk.press("judge", label="wrong")
    first, second = map(json.loads, labels(database).read_text("utf-8").splitlines())
    assert first["question"] == OTHERWISE and "paytalk-20240506-090000" in first["answers"]
    assert second["label"] == "wrong" and second["answers"] == []
    by_terminal = database.parent / "own.jsonl"
    (database.parent / "q.jsonl").write_text(
        "".join(json.dumps({"question": q["question"]}) + "\n" for q in (first, second)), "utf-8"
    )
    palou("label", str(by_terminal), "--db", str(database), "--questions",
          str(database.parent / "q.jsonl"), stdin="r\nw\n")  # fmt: skip
    assert by_terminal.read_text("utf-8") == labels(database).read_text("utf-8")


def test_what_is_skipped_comes_last_and_what_was_judged_is_taken_back(
    desk: Desk, database: Path
) -> None:
    desk.open()
    seen, ways = [desk.question], [""]
    while following := [x for x in links(desk.page) if "skip=" in x]:
        desk.open(following[0])
        ways += following
        seen.append(desk.question)
    assert len(seen) == len(set(seen)) == 5 and not seen[-1], "four questions, and no more"
    assert "没有要判的了" in desk.page
    desk.open(ways[2])
    assert desk.question == seen[2]
    desk.press("judge", label="half")
    assert desk.question == seen[3], "what was skipped stays skipped"
    assert "判了 0 个" in desk.press("unjudge") and desk.question == seen[2]
    assert labels(database).read_text("utf-8") == ""


def test_the_file_is_downloaded_and_read_by_tune(desk: Desk, database: Path) -> None:
    client, cookies = desk._client, desk._cookies
    assert client.get("/desk/labels.jsonl", cookies=cookies).status_code == 404
    desk.open()
    desk.press("judge", label="right")
    noted = wishes.stamp(database)
    desk.press("judge", label="wrong")
    assert wishes.stamp(database) == noted, "once is enough"
    answer = client.get("/desk/labels.jsonl", cookies=cookies)
    assert answer.text == labels(database).read_text("utf-8")
    assert answer.headers["content-disposition"] == 'attachment; filename="labels.jsonl"'
    assert [each.label for each in read_questions(labels(database))] == ["right", "wrong"]
    (output,) = outputs.noted(database)
    assert (output.path, output.kind) == (labels(database), outputs.LABELS), "a wish reaches it"


def test_nobody_judges_without_the_desk_or_by_a_forged_form(desk: Desk, database: Path) -> None:
    for path in ("/desk/label", "/desk/labels.jsonl"):
        answer = desk._client.get(path)
        assert answer.status_code == 403 and "对账文件" not in answer.text
    desk.open()
    given = {"question": OTHERWISE, "label": "right", "form": "forged"}
    for form in ("judge", "unjudge"):
        assert desk.post(form, given).status_code == 403
        assert desk._client.post(f"/desk/{form}", given).status_code == 403
    assert not labels(database).exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"question": "没人问过的"}, "这个问题已经不在了"),
        ({"question": ODD}, "这个问题已经不在了"),
        ({"label": "welcome"}, "这个问题已经不在了"),
        ({"cited": "paytalk-20240506-090300"}, "回答也变了"),
    ],
)
def test_what_is_not_as_it_was_shown_is_not_kept(
    desk: Desk, database: Path, wrong: dict[str, str], said: str
) -> None:
    desk.open()
    assert said in desk.press("judge", **({"label": "right"} | wrong))
    assert not labels(database).exists()


def test_a_button_that_is_pressed_twice_counts_once(desk: Desk, database: Path) -> None:
    desk.open()
    before = desk.page
    desk.press("judge", label="right")
    desk.page = before
    assert "判了 1 个" in desk.press("judge", label="wrong")
    assert [each.label for each in read_questions(labels(database))] == ["right"]


def test_a_file_that_cannot_be_read_or_written_is_told(desk: Desk, database: Path) -> None:
    desk.open()
    labels(database).parent.write_text("no folder", encoding="utf-8")
    assert "现在写不进硬盘" in desk.press("judge", label="right")
    labels(database).parent.unlink()
    labels(database).parent.mkdir()
    labels(database).write_text("{\n", encoding="utf-8")
    answer = desk._client.get("/desk/label", cookies=desk._cookies)
    assert answer.status_code == 500 and "labels.jsonl:1: is no JSON object" in plain(answer.text)
    assert labels(database).read_text("utf-8") == "{\n"


def test_what_is_shown_is_shown_as_it_was_said(database: Path, serve: Serve) -> None:
    with closing(Record(database)) as record:
        text = "<b>对账文件</b>几点能下载"
        record.question(NOW, "1@chatroom", "c1", text, Reason(Why.NOT_FOUND), 0.2)
    desk = Desk(serve(closed(database)))
    desk.open()
    assert desk.question == text and "<b>" not in desk.page


def test_where_nothing_is_to_be_written_nothing_is(database: Path) -> None:
    with closing(Client(closed(database), immutable=True)) as client:
        desk = Desk(client)
        desk.open()
        assert "这里的数据库是只读的" in desk.press("judge", label="right")
    assert not labels(database).exists()


def test_what_is_to_be_forgotten_is_not_offered(desk: Desk, database: Path) -> None:
    rules = [Rule("message", "paytalk", "paytalk-20240506-090000")]
    wishes.keep(database, rules, NOW, "c")
    seen = [desk.open() and desk.question]
    while following := [x for x in links(desk.page) if "skip=" in x]:
        desk.open(following[0])
        seen.append(desk.question)
    assert ASKED[0][2] not in seen and TWO_QUESTIONS[0][2] in seen
