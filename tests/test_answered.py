"""What somebody asked, and an admin answered, when the asker wants to be forgotten later."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.harness.group import Group
from bot.reply import texts
from tests.group import said
from tests.tea import DAY, UNKNOWN, ZHOU, Make, command, words

ANSWER = "小火煮一小时，凉透再捞"
AGAIN = "紫砂壶开壶要煮几个小时"


@pytest.fixture
def answered(make: Make) -> Group:
    """A group in which a question was put to the bot, and answered by an admin later."""
    group = make()
    group.ask(ZHOU, UNKNOWN)
    answer(group)
    return group


def answer(group: Group) -> str:
    group.admin("/unanswered")
    group.advance(60)
    done = command(group, f"/answer 1 {ANSWER}")
    group.advance(5)
    return done


def files(group: Group) -> str:
    """All that stands in the archive of answers."""
    return "".join(
        path.read_text(encoding="utf-8") for path in (Path(group.folder) / "answers").rglob("*.md")
    )


def test_his_question_goes_and_the_answer_stays(answered: Group) -> None:
    assert ANSWER in said(answered.ask("林一一", AGAIN))
    answered.say(ZHOU, "/forget-me")
    assert UNKNOWN not in said(answered.ask("林一一", AGAIN)), "before any load"
    answered.advance(5)
    assert ANSWER in words(answered) and not any(UNKNOWN in text for text in words(answered))
    assert UNKNOWN in files(answered), "an undo has to find it"
    answered.advance(DAY)
    assert UNKNOWN not in files(answered) and ANSWER in files(answered)


def test_an_undo_brings_it_back(answered: Group) -> None:
    answered.say(ZHOU, "/forget-me")
    answered.advance(5)
    answered.say(ZHOU, "/forget-me undo")
    answered.advance(5)
    assert ANSWER in said(answered.ask("林一一", AGAIN))
    assert any(UNKNOWN in text for text in words(answered))


def test_what_another_had_asked_in_the_same_words_stays(make: Make) -> None:
    group = make()
    for who in (ZHOU, "何小满"):
        group.ask(who, UNKNOWN)
    answer(group)
    group.say(ZHOU, "/forget-me")
    group.advance(5)
    assert ANSWER in said(group.ask("林一一", AGAIN))


def test_nobody_takes_it_out_by_asking_it_after_it_was_answered(answered: Group) -> None:
    answered.ask("何小满", UNKNOWN)
    answered.say("何小满", "/forget-me")
    answered.advance(5)
    assert ANSWER in said(answered.ask("林一一", AGAIN))


def test_a_name_in_the_question_that_went_before_hides_nothing(make: Make) -> None:
    group = make()
    asked = f"@{ZHOU} {UNKNOWN}"
    group.ask("何小满", asked)
    answer(group)
    group.say(ZHOU, "早")
    group.advance(8 * DAY)
    group.say(ZHOU, "/forget-me")
    group.advance(5)
    group.say("何小满", "/forget-me")
    group.advance(5)
    assert not any("紫砂壶" in text for text in words(group))


def test_what_was_listed_and_forgotten_since_is_not_answered(make: Make) -> None:
    group = make()
    group.ask(ZHOU, UNKNOWN)
    group.admin("/unanswered")
    group.say(ZHOU, "/forget-me")
    assert command(group, f"/answer 1 {ANSWER}") == texts.ASKED_NO_MORE
    assert UNKNOWN not in files(group)


def test_a_file_that_cannot_be_read_holds_up_no_wish(
    answered: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_ = Path.open

    def broken(path: Path, *how: Any, **more: Any) -> Any:
        if "answers" in path.parts:
            raise PermissionError(13, "Permission denied")
        return open_(path, *how, **more)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", broken)
        assert "好，" in said(answered.say(ZHOU, "/forget-me"))
