"""Prints what a member sees who follows a reply's link on a phone: the answer, or something else.

    python -m tests.bench.landing ARCHIVE QUESTIONS… [--most N] [--cases]

ARCHIVE is loaded into a database of its own; QUESTIONS are JSON lists whose entries have a
`question`, or the same as `short`, `reworded` or `hurried`. Each is asked; the pages that the
replies link to, each address once, are opened in Chromium on a screen of 360 × 660. Figures:

view       pages on which the first answer begins and ends its first line within the screen
down       where the first answer begins: pixels from the top, in the median
accord     pages that mark all that their reply quoted
marked     pages that mark an answer at all

Where the reply itself says that nobody answered, there is none to be seen: such pages are counted
apart, and have to say the same.

`--cases` prints the addresses of those that fail.
"""

from __future__ import annotations

import argparse
import json
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.asking import Asking
from bot.record.record import Record
from bot.reply import texts
from bot.settings import Settings
from bot.web.names import anchor
from knowledge.loading.load import load
from knowledge.matching.embedder import WORDS, open_models
from knowledge.matching.embedding import embed
from knowledge.model import Citation
from tests.web.browser import free_port, launched, serving

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDTH, HEIGHT = 360, 660
WAYS = ("question", "short", "reworded", "hurried")
_LINK = "原文："
NOBODY = texts.NOBODY_ANSWERED.strip("（）")

# Where messages are marked, on the card or in the conversation, and where the first of the answers
# stands: its first line, as far as a line is high.
_LOOK = """() => {
  const told = [...document.querySelectorAll('[data-at]')];
  const marked = [...document.querySelectorAll('.talk > .answer, .talk > .question')];
  const seen = [...told.map(x => x.dataset.at), ...marked.map(x => x.id)];
  const tops = [...told, ...document.querySelectorAll('.talk > .answer .said')]
    .map(x => x.getBoundingClientRect()).filter(box => box.height).map(box => box.top + scrollY);
  return {seen, card: told.length, top: tops.length ? Math.min(...tops) : null};
}"""
_LINE = 28  # pixels of a line of text


def questions(files: Sequence[Path]) -> Iterator[str]:
    """What is asked."""
    for file in files:
        for entry in json.loads(file.read_text("utf-8")):
            yield from (entry[way] for way in WAYS if entry.get(way))


def linked(reply: str) -> list[str]:
    """The addresses that a reply links to."""
    return [line.removeprefix(_LINK) for line in reply.split("\n") if line.startswith(_LINK)]


def replies(database: Path, asked: Iterator[str], base_url: str) -> dict[str, set[Citation]]:
    """The addresses that replies link to, each with the messages that are quoted with it."""
    settings = Settings(database=database, base_url=base_url)
    asking = Asking(database, settings, Record(database, read_only=True))
    found: dict[str, set[Citation]] = {}
    for text in asked:
        verdict = asking.ask(text)
        if not verdict.pages:
            continue
        first, *further = linked(verdict.reply)
        if further:
            continue  # two questions in one text: each page is another reply's
        found.setdefault(first, set()).update(verdict.shown)
    return found


def look(page: Page, address: str, quoted: set[Citation]) -> dict[str, float | bool | None]:
    """What a page shows."""
    page.goto(address)
    seen = page.evaluate(_LOOK)
    wanted = {anchor(c) for c in quoted}
    top = seen["top"]
    return {
        "nobody": NOBODY in page.content(),
        "top": top,
        "view": top is not None and top + _LINE <= HEIGHT,
        "accord": wanted <= set(seen["seen"]),
        "marked": seen["card"] > 0 or top is not None,
    }


def main() -> None:
    """Load, ask, look."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("archive", type=Path)
    parser.add_argument("questions", type=Path, nargs="+")
    parser.add_argument("--most", type=int, default=0, help="addresses that are opened; 0: all")
    parser.add_argument("--cases", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="palou-landing-") as folder:
        database = Path(folder) / "palou.db"
        load(database, [given.archive])
        model, *_ = open_models(WORDS)
        embed(database, model)
        port = free_port()
        found = replies(database, questions(given.questions), f"http://127.0.0.1:{port}")
        addresses = sorted(found)
        if given.most:
            addresses = addresses[:: -(-len(addresses) // given.most)]
        with serving(Path(folder), port, {}), launched() as browser:
            page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
            looked = {a: look(page, a, found[a]) for a in addresses}
    silent = [a for a in addresses if not found[a]]
    said = sum(looked.pop(a)["nobody"] is True for a in silent)
    print(f"{len(found)} addresses, {len(addresses)} opened; of {len(silent)} whose replies quote")
    print(f"no answer, {said} pages say so, too; of the other {len(looked)}:")
    for name in ("view", "accord", "marked"):
        print(f"{name:8} {sum(bool(x[name]) for x in looked.values()) / len(looked):7.1%}")
    tops = [x["top"] for x in looked.values() if x["top"] is not None]
    print(f"down     {statistics.median(tops):5.0f} px in the median")
    if given.cases:
        for address, x in looked.items():
            if not (x["view"] and x["accord"] and x["marked"]):
                print(address.partition("/m/")[2], x)


if __name__ == "__main__":
    main()
