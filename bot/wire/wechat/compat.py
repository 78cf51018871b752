"""Makes wechaty 0.10.7, of 2022, importable today, and quiet; call `prepare` before importing it.

What is missing, as observed on Python 3.11 to 3.13 with the versions that the extra pins:
wechaty has a dataclass with an instance of another dataclass as a default, which Python allows
since 3.11 only when that one can be hashed; Python 3.13 has no `telnetlib`; importing makes
a folder `.wechaty` where it stands; and its loggers write message texts to stderr.
"""

from __future__ import annotations

import contextlib
import importlib
import logging
import os
import sys
import tempfile
import types
from collections.abc import Iterator

from knowledge.errors import PalouError

MISSING = "palou run needs the extra for WeChat; install it with: pip install 'palou[wechat]'"


def prepare() -> None:
    """Import wechaty as it has to be imported. PalouError: it is not installed."""
    os.environ["WECHATY_LOG"] = "error"
    os.environ.pop("WECHATY_LOG_FILE", None)
    if "telnetlib" not in sys.modules and sys.version_info >= (3, 13):
        sys.modules["telnetlib"] = _telnetlib()
    before = set(logging.root.manager.loggerDict)
    try:
        with _elsewhere():
            options = importlib.import_module("wechaty_puppet.schemas.puppet").PuppetOptions
            options.__hash__ = object.__hash__
            importlib.import_module("wechaty")
            service = importlib.import_module("wechaty_puppet_service.puppet")
    except ImportError as e:
        raise PalouError(f"{MISSING} ({e})") from e
    # It would block the whole process for up to 3 s to learn what connecting tells anyway.
    vars(service)["ping_endpoint"] = lambda endpoint: True
    _quiet(set(logging.root.manager.loggerDict) - before)


@contextlib.contextmanager
def _elsewhere() -> Iterator[None]:
    """Stand in a folder that goes away again, with what was put there."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        yield


def _telnetlib() -> types.ModuleType:
    """Stands in for the module that is imported and, once `ping_endpoint` is gone, not used."""
    module = types.ModuleType("telnetlib")
    module.Telnet = type("Telnet", (), {})  # type: ignore[attr-defined]
    return module


def _quiet(names: set[str]) -> None:
    """Have these loggers tell the root logger instead of writing to stderr themselves."""
    for name in names:
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
