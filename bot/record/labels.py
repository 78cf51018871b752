"""Files of labelled questions: a line is added for each, and goes with what is forgotten."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Collection, Mapping
from pathlib import Path

from knowledge.disk import append
from knowledge.store import outputs, wishes

log = logging.getLogger("palou.record")


def add(file: Path, label: Mapping[str, object]) -> None:
    """Add a label, on a line of its own whatever stands there; OSError: it cannot be."""
    line = json.dumps(label, ensure_ascii=False) + "\n"
    append(file, line if _is_whole(file) else "\n" + line)


def drop(file: Path, questions: Collection[str]) -> bool:
    """Take out the labels of some questions; whether there were any.

    OSError, UnicodeError: they cannot be.
    """
    return outputs.keep_lines(file, lambda line: _question(line) not in questions)


def forget(database: Path, questions: Collection[str]) -> None:
    """Take questions out of all files of labels that were noted beside a database.

    One that cannot be changed is noted, so that the next load does what it can.
    """
    if not questions:
        return
    for output in outputs.noted(database):
        if output.kind != outputs.LABELS:
            continue
        try:
            drop(output.path, questions)
        except FileNotFoundError:
            continue
        except (OSError, UnicodeError) as e:
            log.error("labels cannot be taken out of %s: %s", output.path, e)
            wishes.note_missed(database, [str(output.path)])


def _is_whole(file: Path) -> bool:
    """Whether a file has no line that is not ended."""
    try:
        with file.open("rb") as stream:
            end = stream.seek(0, os.SEEK_END)
            stream.seek(max(0, end - 1))
            return stream.read(1) in (b"", b"\n")
    except FileNotFoundError:
        return True


def _question(line: str) -> str | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    question = row.get("question") if isinstance(row, dict) else None
    return question if isinstance(question, str) else None
