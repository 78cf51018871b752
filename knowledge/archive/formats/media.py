"""What a file is that a message brings, by its name or its type of content."""

from __future__ import annotations

_KINDS = {
    "image": "jpg jpeg png gif bmp heic heif avif tif tiff",
    "sticker": "webp tgs",
    "video": "mp4 mov 3gp avi mkv webm m4v",
    "voice": "opus ogg m4a amr aac mp3 wav silk oga",
    "card": "vcf",
}
_BY_SUFFIX = {suffix: kind for kind, suffixes in _KINDS.items() for suffix in suffixes.split()}
_BY_TYPE = {"image": "image", "video": "video", "audio": "voice"}


def kind_of_file(name: str, content_type: str = "") -> str:
    """The kind of a message that is this file and no more; `file` for all that is none other."""
    of = _BY_TYPE.get(content_type.split("/")[0].lower())
    return of or _BY_SUFFIX.get(name.rpartition(".")[2].lower(), "file")
