"""Makes overheard_weights.json: learns which questions put to nobody want an answer.

    python -m knowledge.train.overheard ARCHIVE OUT

ARCHIVE is a folder with day files, overheard.csv beside this file what was judged of it: 300
messages of 2017-07 to 2017-11 by their citations, drawn from the 3,933 that read as questions when
these months are replayed, more of those that a match was found for (`weight`: how many each stands
for); read one by one by a language model that did not see the confidences. `real` tells whether a
stranger's archived answer could serve, `welcome` how much the best of three matches then would (2:
it answers, 1: it helps, 0: out of place). Needs scikit-learn. Months are held out in turn for the
figures that are printed.
"""

from __future__ import annotations

import csv
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from knowledge.language.earnest import SIGNS, signs
from knowledge.model import Citation
from knowledge.train.archive import read_archive

Array = np.ndarray[Any, Any]

SOFTNESS = 0.1
"""The inverse of what the square of a weight costs, each sign in units of its spread."""


def main(archive: str, out: str) -> None:
    """Learn, print figures of months held out, write the weights of all."""
    days = read_archive(Path(archive))
    text = {m.citation: m.text for messages in days.values() for m in messages}
    labelled = Path(__file__).with_name("overheard.csv").read_text("utf-8").splitlines()
    rows = [(Citation.parse(r["message"]), r["real"] == "1") for r in csv.DictReader(labelled)]
    figures = np.array([signs(text[citation]) for citation, _ in rows])
    real = np.array([is_real for _, is_real in rows])
    months = np.array([citation.date[:7] for citation, _ in rows])
    held = np.zeros(len(rows))
    for month in sorted({*months}):
        own = months == month
        weights, offset = fitted(figures[~own], real[~own])
        held[own] = 1 / (1 + np.exp(-(figures[own] @ weights + offset)))
    weights, offset = fitted(figures, real)
    area = round(float(roc_auc_score(real, held)), 3)
    made = {
        "made": {
            "date": datetime.now(UTC).date().isoformat(),
            "by": "knowledge/train/overheard.py",
            "questions": len(rows),
            "area_under_curve_of_held_out_months": area,
        },
        "signs": {name: round(float(w), 4) for name, w in zip(SIGNS, weights, strict=True)},
        "offset": round(float(offset), 4),
        "usual": round(float(real.mean()), 4),
    }
    print(f"{len(rows)} questions, {real.mean():.2f} of them real; area under the curve {area}")
    Path(out).write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def fitted(figures: Array, real: Array) -> tuple[Array, float]:
    """Weights and offset of a logistic curve."""
    middle, spread = figures.mean(0), figures.std(0) + 1e-9
    model = LogisticRegression(C=SOFTNESS).fit((figures - middle) / spread, real)
    weights = model.coef_[0] / spread
    return weights, float(model.intercept_[0] - middle @ weights)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
