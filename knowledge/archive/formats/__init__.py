"""Readers of archive formats: a small pluggy registry, so that a plugin can add one.

A plugin is an installed package with an entry point in the group `palou` whose module implements
`palou_readers`, as `knowledge.archive.formats.markdown` does.
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

import pluggy

from knowledge.archive.reading import BundleReader, HookSpecs, Reader


@cache
def readers() -> tuple[Reader, ...]:
    """All registered readers of files, those of plugins first."""
    return tuple(reader for found in _plugins().hook.palou_readers() for reader in found)


@cache
def bundle_readers() -> tuple[BundleReader, ...]:
    """All registered readers of archives of several files, those of plugins first."""
    return tuple(reader for found in _plugins().hook.palou_bundle_readers() for reader in found)


@cache
def _plugins() -> pluggy.PluginManager:
    """Our own formats, each a module of this package, and those of installed plugins."""
    manager = pluggy.PluginManager("palou")
    manager.add_hookspecs(HookSpecs)
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda m: m.name, reverse=True):
        manager.register(importlib.import_module(f"{__name__}.{module.name}"))
    manager.load_setuptools_entrypoints("palou")
    return manager
