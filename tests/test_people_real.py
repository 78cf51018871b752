"""Who is whom in a real archive, against pairs labelled by hand; names are kept as hashes."""

import hashlib
import json
import os
from pathlib import Path

import pytest

from knowledge.language.names import tidy
from knowledge.linking.people import Census
from knowledge.train.archive import read_archive

ARCHIVE = os.environ.get("PALOU_ARCHIVE", "")


@pytest.mark.skipif(not ARCHIVE, reason="PALOU_ARCHIVE names no archive")
def test_aliases_of_a_real_archive_are_resolved() -> None:
    census = Census()
    groups: set[str] = set()
    nicknames: set[str] = set()
    for group, day, messages in read_archive(Path(ARCHIVE)):
        census.see(day, ((m.speaker, m.text) for m in messages))
        groups.add(group)
        nicknames |= {tidy(m.speaker) for m in messages}
    people = census.people()
    assert len(groups) == 1
    name_of_group = groups.pop()

    def hashed(name: str) -> str:
        return hashlib.sha256(f"{name_of_group}\0{name}".encode()).hexdigest()[:16]

    by_hash = {hashed(name): name for name in people.names()}
    data = json.loads((Path(__file__).parent / "data/people_pairs.json").read_text("utf-8"))
    pairs = [(by_hash[a], by_hash[b]) for a, b in data["pairs"] if a in by_hash and b in by_hash]
    if len(pairs) < 60:
        pytest.skip("this is another archive than the labelled one")
    right = sum(people.who(a) == people.who(b) for a, b in pairs)
    answered = sum(people.who(a) in nicknames for a, _ in pairs)
    assert right / answered >= 0.98
    assert right / len(pairs) >= 0.75
