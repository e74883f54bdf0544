"""Item answers that add up to a wanted total, so that what is planted in the total is really there."""

from __future__ import annotations

import numpy as np


def answers(
    *, rng: np.random.Generator, totals: np.ndarray, offsets: np.ndarray, low: int, high: int, noise: float,
) -> np.ndarray:
    """Whole answers ``low..high``, shape (forms, items), with row sums ``totals`` (whole, within reach).

    Each item lies ``offsets`` (items,) or (forms, items) above or below the form's own mean, plus noise; what rounding
    and the ends of the scale take away is put back one step at a time on items drawn by chance.
    """
    items = offsets.shape[-1]
    wanted = totals[:, None] / items + np.atleast_2d(offsets) + rng.normal(0, noise, (len(totals), items))
    out = np.clip(np.rint(wanted), low, high).astype(int)
    for row, total in zip(out, totals, strict=True):
        _settle(rng, row, int(total), low, high)
    return out


def _settle(rng: np.random.Generator, row: np.ndarray, total: int, low: int, high: int) -> None:
    while (missing := total - int(row.sum())) != 0:
        step = 1 if missing > 0 else -1
        free = np.flatnonzero(row < high if step > 0 else row > low)
        chosen = rng.choice(free, size=min(abs(missing), len(free)), replace=False)
        row[chosen] += step
