"""Reads a workspace of Slack: a folder or zip with a folder a channel and a file a day.

Written by Slack's own export (since 2014) and, in the same form, by slackdump (rusq/slackdump,
since 2020): `users.json`, `channels.json` (`groups.json`, `mpims.json`, `dms.json`) and
`CHANNEL/YYYY-MM-DD.json`; form known from Slack's help and from what slack-export-viewer reads.
`ts` is id and moment of a message; days are cut anywhere: the name of a file says nothing.
Threads are conversations of their own: what stands in one answers its root, which may be days old.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from knowledge.archive.formats.bundled import objects_of
from knowledge.archive.formats.media import kind_of_file
from knowledge.archive.objects import Fields, inner, listed, text
from knowledge.archive.reading import Bundle, BundleReader, Chat, ReadFile, ReadMessage, hookimpl
from knowledge.archive.tally import Tally
from knowledge.archive.texts import NAMELESS, clean, placeholder
from knowledge.archive.times import epoch, in_utc

_DAY = re.compile(r"(?:.*/)?([^/]+)/\d{4}-\d\d-\d\d\.json")
_MARK = re.compile(r"<([^<>]+)>")
_SAYS = frozenset(
    [
        *("", "bot_message", "me_message", "thread_broadcast", "reply_broadcast"),
        *("file_share", "file_comment", "slackbot_response", "document_mention"),
    ]
)
_GONE = frozenset(["tombstone", "message_deleted"])
_USERS = "users.json"
_LISTS = ("channels.json", "groups.json", "mpims.json")


@hookimpl
def palou_bundle_readers() -> list[BundleReader]:
    """This module's reader, for the registry."""
    return [SlackReader()]


class SlackReader:
    """Reader of a whole workspace; direct conversations are left out."""

    name = "slack-export"
    written_by = "Slack, slackdump"
    how = "Slack 工作区管理员：设置 → 导入/导出数据 → 导出，得到 zip，不用解压；或用 slackdump"

    def recognises_bundle(self, bundle: Bundle) -> bool:
        """A list of users that Slack's ids begin, and a file of a day beside it."""
        top = _top(bundle)
        if top is None:
            return False
        user = next(objects_of(bundle, top + _USERS, Tally()), {})
        return text(user.get("id"))[:1] in ("U", "W") and ("profile" in user or "name" in user)

    def read_bundle(self, bundle: Bundle) -> ReadFile:
        """Read all channels, in the order of their names."""
        tally = Tally()
        top = _top(bundle) or ""
        people = _People({text(u.get("id")): u for u in objects_of(bundle, top + _USERS, tally)})
        ids = {
            text(channel.get("name")): text(channel.get("id"))
            for name in _LISTS
            if top + name in bundle.names
            for channel in objects_of(bundle, top + name, tally)
        }
        people.channels = {id: name for name, id in ids.items()}
        days: dict[str, list[str]] = {}
        for name in bundle.names:
            if name.startswith(top) and (m := _DAY.fullmatch(name)):
                days.setdefault(m[1], []).append(name)
        chats = []
        for channel, files in sorted(days.items()):
            if _is_direct(channel):
                tally.lose(0, "a direct conversation was left out")
                continue
            chats.append(_chat(bundle, channel, ids.get(channel, ""), files, people, tally))
        return ReadFile(tuple(chats), tally.losses)


def _top(bundle: Bundle) -> str | None:
    """The folder that the list of users is in, if there are days of channels beside it."""
    lists = [name for name in bundle.names if name.rpartition("/")[2] == _USERS]
    top = min(lists, key=len, default="")[: -len(_USERS)]
    days = (n for n in bundle.names if n.startswith(top) and _DAY.fullmatch(n[len(top) :]))
    return top if lists and any(days) else None


def _is_direct(channel: str) -> bool:
    return channel.startswith("mpdm-") or re.fullmatch(r"D[A-Z0-9]{6,}", channel) is not None


def _chat(
    bundle: Bundle, channel: str, id: str, files: list[str], people: _People, tally: Tally
) -> Chat:
    def found() -> Iterator[tuple[str, ReadMessage]]:
        for name in sorted(files):
            for number, fields in enumerate(objects_of(bundle, name, tally), 1):
                message = _message(fields, number, people, tally, name)
                if message is not None:
                    yield message.id, message

    in_order = sorted(found(), key=lambda found: _order(found[0]))
    return Chat(clean(channel), tuple(message for _, message in in_order), id)


def _order(ts: str) -> tuple[int, str]:
    return (epoch(ts) or 0, ts.partition(".")[2])


def _message(
    fields: Fields, number: int, people: _People, tally: Tally, name: str
) -> ReadMessage | None:
    ts = clean(text(fields.get("ts")))
    at = epoch(ts)
    if at is None:
        tally.lose(number, f"{name}: a message without a time was left out")
        return None
    subtype = text(fields.get("subtype"))
    root = clean(text(fields.get("thread_ts")))
    sender = text(fields.get("user")) or text(fields.get("bot_id"))
    kind, words, attachment = _said(fields, people)
    speaker, alias = people.of(sender, fields)
    gone = subtype in _GONE
    if not gone and fields.get("hidden") and subtype not in _SAYS:
        return None  # that another message was changed, which stands there changed already
    return ReadMessage(
        *in_utc(at),
        "" if gone else speaker,
        "" if gone else tally.cut(words, number),
        number,
        "recall" if gone else kind,
        id=ts,
        sender_id=sender,
        reply=root if root not in ("", ts) and not gone else None,
        thread=root,
        alias="" if gone else alias,
        attachment="" if gone else attachment,
        edited=bool(fields.get("edited")),
        at=at,
    )


def _said(fields: Fields, people: _People) -> tuple[str, str, str]:
    """Kind, words, and the name of the first file."""
    words = people.named(text(fields.get("text")))
    files = listed(fields.get("files")) or listed([fields.get("file")])
    named = [(clean(text(f.get("name")) or text(f.get("title"))), f) for f in files]
    attachment = next((name for name, _ in named if name), "")
    if text(fields.get("subtype")) not in _SAYS:
        return "system", words, ""
    if not words:
        parts = [_of_attachment(a, people) for a in listed(fields.get("attachments"))]
        words = "\n".join(part for part in parts if part)
    if not words and named:
        kind = kind_of_file(attachment, text(named[0][1].get("mimetype")))
        return kind, placeholder(kind, attachment if kind == "file" else ""), attachment
    return ("text" if words else "other"), words, attachment


def _of_attachment(fields: Fields, people: _People) -> str:
    """What a program has written, which stands beside an empty text."""
    parts = [text(fields.get(key)) for key in ("pretext", "title", "text")]
    words = "\n".join(part for part in parts if part) or text(fields.get("fallback"))
    return people.named(words)


class _People:
    """Who is who in a workspace, and texts with names for ids."""

    def __init__(self, users: dict[str, Fields]) -> None:
        self._users = users
        self.channels: dict[str, str] = {}

    def of(self, id: str, fields: Fields) -> tuple[str, str]:
        """The name that is shown, and another of the same person; a message may bring its own."""
        user = self._users.get(id, {})
        own, profile = inner(fields.get("user_profile")), inner(user.get("profile"))
        program = text(inner(fields.get("bot_profile")).get("name"))
        candidates = [
            text(profile.get("display_name")),
            text(profile.get("real_name")) or text(user.get("real_name")),
            text(own.get("display_name")),
            text(own.get("real_name")),
            text(fields.get("username")) or program,
            text(user.get("name")),
            id,
        ]
        names = [name for name in map(clean, candidates) if name]
        other = next((name for name in names[1:] if name not in (names[0], id)), "")
        return (names[0], other) if names else (NAMELESS, "")

    def named(self, words: str) -> str:
        """A text without Slack's marks: names for ids, links as title and address."""
        return clean(html.unescape(_MARK.sub(self._mark, words)))

    def _mark(self, found: re.Match[str]) -> str:
        what, _, shown = found[1].partition("|")
        if what.startswith("@"):
            return f"@{shown or self.of(what[1:], {})[0]}"
        if what.startswith("#"):
            return f"#{shown or self.channels.get(what[1:], what[1:])}"
        if what.startswith("!"):
            return shown or f"@{what[1:].partition('^')[0]}"
        address = what.removeprefix("mailto:")
        return f"{shown} {address}" if shown and shown not in (what, address) else address
