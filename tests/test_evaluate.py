"""Measuring answers to labelled questions."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.reports.eval_page import Beside, eval_page
from bot.reports.evaluate import (
    Labelled,
    Outcome,
    QuestionsError,
    calibration_error,
    curve,
    figures,
    read_questions,
    reliability,
    threshold_for,
)
from bot.reports.words import EN

SVG = "{http://www.w3.org/2000/svg}"
RIGHT = frozenset({"g-20240506-090000"})


def outcomes(*rows: tuple[float, bool, bool]) -> list[Outcome]:
    """From confidence, whether it has an answer, whether the best match is right."""
    return [
        Outcome(Labelled(f"问{i}", RIGHT if answerable else frozenset()), c, "g", right, right)
        for i, (c, answerable, right) in enumerate(rows)
    ]


RUN = outcomes((0.9, True, True), (0.8, True, True), (0.7, False, False), (0.4, True, False))


def test_figures_at_a_threshold() -> None:
    at = figures(RUN, 0.6)
    assert (at.questions, at.answerable) == (4, 3)
    assert at.hit1 == pytest.approx(2 / 3)
    assert at.precision == pytest.approx(2 / 3)
    assert at.coverage == pytest.approx(2 / 3)
    assert at.false_replies == 1.0


def test_a_threshold_for_a_precision() -> None:
    assert threshold_for(RUN, 0.95) == 0.8
    assert threshold_for(RUN, 0.6) == 0.7
    assert threshold_for(outcomes((0.9, True, False)), 0.5) is None


def test_the_curve_runs_from_the_surest_down() -> None:
    assert [t for t, _ in curve(RUN)] == [0.9, 0.8, 0.7, 0.4]


def test_reliability_and_its_error() -> None:
    bins = reliability(outcomes((0.92, True, True), (0.98, True, False), (0.1, True, False)))
    assert [(b.count, round(b.right, 2)) for b in bins] == [(1, 0.0), (2, 0.5)]
    assert calibration_error(outcomes((1.0, True, True), (0.0, True, False))) == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("q.csv", "question,answers\n几点对账？,g-20240506-090000\n买菜去哪？,\n"),
        (
            "q.jsonl",
            '{"question": "几点对账？", "answers": ["g-20240506-090000"]}\n'
            '{"question": "买菜去哪？", "answers": []}\n',
        ),
        ("q.md", "# Questions\n\n- 几点对账？ → g-20240506-090000\n- 买菜去哪？ →\n"),
    ],
)
def test_labelled_questions_in_three_formats(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    assert read_questions(tmp_path / name) == [
        Labelled("几点对账？", RIGHT),
        Labelled("买菜去哪？", frozenset()),
    ]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("q.txt", "", "should be one of .csv, .jsonl, .md"),
        ("q.csv", "question,answers\n,x\n", "q.csv:2: a `question` is missing"),
        ("q.csv", "question,answers\n问,nonsense\n", "q.csv:2: 'nonsense' is no citation"),
        ("q.jsonl", "{\n", "q.jsonl:1: is no JSON object"),
        ("q.jsonl", '{"question": "问", "answers": 3}', "q.jsonl:1: `answers` should be"),
        ("q.md", "nothing", "no labelled question in it"),
        (
            "q.csv",
            "question,answer\n几点,\n",
            "q.csv:1: no such column 'answer'; there are question",
        ),
        ("q.csv", "question\n几点\n", "q.csv:1: a column `answers` is missing"),
        ("q.csv", "question,answers\n几点,a,b\n", "q.csv:2: has more columns"),
        ("q.jsonl", '{"question": "几点", "cites": []}', "q.jsonl:1: no such column 'cites'"),
        ("q.jsonl", "[1]", "q.jsonl:1: is no JSON object"),
        ("q.jsonl", "[" * 100_000, "q.jsonl:1: is no JSON object"),
        ("q.jsonl", '{"question": "几点", "label": "fine"}', "label 'fine' should be one of right"),
    ],
)
def test_what_cannot_be_used_names_file_and_line(
    tmp_path: Path, name: str, content: str, said: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(QuestionsError) as error:
        read_questions(tmp_path / name)
    assert said in str(error.value)


def test_the_command_prints_draws_and_compares(tmp_path: Path, seeds_database: Path) -> None:
    questions = tmp_path / "q.md"
    questions.write_text(
        "- 网联成立以后，我们支付机构手里的备付金是不是都得放到网联去 → paytalk-20240301-062041\n"
        "- 紫砂壶怎么开壶 →\n",
        encoding="utf-8",
    )
    args = ["eval", str(questions), "--db", str(seeds_database)]
    plain = CliRunner().invoke(main, args)
    assert plain.exit_code == 0, plain.output
    assert "2 questions, 1 with an answer: hit@1 1.000" in plain.stdout
    drawn = CliRunner().invoke(main, [*args, "--out", str(tmp_path / "out")])
    assert drawn.exit_code == 0, drawn.output
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert report.count('<svg class="chart"') == 2 and "答得怎么样：q.md" in report
    english = CliRunner().invoke(main, [*args, "--out", str(tmp_path / "en"), "--lang", "en"])
    assert english.exit_code == 0, english.output
    assert "How good the answers are: q.md" in (tmp_path / "en" / "report.html").read_text("utf-8")
    for name in ("reliability.svg", "precision-coverage.svg"):
        file = ET.parse(tmp_path / "out" / name).getroot()
        assert file.tag == f"{SVG}svg" and file.find(f"{SVG}style") is not None
    run = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    run["questions"][0]["hit1"] = False
    (tmp_path / "before.json").write_text(json.dumps(run), encoding="utf-8")
    compared = CliRunner().invoke(main, [*args, "--against", str(tmp_path / "before.json")])
    assert "better: 网联成立以后" in compared.stdout


def sections(html: str) -> dict[str, list[str]]:
    """The questions of each section, in order."""
    found = re.findall(r'<details class="section" id="(\w+)".*?</details>', html, re.DOTALL)
    parts = re.split(r'<details class="section" id="\w+"', html)[1:]
    questions = [re.findall(r'class="question"><bdi>(.*?)<', part) for part in parts]
    return dict(zip(found, questions, strict=True))


def test_the_report_begins_with_what_went_wrong_and_stands_alone() -> None:
    hostile = Labelled("<script>alert(1)</script>", frozenset())
    asked = [*RUN, Outcome(hostile, 0.95, "g", False, False), *outcomes((0.1, False, False))]
    html = eval_page("q.md", asked, {"hedged": 0.6, "asked": 0.75}, Beside())
    assert '<html lang="zh-CN">' in html and "<script" not in html
    assert sections(html) == {
        "wrong": ["&lt;script&gt;alert(1)&lt;/script&gt;"],
        "doubted": ["问2"],
        "missed": ["问3"],
        "right": ["问0", "问1"],
        "silent": ["问0"],
    }
    assert html.index('id="wrong" open') < html.index("<svg") < html.index('id="doubted">')
    assert not re.search(r"<[a-z][^>]*(?:src|href)\s*=\s*[\"']?(?!data:)[^#\"'\s]", html)


def test_the_report_compares_with_an_earlier_run_in_english() -> None:
    before = {"问0": False, "问1": True, "问2": False, "问9": True}
    html = eval_page("q.md", RUN, {"asked": 0.6}, Beside(EN, before))
    assert "<b class=good>1 better</b>, <b class=bad>0 worse</b>, 1 new" in html
    assert sections(html)["better"] == ["问0"] and "worse" not in sections(html)
    worse = eval_page("q.md", RUN, {"asked": 0.6}, Beside(EN, {"问3": True}))
    assert list(sections(worse)) == ["worse", "wrong", "missed", "right"]
    assert "第" not in html and "not told" in html


def test_citations_of_the_report_lead_to_their_pages_with_what_was_said() -> None:
    wrong = Outcome(
        Labelled("几点对账", RIGHT), 0.9, "g-20240101-000000", False, True, "@甲 错的<b>"
    )
    beside = Beside(
        said={"g-20240506-090000": "十点以后"}, link=lambda cited: f"https://e.org/m/{cited}?a&b"
    )
    html = eval_page("q.md", [wrong], {"asked": 0.6}, beside)
    assert '<a href="https://e.org/m/g-20240101-000000?a&amp;b">g-20240101-000000</a>' in html
    assert '<a href="https://e.org/m/g-20240506-090000?a&amp;b">' in html
    assert "<bdi>错的&lt;b&gt;</bdi>" in html and "<bdi>十点以后</bdi>" in html
    assert "把握 90% · 前五个里有，不在第一" in html


def test_a_file_that_is_no_earlier_run_is_an_error_of_one_line(
    tmp_path: Path, seeds_database: Path
) -> None:
    (tmp_path / "q.md").write_text("- 紫砂壶怎么开壶 →\n", encoding="utf-8")
    (tmp_path / "run.json").write_text("[]", encoding="utf-8")
    args = ["eval", tmp_path / "q.md", "--db", seeds_database, "--against", tmp_path / "run.json"]
    result = CliRunner().invoke(main, [str(a) for a in args])
    assert result.exit_code == 1
    assert result.stderr == f"palou: {tmp_path}/run.json: is no run.json of palou eval --out\n"
