"""Logs of IRC as seven programs write them, and the annotated form with its links."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.archive.formats.irc import IrcReader
from knowledge.archive.formats.irc_annotated import AnnotatedIrcReader
from tests.formats.reads import Files, read, replies, told

READER = IrcReader()
BUNDLES = AnnotatedIrcReader()

TOLD = [
    ("2025-06-05 10:00:00", "", "anna joined", "system"),
    ("2025-06-05 10:00:00", "anna", "how do I mount it?", "text"),
    ("2025-06-05 10:01:00", "bert", "anna: by label", "text"),
    ("2025-06-05 10:02:00", "bert", "waves", "text"),
    ("2025-06-06 00:01:00", "anna", "thanks", "text"),
]

LOGS = {
    "irssi": (
        "disk.log",
        "--- Log opened Thu Jun 05 10:00:00 2025\n"
        "10:00 -!- anna joined\n"
        "10:00 < anna> how do I mount it?\n"
        "10:01 <@bert> anna: by label\n"
        "10:02  * bert waves\n"
        "--- Day changed Fri Jun 06 2025\n"
        "00:01 < anna> thanks\n"
        "--- Log closed Fri Jun 06 00:02:00 2025\n",
    ),
    "weechat": (
        "irc.example.#disk.weechatlog",
        "2025-06-05 10:00:00\t-->\tanna joined\n"
        "2025-06-05 10:00:00\tanna\thow do I mount it?\n"
        "2025-06-05 10:01:00\t@bert\tanna: by label\n"
        "2025-06-05 10:02:00\t *\tbert waves\n"
        "2025-06-06 00:01:00\tanna\tthanks\n",
    ),
    "hexchat": (
        "example-#disk.log",
        "**** BEGIN LOGGING AT Thu Jun  5 09:59:00 2025\n\n"
        "Jun 05 10:00:00 *\tanna joined\n"
        "Jun 05 10:00:00 <anna>\thow do I mount it?\n"
        "Jun 05 10:01:00 <bert>\tanna: by label\n"
        "Jun 05 10:02:00 *\tbert waves\n"
        "Jun 06 00:01:00 <anna>\tthanks\n",
    ),
    "mirc": (
        "#disk.20250605.log",
        "[10:00] * anna joined\n"
        "[10:00] <anna> how do I mount it?\n"
        "[10:01] <@bert> \x0304,12anna\x03: by \x02label\x0f\n"
        "[10:02] * bert waves\n"
        "[00:01] <anna> thanks\n",
    ),
    "znc": (
        "2025-06-05.log",
        "[10:00:00] *** anna joined\n"
        "[10:00:00] <anna> how do I mount it?\n"
        "[10:01:00] <bert> anna: by label\n"
        "[10:02:00] * bert waves\n"
        "[00:01:00] <anna> thanks\n",
    ),
    "eggdrop": (
        "disk.log.20250605",
        "[10:00] anna joined\n"
        "[10:00] <anna> how do I mount it?\n"
        "[10:01] <bert> anna: by label\n"
        "[10:02] Action: bert waves\n"
        "[00:01] <anna> thanks\n",
    ),
    "supybot": (
        "#disk.log",
        "2025-06-05T10:00:00  *** anna joined\n"
        "2025-06-05T10:00:00  <anna> how do I mount it?\n"
        "2025-06-05T10:01:00  <bert> anna: by label\n"
        "2025-06-05T10:02:00  * bert waves\n"
        "2025-06-06T00:01:00  <anna> thanks\n",
    ),
}


@pytest.mark.parametrize("program", LOGS)
def test_the_same_log_of_each_program(program: str) -> None:
    filename, content = LOGS[program]
    reading = read(READER, content, filename)
    assert told(reading) == TOLD
    assert reading.losses == ()
    assert reading.group == ("#disk" if "#" in filename else None)


def test_lines_that_are_none_are_counted_and_times_without_a_day_lost() -> None:
    reading = read(READER, "".join(f"[10:00] <a> {n}\n" for n in range(30)) + "oops\n", "x.log")
    assert reading.messages == ()
    assert [(loss.line, loss.what) for loss in reading.losses] == [
        (1, "no day in the file's name or above it: a message was lost (30 times, here first)"),
        (31, "a line that is none of a log was left out"),
    ]


def test_the_channel_is_told_by_who_joined_it() -> None:
    content = "10:00 -!- anna [a@b] has joined #disk\n10:00 < anna> hi\n"
    assert read(READER, content, "2025-06-05.log").group == "#disk"


def test_a_new_year_begins_behind_december() -> None:
    content = (
        "**** BEGIN LOGGING AT Wed Dec 31 23:00:00 2025\n"
        "Dec 31 23:59:00 <anna> bye\nJan 01 00:01:00 <anna> hi\n"
    )
    assert [m.date for m in read(READER, content, "x.log").messages] == ["2025-12-31", "2026-01-01"]


@pytest.mark.parametrize(
    "content",
    [
        "> 10:00:00  anna  \n   \nhi  \n   \n",
        "10:00 we met\n10:30 we left\n",
        "<p>10:00</p>\n<b>\n",
        "2025-06-05 10:00:00\ta\tb\n2025-06-05 10:00:01\tc\td\n",
        "Jun 05 10:00:00 host sshd[1]: Accepted <key>\n",
        "[2025-06-05 10:00:00] production.ERROR: <none>\n",
        "# Log\n\n[10:00] <anna> hi\n\nand more words\nand more\n",
        "",
    ],
)
def test_what_is_no_log_of_irc(content: str) -> None:
    assert not READER.recognises(content.encode())


def test_links_made_by_hand_are_replies() -> None:
    log = (
        "=== anna has joined #disk\n"
        "[10:00] <anna> how do I mount it?\n"
        "[10:01] <carl> which kernel?\n"
        "[10:02] <bert> anna: by label\n"
        "[10:02] <bert> carl: six\n"
    )
    links = "1 1 -\n1 3 -\n0 2 -\n2 4 -\n1 4 -\nwhat?\n"
    files = Files(
        {
            "dev/2025-06-05.a.ascii.txt": log.replace("label", "l?bel"),
            "dev/2025-06-05.a.raw.txt": log,
            "dev/2025-06-05.a.annotation.txt": links,
            "dev/2025-06-04.b.raw.txt": "[10:00] <carl> hi\n",
            "dev/2025-06-05.a.tok.txt": "<s> anna </s>\n",
        }
    )
    assert BUNDLES.recognises_bundle(files)
    reading = BUNDLES.read_bundle(files)
    assert [(m.date, m.text) for m in reading.messages] == [
        ("2025-06-04", "hi"),
        ("2025-06-05", "anna has joined #disk"),
        ("2025-06-05", "how do I mount it?"),
        ("2025-06-05", "which kernel?"),
        ("2025-06-05", "anna: by label"),
        ("2025-06-05", "carl: six"),
    ]
    assert replies(reading.messages) == [None, None, None, None, 2, 3]
    assert [loss.what for loss in reading.losses] == [
        "dev/2025-06-05.a.annotation.txt: a line that is no link was left out"
    ]
    assert not BUNDLES.recognises_bundle(Files({"a.raw.txt": log, "b.annotation.txt": links}))


def test_an_annotated_log_that_cannot_be_read_is_said() -> None:
    files = Files({"a.raw.txt": "", "a.annotation.txt": ""}, lost=["a.raw.txt"])
    reading = BUNDLES.read_bundle(files)
    assert [loss.what for loss in reading.losses] == ["a.raw.txt: cannot be read: broken"]


def test_a_nick_at_the_head_is_whom_a_line_is_said_to_where_he_is_there() -> None:
    log = (
        "[10:00] <anna> how do I mount it?\n"
        "[10:01] <bert> Anna: by label\n"
        "[10:02] <carl> anna, or by uuid\n"
        "[10:02] <well> Anna, hm\n"
        "[10:03] <bert> dave: are you there?\n"
        "[10:03] <bert> bert: me\n"
        "[10:04] <anna> http://example.org is down\n"
        "[10:05] * bert carl: waves\n"
    )
    found = read(READER, log, "#disk_2025-06-05.log").messages
    assert [m.text[: m.addressed] for m in found] == ["", "Anna", "anna", "", "", "", "", "carl"]
    assert found[1].text == "Anna: by label"


NICKS = st.text("abz_[]|`-9", min_size=1, max_size=9)
WORDS = st.text("hi :<>*#[]\t9挂", max_size=20).map(lambda text: f"w{text}".strip())


@given(st.lists(st.tuples(NICKS, WORDS, st.integers(0, 700)), min_size=1))
def test_a_whole_log_comes_out_once_and_in_order(said: list[tuple[str, str, int]]) -> None:
    minute, lines = 0, []
    for nick, words, later in said:
        minute += later
        lines.append(f"[{minute // 60 % 24:02}:{minute % 60:02}] <{nick}> {words}\n")
    reading = read(READER, "".join(lines), "#a_2025-01-01.log")
    assert [(m.speaker, m.text) for m in reading.messages] == [(n, w) for n, w, _ in said]
    assert [m.date for m in reading.messages] == sorted(m.date for m in reading.messages)
