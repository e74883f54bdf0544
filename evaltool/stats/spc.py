"""Process charts as arrays: many series at once, one row per series, one column per calendar period, NaN is a gap."""

from __future__ import annotations

import warnings

import numpy as np


def phase_median(*, values: np.ndarray, phase: np.ndarray, least: int = 5) -> np.ndarray:
    """Median of each phase, repeated at every point of it.

    ``values``: float, (series, points), NaN = no point. ``phase``: int, same shape, -1 = in no phase. Returns float of
    the same shape, NaN outside the phases and where a phase has fewer than ``least`` points.
    """
    out = np.full(values.shape, np.nan)
    for code in np.unique(phase[phase >= 0]):
        inside = phase == code
        points = np.where(inside, values, np.nan)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            centre = np.nanmedian(points, axis=1)
        centre[np.isfinite(points).sum(axis=1) < least] = np.nan
        out = np.where(inside, centre[:, None], out)
    return out
