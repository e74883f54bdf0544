"""Which rows may not be shown for their own sake: too few persons, one person too heavy, everybody alike."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..measures import register
from .policies import Policy


def primary(*, rows: pd.DataFrame, policy: Policy) -> np.ndarray:
    """The reason code of each series row (Result columns), "" where it may be shown by itself.

    Persons are counted, not rows. A share is also judged by the persons in its numerator and by those outside it.
    """
    persons, inside, outside = (rows[c].to_numpy(dtype=float) for c in ("persons", "persons_numerator", "persons_complement"))
    value, n, top = (rows[c].to_numpy(dtype=float) for c in ("value", "n", "persons_top_share"))
    live, share = persons > 0, ~np.isnan(inside)
    sensitive = rows["measure"].isin(policy.sensitive).to_numpy()
    kind = rows["kind"].fillna("")
    quantile, single = (kind.str.contains(word).to_numpy(dtype=bool) for word in ("median|quantile", "extreme"))
    rules = {
        "persons_unknown": np.isnan(persons) & ~np.isnan(value),
        "few_persons": _few(persons, policy),
        "few_inside": _few(inside, policy),
        "few_outside": _few(outside, policy),
        "one_person_most": live & (top > policy.max_share),
        "everybody_alike": live & share & (((outside == 0) & (policy.hide_all | sensitive))
                                           | ((inside == 0) & (policy.hide_none | sensitive))),
        "few_rows": live & ((quantile & (n < policy.min_n_spread)) | (single & (n < policy.min_n_points))),
        "few_between": _few_between(rows, policy),
        "subgroup_series": (kind.eq("period") & rows["subgroup"].notna()).to_numpy(),
    }
    if not policy.hides:
        return np.full(len(rows), "", dtype=object)
    return np.select(list(rules.values()), list(rules), default="").astype(object)


def _few(persons: np.ndarray, policy: Policy) -> np.ndarray:
    return (persons > 0) & (persons < policy.min_persons)


def _few_between(rows: pd.DataFrame, policy: Policy) -> np.ndarray:
    """Rows of a measure whose numerator lies inside another's (``Measure.inside``), and is so near that the difference
    is a small number: readmitted within 7 days, and within 30."""
    known = register()
    inside = rows["measure"].map({name: one.inside for name, one in known.items() if one.inside})
    out = np.zeros(len(rows), dtype=bool)
    if inside.isna().all():
        return out
    keys = ["department", "subgroup", "kind", "phase", "grain", "period"]
    mine = rows.assign(whole=inside, at=np.arange(len(rows)))[inside.notna()]
    both = mine.merge(rows[["measure", *keys, "numerator"]], left_on=["whole", *keys], right_on=["measure", *keys],
                      suffixes=("", "_whole"))
    # The study's own window may be longer than the measure it is held against: small is small on either side.
    difference = (both["numerator_whole"] - both["numerator"]).abs().to_numpy()
    out[both.loc[(difference > 0) & (difference < policy.min_persons), "at"]] = True
    return out
