"""What readers share: the encoding of a text, runs that go forward, losses of a kind, dates."""

from __future__ import annotations

import io
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.archive.decoding import Lines, encoding_of
from knowledge.archive.formats.dates import day_in
from knowledge.archive.formats.media import kind_of_file
from knowledge.archive.reading import Loss
from knowledge.archive.runs import forward
from knowledge.archive.tally import Tally

CHINESE = st.text("对账文件每天几点能下周大山林一一青瓦支付要的好，。？ 09:\n", min_size=20)


@given(CHINESE.filter(lambda text: sum(c > "\x7f" for c in text) > 9))
def test_a_text_is_read_in_the_encoding_that_it_is_in(text: str) -> None:
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        lines = Lines(io.BytesIO(text.encode(encoding)))
        assert "\n".join(line for _, line in lines) == text.removesuffix("\n")
        assert lines.losses == []


@given(CHINESE, st.integers(1, 4), st.binary(min_size=1, max_size=2))
def test_damaged_or_cut_utf8_is_not_taken_for_another(text: str, cut: int, junk: bytes) -> None:
    content = f"一段话就在这里了，很长{text}".encode()
    assert encoding_of(content[:-cut]) == "utf-8"
    assert encoding_of(content[:30] + junk + content[30:]) == "utf-8"


def test_utf8_cut_within_a_character_that_could_be_chinese_of_another_kind() -> None:
    assert encoding_of(("好的" * 20 + "好").encode()[:-1]) == "utf-8"


def test_latin_letters_of_old_logs_are_no_chinese() -> None:
    assert encoding_of(b"[10:00] <ren\xe9> caf\xe9 cr\xe8me\n") == "utf-8"


@given(st.lists(st.integers(0, 9), max_size=9))
def test_a_longest_run_that_never_goes_back(times: list[int]) -> None:
    kept = [time for time, keep in zip(times, forward(times), strict=True) if keep]
    assert kept == sorted(kept)
    longest = max(
        size
        for size in range(len(times) + 1)
        for run in combinations(times, size)
        if all(a <= b for a, b in pairwise(run))
    )
    assert len(kept) == longest


def test_losses_of_a_kind_are_told_once_and_kinds_stay_few() -> None:
    tally = Tally()
    for n in range(5000):
        tally.lose(n + 1, "one is lost")
        tally.lose(n + 1, f"{n} is lost")
    assert tally.losses[0] == Loss(1, "one is lost (5000 times, here first)")
    assert tally.losses[1] == Loss(1, "0 is lost")
    assert tally.losses[-1] == Loss(0, "more was lost (4901 times, here first)")
    assert len(tally.losses) == 101


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("#chan_20240304.log", "2024-03-04"),
        ("2004-12-25.ubuntu.raw.txt", "2004-12-25"),
        ("2025-02-30 2025-03-01.md", "2025-03-01"),
        ("202503041.md", None),
        ("chat.md", None),
    ],
)
def test_the_day_in_the_name_of_a_file(name: str, day: str | None) -> None:
    assert day_in(name) == day


def test_the_kind_of_a_file() -> None:
    names = ["a.JPG", "b.mp4", "c.opus", "d.vcf", "e.docx", "f", "g.webp"]
    kinds = ["image", "video", "voice", "card", "file", "file", "sticker"]
    assert [kind_of_file(name) for name in names] == kinds
    assert kind_of_file("x", "image/png") == "image"
