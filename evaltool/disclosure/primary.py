"""Which rows may not be shown for their own sake: too few persons, one person too heavy, everybody alike."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .policies import Policy


def primary(*, rows: pd.DataFrame, policy: Policy) -> np.ndarray:
    """The reason code of each series row (Result columns), "" where it may be shown by itself.

    Persons are counted, not rows. A share is also judged by the persons in its numerator and by those outside it.
    """
    persons, inside, outside = (rows[c].to_numpy(dtype=float) for c in ("persons", "persons_numerator", "persons_complement"))
    value, n, top = (rows[c].to_numpy(dtype=float) for c in ("value", "n", "persons_top_share"))
    live, share = persons > 0, ~np.isnan(inside)
    sensitive = rows["measure"].isin(policy.sensitive).to_numpy()
    quantile = rows["kind"].eq("phase_median").to_numpy()
    rules = {
        "persons_unknown": np.isnan(persons) & ~np.isnan(value),
        "few_persons": _few(persons, policy),
        "few_inside": _few(inside, policy) & (not policy.rounded),
        "few_outside": _few(outside, policy) & (not policy.rounded),
        "one_person_most": live & (top > policy.max_share),
        "everybody_alike": live & share & (((outside == 0) & (policy.hide_all | sensitive))
                                           | ((inside == 0) & (policy.hide_none | sensitive))),
        "few_rows": live & quantile & (n < policy.min_n_spread),
    }
    if not policy.hides:
        return np.full(len(rows), "", dtype=object)
    return np.select(list(rules.values()), list(rules), default="").astype(object)


def _few(persons: np.ndarray, policy: Policy) -> np.ndarray:
    return (persons > 0) & (persons < policy.min_persons)
