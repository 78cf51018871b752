"""`palou label` and `palou tune`: labels made in the terminal, and thresholds that follow."""

from __future__ import annotations

import json
import random
import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.harness.group import Group
from bot.reports.evaluate import read_questions
from bot.reports.tuning import Judged, choose, fit
from bot.settings import Settings
from bot.settings_change import changed
from bot.settings_file import SettingsError, read
from bot.settings_template import Chosen, template
from knowledge.matching.probability import log_odds, logistic
from tests.chats import ASKED, TWO_QUESTIONS, put
from tests.command import palou

QUESTION = ASKED[0][2]
CITED = "g-20240506-090000"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    put(tmp_path / "seeds" / "g", "2024-05-06", ASKED)
    put(tmp_path / "seeds" / "h", "2024-05-07", TWO_QUESTIONS)
    assert palou("load").exit_code == 0
    return tmp_path


def labels(file: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]


def put_labels(file: Path, count: int) -> None:
    """Write so many labels of one question."""
    row = json.dumps({"question": QUESTION, "answers": [CITED]}, ensure_ascii=False)
    file.write_text(f"{row}\n" * count, encoding="utf-8")


# label


def test_each_question_is_shown_with_its_reply_and_judged(here: Path) -> None:
    asked = "对账文件几点能下载\nqwertz uiop\n账单在哪里下载\n"
    (here / "q.txt").write_text(asked, encoding="utf-8")
    done = palou("label", "l.jsonl", "--questions", "q.txt", stdin="r\nw\n")
    assert done.exit_code == 0, done.output
    assert "1 of 3: 对账文件几点能下载" in done.stdout and "not to be judged" in done.stdout
    first, second = labels(here / "l.jsonl")
    assert first["label"] == "right" and CITED in str(first["answers"])
    assert second == second | {"question": "账单在哪里下载", "label": "wrong", "answers": []}
    assert "palou tune l.jsonl" in done.stderr


def test_it_goes_on_where_it_was_stopped(here: Path) -> None:
    (here / "q.txt").write_text("对账文件几点能下载\n账单在哪里下载\n", encoding="utf-8")
    palou("label", "l.jsonl", "--questions", "q.txt", stdin="h\nq\n")
    done = palou("label", "l.jsonl", "--questions", "q.txt", stdin="s\n")
    assert "1 of 1: 账单在哪里下载" in done.stdout
    assert [row["label"] for row in labels(here / "l.jsonl")] == ["half", "silent"]
    assert "nothing is left" in palou("label", "l.jsonl", "--questions", "q.txt").stderr


def test_what_is_typed_up_to_the_end_of_input_is_kept(here: Path) -> None:
    (here / "q.txt").write_text("对账文件几点能下载\n账单在哪里下载\n", encoding="utf-8")
    done = palou("label", "l.jsonl", "--questions", "q.txt", stdin="x\nr\n")
    assert done.exit_code == 0 and len(labels(here / "l.jsonl")) == 1


def test_labels_go_on_a_line_of_their_own_whatever_stands_there(here: Path) -> None:
    earlier = {"question": "账单\u2028在哪里下载", "answers": [], "label": "wrong"}
    (here / "l.jsonl").write_text(json.dumps(earlier, ensure_ascii=False), encoding="utf-8")
    (here / "q.txt").write_text("对账文件几点能下载\n", encoding="utf-8")
    done = palou("label", "l.jsonl", "--questions", "q.txt", "--count", "2", stdin="r\n")
    assert done.exit_code == 0, done.output
    asked = [each.question for each in read_questions(here / "l.jsonl")]
    assert asked == [earlier["question"], "对账文件几点能下载"]


def test_what_the_bot_was_asked_comes_before_what_is_archived(here: Path) -> None:
    group = Group(database=here / "palou.db", settings=Settings(), rooms={"测试群": ("g",)})
    group.ask("小林", "文件什么时候能下")
    database = group.settings.database
    done = palou("label", "l.jsonl", "--db", database, "--group", "g", stdin="r\nr\n")
    group.close()
    assert "1 of 2: 文件什么时候能下" in done.stdout and f"2 of 2: {QUESTION}" in done.stdout
    done = palou("label", "m.jsonl", "--archived", "--group", "g", stdin="r\n")
    assert f"1 of 1: {QUESTION}" in done.stdout


def test_labels_are_questions_for_eval_and_thresholds_for_tune(here: Path) -> None:
    (here / "q.txt").write_text("对账文件几点能下载\n账单在哪里下载\n", encoding="utf-8")
    palou("label", "l.jsonl", "--questions", "q.txt", stdin="r\nw\n")
    assert "2 questions, 1 with an answer: hit@1 1.000" in palou("eval", "l.jsonl").stdout
    done = palou("tune", "l.jsonl")
    assert done.exit_code == 0, done.output
    assert "[thresholds]" in done.stdout and "60 labels or more" in done.stderr
    found = tomllib.loads(done.stdout[done.stdout.index("[thresholds]") :])["thresholds"]
    assert found["hedged"] <= found["asked"] <= found["overheard"]
    assert not (here / "palou.toml").exists()


def test_tune_writes_what_it_prints_into_the_settings(here: Path) -> None:
    (here / "palou.toml").write_text(template(Chosen(["seeds"], ["爬楼"])), encoding="utf-8")
    put_labels(here / "l.jsonl", 80)
    done = palou("tune", "l.jsonl", "--write")
    assert done.exit_code == 0, done.output
    found = tomllib.loads(done.stdout[done.stdout.index("[thresholds]") :])["thresholds"]
    settings = read(None, {})
    assert (settings.asked, settings.hedged, settings.overheard) == (
        found["asked"],
        found["hedged"],
        found["overheard"],
    )


def test_tune_writes_into_the_settings_that_are_in_force(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "other.toml").write_text("names = ['x']\n", encoding="utf-8")
    monkeypatch.setenv("PALOU_SETTINGS", "other.toml")
    put_labels(here / "l.jsonl", 80)
    done = palou("tune", "l.jsonl", "--write")
    assert done.exit_code == 0 and "other.toml: written" in done.stderr
    assert "[thresholds]" in (here / "other.toml").read_text("utf-8")
    assert not (here / "palou.toml").exists()


# Labelled questions.


def test_the_citation_that_a_reply_prints_labels_it_as_an_answers_does(here: Path) -> None:
    for cited in (CITED, "g-20240506-090300"):
        (here / "q.csv").write_text(f"question,answers\n{QUESTION},{cited}\n", encoding="utf-8")
        assert "hit@1 1.000" in palou("eval", "q.csv").stdout


def test_citations_that_the_database_lacks_are_named(here: Path) -> None:
    lacking = "g-20250101-000000"
    rows = f"question,answers\n{QUESTION},{CITED}\n几点,{lacking}\n"
    (here / "q.csv").write_text(rows, encoding="utf-8")
    done = palou("eval", "q.csv")
    assert done.exit_code == 0
    assert f"warning: q.csv:3: the database has no {lacking}" in done.stderr
    (here / "q.csv").write_text(f"question,answers\n几点,{lacking}\n", encoding="utf-8")
    for command in ("eval", "tune"):
        done = palou(command, "q.csv")
        assert done.exit_code == 1 and "has none of its 1 citations" in done.stderr


def test_no_reply_is_no_precision(here: Path) -> None:
    (here / "q.csv").write_text("question,answers\n红烧肉要炖多久才软烂,\n", encoding="utf-8")
    done = palou("eval", "q.csv")
    assert "asked     0.80: no reply, " in done.stdout and "precision 1.000" not in done.stdout


# Thresholds.


def drawn(shift: float, slope: float, count: int, seed: int = 7) -> list[Judged]:
    """Confidences and whether they were right, where both numbers of a fit are known."""
    chance = random.Random(seed)
    sure = [chance.random() for _ in range(count)]
    right = (logistic(shift + slope * log_odds(c)) for c in sure)
    return [Judged(c, float(chance.random() < r)) for c, r in zip(sure, right, strict=True)]


@pytest.mark.parametrize(("shift", "slope"), [(0, 1), (-1, 1), (0.5, 0.7), (-0.5, 1.3)])
def test_what_is_promised_is_kept_on_other_questions(shift: float, slope: float) -> None:
    own, others = drawn(shift, slope, 3000), drawn(shift, slope, 20_000, seed=8)
    for wanted in (0.8, 0.9):
        choice = choose(own, wanted)
        assert choice.threshold is not None and choice.promised >= wanted
        told = [j.right for j in others if j.confidence >= choice.threshold]
        assert abs(sum(told) / len(told) - choice.promised) < 0.03


def test_few_labels_change_little() -> None:
    assert fit([]).probability(0.7) == pytest.approx(0.7)
    assert fit([Judged(0.9, 0)]).probability(0.9) > 0.75


def test_what_cannot_be_reached_is_not_promised() -> None:
    assert choose([Judged(0.2, 0.0)] * 50, 0.9).threshold is None
    assert choose([], 0.9).threshold is None


@given(
    st.lists(st.tuples(st.floats(0, 1), st.sampled_from([0.0, 0.5, 1.0])), min_size=1, max_size=60)
)
def test_whatever_the_labels_a_choice_is_a_threshold_that_promises_enough(
    rows: Sequence[tuple[float, float]],
) -> None:
    judged = [Judged(*row) for row in rows]
    choice = choose(judged, 0.8)
    if choice.threshold is not None:
        assert 0 < choice.threshold <= 1 and 0.8 <= choice.promised <= 1
        assert choice.replies == sum(j.confidence >= choice.threshold for j in judged) > 0


def test_of_what_no_label_tells_nothing_is_chosen() -> None:
    """Two sure replies that were right say nothing of unsure ones."""
    assert choose([Judged(0.987, 1.0), Judged(0.991, 1.0)], 0.9).threshold == 0.98


def test_too_few_labels_are_not_written(here: Path) -> None:
    (here / "q.csv").write_text(f"question,answers\n{QUESTION},{CITED}\n", encoding="utf-8")
    done = palou("tune", "q.csv", "--write")
    assert done.exit_code == 1 and "1 labels are too few" in done.stderr
    assert not (here / "palou.toml").exists()


# Changing settings.


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "\n[thresholds]\nasked = 0.85\n"),
        ("names = ['x']  # who\n", "names = ['x']  # who\n\n[thresholds]\nasked = 0.85\n"),
        ("[thresholds]\nasked = 0.5  # why\n", "[thresholds]\nasked = 0.85  # why\n"),
        ("# [thresholds]\n# asked = 0.8  # x\n", "[thresholds]\nasked = 0.85  # x\n"),
        (
            "[thresholds]\n# asked = 0.8\nhedged = 0.2\n\n[[rooms]]\nid = 'a'\nasked = 0.7\n",
            "[thresholds]\nasked = 0.85\nhedged = 0.2\n\n[[rooms]]\nid = 'a'\nasked = 0.7\n",
        ),
        (
            "[[rooms]]\nid = 'a'\nasked = 0.7\n[thresholds]\n",
            "[[rooms]]\nid = 'a'\nasked = 0.7\n[thresholds]\nasked = 0.85\n",
        ),
    ],
)
def test_a_setting_is_changed_and_all_else_stays(tmp_path: Path, before: str, after: str) -> None:
    file = tmp_path / "palou.toml"
    file.write_text(before, encoding="utf-8")
    assert changed(file, {"thresholds.asked": 0.85}) == after


@pytest.mark.parametrize(
    "text", ["thresholds = {asked = 0.5}\n", "thresholds.asked = 0.5\n", "=\n"]
)
def test_what_is_written_otherwise_is_left_alone_and_said(tmp_path: Path, text: str) -> None:
    file = tmp_path / "palou.toml"
    file.write_text(text)
    with pytest.raises(SettingsError, match=r"set there thresholds.asked = 0.85"):
        changed(file, {"thresholds.asked": 0.85})
