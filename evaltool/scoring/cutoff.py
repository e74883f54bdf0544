"""Scores against a published cut-off, with the side that the cut-off itself belongs to said out loud."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..instruments.model import SIDES

if TYPE_CHECKING:
    import numpy as np


def beyond_cutoff(*, scores: np.ndarray, value: float, side: str) -> np.ndarray:
    """1.0 where a score lies on ``side`` of ``value``, 0.0 where not, NaN where there is no score; (n,) floats.

    ``side``: ``at_or_above``, ``above``, ``at_or_below`` or ``below``. Sources disagree about a score exactly on
    some limits (ORS 25), so the side is always an argument: take it from the instrument's evidence or choose it.
    Scores are compared at six decimals, so that 6.2 + 5.5 + 7.1 + 6.2 is 25 and not a hair above it.
    """
    import numpy as np

    if side not in SIDES:
        raise ValueError(side)
    rounded = np.round(scores, 6)
    compare = {"at_or_above": np.greater_equal, "above": np.greater, "at_or_below": np.less_equal, "below": np.less}[side]
    return np.where(np.isnan(rounded), np.nan, compare(rounded, value).astype(float))
