"""Makes usual.txt: how usual terms are in any chat, whatever it is about.

    python -m knowledge.train.usual ARCHIVE OUT

ARCHIVE is a folder of day files; what else is asked in chats stands in elsewhere.txt beside this
file, which was invented. A term's share is the geometric mean of those of the exchanges of the
archive, and of the questions elsewhere: what one field alone talks of is not usual. So nothing that
only the archive's members said, a name least of all, stands in OUT. OUT is
knowledge/language/usual.txt. Takes some seconds.

With 26,800 sentences of newspapers beside the questions, other fields' questions were told with a
doubt less often in small archives (2.5 instead of 3.2 of 100), and what names another thing was
told its answer more often: `荣誉` is usual in a newspaper, and tells members of a club apart.

Nothing is looked at that anybody judged: no question asked again, no answer that was picked.
"""

from __future__ import annotations

import math
import sys
from collections import Counter
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from knowledge.language.normal import normal, terms
from knowledge.language.usual import OF
from knowledge.loading.load import load
from knowledge.store import samples
from knowledge.store.schema import connect

LEAST = 25
"""Of 100,000 texts, what a term is in at least: of half an exchange in 2,000 nobody takes note."""


def main(archive: str, out: str) -> None:
    """Count, and write what is usual."""
    with TemporaryDirectory() as folder:
        database = Path(folder) / "archive.db"
        load(database, [Path(archive)])
        with closing(connect(database)) as conn:
            chat, exchanges = samples.terms(conn)
    asked = Path(__file__).with_name("elsewhere.txt").read_text(encoding="utf-8").splitlines()
    elsewhere = Counter(term for text in asked for term in set(terms(normal(text))))
    # Half an exchange more: what the archive happens not to hold is rare and not impossible.
    shares = {
        term: math.sqrt((chat.get(term, 0) + 0.5) / exchanges * n / len(asked))
        for term, n in elsewhere.items()
    }
    rows = [(term, round(share * OF)) for term, share in sorted(shares.items())]
    kept = [f"{term}\t{n}\n" for term, n in rows if n >= LEAST]
    Path(out).write_text("".join(kept), encoding="utf-8")
    print(f"{len(kept):,} terms of {exchanges:,} exchanges and {len(asked):,} questions elsewhere")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
