"""A headless Chromium and a `palou serve` for it; each in a process of its own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"
PATIENCE = 30.0
"""Seconds until a server is missed that should answer: what a busy machine needs, many times."""

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_PROGRAM = "from bot.cli import main; main(prog_name='palou')"


def chromium() -> str | None:
    """Where Chromium is, if it is."""
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


def missing() -> str | None:
    """What these tests need and this machine has not, or None."""
    if chromium() is None:
        return "Chromium is not installed; on Debian: apt install chromium"
    if not AXE.is_file():
        return "axe-core is not installed; run: make test-browser"
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        return "playwright is not installed; run: make test-browser"
    return None


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(folder: Path, port: int, environment: Mapping[str, str]) -> Iterator[str]:
    """`palou serve` in a folder; its address. It must end by itself on SIGTERM, with status 0."""
    command = [sys.executable, "-c", _PROGRAM, "serve", "--port", str(port)]
    kept = {k: v for k, v in os.environ.items() if not k.startswith("PALOU_")}
    path = {"PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, cwd=folder, env=kept | path | dict(environment))
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, process)
        yield address
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    finally:
        process.kill()
        process.wait()


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(address + "/robots.txt", timeout=PATIENCE).close()
            return
        except urllib.error.URLError:
            time.sleep(0.05)
    raise AssertionError(f"palou serve does not answer at {address}")


@contextmanager
def launched() -> Iterator[Browser]:
    """The browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium(), headless=True, args=list(_ARGUMENTS)
        )
        try:
            yield browser
        finally:
            browser.close()
