"""What the exchanges of a day are kept as: rows of tables, made without a database."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from knowledge.model import Citation, Exchange
from knowledge.store import index
from knowledge.store.ids import EXCHANGE_BITS, exchange_id


class Rows(NamedTuple):
    """Rows of the table `exchanges`, and those of the index."""

    exchanges: list[tuple[int, float, bool, str]]
    indexed: list[index.Row]


def rows(exchanges: Sequence[Exchange], ids: Mapping[Citation, int]) -> Rows:
    """What is kept of the exchanges of a day; `ids` tells the ids of all their messages."""
    keyed: list[tuple[int, Exchange]] = []
    leads = Counter[int]()
    for exchange in exchanges:
        lead = ids[exchange.lead.citation]
        if leads[lead] < 1 << EXCHANGE_BITS:
            keyed.append((exchange_id(lead, leads[lead]), exchange))
            leads[lead] += 1
    return Rows(
        [(key, round(x.sought, 4), x.retold, _parts(x, ids)) for key, x in keyed],
        index.rows(keyed),
    )


def _parts(exchange: Exchange, ids: Mapping[Citation, int]) -> str:
    """The messages of an exchange as JSON: `[[role, message id, probability], …]`.

    One text an exchange takes a fifth of the time and space that a row a message takes. Of a
    retold exchange a fourth value is the part of the text.
    """
    if exchange.retold:
        return json.dumps(
            [
                *(["question", ids[m.citation], 1, m.text] for m in exchange.question),
                *(
                    ["answer", ids[a.message.citation], a.probability, a.message.text]
                    for a in exchange.answers
                ),
            ]
        )
    parts = [f'["question",{ids[m.citation]},1]' for m in exchange.question]
    parts += [f'["context",{ids[m.citation]},1]' for m in exchange.context]
    parts += [f'["answer",{ids[a.message.citation]},{a.probability:.3f}]' for a in exchange.answers]
    parts += [f'["thread",{ids[m.citation]},0]' for m in exchange.thread]
    return f"[{','.join(parts)}]"
