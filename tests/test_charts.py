"""The diagrams of an evaluation: what they show, and that no label lies over another."""

from __future__ import annotations

import random
import re
import xml.etree.ElementTree as ET
from itertools import combinations

import pytest

from bot.reports.charts import Diagram, Labels, precision_coverage, reliability
from bot.reports.evaluate import Bin, Rates

LABELS = Labels("across", "up", "all of it <in words>")
NAMES = ("asked 0.50", "旁听 0.70")


def at(coverage: float, precision: float) -> Rates:
    return Rates(10, 8, 0.5, 0.6, precision, coverage, 0.1)


def texts(diagram: Diagram, name: str) -> list[ET.Element]:
    """The texts of a class."""
    return ET.fromstring(diagram.inline()).findall(f"text[@class='{name}']")


def box(text: ET.Element) -> tuple[float, float, float, float]:
    """What a text of 13 units covers: characters 8.1 wide in the mean, Chinese ones 13."""
    wide = sum(13.0 if ord(c) > 0x2E80 else 8.1 for c in text.text or "")
    x, y = float(text.attrib["x"]), float(text.attrib["y"])
    left = {"start": x, "middle": x - wide / 2, "end": x - wide}[text.attrib["text-anchor"]]
    return left, y - 11, left + wide, y + 2


def assert_apart(diagram: Diagram) -> None:
    """No text lies over another, and none is cut off."""
    drawn = ET.fromstring(diagram.inline()).findall("text")
    boxes = [(t.text, box(t)) for t in drawn]
    for (one, a), (other, b) in combinations(boxes, 2):
        over = a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
        assert not over, f"{one!r} {a} lies over {other!r} {b}"
    for said, (left, top, right, bottom) in boxes:
        assert left >= 0 and top >= 0, said
        assert right <= diagram.wide and bottom <= diagram.high, said


STEPS = (0.0, 0.02, 0.3, 0.5, 0.97, 1.0)


@pytest.mark.parametrize("precision", STEPS)
@pytest.mark.parametrize("coverage", STEPS)
def test_names_of_thresholds_lie_over_nothing(coverage: float, precision: float) -> None:
    curve = [at(0.0, 1.0), at(0.4, 0.9), at(0.8, 0.3)]
    for other in ((coverage, precision), (0.9 * coverage, precision), (0.5, 0.95)):
        marked = list(zip(NAMES, (at(coverage, precision), at(*other)), strict=True))
        diagram = precision_coverage(curve, marked, LABELS)
        assert [t.text for t in texts(diagram, "named")] == list(NAMES)
        assert_apart(diagram)


def test_a_name_keeps_off_the_line_where_it_can() -> None:
    chance = random.Random(5)
    falling = [at(x / 50, 1 - 0.6 * x / 50 - 0.01 * chance.random()) for x in range(51)]
    diagram = precision_coverage(falling, [("asked 0.50", falling[25])], LABELS)
    left, top, right, bottom = box(texts(diagram, "named")[0])
    line = re.search(r'class="curve" points="([^"]+)"', diagram.inline())
    assert line is not None
    points = [tuple(map(float, p.split(","))) for p in line[1].split()]
    assert not [p for p in points if left < p[0] < right and top < p[1] < bottom]


def test_each_bin_has_its_number_above_it() -> None:
    bins = [Bin(n / 10, n / 10 + 0.05, 1.0, 10 ** (n % 5)) for n in range(10)]
    diagram = reliability(bins, LABELS)
    assert [t.text for t in texts(diagram, "axis count")] == [
        "1",
        "10",
        "100",
        "1k",
        "10k",
        "1",
        "10",
        "100",
        "1k",
        "10k",
    ]
    assert diagram.inline().count('class="dot"') == 10
    assert_apart(diagram)


def test_a_page_colours_it_and_a_file_colours_itself() -> None:
    diagram = reliability([Bin(0.5, 0.55, 0.5, 3)], LABELS)
    inline, alone = diagram.inline(), diagram.alone()
    assert "<style" not in inline and "#" not in inline
    assert 'aria-label="all of it &lt;in words&gt;"' in inline
    style = ET.fromstring(alone).find("{http://www.w3.org/2000/svg}style")
    assert style is not None and style.text is not None
    assert "prefers-color-scheme: dark" in style.text and "var(" not in style.text
