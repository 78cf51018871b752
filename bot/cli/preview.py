"""Shows what a load would read: a summary for people, or every message for programs."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from bot.cli.common import bars
from bot.settings import Settings
from knowledge.language.display import shown
from knowledge.loading.preview import Preview, Previewed, preview

_SAMPLES = 3
_TEXT = 60
_LOSSES = 20


def show(settings: Settings, paths: Sequence[Path], group: str | None, jsonl: bool) -> None:
    """Print what would be read; exit status 1 when most of it cannot be."""
    with bars({"read": "reading files"}) as progress:
        found = preview(paths, settings.zone, group, settings.owned, progress)
    if jsonl:
        for messages in found.groups.values():
            for previewed in messages:
                click.echo(json.dumps(_fields(previewed), ensure_ascii=False))
    else:
        _summarise(found)
    for loss in found.losses[:_LOSSES]:
        click.echo(f"warning: {loss}", err=True)
    if len(found.losses) > _LOSSES:
        click.echo(f"warning: … and {len(found.losses) - _LOSSES} more", err=True)
    if found.unread > found.files or not found.groups:
        named = ", ".join(map(str, paths))
        why = f"{found.unread} of {found.unread + found.files} files cannot be read"
        if not found.unread:
            why = "there is no message in it"
        click.echo(f"palou: {named}: {why}; palou formats lists what can be", err=True)
        sys.exit(1)


def _summarise(found: Preview) -> None:
    for group, messages in found.groups.items():
        first, last = messages[0].citation, messages[-1].citation
        replies = sum(p.reply_to is not None for p in messages)
        click.echo(
            f"{group}: {len(messages):,} messages, {first.date} {first.time} to {last.date} "
            f"{last.time}, {replies:,} with what they reply to"
        )
        for previewed in messages[:_SAMPLES]:
            m = previewed.message
            click.echo(f"    {m.date} {m.time}  {m.speaker}: {shown(m.text)[:_TEXT]}")


def _fields(previewed: Previewed) -> dict[str, str]:
    m = previewed.message
    return {
        "group": previewed.citation.group,
        "date": m.date,
        "time": m.time,
        "speaker": m.speaker,
        "speaker_id": m.sender_id,
        "text": m.text,
        "kind": m.kind,
        "id": m.id,
        "reply_to": str(previewed.reply_to or ""),
    }
