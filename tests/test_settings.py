"""Settings: where they come from, and errors that name file and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import ArchiveSettings, RoomSettings, Settings, Speaking
from bot.settings_file import SettingsError, read
from knowledge.matching.embedder import PACKAGED


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "palou.toml"


def test_without_file_and_variables_the_defaults_hold() -> None:
    assert read(None, {}) == Settings()


def test_a_file_is_read_and_its_paths_are_relative_to_it(file: Path) -> None:
    file.write_text(
        'database = "k/palou.db"\nsynonyms = "words.txt"\narchives = ["chats", "/abs"]\n'
        'permalink = "https://x.example/{citation}"\n'
        "[thresholds]\nhedged = 0.3\nasked = 0.5\noverheard = 0.95\n"
    )
    assert read(file, {}) == Settings(
        database=file.parent / "k/palou.db",
        synonyms=file.parent / "words.txt",
        archives=(file.parent / "chats", Path("/abs")),
        permalink="https://x.example/{citation}",
        hedged=0.3,
        asked=0.5,
        overheard=0.95,
    )


def test_variables_override_the_file(file: Path) -> None:
    file.write_text("[thresholds]\nasked = 0.5\n")
    settings = read(None, {"PALOU_SETTINGS": str(file), "PALOU_THRESHOLDS_ASKED": "0.7"})
    assert settings.asked == 0.7


def test_a_model_is_the_packaged_one_that_of_a_folder_or_none(file: Path) -> None:
    file.write_text("semantic = true\n")
    assert read(file, {}).semantic == PACKAGED
    assert read(file, {"PALOU_SEMANTIC": "false"}).semantic is None
    file.write_text('semantic = "models/own"\n')
    assert read(file, {}).semantic == file.parent / "models/own"
    assert read(file, {"PALOU_SEMANTIC": "true"}).semantic == PACKAGED


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("databse = 'x'", "palou.toml: databse: no such setting; there are database, archives"),
        ("archives = 3", "palou.toml: archives = '3' should be a list of paths"),
        ("archives = []", "should be a list of paths"),
        ("[[archives]]\ngroup = 'a'", "archives 1: needs a path, of a file or folder"),
        (
            "[[archives]]\npath = 'a'\nme = '海蓝'",
            "archives 1: needs a group, whose timezone and me",
        ),
        (
            "[[archives]]\npath = 'a'\ngruop = 'b'",
            "archives 1: gruop: no such setting; there are path",
        ),
        ("[[archives]]\npath = 'a'\ntimezone = 'Mars'", "timezone = 'Mars' should be a time zone"),
        ("[[archives]]\npath = 'a'\n[[archives]]\npath = 'a'", "path = 'a' stands there twice"),
        ("archives = ['a', {path = 'b'}]", "archives 1: should be a table as the others are"),
        (
            "[[archives]]\npath='a'\ngroup='g'\ntimezone='UTC'\n[[archives]]\npath='b'\ngroup='g'",
            "archives 2: timezone: g has another one above",
        ),
        ("database = ''", "should be a path in quotes"),
        ("permalink = 'https://x.example/{nobody}'", "no braces but {citation}"),
        ("permalink = 'https://x.example/'", "should hold {citation}"),
        ("base_url = 'x.example'", "base_url = 'x.example' should be where the pages are reached"),
        ("web_token = 'a-long-enough-secret'", "web_token: no such setting"),
        ("[thresholds]\nasked = 60", "thresholds.asked = '60' should be a number from 0 to 1"),
        ("[thresholds]\nasked = true", "should be a number from 0 to 1"),
        ("[thresholds]\nasked = 0.9\noverheard = 0.7", "overheard (0.7) is below asked (0.9)"),
        ("= 3", "cannot be read as TOML"),
    ],
)
def test_a_wrong_key_or_value_is_named(file: Path, content: str, said: str) -> None:
    file.write_text(content)
    with pytest.raises(SettingsError) as error:
        read(file, {})
    assert said in str(error.value)


def test_a_wrong_variable_is_named() -> None:
    with pytest.raises(SettingsError, match="PALOU_LINKS: no such setting; there are PALOU_"):
        read(None, {"PALOU_LINKS": "x"})
    with pytest.raises(SettingsError, match="PALOU_THRESHOLDS_ASKED = 'much' should be"):
        read(None, {"PALOU_THRESHOLDS_ASKED": "much"})


def test_the_secret_of_the_pages_comes_from_the_environment_alone(file: Path) -> None:
    file.write_text("base_url = 'https://x.example/palou/'\n")
    settings = read(file, {"PALOU_WEB_TOKEN": "0123456789abcdef"})
    assert settings.web_token == "0123456789abcdef" not in repr(settings)
    assert settings.base_url == "https://x.example/palou" and settings.prefix == "/palou"
    with pytest.raises(SettingsError, match="PALOU_WEB_TOKEN should have 16 characters"):
        read(file, {"PALOU_WEB_TOKEN": "0123456789abcde"})


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        read(tmp_path / "none.toml", {})


def test_rooms_and_when_to_speak(file: Path) -> None:
    file.write_text(
        'admins = ["wxid_admin"]\nprivate = ["tea talk"]\nlive = "live"\n'
        "[speaking]\ncooldown = 90\nperson = 3\n"
        '[[rooms]]\nid = "1@chatroom"\ngroups = ["paytalk"]\nmode = "ambient"\noverheard = 0.95\n'
        '[[rooms]]\ntopic = "账务小群"\n'
    )
    settings = read(file, {})
    assert settings.admins == ("wxid_admin",)
    assert settings.private == ("tea_talk",)
    assert settings.live == file.parent / "live"
    assert settings.speaking == Speaking(cooldown=90, person=3)
    assert settings.rooms == (
        RoomSettings(id="1@chatroom", groups=("paytalk",), mode="ambient", overheard=0.95),
        RoomSettings(topic="账务小群"),
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[[rooms]]\nmode = 'ambient'", "palou.toml: rooms 1: needs an id or a topic"),
        ("[[rooms]]\nid = 'a'\nmode = 'loud'", "mode = 'loud' should be one of mention, ambient"),
        ("[[rooms]]\nid = 'a'\nmod = 'x'", "rooms 1: mod: no such setting; there are id, topic"),
        ("[[rooms]]\nid = 'a'\n[[rooms]]\nid = 'a'", "rooms 2: 'a' stands there twice"),
        ("rooms = 3", "rooms should be tables"),
        ("[[rooms]]\nid = 'a'\noverheard = 0.1", "rooms 'a': overheard (0.1) is below asked"),
        ("[speaking]\nsettle = -1", "speaking.settle = '-1' should be seconds"),
        ("[speaking]\nperson = 0", "speaking.person = '0' should be a whole number from 1"),
        ("admins = [3]", "should be a list of texts"),
        ("timezone = 'Moon/Sea'", "should be a time zone"),
    ],
)
def test_a_wrong_room_or_rule_is_named(file: Path, content: str, said: str) -> None:
    file.write_text(content)
    with pytest.raises(SettingsError) as error:
        read(file, {})
    assert said in str(error.value)


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_the_readme_shows_the_defaults(file: Path, readme: str) -> None:
    text = (Path(__file__).parent.parent / readme).read_text(encoding="utf-8")
    block = text.split("```toml\n")[1].split("```")[0]
    file.write_text(block, encoding="utf-8")
    shown, default = read(file, {}), Settings()
    assert shown.thresholds == default.thresholds
    assert shown.database.name == str(default.database)


def test_keys_of_before_are_read_as_they_are_called_now(file: Path) -> None:
    file.write_text(
        'link = "https://x.example/{citation}"\n[[rooms]]\nid = "1"\narchives = ["paytalk"]\n'
    )
    settings = read(file, {})
    assert settings.permalink == "https://x.example/{citation}"
    assert settings.rooms[0].groups == ("paytalk",)
    assert read(file, {"PALOU_LINK": "https://y.example/{date}"}).permalink[:9] == "https://y"


def test_a_key_under_both_of_its_names_is_refused(file: Path) -> None:
    file.write_text("link = 'https://x.example/{date}'\npermalink = 'https://y.example/{date}'\n")
    with pytest.raises(SettingsError, match="link is called permalink now"):
        read(file, {})


def test_an_archive_has_a_group_a_zone_and_who_exported_it(file: Path) -> None:
    file.write_text(
        "[[archives]]\npath = 'chats'\n"
        "[[archives]]\npath = 'berlin.json'\ngroup = '柏林 水族'\n"
        "timezone = 'Europe/Berlin'\nme = '海蓝'\n"
    )
    settings = read(file, {})
    assert settings.archives == (file.parent / "chats", file.parent / "berlin.json")
    assert settings.own[1] == ArchiveSettings(
        file.parent / "berlin.json", "柏林_水族", "Europe/Berlin", "海蓝"
    )
    assert str(settings.owned[1].zone) == "Europe/Berlin" and settings.owned[0].group is None
    assert read(file, {"PALOU_ARCHIVES": "elsewhere"}).own == ()
