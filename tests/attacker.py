"""An attacker who has everything that was released and a solver: how closely can she bound what is hidden?

She knows the rollout register, the limits of the gate and that a row marked hidden is not empty; a row that is not
there is. Unknown are whole numbers, one per department, month and phase; every released count is a sum of them. The
integer programmes (scipy's ``milp``) share no code with the gate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from evaltool.design import StudyDesign
from evaltool.result import ALL, Release

STEP = {"month": "M", "quarter": "Q", "year": "Y"}
TURNS = ("start", "wash_in_end", "paused_from", "paused_to")


@dataclass
class Sums:
    """Equations and inequalities over the unknown atoms."""

    atoms: pd.DataFrame
    rows: list[np.ndarray] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    tables: list[np.ndarray] = field(default_factory=list)

    def add(self, mask: np.ndarray, low: float, high: float) -> None:
        self.rows.append(np.flatnonzero(mask))
        self.low.append(low)
        self.high.append(high)

    def bounds(self, mask: np.ndarray) -> tuple[float, float]:
        """Smallest and largest sum of the atoms in ``mask`` that fits everything known (inf: no limit)."""
        n = len(self.atoms)
        column = np.concatenate(self.rows) if self.rows else np.zeros(0, dtype=int)
        row = np.repeat(np.arange(len(self.rows)), [len(r) for r in self.rows])
        matrix = csr_array((np.ones(len(column)), (row, column)), shape=(len(self.rows), n))
        ends = []
        for sign in (1.0, -1.0):
            done = milp(sign * mask.astype(float), integrality=np.ones(n), bounds=Bounds(0, np.inf),
                        constraints=LinearConstraint(matrix, self.low, self.high))
            assert done.status in (0, 3, 4), f"the attacker's own equations do not hold: {done.message}"
            ends.append(sign * np.inf * -1 if done.x is None else float(round(mask @ done.x)))
            self.tables += [] if done.x is None else [np.round(done.x)]
        return ends[0], ends[1]

    def narrow(self, mask: np.ndarray, limit: int) -> tuple[float, float] | None:
        """The bounds of the sum of ``mask`` where they are too close, else None. Whole tables found before fit everything
        known too: where these already lie far enough apart, no programme has to be solved."""
        seen = [float(mask @ table) for table in self.tables]
        if seen and not close(min(seen), max(seen), limit):
            return None
        low, high = self.bounds(mask)
        return (low, high) if close(low, high, limit) else None


def close(low: float, high: float, limit: int) -> bool:
    return high < limit or high - max(low, 1) < limit - 1


def register_atoms(release: Release, series: pd.DataFrame, monthly: bool) -> pd.DataFrame:
    """Department, month and phase that can be: not in a phase, year or month that everybody can see is empty."""
    periods = series[series["kind"] == "period"]
    first, last = (periods["period"].min(), periods["period"].max()) if len(periods) else (pd.Timestamp("2020-01-01"),) * 2
    months = pd.date_range(first, max(last + pd.offsets.YearEnd(0), last), freq="MS")
    design = StudyDesign(register=release.register, as_of=release.provenance.as_of, wash_in=release.spec.wash_in)
    place = release.register.drop_duplicates("department")
    pairs = place[["department"]].merge(pd.DataFrame({"month": months}), how="cross")
    looked = [pairs.assign(day=pairs["month"]), pairs.assign(day=pairs["month"] + pd.offsets.MonthEnd(0))]
    for turn in TURNS if not monthly else ():
        there = place[place[turn].notna()]
        looked.append(pd.DataFrame({"department": there["department"], "month": there[turn].dt.to_period("M").dt.start_time, "day": there[turn]}))
    days = pd.concat(looked, ignore_index=True)
    days = days[days["month"].isin(months)].reset_index(drop=True)
    atoms = days.assign(phase=design.phase(department=days["department"], date=days["day"]).to_numpy())[["department", "month", "phase"]].drop_duplicates()
    if monthly:
        atoms["phase"] = atoms["phase"].mask(atoms.duplicated(["department", "month"], keep=False), "split")
        atoms = atoms.drop_duplicates()
    named = set(zip(*(series.loc[series["kind"] == "phase", c] for c in ("department", "phase")), strict=True))
    keep = [(d, p) in named or p == "split" for d, p in zip(atoms["department"], atoms["phase"], strict=True)]
    atoms = atoms[keep]
    # A year of bed-days that is not whole has no row: only a missing month is empty there.
    for (department, grain), rows in periods[periods["grain"].eq("month") | (not monthly)].groupby(["department", "grain"]):
        there = set(rows["period"].dt.to_period(STEP[grain]))
        inside = atoms["month"].dt.to_period(STEP[grain]).isin(there)
        atoms = atoms[inside | ((atoms["department"] != department) & (department != ALL))]
    return atoms.reset_index(drop=True)


LAYERS = {"rows": "persons", "inside": "persons_numerator", "outside": "persons_complement"}


def group_atoms(series: pd.DataFrame) -> pd.DataFrame:
    """Department, group and phase of a table split by groups of people."""
    leaf = series[series["subgroup"].notna() & series["department"].ne(ALL)]
    return leaf[["department", "subgroup", "phase"]].drop_duplicates().reset_index(drop=True)


def group_mask(*, atoms: pd.DataFrame, row) -> np.ndarray:
    """Which atoms a row of such a table is the sum of."""
    mine = (atoms["phase"] == row.phase).to_numpy(copy=True)
    if row.department != ALL:
        mine &= (atoms["department"] == row.department).to_numpy()
    if isinstance(row.subgroup, str):
        mine &= (atoms["subgroup"] == row.subgroup).to_numpy()
    return mine


def attack_groups(
    *, truth: pd.DataFrame, released: pd.DataFrame, limit: int, rounded: Mapping[str, tuple[np.ndarray, np.ndarray]] | None = None
) -> list[dict]:
    """Hidden cells of fewer than ``limit`` persons that are bounded too closely (under the limit, or to fewer values than
    there are numbers of persons under it), for one measure split by the groups of one covariate.

    truth, released: series rows of kind ``phase`` in the same order; ``released`` with ``status``. rounded: for ``rows`` and ``inside`` the least and the most
    that each row can be by its rounded number, if such numbers were shown where the row is hidden."""
    atoms, found = group_atoms(truth), []
    masks = [group_mask(atoms=atoms, row=row) for row in truth.itertuples()]
    shown = released["status"].eq("shown").to_numpy()
    empty = _may_be_empty(atoms, released, limit)
    for what, persons in LAYERS.items():
        known = Sums(atoms=atoms)
        for own, row in zip(masks, released.itertuples(), strict=True):
            if row.status == "shown":
                count = {"rows": row.denominator, "inside": row.numerator, "outside": row.denominator - row.numerator}[what]
                if count == count:
                    known.add(own, count, count)
            elif row.status == "suppressed" and what == "rows" and not (row.department in empty and isinstance(row.subgroup, str)):
                known.add(own, 1, np.inf)
            elif row.status == "no_data":
                known.add(own, 0, 0)
        for own, low, high in zip(masks, *rounded[what], strict=True) if rounded and what in rounded else ():
            known.add(own, low, high)
        small = ~shown & truth[persons].gt(0).to_numpy() & truth[persons].lt(limit).to_numpy()
        for at in np.flatnonzero(small):
            if ends := known.narrow(masks[at], limit):
                found.append({"what": what, **truth.iloc[at][["department", "subgroup", "phase"]].to_dict(), "low": ends[0], "high": ends[1]})
    return found


def _may_be_empty(atoms: pd.DataFrame, released: pd.DataFrame, limit: int) -> set[str]:
    """Departments that are not split because of their sum, so that a group marked hidden may be empty there."""
    groups = atoms["subgroup"].nunique()
    everybody = released[released["subgroup"].isna()].set_index("department")
    split = released[released["subgroup"].notna()].groupby("department")["status"].agg(lambda s: s.eq("suppressed").all())
    return {d for d, all_hidden in split.items() if all_hidden and d in everybody.index
            and (everybody.loc[d, "status"] == "suppressed" or everybody.loc[d, "denominator"] < limit + groups - 1)}
