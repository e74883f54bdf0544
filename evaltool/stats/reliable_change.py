"""Which persons changed more than measurement error can explain: Jacobson-Truax and five other two-point formulas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from .estimate import NotEstimable

METHODS = ("JT", "GLN", "HLL", "EN", "NK", "HA")
"""Names as in R's clinicalsignificance: Jacobson-Truax, Gulliksen-Lord-Novick, Hsu-Linn-Lord, Edwards-Nunnally,
Nunnally-Kotsch, Hageman-Arrindell. Its seventh, HLM, needs three measurements: ``growth_change.py``."""


@dataclass(frozen=True)
class ReliableChange:
    """``index``: (n,) standardised change, positive = higher score, NaN with a gap. ``critical``: |index| beyond it is
    reliable. ``threshold``: the smallest reliable change in points, where it is the same for everyone (JT), else NaN.
    The reliability and SD used stand beside their names, so that a result can always tell what it was made with."""

    method: str
    index: np.ndarray
    critical: float
    threshold: float
    reliability: float
    reliability_name: str
    sd: float
    sd_name: str
    n: int


def reliable_change(
    *, before: np.ndarray, after: np.ndarray, reliability: float, reliability_name: str, sd: float | None = None,
    sd_name: str = "these_persons_before", reliability_after: float | None = None, method: str = "JT", level: float = 0.05,
) -> ReliableChange:
    """Reliable change of each person between two measurements.

    before, after: (n,) scores of the same persons, NaN where missing. ``reliability``: between 0 and 1, and
    ``reliability_name``: which one (``test_retest`` ...). ``sd``: the SD to use, by default that of ``before`` among
    the complete pairs; say whose in ``sd_name``. ``reliability_after``: for NK only (default: the same).
    Two-sided ``level`` except HA, which is one-sided in the original. Means, the SD after and the correlation are
    those of the complete pairs. HLL and NK take the SD before in their error, as clinicalsignificance does.
    JT: Jacobson and Truax 1991; GLN: Hsu 1989; HLL: Hsu 1999; EN: Speer 1992; NK: Nunnally and Kotsch 1983;
    HA: Hageman and Arrindell 1999. Raises NotEstimable: fewer than two pairs, or no variance before.
    """
    from scipy.special import ndtri

    if method not in METHODS:
        raise ValueError(method)
    if not 0 < reliability < 1:
        raise NotEstimable("reliability_out_of_range")
    pair = ~np.isnan(before) & ~np.isnan(after)
    if pair.sum() < 2:
        raise NotEstimable("too_few")
    x, y = before[pair], after[pair]
    spread = float(np.std(x, ddof=1)) if sd is None else float(sd)
    if not spread > 0:
        raise NotEstimable("zero_variance")
    r, r_after = reliability, reliability if reliability_after is None else reliability_after
    index = np.full(len(before), np.nan)
    index[pair] = _index(method, x, y, spread, r, r_after)
    critical = float(ndtri(1 - level if method == "HA" else 1 - level / 2))
    threshold = critical * spread * np.sqrt(2 * (1 - r)) if method == "JT" else float("nan")
    return ReliableChange(
        method=method, index=index, critical=critical, threshold=float(threshold), reliability=r,
        reliability_name=reliability_name, sd=spread, sd_name=sd_name, n=int(pair.sum()),
    )


def _index(method: str, x: np.ndarray, y: np.ndarray, sd: float, r: float, r_after: float) -> np.ndarray:
    """The standardised change (n,) of complete pairs."""
    mean = x.mean()
    error = sd * np.sqrt(1 - r)                         # standard error of measurement
    prediction = sd * np.sqrt(1 - r**2)                 # of predicting a second score from the first
    if method == "JT":
        return (y - x) / (np.sqrt(2) * error)
    if method == "GLN":
        return ((y - mean) - r * (x - mean)) / prediction
    if method == "HLL":
        return ((y - y.mean()) - r * (x - mean)) / prediction
    true_before = r * (x - mean) + mean
    if method == "EN":
        return (y - true_before) / error
    if method == "NK":
        return (y - true_before) / (sd * np.sqrt(r**2 * (1 - r) + (1 - r_after)))
    return _hageman_arrindell(x, y, sd, error)


def _hageman_arrindell(x: np.ndarray, y: np.ndarray, sd: float, error: float) -> np.ndarray:
    """Change weighed against the mean change by the reliability of the differences."""
    sd_after = float(np.std(y, ddof=1))
    shared = 2 * sd * sd_after * float(np.corrcoef(x, y)[0, 1])
    spread = sd**2 + sd_after**2 - shared
    if not spread > 2 * error**2:                        # everybody changed alike, or no more than error
        raise NotEstimable("change_not_reliable")
    reliability = (spread - 2 * error**2) / spread       # both true variances are the variance less error squared
    mean_change = y.mean() - x.mean()
    return ((y - x) * reliability + mean_change * (1 - reliability)) / (np.sqrt(reliability) * np.sqrt(2) * error)


def side_by_side(
    *, before: np.ndarray, after: np.ndarray, reliability: float, reliability_name: str, sd: float | None = None,
    sd_name: str = "these_persons_before", reliability_after: float | None = None, level: float = 0.05,
) -> Mapping[str, ReliableChange]:
    """The six formulas on the same persons, by name; one that cannot be worked out is left out."""
    out = {}
    for method in METHODS:
        try:
            out[method] = reliable_change(
                before=before, after=after, reliability=reliability, reliability_name=reliability_name, sd=sd,
                sd_name=sd_name, reliability_after=reliability_after, method=method, level=level,
            )
        except NotEstimable as reason:
            if reason.reason != "change_not_reliable":
                raise
    return out
