"""Reads the JSON of DiscordChatExporter: a channel or thread a file, with ids and replies.

Written by Tyrrrz/DiscordChatExporter (`JsonMessageWriter.cs`), 2.x, since 2019; since 2.46 (2025) a
reference says whether it is a reply or a message passed on. Moments have an offset. A thread or a
post of a forum is a file of its own.
"""

from __future__ import annotations

from typing import BinaryIO

from knowledge.archive.formats.media import kind_of_file
from knowledge.archive.objects import Fields, Objects, first, inner, listed, places, text
from knowledge.archive.packed import Packed
from knowledge.archive.reading import Reader, ReadFile, ReadMessage, hookimpl
from knowledge.archive.tally import Tally
from knowledge.archive.texts import NAMELESS, clean, link, placeholder
from knowledge.archive.times import iso

_SAYS = frozenset(
    [
        *("Default", "Reply", "ChatInputCommand", "ContextMenuCommand", "ThreadStarterMessage"),
        *("0", "19", "20", "21", "23"),  # the same, where the program had no name for them yet
    ]
)
_REPLIES = frozenset(["Reply", "19", "ThreadStarterMessage", "21"])
_THREADS = frozenset(["GuildPublicThread", "GuildPrivateThread", "GuildNewsThread"])
_DIRECT = frozenset(["DirectTextChat", "1"])


@hookimpl
def palou_readers() -> list[Reader]:
    """This module's reader, for the registry."""
    return [DiscordReader()]


class DiscordReader:
    """Reader of a channel as DiscordChatExporter writes it."""

    name = "discord-json"
    written_by = "DiscordChatExporter"
    how = "DiscordChatExporter 里选 JSON 格式导出频道；子区和论坛帖子要一起导出"
    suffixes = frozenset({".json"})

    def recognises(self, head: bytes) -> bool:
        """A guild, a channel with a type, and when it was exported or what dates it has."""
        there = places(head)
        return {"guild.id", "channel.id", "channel.type"} <= there and (
            "exportedAt" in there or "dateRange" in there
        )

    def read(self, stream: BinaryIO, filename: str) -> ReadFile:
        """Read a whole file; a direct conversation is left out."""
        guild = clean(text(inner(first(stream, "guild")).get("name")))
        stream.seek(0)
        channel = inner(first(stream, "channel"))
        stream.seek(0)
        group = "-".join(part for part in (guild, clean(text(channel.get("name")))) if part)
        here = clean(text(channel.get("id")))
        tally = Tally()
        if text(channel.get("type")) in _DIRECT:
            tally.lose(0, "a direct conversation of two was left out")
            return ReadFile((), tally.losses)
        thread = here if text(channel.get("type")) in _THREADS else ""
        objects = Objects(stream, "messages.item")
        found = (_message(o, n, here, thread, tally) for n, o in objects)
        messages = Packed(ReadMessage, (m for m in found if m is not None))
        return ReadFile.single(group or None, messages, (*tally.losses, *objects.losses), here)


def _message(
    fields: Fields, number: int, channel: str, thread: str, tally: Tally
) -> ReadMessage | None:
    moment = iso(fields.get("timestamp"))
    if moment is None:
        tally.lose(number, "a message without a time was left out")
        return None
    date, time, at = moment
    author = inner(fields.get("author"))
    account = clean(text(author.get("name")))
    speaker = clean(text(author.get("nickname"))) or account or NAMELESS
    kind, words, attachment = _said(fields)
    return ReadMessage(
        date,
        time,
        speaker,
        tally.cut(words, number),
        number,
        kind,
        id=clean(text(fields.get("id"))),
        sender_id=clean(text(author.get("id"))),
        reply=_reply(fields, channel),
        thread=thread,
        alias=account if account != speaker else "",
        attachment=attachment,
        edited=bool(fields.get("timestampEdited")),
        at=at,
    )


def _reply(fields: Fields, channel: str) -> str | None:
    """The id of what it answers, if that is in the same channel; also pins and threads refer."""
    reference = inner(fields.get("reference"))
    if text(fields.get("type")) not in _REPLIES or text(reference.get("type")) == "Forward":
        return None
    there = text(reference.get("channelId"))
    return clean(text(reference.get("messageId"))) or None if there in ("", channel) else None


def _said(fields: Fields) -> tuple[str, str, str]:
    """Kind, words, and the name of the first attachment."""
    words = clean(text(fields.get("content")))
    files = [clean(text(f.get("fileName"))) for f in listed(fields.get("attachments"))]
    attachment = next((name for name in files if name), "")
    kind = text(fields.get("type"))
    if kind == "Call":
        return "call", placeholder("call"), ""
    if kind not in _SAYS:
        return "system", words, ""
    passed_on = inner(fields.get("forwardedMessage"))
    if passed_on or text(inner(fields.get("reference")).get("type")) == "Forward":
        return "forward", clean(text(passed_on.get("content"))) or words, attachment
    if words:
        return "text", words, attachment
    if attachment:
        of = kind_of_file(attachment)
        return of, placeholder(of, attachment if of == "file" else ""), attachment
    for embed in listed(fields.get("embeds")):
        title = clean(text(embed.get("title"))) or clean(text(embed.get("description")))
        if title or embed.get("url"):
            return "link", link(title, text(embed.get("url"))), ""
    for sticker in listed(fields.get("stickers")):
        return "sticker", placeholder("sticker", text(sticker.get("name"))), ""
    return "other", "", ""
