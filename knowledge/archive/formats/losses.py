"""What readers of foreign formats share: losses told once a kind, and texts within bounds."""

from __future__ import annotations

from knowledge.archive.formats.markdown import TEXT_CHARACTERS
from knowledge.archive.reading import Loss


class Losses:
    """Losses as they come, each kind told once: where it was first, and how often it was."""

    def __init__(self) -> None:
        self._kinds: dict[str, list[int]] = {}  # what -> line of the first, how many

    def tell(self, line: int, what: str, times: int = 1) -> None:
        """Count a loss; `what` is the same text for all of its kind."""
        self._kinds.setdefault(what, [line, 0])[1] += times

    def within(self, line: int, text: str) -> str:
        """A message's text, cut where it is longer than a message can be."""
        if len(text) <= TEXT_CHARACTERS:
            return text
        self.tell(line, f"a text of over {TEXT_CHARACTERS} characters was cut")
        return text[:TEXT_CHARACTERS]

    def all(self) -> list[Loss]:
        """One a kind, in the order of their first lines."""
        return sorted(
            (
                Loss(line, what if times == 1 else f"{what} ({times} times, first here)")
                for what, (line, times) in self._kinds.items()
            ),
            key=lambda loss: loss.line,
        )
