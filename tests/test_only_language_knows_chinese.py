"""Only `knowledge.language` knows Chinese: no other room of `knowledge` holds a word of it.

Readers of foreign formats know what stands in their files.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

KNOWLEDGE = Path(__file__).parent.parent / "knowledge"
FORMATS = ("archive/formats/", "archive/texts.py")
"""What stands in files of foreign formats, and for what is no text: no language is read there."""

ELSEWHERE = [
    path
    for path in sorted(KNOWLEDGE.rglob("*.py"))
    if path.relative_to(KNOWLEDGE).parts[0] not in ("language", "train")
    and not path.relative_to(KNOWLEDGE).as_posix().startswith(FORMATS)
]

_CHINESE = re.compile(
    "[\u2e80-\u2fdf\u3001-\u9fff\uf900-\ufaff\uff01-\uffef\U00020000-\U0003ffff]"
    r"|\\u(?:30[4-9a-f]|3[1-9a-f]|[4-9])"  # the same as a pattern spells it: `[\u3400-\u9fff]`
)


def literals(path: Path) -> Iterator[str]:
    """The strings of a module, without its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value


@pytest.mark.parametrize("path", ELSEWHERE, ids=lambda p: str(p.relative_to(KNOWLEDGE)))
def test_no_other_room_holds_a_chinese_word_or_sign(path: Path) -> None:
    assert [t for t in literals(path) if _CHINESE.search(t)] == []
