"""The colours of all that Palou draws: pages, reports, and the charts in both."""

from __future__ import annotations

from collections.abc import Mapping

LIGHT = {
    "ground": "#f5f4f0",
    "card": "#fffefb",
    "ink": "#21282a",
    "dim": "#5c6667",
    "line": "#dfddd4",
    "accent": "#0f6672",
    "accent-soft": "#e1eff0",
    "asked": "#e6edf6",
    "asked-line": "#3267ac",
    "answer": "#e6f0ea",
    "answer-line": "#21734d",
    "here": "#c98a1b",
    "good": "#21734d",
    "bad": "#b43d34",
}
"""The colours in the light, by names that style sheets have as variables: `var(--ink)`."""

DARK = {
    "ground": "#14191a",
    "card": "#1b2122",
    "ink": "#e6e9e5",
    "dim": "#9ba8a7",
    "line": "#313a3b",
    "accent": "#7cc6d0",
    "accent-soft": "#1d3438",
    "asked": "#212d3c",
    "asked-line": "#83a8d8",
    "answer": "#1f312a",
    "answer-line": "#3bbc80",
    "here": "#e0ad52",
    "good": "#6fd0a0",
    "bad": "#ee958a",
}
"""The same in the dark."""


def _variables(colours: Mapping[str, str]) -> str:
    return " ".join(f"--{name}: {colour};" for name, colour in colours.items())


COLOURS = (
    f":root {{ color-scheme: light dark; {_variables(LIGHT)} }}\n"
    f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {_variables(DARK)} }} }}\n"
    "@media print { :root { color-scheme: light; --ground: #fff; --card: #fff; } }\n"
)
"""The rules that a style sheet begins with, so that its variables are there; paper is white."""
