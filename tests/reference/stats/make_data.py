"""Writes the small fixed data sets that the reference programs in this folder read (seeded, one run)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent


def scores() -> pd.DataFrame:
    """Eight departments, six never alike in start; persons answer up to four of six waves."""
    rng = np.random.default_rng(20260630)
    starts = [1, 2, 2, 3, 3, 4, 9, 9]
    rows = []
    for d, start in enumerate(starts):
        level, gain = rng.normal(35, 3), rng.normal(3, 1.5)
        for p in range(int(rng.integers(6, 16))):
            own = rng.normal(0, 5)
            for wave in range(6):
                if rng.random() < 0.45:
                    continue
                after = int(wave >= start)
                y = level + own + gain * after + 0.3 * wave + rng.normal(0, 4)
                rows.append((f"d{d}", f"d{d}p{p}", wave, after, round(0.5 * wave, 2), round(y, 1)))
    return pd.DataFrame(rows, columns=["department", "person", "wave", "after", "years", "y"])


def stays() -> pd.DataFrame:
    """Discharges with a 0/1 outcome and nights, persons repeat."""
    rng = np.random.default_rng(7)
    rows = []
    for p in range(70):
        tendency = rng.normal(-1.2, 0.8)
        for _ in range(int(rng.integers(1, 6))):
            after = int(rng.random() < 0.5)
            event = int(rng.random() < 1 / (1 + np.exp(-(tendency - 0.5 * after))))
            rows.append((f"p{p}", after, event, round(float(rng.gamma(1.5, 8)), 1)))
    return pd.DataFrame(rows, columns=["person", "after", "event", "nights"])


def months() -> pd.DataFrame:
    """Forty months of totals with autocorrelation; months 20-22 are wash-in and left out."""
    rng = np.random.default_rng(11)
    noise = 0.0
    rows = []
    for m in range(40):
        noise = 0.5 * noise + rng.normal(0, 12)
        if not 20 <= m <= 22:
            rows.append((m, int(m > 22), round(300 + noise - 15 * (m > 22), 1)))
    return pd.DataFrame(rows, columns=["month", "after", "nights"])


if __name__ == "__main__":
    for name, frame in {"scores": scores(), "stays": stays(), "months": months()}.items():
        frame.to_csv(HERE / f"{name}.csv", index=False, lineterminator="\n")
