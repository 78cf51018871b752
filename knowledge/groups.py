"""What a group is called: its name as it stands in citations, and the folder that means it."""

from __future__ import annotations

import re
from pathlib import Path

_NOT_IN_A_GROUP = re.compile(r"[\s/\\\x00-\x1f\x7f]+")
_PASSED_OVER = "_posts"


def group_name(text: str) -> str:
    """A group's name as it stands in citations: no white space, slashes, control characters."""
    return _NOT_IN_A_GROUP.sub("_", text).strip("_") or "group"


def group_of(path: Path) -> str:
    """The group that a file belongs to by its folder; `_posts` is passed over."""
    for folder in path.parents:
        if folder.name and folder.name != _PASSED_OVER:
            return group_name(folder.name)
    return "group"
