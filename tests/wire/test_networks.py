"""The wire is for any network: what is one network's stands in a folder of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

import bot.wire

ROOM = Path(bot.wire.__file__).parent
NETWORKS = [p.name for p in ROOM.iterdir() if p.is_dir() and p.name != "__pycache__"]
ANY = [p for p in sorted(ROOM.glob("*.py")) if p.name != "__init__.py"]


@pytest.mark.parametrize("path", ANY, ids=lambda p: str(p.name))
def test_what_is_for_any_network_names_none(path: Path) -> None:
    assert "wechat" in NETWORKS
    text = path.read_text(encoding="utf-8").lower()
    assert not [name for name in [*NETWORKS, "wechaty", "wxid", "puppet"] if name in text]
