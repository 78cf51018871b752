"""The best match of a query, and what it counts when a confidence is learned."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.train.cases import LEFT_OUT, ORPHANED, SMALL, SWAPPED, TWIN, Case

WEIGHT = {
    "verbatim": 0.5,
    LEFT_OUT + "verbatim": 0.5,
    "archive": 0.5,
    "talk": 0.3,
    "elsewhere": 6.0,
    SWAPPED: 1.0,
}
"""What a query of a kind counts, if not 1."""

SHARE = {SMALL: 0.5, TWIN: 0.3, ORPHANED: 0.1}
"""What a query to a piece of the archive, to one in which questions have twins, or to one in which
nobody answers, counts, times that.

With more of the latter, the bot keeps silent on more questions that were answered, too.
"""

LURED = 3.0
"""How often it counts when a lure would be told the answers of the question that it looks like."""


def weight(case: Case) -> float:
    """What a query counts in training."""
    kind = case.kind
    for prefix, share in SHARE.items():
        if kind.startswith(prefix):
            return share * WEIGHT.get(kind.removeprefix(prefix), 1.0)
    return WEIGHT.get(kind, 1.0)


@dataclass(frozen=True, slots=True)
class Best:
    """The best candidate of a query with its figures for the confidence.

    `cited` tells whether what a reply cites has an answer that was picked, of the question that is
    asked again or, of a lure, of the one that it looks like; `among` whether one of the first four
    has.
    """

    case: Case
    figures: tuple[float, ...]
    cited: bool
    among: bool

    @property
    def right(self) -> bool:
        """Whether it answers what was asked."""
        return self.cited and not self.case.lure

    @property
    def weight(self) -> float:
        """What it counts in training."""
        return weight(self.case) * (LURED if self.cited and self.case.lure else 1.0)
