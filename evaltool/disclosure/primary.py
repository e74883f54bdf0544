"""Which rows may not be shown for their own sake: too few persons, one person too heavy, everybody alike."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..measures import register
from .policies import Policy


def primary(*, rows: pd.DataFrame, policy: Policy, nested: tuple[tuple[str, ...], ...] = ()) -> np.ndarray:
    """The reason code of each series row (Result columns), "" where it may be shown by itself. ``nested``: ``Spec.nested``.

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
        "everybody_alike": live & (share & (((outside == 0) & (policy.hide_all | sensitive)) | ((inside == 0) & (policy.hide_none | sensitive)))
                                   | ~share & _all_one_value(rows) & (policy.hide_all | sensitive)),
        "few_rows": live & ((quantile & (n < policy.min_n_spread)) | (single & (n < policy.min_n_points))),
        "few_between": _few_between(rows, policy),
        "subgroup_series": (kind.eq("period") & rows["subgroup"].notna()).to_numpy(),
    }
    if not policy.hides:
        return np.full(len(rows), "", dtype=object)
    reasons = np.select(list(rules.values()), list(rules), default="").astype(object)
    _nested(rows, nested, reasons, policy)
    return reasons


def _all_one_value(rows: pd.DataFrame) -> np.ndarray:
    """Means that tell what each has answered: no spread about them, or the end of the scale."""
    ends = {m.id: m.scale for m in register().values() if m.scale and m.kind == "mean_score"}
    low, high = (rows["measure"].map({name: end[i] for name, end in ends.items()}).to_numpy(dtype=float) for i in (0, 1))
    value = rows["value"].to_numpy(dtype=float)
    still = (rows["conf_low"].eq(rows["conf_high"]) & rows["n"].gt(1) & rows["unit"].eq("points")).to_numpy()
    return still | np.isclose(value, low) | np.isclose(value, high)


def _few(persons: np.ndarray, policy: Policy) -> np.ndarray:
    return (persons > 0) & (persons < policy.min_persons)


def _few_between(rows: pd.DataFrame, policy: Policy) -> np.ndarray:
    """Rows of a measure whose numerator lies inside another's (``Measure.inside``), and is so near that the difference
    is a small number: readmitted within 7 days, and within 30."""
    rows = rows.assign(at=np.arange(len(rows)))
    out = np.zeros(len(rows), dtype=bool)
    for name, one in register().items():
        if one.inside:
            out[_near(rows, name, one.inside, policy)] = True
    return out


def _nested(rows: pd.DataFrame, groups: tuple[tuple[str, ...], ...], reasons: np.ndarray, policy: Policy) -> None:
    """The same within each group of ``Spec.nested``, in place: the first of two that may be shown stays."""
    rows = rows.assign(at=np.arange(len(rows)))
    for group in groups:
        for at, name in enumerate(group):
            for other in group[:at]:
                reasons[_near(rows[reasons == ""], name, other, policy)] = "few_between"


def _near(rows: pd.DataFrame, name: str, other: str, policy: Policy) -> np.ndarray:
    """``at`` of the rows of ``name`` with a small number of rows between them and those of ``other``, on either side: a
    study's own window may be longer than the measure it is held against."""
    mine, whole = (rows[rows["measure"] == one] for one in (name, other))
    if mine.empty or whole.empty:
        return np.array([], dtype=int)
    keys = ["department", "subgroup", "kind", "phase", "grain", "period"]
    both = mine.merge(whole[[*keys, "numerator"]], on=keys, suffixes=("", "_whole"))
    difference = (both["numerator_whole"] - both["numerator"]).abs()
    return both.loc[(difference > 0) & (difference < policy.min_persons), "at"].to_numpy()
