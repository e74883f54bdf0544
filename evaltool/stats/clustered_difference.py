"""A difference between two shares with persons as clusters, from sums over persons: for rows too many to hold."""

from __future__ import annotations

import math
from collections.abc import Mapping

from .estimate import Estimate, NotEstimable, t_estimate


def clustered_difference(*, sums: Mapping[str, float], conf_level: float = 0.95) -> Estimate:
    """Share after minus share before, as ``ols_clustered`` of the rows on a constant and after would give it.

    ``sums``: over all persons of ``b``, ``m`` (events and rows before), ``a``, ``n`` (after), of the products of two of them
    (``bb``, ``bm``, ``mm``, ``aa``, ``an``, ``nn``, ``ab``, ``am``, ``bn``, ``mn``), and ``persons``. CR1 covariance (Liang and
    Zeger 1986) times G/(G-1) x (N-1)/(N-2), t with G-1 df. Raises NotEstimable: ``too_few``.
    """
    rows, persons = sums["m"] + sums["n"], sums["persons"]
    if min(sums["m"], sums["n"]) <= 0 or persons < 2 or rows <= 2:
        raise NotEstimable("too_few")
    p, q = sums["b"] / sums["m"], sums["a"] / sums["n"]
    before = sums["bb"] - 2 * p * sums["bm"] + p * p * sums["mm"]
    after = sums["aa"] - 2 * q * sums["an"] + q * q * sums["nn"]
    both = sums["ab"] - p * sums["am"] - q * sums["bn"] + p * q * sums["mn"]
    spread = before / sums["m"] ** 2 + after / sums["n"] ** 2 - 2 * both / (sums["m"] * sums["n"])
    factor = persons / (persons - 1) * (rows - 1) / (rows - 2)
    return t_estimate(estimate=q - p, std_error=math.sqrt(max(factor * spread, 0.0)), df=persons - 1, conf_level=conf_level, method="cluster_robust")
