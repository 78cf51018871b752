"""Readers of archive formats: a small pluggy registry, so that a plugin can add one.

A plugin is an installed package with an entry point in the group `palou` whose module implements
`palou_readers`, as `knowledge.archive.formats.markdown` does.
"""

from __future__ import annotations

from functools import cache

import pluggy

from knowledge.archive.formats import markdown
from knowledge.archive.reading import HookSpecs, Reader


@cache
def readers() -> tuple[Reader, ...]:
    """All registered readers, those of plugins first."""
    manager = pluggy.PluginManager("palou")
    manager.add_hookspecs(HookSpecs)
    manager.register(markdown)
    manager.load_setuptools_entrypoints("palou")
    return tuple(reader for found in manager.hook.palou_readers() for reader in found)
