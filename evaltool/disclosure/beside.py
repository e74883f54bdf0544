"""Before/after answers beside each other: what several answers, or all departments and each, would give away together."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..measures import register
from ..result import ALL
from .memory import MONTHLY
from .policies import Policy

POOLED = ("pooled_reml_hartung_knapp", "prediction_interval", "shrunken")
"""Methods whose rows are made of the departments' own answers."""
FEWEST_POOLED = 3
"""Of one or two hidden answers, mean, error and spread of all would tell both answer and error."""
MAIN = "wash_in:planned"
HALVES = "only:"
PARTS = ("wash_in:", HALVES, "filled_in")
"""Variants of an answer (``compare.sensitivity``) that rest on other rows than the answer itself."""
SIDES = ("before", "after")
TURNOVER = {"leavers": "persons_before", "joiners": "persons_after"}
"""Shares among the estimates, and the persons they are shares of."""


def hide_beside(*, rows: pd.DataFrame, reasons: np.ndarray, hidden: set[tuple[str, str, str]], policy: Policy) -> None:
    """Write the reasons of estimates that are hidden because of others. rows: a Result's estimates; reasons: what is hidden
    for its own sake, "" where it is not; hidden: (measure, department, phase) that the series hides."""
    _other_wash_in(rows, reasons, hidden)
    _differs_by_few(rows, reasons, policy)
    before = -1
    while before != (reasons == "").sum():
        before = (reasons == "").sum()
        for at in rows.groupby(["measure", "subgroup"], dropna=False, sort=False).indices.values():
            _sum_of_departments(rows.iloc[at], at, reasons, policy)
            _pooled(rows.iloc[at], at, reasons)
        _two_halves(rows, reasons)


def _other_wash_in(rows: pd.DataFrame, reasons: np.ndarray, hidden: set[tuple[str, str, str]]) -> None:
    """With another wash-in, after counts the wash-in too: the difference would tell a phase that is hidden."""
    partly = {(measure, place) for measure, place, _ in hidden}
    other = rows["subgroup"].fillna("").str.startswith("wash_in:") & rows["subgroup"].ne(MAIN)
    for i in np.flatnonzero(other.to_numpy() & (reasons == "")):
        if (rows["measure"].iat[i], rows["department"].iat[i]) in partly:
            reasons[i] = "side_hidden"


def _differs_by_few(rows: pd.DataFrame, reasons: np.ndarray, policy: Policy) -> None:
    """The same question asked of nearly the same rows, or of rows that leave out a few persons: the numbers go with the
    answer, as they do where ``compare.sensitivity`` kept the answer back. Months are no persons."""
    main = rows[rows["subgroup"].eq(MAIN)].drop_duplicates(["measure", "department"]).set_index(["measure", "department"])
    part = rows["subgroup"].fillna("").str.startswith(PARTS) & rows["subgroup"].ne(MAIN)
    at = np.flatnonzero(part.to_numpy() & (reasons == ""))
    if main.empty or not len(at):
        return
    mine = rows.iloc[at]
    own = main.reindex(pd.MultiIndex.from_frame(mine[["measure", "department"]]))
    halves = mine["subgroup"].str.startswith(HALVES).to_numpy()
    months = mine["measure"].isin([m.id for m in register().values() if m.kind in MONTHLY]).to_numpy()
    kept_back = (mine["estimate"].isna() & mine["persons_after"].gt(0) & mine["persons_before"].gt(0)).to_numpy()
    few = kept_back & mine["department"].ne(ALL).to_numpy()
    for side in SIDES:
        for count, counts in (("n", ~months), ("persons", halves)):
            apart = np.abs(mine[f"{count}_{side}"].to_numpy() - own[f"{count}_{side}"].to_numpy())
            few |= counts & (apart > 0) & (apart < policy.min_persons)
    reasons[at[few]] = "differs_little"


def _two_halves(rows: pd.DataFrame, reasons: np.ndarray) -> None:
    """Those seen twice and those seen once are everybody: where one is hidden, the other would tell it."""
    half = rows["subgroup"].fillna("").str.startswith(HALVES).to_numpy()
    gone = set(rows.loc[half & (reasons != ""), ["measure", "department"]].itertuples(index=False, name=None))
    for i in np.flatnonzero(half & (reasons == "")):
        if (rows["measure"].iat[i], rows["department"].iat[i]) in gone:
            reasons[i] = "protects_another"


def _sum_of_departments(mine: pd.DataFrame, at: np.ndarray, reasons: np.ndarray, policy: Policy) -> None:
    """One measure and group, departments and their sum: the smallest go with a small hidden one until it is safe among
    them; where all are hidden, the sum goes."""
    first = mine.assign(at=at).drop_duplicates("department").set_index("department")
    if ALL not in first.index or len(first) < 2:
        return
    while reasons[first.loc[ALL, "at"]] == "":
        gone = pd.Series(reasons[first["at"]] != "", index=first.index)
        places = first.drop(index=ALL)
        if _safe(places, gone, policy) and _safe_share(first, gone, policy):
            return
        free = places[~gone.drop(index=ALL) & places["persons_before"].add(places["persons_after"]).gt(0)]
        size = free["persons_before"] + free["persons_after"]
        name = size.idxmin() if len(size) else ALL
        own = at[mine["department"].eq(name).to_numpy()]
        reasons[own[reasons[own] == ""]] = "protects_another"


def _safe(places: pd.DataFrame, gone: pd.Series, policy: Policy) -> bool:
    """Has every small hidden number of persons a hidden one beside it that is not small?"""
    out = places[gone.drop(index=ALL)]
    return all(not (persons.gt(0) & persons.lt(policy.min_persons)).any() or persons.ge(policy.min_persons).any()
               for persons in (out[f"persons_{side}"] for side in SIDES))


def _safe_share(first: pd.DataFrame, gone: pd.Series, policy: Policy) -> bool:
    """Of a share of persons: what is left of the sum is several departments, and few neither inside nor outside."""
    side = TURNOVER.get(str(first["subgroup"].iloc[0]))
    if side is None or pd.isna(first.loc[ALL, "estimate"]):
        return True
    places = first.drop(index=ALL)
    left = places[(gone.drop(index=ALL) | places["estimate"].isna()) & places[side].gt(0)]
    if left.empty:
        return True
    shown = places.drop(index=left.index)
    persons = first.loc[ALL, side] - shown[side].sum()
    inside = round(first.loc[ALL, "estimate"] * first.loc[ALL, side] - (shown["estimate"] * shown[side]).sum())
    return len(left) > 1 and not any(0 < n < policy.min_persons for n in (inside, persons - inside))


def _pooled(mine: pd.DataFrame, at: np.ndarray, reasons: np.ndarray) -> None:
    """Answers pooled over departments of which one or two are hidden go, and so do the answers drawn towards them."""
    made = mine["method"].isin(POOLED).to_numpy()
    if not made.any():
        return
    drawn = mine["method"].eq("shrunken").to_numpy()
    one = drawn if drawn.any() else ~made & mine["std_error"].gt(0).to_numpy()
    gone = set(mine.loc[one & (reasons[at] != "") & mine["department"].ne(ALL).to_numpy(), "department"])
    if 0 < len(gone) < FEWEST_POOLED:
        reasons[at[made & (reasons[at] == "")]] = "protects_another"
