"""Stands in for the core while there is none: just enough of it to drive the adapter."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from bot.answer import decide
from bot.cli.run import run
from bot.incoming import Contact, Decision, Incoming, Outgoing
from bot.settings import Settings
from knowledge.load import load
from knowledge.match import Matcher
from knowledge.store.schema import connect


class StubCore:
    """Answers from the room's archives; knows `/reload`; holds nothing, limits nothing."""

    def __init__(self, content: dict[str, Any], settings: Settings, own: Contact) -> None:
        self._content = content
        self._settings = settings
        self._own = own
        self._rooms = {room["id"]: room for room in content["rooms"]}
        self._matcher = Matcher(connect(settings.database))

    def receive(self, incoming: Incoming) -> Decision:
        if incoming.own:
            return Decision(incoming, "silent: own message")
        text = incoming.text.removeprefix(f"@{self._own.name}").strip()
        if text == "/reload":
            if incoming.sender.id not in self._content["admins"]:
                return self._reply(incoming, "refused: not an admin", "这个命令只有管理员能用。")
            load(self._settings.database, list(self._settings.archives))
            self._matcher = Matcher(connect(self._settings.database))
            return self._reply(incoming, "command: /reload", "重新读过了。")
        room = self._rooms[incoming.room.id] if incoming.room else None
        decision = decide(
            text,
            self._matcher,
            self._settings,
            ambient=room is not None and not incoming.mentioned,
            groups=room["archives"] if room else self._content["private"],
        )
        if decision.answered:
            return self._reply(incoming, "answered", decision.reply)
        if incoming.mentioned or not room:
            return self._reply(incoming, decision.reason, "没有找到。")
        return Decision(incoming, decision.reason)

    def due(self, now: datetime) -> list[Decision]:
        return []

    def close(self) -> None:
        """Nothing is kept."""

    def _reply(self, incoming: Incoming, reason: str, text: str) -> Decision:
        outgoing = Outgoing(
            room=incoming.room,
            to=incoming.sender,
            text=text,
            decided_at=datetime.now(UTC),
            key=f"{incoming.id}/0",
            mention=incoming.room is not None,
        )
        return Decision(incoming, reason, (outgoing,))


@click.command()
@click.argument("name")
@click.option("--dry-run", is_flag=True)
@click.option("-v", "--verbose", is_flag=True)
def main(name: str, dry_run: bool, verbose: bool) -> None:
    assert name == "run"
    content = tomllib.loads(Path("palou.toml").read_text(encoding="utf-8"))
    settings = replace(Settings(), archives=tuple(Path(a) for a in content["archives"]))

    def open_core(settings: Settings, database: Path | None, own: Contact | None) -> StubCore:
        assert own is not None
        return StubCore(content, settings, own)

    run(settings, None, dry_run=dry_run, verbose=verbose, open_core=open_core)
