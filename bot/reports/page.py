"""One self-contained HTML page: works offline, in the dark and in the light, narrow and wide."""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import escape

from bot.reports.palette import COLOURS

__all__ = ["escape", "figure_row", "linked", "page"]

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"

_STYLE = """
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink);
  font: 16px/1.55 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: .5rem 0; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
p { margin: .4rem 0; }
.dim, figcaption, th { color: var(--dim); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .6rem;
  padding: .8rem 1rem; margin: .9rem 0; overflow-wrap: anywhere; }
.figures { display: grid; gap: .6rem;
  grid-template-columns: repeat(auto-fit, minmax(6.2rem, 1fr)); }
.figures div { background: var(--card); border: 1px solid var(--line); border-radius: .6rem;
  padding: .6rem .8rem; }
.figures b { display: block; font-size: 1.35rem; font-variant-numeric: tabular-nums; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .93rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .6rem .35rem 0;
  border-bottom: 1px solid var(--line); }
a { color: var(--accent); overflow-wrap: anywhere; } .n { font-variant-numeric: tabular-nums; }
th.n, td.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.long { min-width: 12rem; overflow-wrap: anywhere; }
.good { color: var(--good); } .bad { color: var(--bad); }
code { font-size: .9em; overflow-wrap: anywhere; }
button, select { font: inherit; color: inherit; background: var(--card); cursor: pointer;
  border: 1px solid var(--line); border-radius: .5rem; padding: .35rem .8rem; min-height: 2.4rem; }
button:focus-visible, select:focus-visible, summary:focus-visible {
  outline: 2px solid var(--accent); outline-offset: 2px; }
summary { cursor: pointer; color: var(--dim); }
"""


def figure_row(named: Iterable[tuple[str, str]]) -> str:
    """Figures in a row, each with its name below."""
    cells = "".join(f"<div><b>{figure}</b>{escape(name)}</div>" for figure, name in named)
    return f'<div class="figures">{cells}</div>'


def linked(said: str, href: str) -> str:
    """A text as a link, where it leads anywhere; both are escaped."""
    return f'<a href="{escape(href)}">{escape(said)}</a>' if href else escape(said)


def page(
    title: str,
    body: str,
    *,
    language: str,
    style: str = "",
    script: str = "",
    data: object = None,
) -> str:
    """A whole page; `body` is HTML (escape what goes into it), `data` what `script` reads.

    The script finds the data as JSON in the element `data`. Nothing is fetched from anywhere, and
    the page's own policy forbids it, too.
    """
    held = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    scripts = f"""<script type="application/json" id="data">{held}</script>
<script>{script}</script>
"""
    return f"""<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="{_POLICY}">
<title>{escape(title)}</title>
<style>{COLOURS}{_STYLE}{style}</style>
</head>
<body>
<main>
{body}
</main>
{scripts if script else ""}</body>
</html>
"""
