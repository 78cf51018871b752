"""Loads archives, and makes the vectors that the settings want of their questions."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import tzinfo
from pathlib import Path

from knowledge.archive.contents import ZONE
from knowledge.loading.intake import Progress
from knowledge.loading.load import LoadReport, load
from knowledge.loading.own import Own


def learn(
    database: Path,
    paths: Sequence[Path],
    semantic: Path | None,
    *,
    group: str | None = None,
    zone: tzinfo = ZONE,
    own: Sequence[Own] = (),
    workers: int | None = None,
    progress: Progress = lambda what, done, of: None,
) -> LoadReport:
    """Load, and then embed what is new by all models that `semantic` wants.

    A model that cannot be used is a SemanticError before anything is loaded.
    """
    from knowledge.matching.embedder import open_models
    from knowledge.matching.embedding import embed

    models = open_models(semantic, workers or os.cpu_count() or 1)
    report = load(
        database, paths, group=group, zone=zone, own=own, workers=workers, progress=progress
    )
    for model in models:
        embed(database, model, progress)
    return report
