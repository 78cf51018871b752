"""Loads archives, and makes the vectors that the settings want of their questions."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import tzinfo
from pathlib import Path

from knowledge.archive.contents import ZONE
from knowledge.loading.load import LoadReport, Progress, load


def learn(
    database: Path,
    paths: Sequence[Path],
    semantic: Path | None,
    *,
    group: str | None = None,
    zone: tzinfo = ZONE,
    workers: int | None = None,
    progress: Progress = lambda what, done, of: None,
) -> LoadReport:
    """Load, and then embed what is new by the model `semantic`, if it is set.

    A model that cannot be used is a SemanticError before anything is loaded.
    """
    if semantic is None:
        return load(database, paths, group=group, zone=zone, workers=workers, progress=progress)
    from knowledge.matching.embedder import open_model
    from knowledge.matching.embedding import embed

    model = open_model(semantic, workers or os.cpu_count() or 1)
    report = load(database, paths, group=group, zone=zone, workers=workers, progress=progress)
    embed(database, model, progress)
    return report
