"""How long the scoring engine takes: RESPONDENTS x 22 items (QPR-22), answers drawn by chance with gaps.

    python benchmarks/scoring.py [RESPONDENTS]
"""

from __future__ import annotations

import sys
import time

import numpy as np
import pandas as pd

from evaltool.instruments import instrument
from evaltool.scoring import score


def seconds(*, respondents: int, seed: int = 1) -> float:
    """Seconds to score ``respondents`` forms; the frame is made before the clock starts."""
    form, rng = instrument("qpr22"), np.random.default_rng(seed)
    values = rng.integers(0, 5, (respondents, len(form.columns))).astype("float64")
    values[rng.random(values.shape) < 0.02] = np.nan
    answers = pd.DataFrame(values, columns=list(form.columns))
    begun = time.perf_counter()
    scores = score(answers=answers, instrument=form)
    took = time.perf_counter() - begun
    if len(scores) != respondents * len(form.scales):
        raise RuntimeError(f"{len(scores)} scores for {respondents} forms")
    return took


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    print("forms x 22 items, four scales")
    for part in (count // 100, count // 10, count):
        print(f"{part:>10} {seconds(respondents=part):8.2f} s")
