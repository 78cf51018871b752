"""Files of labels: what is added stands on lines of its own, and goes with what is forgotten."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest

from bot.harness.group import Group
from bot.record import labels
from bot.reports.evaluate import read_questions
from knowledge.store import outputs, wishes
from tests.chats import ASKED
from tests.tea import UNKNOWN, ZHOU, Make

OTHER = "请问普洱能存几年？"
SAID = ASKED[1][2]


def asked(file: Path) -> list[str]:
    return [each.question for each in read_questions(file)]


def keep(group: Group, *questions: str) -> Path:
    """A noted file of labels of some questions."""
    file = group.folder / "labels.jsonl"
    for question in questions:
        labels.add(file, {"question": question, "answers": [], "label": "wrong"})
    outputs.note(group.settings.database, file, outputs.LABELS)
    return file


@pytest.mark.parametrize("before", ["", '{"question": "几点"}', '{"question": "几点"}\n'])
def test_a_label_stands_on_a_line_of_its_own(tmp_path: Path, before: str) -> None:
    file = tmp_path / "l.jsonl"
    file.write_text(before, encoding="utf-8")
    for text in ("账单\u2028在哪里\n下载", '"'):
        labels.add(file, {"question": text})
    assert asked(file) == ["几点"] * bool(before) + ["账单\u2028在哪里\n下载", '"']


def test_what_does_not_fit_on_a_full_disk_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, write = tmp_path / "l.jsonl", os.write
    labels.add(file, {"question": "几点"})
    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda d, content: write(d, content[:5]))
        with pytest.raises(OSError) as raised:
            labels.add(file, {"question": "哪里"})
    assert raised.value.errno == errno.ENOSPC and asked(file) == ["几点"]


def test_labels_of_some_questions_are_taken_out(tmp_path: Path) -> None:
    file = tmp_path / "l.jsonl"
    file.write_bytes('{"question": "甲"}\r\nno json\n[]\n\n{"question": "乙"}'.encode())
    file.chmod(0o640)
    assert not labels.drop(file, {"丙"})
    assert labels.drop(file, {"甲"})
    assert file.read_bytes() == 'no json\n[]\n\n{"question": "乙"}'.encode()
    assert file.stat().st_mode & 0o777 == 0o640 and [*tmp_path.iterdir()] == [file]


def test_what_somebody_asked_goes_from_labels_with_him(make: Make) -> None:
    group = make()
    for who, text in ((ZHOU, UNKNOWN), (ZHOU, OTHER), ("何小满", OTHER)):
        group.ask(who, text)
    file = keep(group, UNKNOWN, OTHER, ASKED[0][2])
    report = group.folder / "report.html"
    report.write_text(UNKNOWN, encoding="utf-8")
    outputs.note(group.settings.database, report, outputs.REPORT)
    group.say(ZHOU, "/forget-me")
    assert asked(file) == [OTHER, ASKED[0][2]], "at once; what another asked, too, stays"


def test_labels_that_cannot_be_changed_hold_up_no_wish(make: Make) -> None:
    group = make()
    group.ask(ZHOU, UNKNOWN)
    file = keep(group, UNKNOWN)
    lost = group.folder / "lost.jsonl"
    outputs.note(group.settings.database, lost, outputs.LABELS)
    file.write_bytes(b"\xff" + file.read_bytes())
    group.say(ZHOU, "/forget-me")
    assert wishes.read(group.settings.database).missed == {str(file)}
    file.write_bytes(file.read_bytes()[1:])
    group.admin("/reload")
    group.advance(5)
    assert not file.read_text("utf-8").strip(), "nobody knows any more what it should lack"
    assert not wishes.read(group.settings.database).missed


def test_what_was_said_goes_from_labels_with_who_said_it(make: Make) -> None:
    group = make()
    group.say(ZHOU, "早")
    group.advance(8 * 86400)
    quoted = f"“{ZHOU}”说“{SAID.removeprefix('@林一一 ')}”？"
    file = keep(group, quoted, OTHER)
    for _ in range(2):
        group.say(ZHOU, "/forget-me all")
    group.advance(5)
    assert asked(file) == [OTHER]
    assert json.loads(file.read_text("utf-8"))["label"] == "wrong"
