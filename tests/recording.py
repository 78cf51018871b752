"""Makes the recording of a terminal that the READMEs show: a chat, played by the bot, as an SVG.

    python -m tests.recording tests/recording.svg

The lines are typed, and what the bot decides and says is shown, as fast as one reads: a minute that
begins anew. It moves by CSS alone; who prefers less motion sees the last screen.
"""

from __future__ import annotations

import sys
import tempfile
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path

from bot.harness.console import Console
from bot.harness.group import ROOM, Group
from bot.learning import learn
from bot.settings import Settings
from knowledge.matching.embedder import WORDS

TYPED = (
    "网联成立以后，我们支付机构手里的备付金是不是都得放到网联去",
    "更多",
    "/overhear",
    "/admin /mode ambient",
    "/as 小王 有个景区商户想收老外的卡，外卡收单怎么弄",
    "/tick 20s",
    "有用",
)
"""What is said, in the order in which it is said."""

SECONDS = 60
"""How long it takes, with some seconds at the end to look at."""

_START = datetime.fromisoformat("2024-04-01T09:00:00+08:00")
_COLUMNS, _ROWS = 84, 26  # of the terminal
_WIDE, _HIGH = 9.0, 20.0  # of a character, in units of the drawing
_STYLE = """
text { font: 14px ui-monospace, Menlo, Consolas, "Noto Sans Mono CJK SC", "PingFang SC", monospace;
  white-space: pre; fill: #d8dee9; }
.typed { fill: #88c0d0; } .said { fill: #a3be8c; } .why { fill: #7b88a1; } .note { fill: #ebcb8b; }
@media (prefers-reduced-motion: reduce) { .screen { animation: none !important; } }
"""


@dataclass(frozen=True)
class Row:
    """A line of the terminal: what kind it is of, and its words."""

    kind: str
    text: str


def played(database: Path) -> list[list[Row]]:
    """What stands there for each line that is typed: the line itself, and what comes of it."""
    group = Group(settings=Settings(), database=database, start=_START)
    console = Console(group, rooms=[ROOM])
    parts = [[Row("note", line) for line in console.banner]]
    try:
        for text in TYPED:
            rows = [Row("typed", f"{console.where}> {text}")]
            for output in console.enter(text):
                mark = "  ↳ " if output.kind == "why" else "│ "
                rows += (Row(output.kind, mark + line) for line in output.text.splitlines())
            parts.append([Row(r.kind, line) for r in rows for line in _wrapped(r.text)])
    finally:
        group.close()
    return parts


def drawn(parts: list[list[Row]]) -> str:
    """The SVG: a screen for each part, shown for as long as its words take to be read."""
    lengths = [sum(len(row.text) for row in part) + 20 for part in parts]
    total, at = sum(lengths), 0
    screens, rules = [], []
    shown: list[Row] = []
    for n, (part, length) in enumerate(zip(parts, lengths, strict=True)):
        shown = [*shown, *part][-_ROWS:]
        rows = "".join(
            f'<text class="{row.kind}" x="16" y="{30 + y * _HIGH:.0f}">{escape(row.text)}</text>'
            for y, row in enumerate(shown)
        )
        begin, end = 100 * at / total, 100 * (at + length) / total
        last = n == len(parts) - 1
        screens.append(f'<g class="screen s{n}">{rows}</g>')
        rules.append(
            f"@keyframes k{n} {{ 0% {{ opacity: 0 }} {begin:.2f}% {{ opacity: 1 }}"
            f" {100 if last else end:.2f}%, 100% {{ opacity: {int(last)} }} }}"
            f" .s{n} {{ opacity: {int(last)}; animation: k{n} {SECONDS}s step-end infinite; }}"
        )
        at += length
    wide, high = _COLUMNS * _WIDE + 32, _ROWS * _HIGH + 32
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide:.0f} {high:.0f}"'
        f' width="{wide:.0f}" height="{high:.0f}" role="img" aria-label="palou chat">'
        f"<style>{_STYLE}{''.join(rules)}</style>"
        f'<rect width="{wide:.0f}" height="{high:.0f}" rx="10" fill="#2e3440"/>'
        f"{''.join(screens)}</svg>\n"
    )


def _wrapped(text: str) -> list[str]:
    """A line as a terminal breaks it, in which a Chinese character is two columns wide."""
    lines, line, columns = [], "", 0
    for character in text:
        wide = 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if columns + wide > _COLUMNS:
            lines.append(line)
            line, columns = "", 0
        line, columns = line + character, columns + wide
    return [*lines, line]


def main() -> None:
    """Load the sample archive, play, draw."""
    with tempfile.TemporaryDirectory() as folder:
        database = Path(folder) / "seeds.db"
        learn(database, [Path(__file__).parent.parent / "seeds"], WORDS)
        Path(sys.argv[1]).write_text(drawn(played(database)), encoding="utf-8")


if __name__ == "__main__":
    main()
