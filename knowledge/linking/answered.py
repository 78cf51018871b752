"""Whether a question was answered at all, by the links that lead from it.

Links are learned on questions that were answered, so each tells how probably a message answers if
any does; this tells whether any does.
"""

from __future__ import annotations

from knowledge.linking.company import Company, Lead

ANSWERED = {
    "best": 17, "between": 8, "pause": 18, "shared": 6, "any_shared": 6, "called": 9, "back": 11,
    "next": 18,
}  # fmt: skip
"""What `answered` tells of a lead, with the number of values of each code.

`links_weights.json` has a table for each.
"""

_USUAL = 5  # bits of the median time between two messages of a busy group: half a minute
_LIKELY = 0.2  # probability from which a link's words count


def answered(company: Company, lead: Lead) -> tuple[int, ...]:
    """Code what speaks for a question with links having been answered, as `ANSWERED` names it."""
    notes = company.scene.notes
    i, links = lead.index, lead.links
    q = notes[i]
    j = max(links, key=links.__getitem__)
    best = notes[j]
    likely = [k for k, p in links.items() if p >= _LIKELY]
    pause = max([notes[k].at - notes[k - 1].at for k in range(i + 1, j + 1)])
    pace = company.pace.bit_length() - _USUAL
    return (
        int(links[j] * 16),
        min((j - i).bit_length(), 7),
        min(max(pause.bit_length() - pace, 0), 17),
        min(len(q.words & best.words), 4) if q.words else 5,
        min(max([len(q.words & notes[k].words) for k in likely], default=0), 4) if q.words else 5,
        company.called(i, j),
        company.back(i, j),
        min(max((notes[i + 1].at - q.at).bit_length() - pace, 0), 17),
    )
