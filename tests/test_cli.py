"""The commands, as an operator calls them."""

from __future__ import annotations

import io
import json
import re
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from pathlib import Path

import click
import pytest
from rich.cells import cell_len
from rich.console import Console

from bot.cli import COMMANDS, main
from bot.cli.show import show
from bot.cli.stats import print_table
from bot.reply import texts
from knowledge.model import Citation, Message
from knowledge.store.read import GroupStats
from tests.chats import ASKED, TWO_QUESTIONS, put
from tests.command import palou

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def command(name: str) -> click.Command:
    found = main.get_command(click.Context(main), name) if isinstance(main, click.Group) else None
    assert found is not None
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme_and_has_help_with_an_example(name: str) -> None:
    assert f"palou {name}" in README
    found = command(name)
    assert found.help and found.short_help and f"palou {name}" in found.help
    for option in found.params:
        if isinstance(option, click.Option):
            assert option.help, f"palou {name}: {option.opts} has no help"


def test_load_says_what_it_did(here: Path) -> None:
    put(here / "g", "2024-05-06", ASKED)
    result = palou("load", here / "g", "--db", "k.db")
    assert result.exit_code == 0
    assert "files: 1 new, 0 changed, 0 unchanged, 0 removed" in result.stderr
    assert "k.db: 4 messages, 2 speakers, 1 exchanges, 0 warnings" in result.stderr


def test_a_warning_names_file_and_line(here: Path) -> None:
    path = put(here / "g", "2024-05-06", [*ASKED[:1], ("08:00:00", "甲", "早")])
    result = palou("load", here / "g")
    assert f"warning: {path}:12: 08:00:00 stands after 09:00:00" in result.stderr
    assert f"{path}:12: 08:00:00 stands after 09:00:00" in palou("stats", "--losses").stdout


def test_an_error_is_one_line_and_status_1(here: Path) -> None:
    result = palou("load", here / "nowhere")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == f"palou: {here}/nowhere: cannot be read: No such file or directory\n"
    assert not (here / "palou.db").exists()


def test_a_wrong_setting_is_an_error_of_one_line(here: Path) -> None:
    (here / "palou.toml").write_text("databas = 'x'")
    result = palou("stats")
    assert result.exit_code == 1
    assert result.stderr.startswith("palou: palou.toml: databas: no such setting")


def test_ask_loads_the_configured_archives_first(here: Path) -> None:
    put(here / "seeds" / "g", "2024-05-06", ASKED)
    result = palou("ask", "请问对账文件每天几点能下载？")
    assert result.exit_code == 0
    assert "▸ 周大山-青瓦支付 09:03" in result.stdout
    assert "原文：g-20240506-090000" in result.stdout
    assert "1 new" in result.stderr


def test_ask_without_anything_to_load_says_what_to_do(here: Path) -> None:
    result = palou("ask", "有人吗")
    assert result.exit_code == 1
    assert "palou load PATH" in result.stderr


def test_ask_as_json_gives_the_citation_of_each_message(seeds_database: Path) -> None:
    result = palou(
        "ask", "--json", "--db", seeds_database, "网联成立以后备付金是不是都得放到网联去"
    )
    decision = json.loads(result.stdout)
    question = decision["matches"][0]["question"]
    assert question["citation"] == "paytalk-20240301-004933"
    assert (question["group"], question["date"]) == ("paytalk", "2024-03-01")
    assert decision["matches"][0]["answers"][0].keys() >= {"time", "speaker", "text", "probability"}


def test_answers_to_another_question_of_the_conversation_come_with_it(here: Path) -> None:
    put(here / "seeds" / "g", "2024-05-06", TWO_QUESTIONS)
    (match, *_) = json.loads(palou("ask", "--json", "对账文件").stdout)["matches"]
    assert [a["time"] for a in match["answers"]] == ["09:00:30", "09:02:40"]
    asked = {match["question"]["time"], *(x["question"]["time"] for x in match["nearby"])}
    assert asked == {"09:00:00", "09:02:00"}


def test_a_question_asked_twice_says_so_and_gives_both_as_json(here: Path) -> None:
    put(here / "seeds" / "g", "2024-05-06", ASKED)
    later = [("10:00:00", "何小满", ASKED[0][2]), ("10:01:00", "周大山", "@何小满 改成八点了")]
    put(here / "seeds" / "g", "2024-06-01", later)
    assert (
        "这个问题问过 2 次，这是最近一次，另见 g-20240506-090000"
        in palou("ask", ASKED[0][2]).stdout
    )
    (match, *_) = json.loads(palou("ask", "--json", ASKED[0][2]).stdout)["matches"]
    asked = [match["question"], *(x["question"] for x in match["repeats"])]
    assert sorted(q["citation"] for q in asked) == ["g-20240506-090000", "g-20240601-100000"]
    assert all(x["answers"] for x in (match, *match["repeats"]))


def test_jsonl_answers_each_line_whatever_it_holds(seeds_database: Path) -> None:
    hostile = [
        '"unbalanced AND (',
        "",
        "\0NUL",
        "备付金" * 30_000,
        "NEAR(a b)*",
        "😀",
        "'; drop table x",
    ]
    lines = "\n".join(hostile).encode() + b"\n\xff\xfe bytes\n"
    result = palou("ask", "--jsonl", "--db", seeds_database, stdin=lines)
    assert result.exit_code == 0
    decisions = [json.loads(line) for line in result.stdout.splitlines()]
    assert len(decisions) == len(hostile) + 1
    assert all({"answered", "matches", "reason"} <= d.keys() for d in decisions)


def test_ambient_is_silent_to_what_is_no_question(seeds_database: Path) -> None:
    result = palou("ask", "--ambient", "--json", "--db", seeds_database, "大家早上好")
    decision = json.loads(result.stdout)
    assert (decision["answered"], decision["reason"]) == (False, "silent: not a question")


def test_a_group_that_was_not_named_is_not_cited(seeds_database: Path) -> None:
    asked = ("ask", "--json", "--db", seeds_database, "备付金户头")

    def found(*groups: str) -> set[str]:
        options = (x for group in groups for x in ("--group", group))
        matches = json.loads(palou(*asked, *options).stdout)["matches"]
        return {m["question"]["group"] for m in matches}

    assert found() == found("ledgerlab", "paytalk") == {"ledgerlab", "paytalk"}
    assert found("ledgerlab") == {"ledgerlab"}
    assert found("paytalk") == {"paytalk"}


@pytest.mark.parametrize("command", [("ask", "备付金户头"), ("chat",)])
def test_a_group_that_is_not_there_is_a_wrong_use(
    seeds_database: Path, command: Sequence[str]
) -> None:
    result = palou(*command, "--db", seeds_database, "--group", "paytlak")
    assert result.exit_code == 2 and result.stdout == ""
    assert "there is no group paytlak; there is ledgerlab, paytalk" in result.stderr


def test_what_is_not_sure_is_said_to_be_so_and_what_is_not_found_too(seeds_database: Path) -> None:
    result = palou("ask", "--db", seeds_database, "备付金放哪里")
    assert result.exit_code == 0
    assert result.stdout.startswith("不太确定，最接近的是：\n") and "hedged: 0." in result.stderr
    result = palou("ask", "--db", seeds_database, "红烧肉要炖多久才软烂")
    assert result.stdout.splitlines()[0] == texts.NOT_FOUND


@pytest.mark.parametrize("args", [(), ("--jsonl", "问题")])
def test_ask_takes_a_question_or_jsonl(args: tuple[str, ...]) -> None:
    result = palou("ask", *args)
    assert result.exit_code == 2
    assert "either a QUESTION or --jsonl" in result.stderr


def test_show_marks_the_question_and_its_answers(seeds_database: Path) -> None:
    result = palou("show", "paytalk-20240301-004933", "--db", seeds_database)
    lines = result.stdout.splitlines()
    assert lines[0] == "paytalk  2024-03-01"
    cited = next(line for line in lines if line.startswith(">"))
    assert "问" in cited and "00:49:33" in cited
    assert any("答" in line and "07:55:12" in line for line in lines)


LONG = [
    ("09:00:00", "甲", "请问对账文件几点能下载？"),
    ("09:01:00", "乙", "每天早上十点以后，节假日顺延；文件在 https://e.org/" + "a" * 40),
]


def drawn(console: Console) -> list[str]:
    """What a console was given, a line each."""
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


@pytest.mark.parametrize("width", [40, 100])
@pytest.mark.parametrize("no_color", [False, True])
def test_show_in_a_terminal_is_coloured_and_indents_what_goes_on(
    width: int, no_color: bool
) -> None:
    console = Console(
        file=io.StringIO(), force_terminal=True, width=width, no_color=no_color, highlight=False
    )
    said = [Message(Citation("g", "2024-05-06", t), who, text) for t, who, text in LONG]
    marks = {said[0].citation: "问", said[1].citation: "答 94%"}
    show(console, said, marks, said[1].citation)
    lines = drawn(console)
    assert any("\x1b[1;32m" in line for line in lines) is not no_color
    plain = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in lines]
    assert all(cell_len(line) <= width for line in plain)
    where = 16 if width == 40 else 19
    assert plain[0] == "g  2024-05-06" and plain[1].startswith("  问     09:00")
    (cited,) = (n for n, line in enumerate(plain) if line.startswith("> 答 94%"))
    assert len(plain) > cited + 1, "it goes on"
    for line in plain[cited + 1 :]:
        assert line[:where] == " " * where and line[where] not in " ，。；"
    text = plain[cited][where - 1 :] + "".join(line[where:] for line in plain[cited + 1 :])
    assert text.replace(" ", "") == f"乙:{LONG[1][2]}".replace(" ", ""), "all of it"


@pytest.mark.parametrize("width", [40, 100])
def test_stats_keeps_the_groups_name_and_counts_in_a_narrow_terminal(width: int) -> None:
    console = Console(file=io.StringIO(), width=width)
    name = "支付产品经理交流群"
    print_table(console, [GroupStats(name, 185, "2017-05-05", "2017-11-30", 53038, 788, 26103)])
    lines = drawn(console)
    assert all(cell_len(line) <= width for line in lines)
    for said in (name, "53,038", "788", "26,103", "185", "2017-05-05", "2017-11-30"):
        assert sum(said in line for line in lines) == 1, said


def test_show_goes_on_into_the_next_day(here: Path) -> None:
    put(here / "seeds" / "g", "2024-05-06", [("23:00:00", "甲", "夜里")])
    put(here / "seeds" / "g", "2024-05-08", [("08:00:00", "乙", "早上")])
    lines = palou("show", "g-20240506-230000").stdout.splitlines()
    assert [line.split()[-1] for line in lines] == ["2024-05-06", "夜里", "2024-05-08", "早上"]


@pytest.mark.parametrize(
    ("citation", "status", "said"),
    [
        ("nonsense", 2, "one looks like paytalk-20240301-075607"),
        ("paytalk-20240301-000000", 1, "no such message"),
    ],
)
def test_show_of_what_is_not_there(
    seeds_database: Path, citation: str, status: int, said: str
) -> None:
    result = palou("show", citation, "--db", seeds_database)
    assert (result.exit_code, said in result.stderr) == (status, True)


def test_stats_counts_each_group(here: Path) -> None:
    put(here / "seeds" / "g", "2024-05-06", ASKED)
    put(here / "seeds" / "g", "2024-06-01", [("23:00:00", "甲", "夜里")])
    put(here / "seeds" / "h", "2024-05-07", TWO_QUESTIONS)
    table, *_ = palou("stats").stdout.split("\n\n")
    head, *rows = [line.split() for line in table.splitlines()]
    assert head == ["group", "days", "first", "last", "messages", "speakers", "exchanges"]
    assert rows == [
        ["g", "2", "2024-05-06", "2024-06-01", "5", "3", "1"],
        ["h", "1", "2024-05-07", "2024-05-07", "4", "4", "2"],
    ]


def test_stats_tells_what_can_be_asked_who_is_busy_and_when(here: Path) -> None:
    put(here / "seeds" / "g", "2024-05-06", [*ASKED, ("21:00:00", "何小满", "哈哈")])
    (here / "seeds" / "g" / "_posts" / "2024-05-07-chat.markdown").write_bytes(b"\0\1\2" * 50)
    done = palou("stats", "--out", "g.svg")
    assert done.exit_code == 0, done.output
    said = done.stdout
    assert "questions:      1, 1 of them answered, 1 of these askable" in said
    assert "busiest people: 周大山-青瓦支付 2, 林一一 2, 何小满 1" in said
    assert "busiest hours:  9:00 (4), 21:00 (1)" in said
    drawn = ET.parse(here / "g.svg").getroot()
    assert "g: 5 messages, 1 answered" in "".join(drawn.itertext())
    assert palou("stats", "--out", "nowhere/g.svg").exit_code == 1


def test_stats_counts_vectors_where_there_is_a_model(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(here / "seeds" / "g", "2024-05-06", ASKED)
    assert "vectors" not in palou("stats").stdout
    monkeypatch.setenv("PALOU_SEMANTIC", "true")
    assert palou("stats").stdout.splitlines()[-1] == "vectors: 0 of 2"


def test_chat_answers_and_shows_more(seeds_database: Path) -> None:
    said = "网联成立以后，我们支付机构手里的备付金是不是都得放到网联去\n更多\n更多\n更多\n\n"
    out = palou("chat", "--db", seeds_database, stdin=said).stdout
    assert "有人问过：网联成立以后" in out
    assert out.count("原文：paytalk-20240301-004933") >= 1
    assert "没有更多了。" in out


def test_the_demo_is_answered_with_a_citation(seeds_database: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    question = "备付金是不是都得放到网联去"
    assert question in makefile and question in README
    reply = palou("ask", "--db", seeds_database, question).stdout
    assert "网联" in reply
    assert "原文：paytalk-20240301-004933" in reply


def test_every_dependency_is_in_the_readmes_table() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    named = [*project["dependencies"], *extras["eval"], *extras["semantic"], *extras["onnx"]]
    for requirement in named:
        name = re.split(r"[<>=]", requirement)[0]
        assert f"| [{name}](" in README, name


def test_the_changes_of_this_version_are_listed_first() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (\S+)", changes, re.MULTILINE)[0] == project["version"]


def test_the_demo_needs_nothing_of_ones_own(here: Path) -> None:
    done = palou("demo")
    assert done.exit_code == 0 and "原文：paytalk-20240301-004933" in done.stdout
    assert not list(here.iterdir())
    assert palou("demo", "--out", "sample").exit_code == 0
    assert palou("load", "--dry-run", "sample").stdout.startswith("ledgerlab: ")
