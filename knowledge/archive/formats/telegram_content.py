"""What a message of Telegram says: its kind, its text, the file that comes with it."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from knowledge.archive.objects import Fields, text
from knowledge.archive.texts import clean, placeholder

_MEDIA = {
    "sticker": "sticker",
    "voice_message": "voice",
    "video_message": "video",
    "video_file": "video",
    "animation": "video",
    "audio_file": "file",
}


def content(found: Fields) -> tuple[str, str, str]:
    """Kind, text and attachment of a message.

    A picture or video with words below it is a text: the words were said.
    """
    if found.get("type") == "service":
        members = found.get("members")
        names = map(text, members) if isinstance(members, list) else ()
        return "system", clean(" ".join(filter(None, (text(found.get("action")), *names)))), ""
    words = clean(_joined(found.get("text")))
    kind, told = _media(found)
    attachment = _path(found.get("photo")) or _path(found.get("file"))
    if kind == "text":
        return ("forward" if words and _forwarded(found) else "text"), words, ""
    if words and kind in ("image", "video", "voice", "sticker"):
        kind = "forward" if _forwarded(found) else "text"
    return kind, f"{told} {words}".strip() if kind != "file" else _below(told, words), attachment


def _below(told: str, words: str) -> str:
    return f"{told}\n{words}" if words else told


def _forwarded(found: Fields) -> bool:
    return bool(text(found.get("forwarded_from")))


def _media(found: Fields) -> tuple[str, str]:
    """The kind of what a message shows besides words, and what stands for it; text for none."""
    if "photo" in found:
        return "image", placeholder("image")
    if "file" in found or "media_type" in found:
        kind = _MEDIA.get(text(found.get("media_type")), "file")
        if kind == "sticker":
            return kind, placeholder(kind, text(found.get("sticker_emoji")))
        if kind != "file":
            return kind, placeholder(kind)
        name = text(found.get("file_name")) or PurePosixPath(_path(found.get("file"))).name
        return kind, placeholder(kind, name or text(found.get("title")))
    if isinstance(contact := found.get("contact_information"), dict):
        names = (text(contact.get("first_name")), text(contact.get("last_name")))
        return "card", placeholder("card", " ".join(filter(None, names)))
    if "location_information" in found:
        names = (text(found.get("place_name")), text(found.get("address")))
        return "location", placeholder("location", " ".join(filter(None, names)))
    if isinstance(poll := found.get("poll"), dict):
        return "poll", _poll(poll)
    return "text", ""


def _poll(poll: Fields) -> str:
    """A poll's question, and a line for each answer to choose."""
    answers = poll.get("answers")
    chosen = [a for a in answers if isinstance(a, dict)] if isinstance(answers, list) else []
    lines = [clean(_joined(a.get("text"))) for a in chosen]
    question = placeholder("poll", _joined(poll.get("question")))
    return "\n".join([question, *(f"- {line}" for line in lines if line)])


def _joined(value: Any) -> str:
    """A text, or its parts; a link below words stands behind them."""
    parts = value if isinstance(value, list) else [value]
    return "".join(map(_part, parts))


def _part(part: Any) -> str:
    if not isinstance(part, dict):
        return text(part)
    words, url = text(part.get("text")), text(part.get("href"))
    return f"{words} {url}" if url and part.get("type") == "text_link" else words


def _path(value: Any) -> str:
    """Where a file lies; empty when it is none: `(File not included. …)`."""
    path = clean(text(value))
    return "" if path.startswith("(") else path
