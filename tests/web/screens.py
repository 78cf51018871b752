"""Takes the README's pictures of the pages, from the sample archive.

    python -m tests.web.screens

Look at them before they are committed: they show how the pages look in this Chromium with the
fonts of this machine (on Debian: fonts-noto-cjk, fonts-noto-color-emoji).
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Literal

from knowledge.loading.load import load
from tests.conftest import SEEDS
from tests.web.browser import HERE, free_port, launched, serving
from tests.web.client import QUESTION

FOLDER = HERE / "screens"
_Scheme = Literal["light", "dark"]
SCREENS: tuple[tuple[str, str, int, int, _Scheme], ...] = (
    ("message-360.png", f"/m/{QUESTION}", 360, 660, "light"),
    ("search-1200.png", "/?q=备付金是不是都得放到网联去", 1200, 720, "dark"),
)
"""File, address, width, height, colours."""


def main() -> None:
    """Serve the sample archive, and take the pictures."""
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="palou-screens-") as folder:
        load(Path(folder) / "palou.db", [SEEDS])
        with serving(Path(folder), free_port(), {}) as address, launched() as browser:
            for name, path, width, height, scheme in SCREENS:
                screen = browser.new_page(
                    viewport={"width": width, "height": height}, color_scheme=scheme
                )
                screen.goto(address + path)
                screen.screenshot(path=FOLDER / name)


if __name__ == "__main__":
    main()
