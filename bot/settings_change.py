"""Changes settings in a file without touching the rest of it: comments and order stay."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from bot.settings_file import SettingsError, text_of

_TABLE = re.compile(r"(#\s*)?\[{1,2}\s*([\w.-]+)\s*\]{1,2}\s*(#.*)?")


def changed(file: Path, values: Mapping[str, float]) -> str:
    """The text of a file of settings with numbers set, by keys like `thresholds.asked`.

    A key that stands there gets its value; one that is commented out is set in its place; any other
    stands below the head of its table. SettingsError: the file cannot be read, or is written in a
    way in which that cannot be done.
    """
    lines = (text_of(file) if file.exists() else "").split("\n")
    for key, value in values.items():
        table, _, name = key.rpartition(".")
        _set(lines, table, name, f"{value:g}")
    text = "\n".join(lines)
    try:
        found = tomllib.loads(text)
        if all(_at(found, key) == value for key, value in values.items()):
            return text
    except tomllib.TOMLDecodeError:
        pass
    said = ", ".join(f"{key} = {value:g}" for key, value in values.items())
    raise SettingsError(f"{file}: cannot be changed as it is written; set there {said}")


def _at(content: object, key: str) -> object:
    for part in key.split("."):
        content = content.get(part) if isinstance(content, dict) else None
    return content


def _set(lines: list[str], table: str, name: str, value: str) -> None:
    """Set one number in its table, whose head is made if it is not there."""
    head = _head(lines, table)
    if head is None:
        while lines and not lines[-1].strip():
            lines.pop()
        lines += ["", f"[{table}]", f"{name} = {value}", ""]
        return
    lines[head] = lines[head].lstrip("# ") if lines[head].startswith("#") else lines[head]
    own = re.compile(rf"(?P<off>#\s*)?{re.escape(name)}\s*=\s*[^#\s]+(?P<rest>.*)")
    end = next((n for n in range(head + 1, len(lines)) if _names(lines[n])), len(lines))
    places = [(n, m) for n in range(head + 1, end) if (m := own.fullmatch(lines[n]))]
    # What is set counts, before what is only commented out.
    for n, m in sorted(places, key=lambda place: bool(place[1]["off"])):
        rest = m["rest"] if not m["off"] else re.sub(r"^\s+", "  ", m["rest"])
        lines[n] = f"{name} = {value}{rest}"
        return
    lines.insert(head + 1, f"{name} = {value}")


def _head(lines: list[str], table: str) -> int | None:
    """Where a table begins; where it is commented out, if it is nowhere else."""
    heads = [(n, m) for n, line in enumerate(lines) if (m := _names(line)) and m[2] == table]
    found = sorted(heads, key=lambda head: bool(head[1][1]))
    return found[0][0] if found else None


def _names(line: str) -> re.Match[str] | None:
    """The head of a table that a line is, if it is one."""
    return _TABLE.fullmatch(line.strip())
