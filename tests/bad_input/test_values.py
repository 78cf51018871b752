"""Every command with wrong values, options and settings: one line, the right status, no harm."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli import COMMANDS
from tests.bad_input.refusal import CITED, DAYS, content, refused
from tests.command import palou

ARGS = {
    "demo": "",
    "init": "seeds --yes",
    "doctor": "",
    "load": "seeds",
    "ask": "几点",
    "run": "",
    "chat": "",
    "show": CITED,
    "stats": "",
    "eval": "questions.csv",
    "label": "l.jsonl",
    "tune": "questions.csv",
    "test": "conversation.md",
    "replay": f"seeds {DAYS}",
    "serve": "",
    "formats": "",
    "remove": "g",
    "backup": "copy.db",
}


def test_every_command_is_in_the_matrix() -> None:
    assert sorted(ARGS) == sorted(COMMANDS)


VALUES = [
    ("laod seeds", 2, "laod"),
    ("--settings", 2, "--settings"),
    ("load seeds --jsonl", 2, "--dry-run"),
    ("ask", 2, "QUESTION"),
    ("ask 几点 --group nope", 2, "there is no group nope; there is g"),
    ("ask 几点 -k 0", 2, "-k"),
    ("ask 几点 -k much", 2, "-k"),
    ("chat --group nope", 2, "there is no group nope; there is g"),
    ("tune questions.csv --group nope", 2, "there is no group nope; there is g"),
    ("tune questions.csv --asked 90", 2, "--asked"),
    ("label l.jsonl --group nope", 2, "there is no group nope; there is g"),
    ("label labels.txt", 1, "labels.txt"),
    ("eval questions.csv --group nope", 2, "there is no group nope; there is g"),
    ("show", 2, "CITATION"),
    ("show nonsense", 2, "one looks like"),
    ("show g-20240506-000000", 1, "no such message"),
    ("show nope-20240506-090000", 1, "no such message"),
    (f"show {CITED} --before -1", 2, "--before"),
    ("replay seeds", 2, "--from"),
    ("replay seeds --from yesterday --to 2024-05-06", 2, "yesterday"),
    ("replay seeds --from 2024-05-07 --to 2024-05-06", 2, "--to"),
    ("replay seeds --from 2023-01-01 --to 2023-01-02", 1, "no message from"),
    (f"replay seeds {DAYS} --room nope", 1, "nope"),
    (f"replay seeds {DAYS} --mode loud", 2, "loud"),
    ("serve --port 99999", 2, "99999"),
    ("serve --port web", 2, "web"),
    ("serve --base-url nowhere", 1, "--base-url"),
    ("serve --proxy nginx", 2, "nginx"),
    ("serve --host no.such.host.invalid", 1, "no.such.host.invalid"),
    ("run --network icq", 2, "icq"),
    ("remove", 2, "GROUP"),
    ("remove nope", 1, "nope"),
    ("test conversation.md -k nothing", 1, "nothing"),
    ("backup", 2, "FILE"),
    ("backup palou.db", 1, "palou.db"),
    ("load seeds --group /", 2, "--group"),
]


@pytest.mark.parametrize(("args", "status", "word"), VALUES, ids=[v[0] for v in VALUES])
def test_a_wrong_value_is_one_line_that_names_it(
    here: Path, args: str, status: int, word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "--host" in args:
        monkeypatch.undo()
        monkeypatch.chdir(here)
    before = content(here)
    refused(palou(*args.split()), status, word)
    assert content(here) == before


@pytest.mark.parametrize("name", COMMANDS)
def test_an_option_that_is_not_there_is_one_line(here: Path, name: str) -> None:
    refused(palou(name, *ARGS[name].split(), "--nonsense"), 2, "--nonsense", f"palou {name}")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_word_too_many_is_one_line(here: Path, name: str) -> None:
    done = palou(name, *ARGS[name].split(), "surplus")
    refused(done, 1 if name in ("init", "load", "test", "tune") else 2, "surplus")


# Settings.

WRONG = [
    ("databse = 'x'", "databse"),
    ("database = 3", "database"),
    ("= 3", "TOML"),
    ("[thresholds]\nasked = 60", "thresholds.asked"),
    ("[thresholds]\noverheard = 0.1", "palou.toml: thresholds"),
    ("[[rooms]]\nmode = 'ambient'", "rooms 1"),
    ("timezone = 'Mars'", "timezone"),
    ("semantic = 'no-such-model'", "no-such-model"),
    ("synonyms = 'no-such-file.txt'", "no-such-file.txt"),
]
ASKING = ("ask", "chat", "eval", "label", "tune", "replay", "run")
# What has no need of settings, or says itself what is wrong with them.
WITHOUT = ("demo", "formats", "test", "init", "doctor")
BY_SETTINGS = [
    (name, content, word)
    for name in COMMANDS
    for content, word in WRONG
    if name not in WITHOUT
    and ("no-such-file" not in content or name in ASKING)
    and ("no-such-model" not in content or name in (*ASKING, "load", "serve"))
]


@pytest.mark.parametrize(
    ("name", "text", "word"), BY_SETTINGS, ids=[f"{n}-{c}" for n, c, _ in BY_SETTINGS]
)
def test_a_wrong_setting_is_one_line_whatever_the_command(
    here: Path, name: str, text: str, word: str
) -> None:
    (here / "palou.toml").write_text(text, encoding="utf-8")
    before = content(here)
    refused(palou(name, *ARGS[name].split()), 1, word)
    assert content(here) == before


@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_given_whatever_the_settings_are(here: Path, name: str) -> None:
    (here / "palou.toml").write_text("databse = 3", encoding="utf-8")
    done = palou(name, "--help")
    assert done.exit_code == 0 and done.stdout.startswith(f"Usage: palou {name}")


def test_a_file_is_not_blamed_for_what_a_variable_says(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "palou.toml").write_text("[thresholds]\nasked = 0.8\n")
    monkeypatch.setenv("PALOU_THRESHOLDS_OVERHEARD", "0.1")
    line = refused(palou("stats"), 1, "PALOU_THRESHOLDS_OVERHEARD")
    assert not line.startswith("palou: palou.toml")


@pytest.mark.parametrize("name", ["ask", "show", "stats", "eval", "serve", "chat", "run"])
def test_a_database_that_was_named_and_is_not_there_is_not_made(here: Path, name: str) -> None:
    refused(palou(name, *ARGS[name].split(), "--db", "typo.db"), 1, "typo.db", "palou load")
    assert not (here / "typo.db").exists()
