"""What a group is called: its name as it stands in citations, and the folder that means it."""

from __future__ import annotations

import re
from hashlib import blake2b
from pathlib import Path

_NOT_IN_A_GROUP = re.compile(r"[\s/\\\x00-\x1f\x7f]+")
_PASSED_OVER = "_posts"
# What Windows takes in no name of a file; and names that mean a device there.
_NOT_IN_A_FILE = re.compile(r'[<>:"|?*/\\\s\x00-\x1f\x7f\ud800-\udfff]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
_FOLDER_BYTES = 200  # of a folder's name in UTF-8; file systems take 255


GROUP_CHARACTERS = 100
"""The longest name of a group."""


def group_name(text: str) -> str:
    """A group's name as it stands in citations: no white space, slashes, control characters.

    A longer one than a file can state is cut, and told from others by a hash.
    """
    name = _NOT_IN_A_GROUP.sub("_", text).strip("_") or "group"
    if len(name) <= GROUP_CHARACTERS:
        return name
    digest = blake2b(name.encode("utf-8", "surrogatepass"), digest_size=5).hexdigest()
    return f"{name[: GROUP_CHARACTERS - len(digest) - 1]}-{digest}"


def folder_of(group: str) -> str:
    """The name of a folder for a group's files: the group's own, where that can be one.

    Else what can stand in it, and a hash, so that no two groups share a folder. No folder is above
    or beside the one that it is made in, hidden (a load reads none of these), or a device.
    """
    kept = _NOT_IN_A_FILE.sub("_", group).strip(".")
    whole = kept.encode()
    if kept == group and not _DEVICE.fullmatch(kept) and 0 < len(whole) <= _FOLDER_BYTES:
        return group
    digest = blake2b(group.encode("utf-8", "surrogatepass"), digest_size=5).hexdigest()
    return whole[: _FOLDER_BYTES - len(digest) - 1].decode("utf-8", "ignore") + "-" + digest


def group_of(path: Path) -> str:
    """The group that a file belongs to by its folder; `_posts` is passed over."""
    for folder in path.parents:
        if folder.name and folder.name != _PASSED_OVER:
            return group_name(folder.name)
    return "group"
