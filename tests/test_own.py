"""Settings of single archives: their group, its zone, and who is meant by 我."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.reload import Subprocess
from bot.settings import ArchiveSettings, Settings
from knowledge.errors import LoadError
from knowledge.loading.load import load
from knowledge.loading.own import Own
from knowledge.loading.preview import preview
from knowledge.store.read import Store, zones
from knowledge.store.schema import connect
from tests.chats import ASKED, put
from tests.fish import TALK, ZONE, chatlab
from tests.test_foreign_archives import cli
from tests.test_load import content

MINE = [(after, who, "我" if who == "u1" else name, *more) for after, who, name, *more in TALK]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An export of a group in Berlin, beside days of another group."""
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "a.jsonl").write_text(chatlab(MINE[:2]), encoding="utf-8")  # type: ignore[arg-type]
    put(tmp_path / "teahouse", "2024-05-06", ASKED)
    return tmp_path


def own(folder: Path) -> Own:
    return Own(folder / "export", "柏林", ZoneInfo("Europe/Berlin"), "海蓝")


def test_an_archive_has_the_group_the_zone_and_the_name_that_are_set(
    folder: Path, database: Path
) -> None:
    for _ in range(2):
        load(database, [folder], zone=ZONE, own=[own(folder)])
    found = {(row[0], row[2], row[4]) for row in content(database)["messages"]}
    assert {("柏林", "04:00:00", "海蓝"), ("柏林", "04:01:00", "石花")} <= found
    assert {group for group, _, _ in found} == {"柏林", "teahouse"}
    with closing(connect(database)) as conn:
        assert zones(conn) == {"柏林": "Europe/Berlin"}
    shown = preview([folder], ZONE, own=[own(folder)])
    assert {p.message.speaker for p in shown.groups["柏林"]} == {"海蓝", "石花"}


def test_another_zone_of_a_group_is_refused(folder: Path, database: Path) -> None:
    load(database, [folder], zone=ZONE, own=[own(folder)])
    moved = replace(own(folder), zone=ZoneInfo("Asia/Tokyo"))
    with pytest.raises(LoadError, match="柏林 was loaded in the zone Europe/Berlin"):
        load(database, [folder], zone=ZONE, own=[moved])


def test_settings_hold_for_the_command_and_for_a_reload(folder: Path, database: Path) -> None:
    settings = folder / "palou.toml"
    settings.write_text(
        f"database = '{database}'\n[[archives]]\npath = 'export'\ngroup = '柏林'\n"
        "timezone = 'Europe/Berlin'\nme = '海蓝'\n"
    )
    done = cli("--settings", settings, "load")
    assert done.exit_code == 0, done.stderr
    before = content(database)
    assert {row[4] for row in before["messages"]} == {"海蓝", "石花"}
    (folder / "export" / "a.jsonl").write_text(chatlab(MINE), encoding="utf-8")  # type: ignore[arg-type]
    archive = ArchiveSettings(folder / "export", "柏林", "Europe/Berlin", "海蓝")
    chosen = Settings(archives=(folder / "export",), own=(archive,))
    reloader = Subprocess(database, lambda: chosen.archives, None, chosen.timezone, chosen.own)
    reloader.start()
    while (ended := reloader.ended()) is None:
        pass
    assert not ended.failed, ended.report
    with closing(connect(database)) as conn:
        assert Store(conn).groups() == ("柏林",) and Store(conn).totals().messages == len(TALK)
