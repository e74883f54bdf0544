"""Funnel plots: is a department further from the overall level than chance explains? Never a rank.

Sources: Spiegelhalter, Statistics in Medicine 2005;24:1185 (exact limits, winsorised over-dispersion); DerSimonian and
Laird, Controlled Clinical Trials 1986;7:177 (variance between departments).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

KINDS = ("share", "ratio")
"""``share``: events of cases (binomial). ``ratio``: observed over expected counts, or a rate (Poisson)."""

PROBABILITIES = (0.95, 0.998)


@dataclass(frozen=True)
class Funnel:
    """``value``: (departments,) share or ratio. ``centre``: overall. ``z``: distance in standard errors on the
    transformed scale (arcsine of the root of a share, root of a ratio). ``phi``: winsorised dispersion, 1 is what chance
    gives. ``tau2``: variance between departments on that scale, 0 where chance explains all. ``z_wide``: ``z`` with
    ``tau2`` counted in. ``between``: the standard deviation between departments on the scale of ``value``."""

    kind: str
    value: np.ndarray
    centre: float
    z: np.ndarray
    phi: float
    tau2: float
    z_wide: np.ndarray
    between: float


def funnel(*, kind: str, events: np.ndarray, sizes: np.ndarray, trim: float = 0.1) -> Funnel:
    """Overall level and over-dispersion of at least two departments.

    ``events``: float (departments,). ``sizes``: cases (``share``), expected events or exposure (``ratio``), above 0.
    ``trim``: share of departments winsorised at each end. Fewer than two departments: dispersion NaN, tau2 0.
    """
    centre = events.sum() / sizes.sum()
    value = events / sizes
    expected = sizes if kind == "share" else sizes * centre
    error = 1 / (2 * np.sqrt(expected))
    z = (_forward(kind, value, centre) - _forward(kind, np.full_like(value, centre), centre)) / error
    count = len(z)
    if count < 2:
        return Funnel(kind, value, float(centre), z, float("nan"), 0.0, z, float("nan"))
    low, high = np.quantile(z, [trim, 1 - trim])
    phi = float((np.clip(z, low, high) ** 2).mean())
    weight = 1 / error**2
    tau2 = (count * phi - (count - 1)) / (weight.sum() - (weight**2).sum() / weight.sum())
    tau2 = float(max(0.0, tau2))
    slope = 2 * np.sqrt(centre * (1 - centre)) if kind == "share" else 2 * centre
    return Funnel(kind, value, float(centre), z, phi, tau2, z * error / np.sqrt(error**2 + tau2), float(slope * np.sqrt(tau2)))


def funnel_limits(
    *, kind: str, sizes: np.ndarray, centre: float, tau2: float = 0.0, probability: float = 0.95,
) -> tuple[np.ndarray, np.ndarray]:
    """Lower and upper limit at each of ``sizes``, float of the same shape.

    Exact (binomial or Poisson quantiles, interpolated) when ``tau2`` is 0, else on the transformed scale with the
    variance between departments added.
    """
    from scipy.stats import binom, norm, poisson

    tail = (1 - probability) / 2
    if tau2 > 0:
        expected = sizes if kind == "share" else sizes * centre
        reach = norm.ppf(1 - tail) * np.sqrt(1 / (4 * expected) + tau2)
        middle = _forward(kind, np.asarray(centre), centre)
        return _back(kind, middle - reach, centre), _back(kind, middle + reach, centre)
    spread = binom(sizes, centre) if kind == "share" else poisson(sizes * centre)
    low, high = (_interpolated(spread, share) / sizes for share in (tail, 1 - tail))
    return np.maximum(low, 0.0), high if kind == "ratio" else np.minimum(high, 1.0)


def _interpolated(spread, share: float) -> np.ndarray:
    """The quantile between whole counts (Spiegelhalter 2005, appendix A.1)."""
    count = spread.ppf(share)
    part = (spread.cdf(count) - share) / spread.pmf(count)
    return count - part


def _forward(kind: str, value: np.ndarray, centre: float) -> np.ndarray:
    return np.arcsin(np.sqrt(value)) if kind == "share" else np.sqrt(value / centre)


def _back(kind: str, value: np.ndarray, centre: float) -> np.ndarray:
    if kind == "share":
        return np.sin(np.clip(value, 0, np.pi / 2)) ** 2
    return np.maximum(value, 0.0) ** 2 * centre
