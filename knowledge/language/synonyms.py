"""An operator's synonyms, in Solr's format.

One rule a line. `备付金, 沉淀资金` says that either may stand for the other; `pos机 => 收单终端`
that the left is to be read as the right; a line that begins with # says nothing. A comma or an
equals sign that is meant as such stands behind a backslash. Latin words and numbers are found as
whole words: `pos` is not in `position`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from knowledge import regular
from knowledge.errors import PalouError
from knowledge.language.normal import CJK, normal

VARIANTS = 4
"""Readings of one query that are tried at most beside the query itself."""

_BYTES = 10_000_000  # of a file of synonyms, at most
_COMMA = re.compile(r"(?<!\\),")
_ARROW = re.compile(r"(?<!\\)=>")


class SynonymsError(PalouError):
    """A file of synonyms cannot be used; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Synonyms:
    """For each phrase, by its normal form, what may stand in its place."""

    phrases: dict[str, tuple[str, ...]]

    @classmethod
    def read(cls, path: Path) -> Synonyms:
        """Read a file; SynonymsError when it cannot be read or a line makes no rule."""
        try:
            content = regular.content(path, _BYTES)
        except OSError as e:
            raise SynonymsError(f"{path}: cannot be read as synonyms: {e.strerror or e}") from e
        try:
            return cls.parse(content.decode("utf-8-sig").splitlines(), str(path))
        except UnicodeDecodeError as e:
            raise SynonymsError(f"{path}, {regular.no_utf8(e)}") from e

    @classmethod
    def parse(cls, lines: Iterable[str], where: str = "synonyms") -> Synonyms:
        """Take rules from lines.

        >>> Synonyms.parse(["备付金, 沉淀资金", "pos机 => 收单终端"]).variants("pos机 的沉淀资金")
        ['pos 机 的备付金', '收单终端 的沉淀资金']
        """
        phrases: dict[str, dict[str, None]] = {}
        for number, line in enumerate(lines, 1):
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            sides = [_phrases(side) for side in _ARROW.split(line)]
            left, right = sides[0], sides[-1]
            if len(sides) > 2 or not left or not right or (len(sides) == 1 and len(left) < 2):
                raise SynonymsError(
                    f"{where}, line {number}: {line[:60]!r} makes no rule; one looks like"
                    " 'one, other' or 'one => other'"
                )
            for phrase in left:
                found = phrases.setdefault(phrase, {})
                found.update(dict.fromkeys(p for p in right if p != phrase))
        # The longest phrase says most of what is meant, where only some readings are tried.
        longest = sorted(phrases.items(), key=lambda item: -len(item[0]))
        return cls({phrase: tuple(found) for phrase, found in longest})

    def variants(self, text: str) -> list[str]:
        """Other readings of a text, in normal form: one phrase replaced in each."""
        norm = normal(text)
        readings = (
            _replaced(norm, phrase, other)
            for phrase, others in self.phrases.items()
            if phrase in norm
            for other in others
        )
        return list(islice((r for r in readings if r != norm), VARIANTS))


def _replaced(norm: str, phrase: str, other: str) -> str:
    """A normal form with another phrase in the place of one; words of Latin letters stay whole."""
    before = r"(?:^|(?<= ))" if phrase[0] < CJK else ""
    after = r"(?= |$)" if phrase[-1] < CJK else ""
    return re.sub(before + re.escape(phrase) + after, lambda _: other, norm)


def _phrases(side: str) -> list[str]:
    parts = (normal(part.replace("\\", "")) for part in _COMMA.split(side))
    return [part for part in parts if part]


def read_synonyms(file: Path | None) -> Synonyms | None:
    """The operator's synonyms, if he has any; SynonymsError as `Synonyms.read`."""
    return Synonyms.read(file) if file else None
