"""Loads archives, and makes the vectors that the settings want of their questions."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import tzinfo
from functools import partial
from pathlib import Path

from knowledge.archive.contents import ZONE
from knowledge.loading.load import LoadReport, Progress, load
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
    """Load, and then embed what is new by the model `semantic`, if it is set.

    A model that cannot be used is a SemanticError before anything is loaded.
    """
    known = partial(load, database, paths, group=group, zone=zone, own=own, workers=workers)
    if semantic is None:
        return known(progress=progress)
    from knowledge.matching.embedder import open_model
    from knowledge.matching.embedding import embed

    model = open_model(semantic, workers or os.cpu_count() or 1)
    report = known(progress=progress)
    embed(database, model, progress)
    return report
