"""An operator's synonyms, in Solr's format.

One rule a line. `备付金, 沉淀资金` says that either may stand for the other; `pos机 => 收单终端`
that the left is to be read as the right; a line that begins with # says nothing. A comma or an
equals sign that is meant as such stands behind a backslash. Latin words and numbers are found as
whole words: `pos` is not in `position`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
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
    """For each phrase, by its normal form, the rules that say what may stand in its place.

    A rule is all that its line names, the phrase itself, too, and one for all of its phrases: a
    line of 4,000 words takes no more than its words.
    """

    phrases: dict[str, tuple[tuple[str, ...], ...]]

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
        ['收单终端 的沉淀资金', 'pos 机 的备付金']
        """
        phrases: dict[str, list[tuple[str, ...]]] = {}
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
            rule = tuple(dict.fromkeys(right))
            for phrase in dict.fromkeys(left):
                phrases.setdefault(phrase, []).append(rule)
        # The longest phrase says most of what is meant, where only some readings are tried.
        longest = sorted(phrases.items(), key=lambda item: -len(item[0]))
        return cls({phrase: tuple(rules) for phrase, rules in longest})

    def variants(self, text: str) -> list[str]:
        """Other readings of a text, in normal form: one phrase replaced in each."""
        norm = normal(text)
        return list(islice(self._readings(norm), VARIANTS))

    def _readings(self, norm: str) -> Iterator[str]:
        for phrase, rules in self.phrases.items():
            if phrase not in norm or not (found := _whole(phrase)).search(norm):
                continue
            for other in dict.fromkeys(chain.from_iterable(rules)):
                reading = other.join(found.split(norm))
                if other != phrase and reading != norm:
                    yield reading


def _whole(phrase: str) -> re.Pattern[str]:
    """What finds a phrase; words of Latin letters stay whole."""
    before = r"(?:^|(?<= ))" if phrase[0] < CJK else ""
    after = r"(?= |$)" if phrase[-1] < CJK else ""
    return re.compile(before + re.escape(phrase) + after)


def _phrases(side: str) -> list[str]:
    parts = (normal(part.replace("\\", "")) for part in _COMMA.split(side))
    return [part for part in parts if part]


def read_synonyms(file: Path | None) -> Synonyms | None:
    """The operator's synonyms, if he has any; SynonymsError as `Synonyms.read`."""
    return Synonyms.read(file) if file else None
