"""One row per item: how it is used and how it hangs together with the rest of its scale."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from .reliability import covariances


def item_statistics(*, items: np.ndarray, names: Sequence[str], lowest: np.ndarray, highest: np.ndarray,
                    gaps: str = "complete") -> pd.DataFrame:
    """``item, n, missing, mean, sd, floor, ceiling, item_rest, alpha_if_dropped``.

    items: (n, k) floats, reversed items already turned, NaN where unanswered; lowest, highest: (k,) ends of each
    item's range. ``missing``: share unanswered; ``floor``, ``ceiling``: share of the answers at an end; ``item_rest``:
    correlation with the sum of the other items; the last two from the covariances that ``gaps`` gives (``complete``
    or ``pairwise``), NaN with fewer than two, or three, items. Raises NotEstimable as cronbach_alpha does.
    """
    answered = ~np.isnan(items)
    n = answered.sum(axis=0)
    covariance, _ = covariances(items=items, gaps=gaps)
    rest, dropped = _rest_and_dropped(covariance)
    return pd.DataFrame({
        "item": pd.Series(list(names), dtype="str"), "n": n.astype("float64"), "missing": 1 - n / len(items),
        "mean": np.nanmean(items, axis=0), "sd": np.nanstd(items, axis=0, ddof=1),
        "floor": (items == lowest).sum(axis=0) / n, "ceiling": (items == highest).sum(axis=0) / n,
        "item_rest": rest, "alpha_if_dropped": dropped,
    })


def _rest_and_dropped(covariance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Corrected item-total correlation and alpha without the item, straight from the covariances."""
    k = len(covariance)
    variance = np.diag(covariance)
    with_rest = covariance.sum(axis=1) - variance
    rest_variance = covariance.sum() - 2 * with_rest - variance
    item_rest = with_rest / np.sqrt(variance * rest_variance)
    if k < 3:
        return item_rest, np.full(k, np.nan)
    left = k - 1
    return item_rest, left / (left - 1) * (1 - (np.trace(covariance) - variance) / rest_variance)
