"""Which days are linked again when names turn out to be somebody else's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from knowledge.loading.linker import Linker
from knowledge.loading.load import load
from tests.chats import Said, put
from tests.test_load import content

FORMER, NOW, OTHER = "沈知渔-蓝鲸支付-架构-成都", "知渔-蓝鲸架构师", "石头"


def asks(name: str) -> list[Said]:
    return [
        ("09:00:00", "阿柒", "请问退款单要落谁的流水号？"),
        ("09:00:40", name, "落自己的流水号"),
    ]


@pytest.mark.parametrize(("last", "linked"), [([OTHER, NOW], 1), ([OTHER, FORMER, NOW], 1)])
def test_a_day_is_linked_again_only_where_it_matters_who_is_one_with_whom(
    tmp_path: Path, database: Path, monkeypatch: pytest.MonkeyPatch, last: list[str], linked: int
) -> None:
    counts: list[int] = []
    link = Linker.link

    def counted(self: Linker, runs: Any) -> Any:
        found = list(link(self, runs))
        counts.append(len(found))
        return found

    monkeypatch.setattr(Linker, "link", counted)
    folder = tmp_path / "g"
    for n in range(1, 21, 2):  # no day stands beside another
        put(folder, f"2024-05-{n:02}", asks(FORMER))
    load(database, [folder])
    # Now somebody of nearly that name speaks: the names of the days before are his, too.
    said = [(f"10:00:0{k}", name, "早") for k, name in enumerate(last)]
    put(folder, "2024-06-20", said)
    load(database, [folder])
    assert counts == [10, linked]
    load(tmp_path / "fresh.db", [folder])
    assert content(database) == content(tmp_path / "fresh.db")


def test_a_day_with_both_names_of_one_person_is_linked_again(
    tmp_path: Path, database: Path
) -> None:
    folder = tmp_path / "g"
    both = [*asks(FORMER), ("09:01:00", NOW, "不是通道的流水号"), ("09:02:00", "阿柒", "谢谢")]
    put(folder, "2024-05-01", both)
    for n in range(3, 21, 2):
        put(folder, f"2024-05-{n:02}", asks(FORMER if n < 10 else NOW))
        load(database, [folder])
    load(tmp_path / "fresh.db", [folder])
    assert content(database) == content(tmp_path / "fresh.db")
