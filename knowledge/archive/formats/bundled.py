"""The files of a bundle as readers want them: a file that cannot be read is a loss."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.archive.objects import Fields, Objects
from knowledge.archive.reading import Bundle
from knowledge.archive.tally import Tally


def objects_of(bundle: Bundle, name: str, tally: Tally, place: str = "item") -> Iterator[Fields]:
    """The objects at a place of a JSON file of a bundle, as far as it is whole."""
    try:
        with bundle.open(name) as stream:
            objects = Objects(stream, place)
            for _, fields in objects:
                yield fields
            for loss in objects.losses:
                tally.lose(loss.line, f"{name}: {loss.what}")
    except OSError as e:
        tally.lose(0, f"{name}: cannot be read: {e.strerror or e}")
