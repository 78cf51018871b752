"""How usual terms are in any chat, whatever it is about: what a small archive cannot tell yet.

Shares in usual.txt, made by knowledge/train/usual.py: in 300 exchanges `几点` is as rare as the
name of a plant, and only the one of them says what is asked.

Measured in three small archives of other fields (tests.bench.small), with weights learned before:
of 54 questions in other words 17 instead of 14 are answered rightly, of questions of yet other
fields 3.5 instead of 4.5 of 100 are told something with a doubt, and no more that look alike are
told the other's answer. Weights learned with them, and from thirty such groups (tests/fields.py),
did better for what the same hands had written, and worse for these.
"""

from __future__ import annotations

import functools
import pkgutil
from collections import defaultdict
from collections.abc import Mapping

OF = 100_000
"""The texts of which usual.txt tells how many hold a term."""


@functools.cache
def usual_terms() -> Mapping[str, float]:
    """The share of texts that hold each usual term, 0 to 1; some 5 ms when first called."""
    lines = (pkgutil.get_data("knowledge.language", "usual.txt") or b"").decode().splitlines()
    split = (line.split("\t") for line in lines)
    return {term: int(texts) / OF for term, texts in split}


@functools.cache
def usual_characters() -> Mapping[str, float]:
    """The same of each character by the terms that begin with it, added up."""
    shares: defaultdict[str, float] = defaultdict(float)
    for term, share in usual_terms().items():
        shares[term[0]] += share
    return dict(shares)
