"""The harness fails when it should, and then says what a person needs to know."""

from __future__ import annotations

import os
import xml.etree.ElementTree as ET
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from bot.harness import expect, run
from bot.harness.group import ADMIN, Group, room
from bot.harness.script import EXPECTATIONS, ScriptError, parse
from bot.harness.show import as_chat, failures_as_chat
from bot.harness.update import updated
from bot.settings import Settings

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parent.parent
ASKED = "网联成立以后，我们支付机构手里的备付金是不是都得放到网联去"
CITED = "2024-03-01 00:49:33"

FRONT = "---\ndate: 2024-04-01\narchive: seeds\nasked: 0.4\noverheard: 0.6\n---\n"
ANSWERED = f"{FRONT}> 09:00:00  小林\n\n@爬楼 {ASKED}\n\n"
UNKNOWN = f"{FRONT}> 09:00:00  小林\n\n@爬楼 紫砂壶开壶要煮几个小时？\n\n"
QUIET = f"{FRONT}> 09:00:00  小林\n\n今天中午吃面\n\n"


def play(text: str) -> run.Result:
    return run.run(parse(text, Path("chat.md")), ROOT)


def test_there_is_a_failing_case_for_each_kind_of_expectation() -> None:
    assert {case[1].split()[0] for case in FAILING} == set(EXPECTATIONS)


FAILING = [
    (ANSWERED, "引用 2024-03-02 10:15:04", "quoted paytalk-20240301-004933 of 2024-03-01 00:49:33"),
    (QUIET, f"引用 {CITED}", "kept silent (silent: not mentioned)"),
    (ANSWERED, "包含 紫砂壶", "quoted paytalk-20240301-004933"),
    (UNKNOWN, "包含 小火", "said 「归档里没找到这个，先记下了。"),
    (UNKNOWN, "不含 归档", "said 「归档里没找到这个，先记下了。"),
    (QUIET, "回复", "kept silent (silent: not mentioned)"),
    (ANSWERED, "回复 老周", "spoke to 小林"),
    (ANSWERED, "不确定", "quoted paytalk-20240301-004933"),
    (UNKNOWN, "让选", "(not found: 0."),
    (ANSWERED, "没找到", "quoted paytalk-20240301-004933"),
    (UNKNOWN, "没找到 (0.99)", "(not found: 0."),
    (ANSWERED, "沉默", "quoted paytalk-20240301-004933"),
    (QUIET, "沉默 (cooldown)", "kept silent (silent: not mentioned)"),
    (QUIET, "等待", "kept silent (silent: not mentioned)"),
    (ANSWERED, "拒绝", "quoted paytalk-20240301-004933"),
]


@pytest.mark.parametrize(("chat", "expected", "happened"), FAILING)
def test_an_expectation_that_is_not_met_fails(chat: str, expected: str, happened: str) -> None:
    result = play(f"{chat}palou: {expected}\n")
    (failure,) = result.failures
    assert happened in failure.happened
    shown = failures_as_chat(result)
    line = chat.count("\n") + 1
    assert f"E line {line}: expected palou: {expected.split()[0]}" in shown
    assert f"E   but it {failure.happened}" in shown


def test_a_failure_shows_chat_reason_confidence_and_candidates() -> None:
    shown = failures_as_chat(play(f"{ANSWERED}palou: 引用 2024-03-02 10:15:04\n"))
    assert f"09:00:00 [测试群] 小林: @爬楼 {ASKED}" in shown
    assert "palou | 有人问过：网联成立以后" in shown
    assert "E line 11: expected palou: 引用 2024-03-02 10:15:04" in shown
    assert "confidence 0." in shown and "(answered)" in shown
    assert "E   candidates (threshold 0.40):" in shown
    assert "paytalk-20240301-004933 网联成立以后" in shown


def test_only_what_is_near_to_a_failure_is_shown() -> None:
    talk = "".join(f"> 09:0{n}:00  老周\n\n第{n}句闲话\n\n" for n in range(1, 7))
    text = FRONT + talk + "palou: 回复\n"
    shown = failures_as_chat(play(text))
    assert "第6句" in shown and "第4句" in shown and "  …" in shown
    assert "第1句" not in shown
    assert "第1句" in as_chat(play(text))


def test_quoting_counts_only_for_what_the_reply_shows() -> None:
    group = Group([ROOT / "seeds"])
    long = "热点账户一般怎么处理？大促的时候全在等它那一行的锁"
    shown = {str(c) for c in expect.cited([group.ask("小林", long)])}
    assert "缓冲记账" in group.last().reply and "还有" in group.last().reply
    everything = {str(a.message.citation) for a in group.last().decision.matches[0].cited}
    assert "ledgerlab-20240305-094027" in shown
    assert everything & shown and everything - shown
    group.close()


def test_a_file_the_bot_wrote_is_looked_into() -> None:
    live = FRONT.replace("seeds\n", "seeds\nlive: on\nrooms: 测试群 = paytalk\n")
    text = (
        live + "> 09:00:00  小林\n\n早\n\nsee live/paytalk/2024-04-01-chat.md\npalou: 包含 晚安\n"
    )
    (failure,) = play(text).failures
    assert "holds" in failure.happened and "> 09:00:00  小林" in failure.happened
    with pytest.raises(
        ScriptError, match=r"chat.md:13: expected a file that the bot wrote \(live/"
    ):
        play(text.replace("04-01-chat.md", "04-09-chat.md"))


def test_strict_also_fails_on_a_reply_that_nobody_expected(tmp_path: Path) -> None:
    text = f"{ANSWERED}> 09:05:00  小林\n\n早\n\npalou: 沉默\n"
    assert not play(text).failures
    strict = text.replace("seeds\n", "seeds\nstrict: on\n")
    result = play(strict)
    (failure,) = result.failures
    assert (failure.expectation.line, str(failure.expectation)) == (8, "palou: 沉默")
    assert "quoted paytalk-20240301-004933" in failure.happened
    assert updated(result, strict) == strict


def test_a_bot_that_breaks_fails_the_step_and_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("bot.admin.parse", broken)
    shown = failures_as_chat(play(f"{QUIET}palou: 沉默\n"))
    assert "but it broke: ZeroDivisionError('oh') at test_harness.py:" in shown


SAY = "> 09:00:00  小林\n\n早\n\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("早上好\n", "chat.md:1: expected a message (`> 09:12:00  小林`), `palou: …`"),
        ("palou: 沉默\n", "chat.md:1: expected a message (or again, clock, date, see) above"),
        (f"{SAY}palou: 开口\n", "chat.md:5: expected palou: 引用、包含、不含、回复"),
        (f"{SAY}palou: 引用\n", "chat.md:5: expected words behind `palou: 引用`"),
        (f"{SAY}palou: 沉默 cooldown\n", "chat.md:5: expected a reason in brackets"),
        (f"{SAY}", "chat.md:5: expected a line `palou: …`; without any, nothing can fail"),
        ("> 25:00:00  小林\n\n早\n", "chat.md:1: expected a time of day, not 25:00:00"),
        ("clock 10m\n", "chat.md:1: expected"),
        ("date 2024-13-01\n", "chat.md:1: expected a day like 2024-04-02, not 2024-13-01"),
        ("write a/b.md\n> 09:00:00  甲\n", "chat.md:1: expected a line `end` somewhere below"),
        ("---\ndate: 2024-04-01\n", "chat.md:3: expected a line `---` that ends"),
        ("---\nmod: off\n---\n", "chat.md:2: expected one of date, archive, mode"),
        ("see live/x.md\npalou: 回复\n", "chat.md:2: expected palou: 包含 or 不含 behind `see`"),
    ],
)
def test_what_cannot_be_read_names_file_line_and_what_was_expected(text: str, said: str) -> None:
    with pytest.raises(ScriptError) as error:
        parse(text, Path("chat.md"))
    assert str(error.value).startswith(said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("---\nmode: loud\n---\n", "chat.md: mode: expected one of mention, ambient, off"),
        ("---\narchive: nowhere\n---\n", "chat.md: archive: expected paths that are there"),
        ("---\nrooms: 测试群\n---\n", "chat.md: rooms: expected `topic = group, group; topic"),
        ("---\nasked: high\n---\n", "chat.md: front matter: could not convert"),
        ("---\nlive: yes\n---\n", "chat.md: live: expected on or off, not 'yes'"),
        (
            "clock +1d\nclock +1h\n" + "> 00:10:00  小林\n\n早\n\n",
            "chat.md:3: expected a moment from",
        ),
        (f"{SAY}remove paytalk/x.md\n", "chat.md:5: expected an archive file, not paytalk/x.md"),
        (f"{SAY}remove ../x.md\n", "chat.md:5: expected a path within the archive"),
        (f"{SAY}archive back\n", "chat.md:5: expected gone and back in turns"),
    ],
)
def test_what_cannot_be_done_names_file_and_line(text: str, said: str) -> None:
    with pytest.raises(ScriptError) as error:
        play(f"{text}{SAY.replace('09:', '23:')}palou: 沉默\n")
    assert str(error.value).startswith(said)


def test_a_heading_is_no_part_of_the_message_above_it() -> None:
    script = parse(f"{SAY}# Then\n\n{SAY}palou: 沉默\n", Path("chat.md"))
    assert [s.text for s in script.steps] == ["早", "早"]
    topic = parse("> 09:00:00  小林\n\n早\n# 一级标题\n\npalou: 沉默\n", Path("chat.md"))
    assert topic.steps[0].text == "早\n# 一级标题"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a conversation that passes and two that fail."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    folder = tmp_path / "tests" / "conversations"
    folder.mkdir(parents=True)
    (folder / "a-good.md").write_text(f"{QUIET}palou: 沉默\n", encoding="utf-8")
    (folder / "b-bad.md").write_text(
        f"{ANSWERED}palou: 沉默 (cooldown)\npalou: 包含 紫砂壶\n", encoding="utf-8"
    )
    (folder / "c-bad.md").write_text(f"{QUIET}palou: 回复\n", encoding="utf-8")
    return folder


def palou(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["test", *map(str, arguments)])


def test_failures_are_shown_and_the_status_is_1(here: Path) -> None:
    result = palou()
    assert result.exit_code == 1
    assert "ok     tests/conversations/a-good.md" in result.stdout
    assert "FAILED tests/conversations/b-bad.md" in result.stdout
    assert "E line 11: expected palou: 沉默 (cooldown)" in result.stdout
    assert result.stdout.endswith("1 passed, 2 failed\n")


def test_what_passes_has_status_0_and_k_chooses_by_name(here: Path) -> None:
    result = palou("-k", "good")
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (0, "1 passed, 0 failed")
    assert palou("-k", "nothing").exit_code == 1, "that nothing was tested is no success"


def test_x_stops_at_the_first_failure(here: Path) -> None:
    result = palou("-x")
    assert "b-bad.md" in result.stdout and "c-bad.md" not in result.stdout


def test_update_accepts_what_was_said_and_nothing_else(here: Path) -> None:
    before = (here / "b-bad.md").read_text(encoding="utf-8")
    result = palou("--update")
    assert result.exit_code == 0, result.stdout
    after = (here / "b-bad.md").read_text(encoding="utf-8")
    assert after == before.split("palou:")[0] + f"palou: 引用 {CITED}\n"
    assert "palou: 沉默 (not mentioned)" in (here / "c-bad.md").read_text(encoding="utf-8")
    assert palou().exit_code == 0


def test_an_unreadable_file_is_an_error_and_the_others_go_on(here: Path) -> None:
    (here / "a-bad.md").write_text("早\n", encoding="utf-8")
    (here / "b-bytes.md").write_bytes(b"\xff\xfe")
    result = palou(here)
    assert result.exit_code == 1
    assert f"ERROR {here}/a-bad.md:1: expected a message" in result.stdout
    assert "1 passed, 4 failed" in result.stdout


def test_junit_holds_failures_and_errors(here: Path, tmp_path: Path) -> None:
    (here / "d-broken.md").write_text("早\n", encoding="utf-8")
    palou("--junitxml", tmp_path / "out.xml")
    suite = ET.parse(tmp_path / "out.xml").getroot()
    assert suite.attrib == {"name": "palou test", "tests": "4", "failures": "2", "errors": "1"}
    failed = suite.find("testcase[@name='tests/conversations/b-bad.md']/failure")
    assert failed is not None and "E line 11: expected" in (failed.text or "")


@pytest.fixture
def checkout(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets pytest's subprocesses import this Palou, and not one that is installed."""
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), str(ROOT / "bot/harness/entry")]))


@pytest.mark.usefixtures("checkout")
def test_the_plugin_shows_the_chat_and_no_traceback(here: Path, pytester: pytest.Pytester) -> None:
    folder = pytester.mkdir("conversations")
    (pytester.path / "seeds").symlink_to(ROOT / "seeds")
    for path in here.iterdir():
        (folder / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "README.md").write_text("# Not a conversation\n", encoding="utf-8")
    (folder / "d-broken.md").write_text("早\n", encoding="utf-8")
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", *_plugin())
    result.assert_outcomes(passed=1, failed=3)
    output = result.stdout.str()
    assert "conversation b-bad" in output
    assert "palou | 有人问过：网联成立以后" in output
    assert "E line 11: expected palou: 沉默 (cooldown)" in output
    assert "d-broken.md:1: expected a message" in output
    assert "Traceback" not in output and "palou_pytest.py" not in output


def _plugin() -> list[str]:
    """What loads the plugin where Palou is not installed, and the entry point does not.

    And what keeps nonebug's out, as in pyproject.toml: it wants NoneBot for every test.
    """
    installed = any(e.value == "palou_pytest" for e in entry_points(group="pytest11"))
    return ["-p", "no:nonebug", *([] if installed else ["-p", "palou_pytest"])]


@pytest.mark.usefixtures("checkout")
def test_the_fixtures_serve_tests_in_python(pytester: pytest.Pytester) -> None:
    (pytester.path / "seeds").symlink_to(ROOT / "seeds")
    pytester.makepyfile(
        f'''
        def test_good(palou_group, expect_citation, expect_silence, expect_reply):
            group = palou_group(archive="seeds", mode="ambient")
            expect_citation(group.ask("小林", "{ASKED}"), "{CITED}")
            expect_silence(group.say("小林", "吃面去"), reason="not a question")
            group.clock.advance(3600)
            assert group.clock.now.hour == 10
            expect_reply(group.admin("/status"), "paytalk")

        def test_wrong_citation(palou_group, expect_citation):
            expect_citation(palou_group("seeds").ask("小林", "{ASKED}"), "2024-03-02 10:15:04")

        def test_wrong_silence(palou_group, expect_silence):
            expect_silence(palou_group("seeds").ask("小林", "{ASKED}"), reason="cooldown")

        def test_wrong_reason(palou_group, expect_silence):
            expect_silence(palou_group("seeds").say("小林", "早"), reason="cooldown")

        def test_wrong_reply(palou_group, expect_reply):
            expect_reply(palou_group("seeds").say("小林", "早"), "灰度")
        '''
    )
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider", *_plugin())
    result.assert_outcomes(passed=1, failed=4)
    output = result.stdout.str()
    assert "expected a reply that quotes 2024-03-02 10:15:04; it quoted paytalk-2024" in output
    assert "expected silence for 'cooldown'; it quoted paytalk-20240301-004933" in output
    assert "expected silence for 'cooldown'; it kept silent (silent: not mentioned)" in output
    assert "expected a reply with '灰度'; it kept silent (silent: not mentioned)" in output


Make = Callable[..., Group]


def test_several_rooms_share_a_bot_and_two_bots_share_nothing(palou_group: Make) -> None:
    rooms = {"支付茶馆": ["paytalk"], "账务小群": ["ledgerlab"]}
    one = palou_group("seeds", rooms=rooms)
    other = palou_group("seeds", rooms=rooms)
    one.admin("/mode off", room="支付茶馆")
    expect.expect_silence(one.ask("小林", ASKED, room="支付茶馆"), "mode off")
    expect.expect_silence(one.say("小林", ASKED, room="账务小群"), "not mentioned")
    expect.expect_citation(other.ask("小林", ASKED, room="支付茶馆"), CITED)
    one.advance(60)
    assert one.clock.now > other.clock.now


def test_the_clock_stops_where_something_waits(palou_group: Make) -> None:
    group = palou_group("seeds", mode="ambient", settings=Settings(overheard=0.6))
    assert str(group.say("小林", ASKED).reason) == "held: 20 s"
    (decision,) = group.advance(3600)
    assert str(decision.reason) == "answered"
    assert (decision.sends[0].decided_at - decision.incoming.sent_at).total_seconds() == 20
    expect.expect_citation(group.last(), CITED)


def test_changes_to_a_copy_leave_the_archive_alone(palou_group: Make, tmp_path: Path) -> None:
    day = "---\ndate: 2024-03-20\n---\n" + SAY
    archive = tmp_path / "paytalk"
    archive.mkdir()
    (archive / "2024-03-20.md").write_text(day, encoding="utf-8")
    group = palou_group(archive, files={"paytalk/2024-03-21.md": day.replace("-20", "-21")})
    (copy,) = group.archive_folder.rglob("2024-03-20.md")
    copy.unlink()
    group.admin("/reload")
    assert "删 1、未变 1 个文件" in group.last().reply
    assert [p.name for p in archive.iterdir()] == ["2024-03-20.md"]


def test_an_admin_is_one_by_his_id(palou_group: Make) -> None:
    group = palou_group("seeds")
    assert str(group.say("小林", "/mode off").reason).startswith("refused")
    assert str(group.say(ADMIN, "/mode off").reason) == "command: /mode"
    assert room("测试群").id in {r.id for r in group.settings.rooms}
