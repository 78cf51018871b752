"""Who is whom in whole archives, against pairs of alias and nickname labelled by hand.

The sample archive is always looked through. The real archive that was labelled, too, is nobody's
but its group's, so its names stand here as hashes; whoever has it names its folder:

    LABELLED_ARCHIVE=~/chats/thegroup pytest tests/test_people_real.py
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from knowledge.language.names import tidy
from knowledge.linking.people import Census, People
from knowledge.train.archive import read_archive
from tests.conftest import SEEDS

DATA = Path(__file__).parent / "data"
ARCHIVE = os.environ.get("LABELLED_ARCHIVE", "")


def looked_through(folder: Path) -> tuple[str, People, set[str]]:
    """An archive's group, who is whom in it, and the nicknames that spoke, tidied."""
    census = Census()
    groups: set[str] = set()
    nicknames: set[str] = set()
    for (group, day), messages in read_archive(folder).items():
        census.see(day, ((m.speaker, m.text) for m in messages))
        groups.add(group)
        nicknames |= {tidy(m.speaker) for m in messages}
    (group,) = groups
    return group, census.people(), nicknames


@pytest.mark.parametrize(("group", "least"), [("paytalk", 8), ("ledgerlab", 2)])
def test_aliases_of_the_sample_archive_are_nobody_elses(group: str, least: int) -> None:
    _, people, nicknames = looked_through(SEEDS / group)
    pairs: dict[str, str] = json.loads((DATA / "people_seeds.json").read_text("utf-8"))[group]
    answered = {alias for alias in pairs if people.who(alias) in nicknames}
    assert len(answered) >= least
    assert [a for a in answered if people.who(a) != people.who(pairs[a])] == []


@pytest.mark.skipif(not ARCHIVE, reason="LABELLED_ARCHIVE names no folder with the archive")
def test_aliases_of_a_real_archive_are_resolved() -> None:
    group, people, nicknames = looked_through(Path(ARCHIVE).expanduser())

    def hashed(name: str) -> str:
        return hashlib.sha256(f"{group}\0{name}".encode()).hexdigest()[:16]

    by_hash = {hashed(name): name for name in people.names()}
    data = json.loads((DATA / "people_pairs.json").read_text("utf-8"))
    pairs = [(by_hash[a], by_hash[b]) for a, b in data["pairs"] if a in by_hash and b in by_hash]
    assert len(pairs) >= 60, "LABELLED_ARCHIVE names another archive than the labelled one"
    right = sum(people.who(a) == people.who(b) for a, b in pairs)
    answered = sum(people.who(a) in nicknames for a, _ in pairs)
    assert right / answered >= 0.98
    assert right / len(pairs) >= 0.75
