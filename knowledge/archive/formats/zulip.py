"""Reads a realm of Zulip: an unpacked export with `realm.json` and `messages-000001.json`.

Written by Zulip (`manage.py export`, or the export of an organisation), since 2016; form known from
its `zerver/lib/export.py` and its REST API. A stream is a group, and a topic a conversation of its
own. `quote and reply` names the message that it quotes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.archive.formats.bundled import objects_of
from knowledge.archive.formats.media import kind_of_file
from knowledge.archive.objects import Fields, text
from knowledge.archive.reading import Bundle, BundleReader, Chat, ReadFile, ReadMessage, hookimpl
from knowledge.archive.tally import Tally
from knowledge.archive.texts import NAMELESS, clean, placeholder
from knowledge.archive.times import epoch, in_utc

_REALM = "realm.json"
_MESSAGES = re.compile(r"messages-\d{6,}\.json")
_STREAM = "2"  # the type of a recipient: 1 is a person, 3 a few of them
_QUOTE = re.compile(
    r"@_?\*\*[^*\n]{1,200}\*\* (?:\[[^\]\n]{1,40}\]\((?P<url>[^)\s]{1,500})\)|[^:\n]{1,40}):\n"
    r"(?P<fence>`{3,20})quote\n(?P<words>.*?)\n(?P=fence)\n?",
    re.DOTALL,
)
_QUOTED_ID = re.compile(r"/near/(\d+)")
_MENTION = re.compile(r"@_?\*\*([^*|\n]{1,200})(?:\|\d{1,19})?\*\*")
_STREAM_LINK = re.compile(r"#\*\*([^*\n]{1,200})\*\*")
_UPLOAD = re.compile(r"\[([^\]\n]{0,200})\]\(/user_uploads/[^)\s]{1,500}\)")


@hookimpl
def palou_bundle_readers() -> list[BundleReader]:
    """This module's reader, for the registry."""
    return [ZulipReader()]


class ZulipReader:
    """Reader of a whole realm; direct conversations are left out."""

    name = "zulip-export"
    written_by = "Zulip"
    how = "Zulip 组织设置 → 数据导出，得到 tar.gz，解压成文件夹"

    def recognises_bundle(self, bundle: Bundle) -> bool:
        """The realm, and files of messages beside it."""
        top = _top(bundle)
        return top is not None and any(_files(bundle, top))

    def read_bundle(self, bundle: Bundle) -> ReadFile:
        """Read all streams, in the order of their names."""
        tally = Tally()
        top = _top(bundle) or ""
        realm = _Realm(bundle, top + _REALM, tally)
        found: dict[str, list[tuple[int, ReadMessage]]] = {}
        for name in _files(bundle, top):
            for number, fields in enumerate(
                objects_of(bundle, name, tally, "zerver_message.item"), 1
            ):
                stream = realm.recipients.get(text(fields.get("recipient")))
                message = _message(fields, number, realm, tally, name) if stream else None
                if stream is None:
                    tally.lose(0, "messages of direct conversations were left out")
                elif message is not None:
                    found.setdefault(stream, []).append((message.at or 0, message))
        chats = [
            Chat(realm.streams[stream] or None, tuple(m for _, m in _sorted(messages)), stream)
            for stream, messages in sorted(found.items(), key=lambda f: realm.streams[f[0]])
        ]
        return ReadFile(tuple(chats), tally.losses)


def _sorted(found: list[tuple[int, ReadMessage]]) -> list[tuple[int, ReadMessage]]:
    return sorted(found, key=lambda one: one[0])


def _top(bundle: Bundle) -> str | None:
    """The folder that the realm is in."""
    realms = [name for name in bundle.names if name.rpartition("/")[2] == _REALM]
    return min(realms, key=len)[: -len(_REALM)] if realms else None


def _files(bundle: Bundle, top: str) -> Iterator[str]:
    for name in bundle.names:
        if name.startswith(top) and _MESSAGES.fullmatch(name[len(top) :]):
            yield name


class _Realm:
    """Names of people and streams, and which recipient is which stream."""

    def __init__(self, bundle: Bundle, name: str, tally: Tally) -> None:
        def objects(place: str) -> Iterator[Fields]:
            return objects_of(bundle, name, tally, f"{place}.item")

        self.streams = {
            text(o.get("id")): clean(text(o.get("name"))) for o in objects("zerver_stream")
        }
        self.recipients = {
            text(o.get("id")): stream
            for o in objects("zerver_recipient")
            if text(o.get("type")) == _STREAM and (stream := text(o.get("type_id"))) in self.streams
        }
        self.people = {
            text(o.get("id")): clean(text(o.get("full_name")))
            for place in ("zerver_userprofile", "zerver_userprofile_mirrordummy")
            for o in objects(place)
        }
        crossing = objects("zerver_userprofile_crossrealm")
        self.people |= {text(o.get("id")): clean(text(o.get("email"))) for o in crossing}


def _message(
    fields: Fields, number: int, realm: _Realm, tally: Tally, name: str
) -> ReadMessage | None:
    at = epoch(fields.get("date_sent"))
    if at is None:
        tally.lose(number, f"{name}: a message without a time was left out")
        return None
    sender = text(fields.get("sender"))
    content = text(fields.get("content")).replace("\r\n", "\n")
    reply = None
    if (quote := _QUOTE.match(content.lstrip())) is not None:
        stated = _QUOTED_ID.search(quote["url"] or "")
        reply = stated[1] if stated else None
        content = content.lstrip()[quote.end() :] if stated else content
    kind, words, attachment = _said(content)
    return ReadMessage(
        *in_utc(at),
        realm.people.get(sender) or NAMELESS,
        tally.cut(words, number),
        number,
        kind,
        id=text(fields.get("id")),
        sender_id=sender,
        reply=reply,
        thread=clean(text(fields.get("subject"))),
        attachment=attachment,
        edited=fields.get("last_edit_time") is not None,
        at=at,
    )


def _said(content: str) -> tuple[str, str, str]:
    """Kind, words, and the name of the first file."""
    files = [clean(m[1]) for m in _UPLOAD.finditer(content)]
    attachment = next((name for name in files if name), "")
    words = clean(_UPLOAD.sub("", content))
    words = _STREAM_LINK.sub(r"#\1", _MENTION.sub(r"@\1", words))
    if words.startswith("/poll "):
        return "poll", placeholder("poll", words.removeprefix("/poll ")), attachment
    if words or not files:
        return "text", words.removeprefix("/me "), attachment
    kind = kind_of_file(attachment)
    return kind, placeholder(kind, attachment if kind == "file" else ""), attachment
