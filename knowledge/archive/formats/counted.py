"""Losses as a reader meets them: of each kind the first place, and how many there are."""

from __future__ import annotations

from knowledge.archive.formats.markdown import TEXT_CHARACTERS
from knowledge.archive.reading import Loss


class Losses:
    """Counts losses by kind, so that thousands of one kind are one line."""

    def __init__(self) -> None:
        self._found: dict[str, list[int]] = {}  # what happened: its first line, how many

    def add(self, line: int, what: str) -> None:
        """One more loss; `what` names its kind alone, and so has nothing of one message in it."""
        self._found.setdefault(what, [line, 0])[1] += 1

    def within_bounds(self, line: int, text: str) -> str:
        """A text of a message, cut where it is longer than Palou keeps, with a loss."""
        if len(text) <= TEXT_CHARACTERS:
            return text
        self.add(line, f"a text was cut at {TEXT_CHARACTERS} characters")
        return text[:TEXT_CHARACTERS]

    def told(self) -> tuple[Loss, ...]:
        """One Loss of each kind, with a number where there are several."""
        return tuple(
            Loss(line, what if number == 1 else f"{what} ({number} times)")
            for what, (line, number) in self._found.items()
        )
