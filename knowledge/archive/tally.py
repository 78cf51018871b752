"""Losses of a kind told once, with their number, and texts cut at their limit."""

from __future__ import annotations

from knowledge.archive.formats.markdown import TEXT_CHARACTERS
from knowledge.archive.reading import Loss

_KINDS = 100  # kinds of losses that are told one by one; the rest are counted together


class Tally:
    """Counts what was lost by what happened to it; the line is that of the first time."""

    def __init__(self) -> None:
        self._counted: dict[str, tuple[int, int]] = {}

    def lose(self, line: int, what: str, times: int = 1) -> None:
        """Count a loss; `what` is the same text for the same kind."""
        if what not in self._counted and len(self._counted) >= _KINDS:
            line, what = 0, "more was lost"
        first, before = self._counted.get(what, (line, 0))
        self._counted[what] = (first, before + times)

    def cut(self, text: str, line: int) -> str:
        """A message's text within its limit."""
        if len(text) <= TEXT_CHARACTERS:
            return text
        self.lose(line, f"a text of over {TEXT_CHARACTERS} characters was cut")
        return text[:TEXT_CHARACTERS]

    @property
    def losses(self) -> tuple[Loss, ...]:
        """Each kind once, in the order of their first times."""
        return tuple(
            Loss(line, what if times == 1 else f"{what} ({times} times, here first)")
            for what, (line, times) in self._counted.items()
        )
