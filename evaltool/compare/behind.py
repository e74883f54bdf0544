"""Who stands behind answers of one table: persons never counted too high, and how heavy one of them can be."""

from __future__ import annotations

import numpy as np
import pandas as pd


class Behind:
    """``person`` and ``wave`` of n rows (missing person: anonymous), as quick counts of any choice of rows; the counts
    are those of ``indicators.count_persons``."""

    def __init__(self, *, person: pd.Series, wave: pd.Series) -> None:
        self.person, self.wave = pd.factorize(person)[0], pd.factorize(wave)[0] + 1

    def persons(self, chosen: np.ndarray) -> float:
        """Known persons once; rows without one as the largest number of them in any wave. ``chosen``: (n,) booleans."""
        person, wave = self.person[chosen], self.wave[chosen]
        known = person >= 0
        nameless = np.bincount(wave[~known], minlength=1).max()
        return float((np.bincount(person[known], minlength=1) > 0).sum() + nameless)

    def top_share(self, weight: np.ndarray) -> float:
        """Largest share of ``weight`` (n,) that one person can have; NaN without weight."""
        known, total = self.person >= 0, weight.sum()
        if not total:
            return np.nan
        most = np.bincount(self.person[known], weights=weight[known], minlength=1).max()
        nameless = np.zeros(self.wave.max() + 1)
        np.maximum.at(nameless, self.wave[~known], weight[~known])
        return float(max(most, nameless.sum()) / total)

    def share(self, *, here: np.ndarray, hits: np.ndarray, of: np.ndarray, method: str) -> dict:
        """A series row: ``hits`` of ``of`` (n,) in the rows ``here``, with all that the gate reads of a share."""
        n = float(of[here].sum())
        return {
            "value": hits[here].sum() / n if n else np.nan, "numerator": float(hits[here].sum()), "denominator": n, "n": n,
            "persons": self.persons(here), "persons_numerator": self.persons(here & (hits > 0)),
            "persons_complement": self.persons(here & (hits < of)), "persons_top_share": self.top_share(np.where(here, of, 0)),
            "unit": "share", "method": method,
        }
