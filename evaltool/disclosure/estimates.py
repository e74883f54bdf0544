"""Before/after answers and remarks through the gate."""

from __future__ import annotations

from collections.abc import Set

import numpy as np
import pandas as pd

from ..result import Result
from .beside import hide_beside
from .groups import hidden_groups
from .policies import Policy
from .reasons import told
from .same_rows import is_closed
from .series import emptied

SAFE_VALUES = ("below_minimum_n", "change_may_be_small", "icc", "anonymous_repeats", "few_departments",
               "no_comparison_in_time", "not_after_correction", "months_as_rows", "one_department",
               "change_reliability", "change_sd", "change_threshold", "change_important", "change_cutoff", "equivalence_limit", "few_clusters", "coverage_low")
"""Remarks whose number says nothing about persons: limits, models, departments, waves, months, methods. The others lose it."""

COUNTS_HIDDEN = ("persons_unknown", "few_persons", "side_hidden")
"""Reasons for which the numbers of persons are hidden too, not the answer only."""


def release_estimates(
    *, result: Result, series: pd.DataFrame, hidden: set[tuple[str, str, str]], policy: Policy, closed: Set[tuple[str, str, str]] = frozenset(),
) -> tuple[pd.DataFrame, np.ndarray]:
    """Estimates with ``status`` and ``reason``. A row goes when either side is hidden in the series, rests on too few
    persons or rows, or leaves too few degrees of freedom; so does that of a group with a side that is hidden in ``series``, the
    released one. ``not_identified``: both sides are there, the number is not. Beside them the exact reasons."""
    rows = result.estimates.reset_index(drop=True)
    reasons = _reasons(rows, hidden, _sides_of_groups(series), policy)
    if policy.hides:
        reasons[is_closed(rows=rows, spec=result.spec, closed=closed) & (reasons == "")] = "protects_another"
    if policy.hides and rows["subgroup"].notna().any():
        _groups(rows, reasons, policy)
    if policy.hides:
        hide_beside(rows=rows, reasons=reasons, hidden=hidden, policy=policy)
    missing = rows["estimate"].isna()
    one_side = ~(rows["persons_before"].gt(0) & rows["persons_after"].gt(0))
    status = np.select([reasons != "", missing & one_side, missing], ["suppressed", "no_data", "not_identified"], "shown")
    reason = pd.Series(np.where(status == "suppressed", told(reasons), None), index=rows.index, dtype="str")
    return emptied(rows.assign(status=pd.Series(status, dtype="str"), reason=reason)), np.where(status == "suppressed", reasons, "")


def _groups(rows: pd.DataFrame, reasons: np.ndarray, policy: Policy) -> None:
    """Groups of people: as many hidden as it takes that the numbers of persons of none can be worked out."""
    first = rows.assign(at=np.arange(len(rows)), hide=np.isin(reasons, COUNTS_HIDDEN)).groupby(
        ["measure", "department", "subgroup"], dropna=False, sort=False)
    one = first.agg(hide=("hide", "any"), **{name: (name, "first") for name in ("persons_before", "persons_after")}).reset_index()
    gone = hidden_groups(rows=one.assign(table=one["measure"]), own=one["hide"].to_numpy(), fixed=one["subgroup"].isna().to_numpy(),
                         persons=one[["persons_before", "persons_after"]].to_numpy(dtype=float), least=(1.0, 1.0), policy=policy)
    keys = set(_keys(one[gone]))
    for at, key in enumerate(_keys(rows)):
        if key in keys and reasons[at] == "":
            reasons[at] = "protects_another"


def _sides_of_groups(series: pd.DataFrame) -> set[tuple[str, str, str]]:
    """(measure, department, group) with a hidden side."""
    rows = series[series["subgroup"].notna() & series["status"].eq("suppressed") & series["phase"].isin(["before", "after"])]
    return set(_keys(rows))


def _reasons(rows: pd.DataFrame, hidden: set, groups: set, policy: Policy) -> np.ndarray:
    persons = rows[["persons_before", "persons_after"]].to_numpy(dtype=float)
    n = rows[["n_before", "n_after"]].to_numpy(dtype=float)
    found = rows["estimate"].notna().to_numpy()
    side = np.array([key in groups or any((*key[:2], phase) in hidden for phase in ("before", "after")) for key in _keys(rows)], dtype=bool)
    left = np.nansum(n, axis=1) - rows["departments"].fillna(1).to_numpy() - 2
    rules = {
        "persons_unknown": np.isnan(persons).all(axis=1) & found,
        "few_persons": ((persons > 0) & (persons < policy.min_persons)).any(axis=1),
        "side_hidden": side,
        "few_rows": found & ((n > 0) & (n < policy.min_n_spread)).any(axis=1),
        "few_degrees_of_freedom": found & (left < policy.min_df),
    }
    if not policy.hides:
        return np.full(len(rows), "", dtype=object)
    return np.select(list(rules.values()), list(rules), default="").astype(object)


def release_notes(*, result: Result, estimates: pd.DataFrame, policy: Policy) -> pd.DataFrame:
    """Remarks on hidden rows go; what is hidden is said in their place. Numbers that count persons or rows go too."""
    notes = result.notes.reset_index(drop=True)
    if not policy.hides:
        return notes
    keys = ["measure", "department", "subgroup"]
    rows = estimates[[*keys, "status"]]
    shown = set(_keys(rows[rows["status"].ne("suppressed")]))
    hidden = rows.loc[rows["status"].eq("suppressed"), keys].drop_duplicates()
    gone = [key for key in _keys(hidden) if key not in shown]
    kept = notes[np.array([key not in set(gone) for key in _keys(notes)], dtype=bool)]
    kept = kept.assign(value=kept["value"].where(kept["code"].isin(SAFE_VALUES)))
    said = pd.DataFrame([dict(zip(keys, key, strict=True)) for key in gone], columns=keys)
    said = said.assign(code="small_numbers_hidden", severity="caution", value=np.nan, subgroup=said["subgroup"].replace("", None))
    return pd.concat([kept, said[list(notes.columns)].astype(notes.dtypes.to_dict())], ignore_index=True)


def _keys(frame: pd.DataFrame) -> list[tuple[str, str, str]]:
    return list(zip(frame["measure"], frame["department"], frame["subgroup"].fillna(""), strict=True))
