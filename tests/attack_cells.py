"""The attacker on many releases at once: every number of rows that is shown anywhere is an equation over one set of cells.

A cell is a count of one measure in one place: department, group of people, phase, period; in all, inside and outside a
share. She knows what is a sum of what (departments, services, phases, months, groups, classes of one whole, stages of a
flow, the two sides of a gap), which measures count the same rows, the rollout register and that a row marked hidden is not
empty. Whole numbers are whole. Everything she assumes holds in the truth, else the attack stops. No code of the gate.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from attacker import STEP, register_atoms

from evaltool.measures import register
from evaltool.result import ALL, Release, Result

PLACE = ["department", "subgroup", "phase", "grain", "period"]
CELL = ["unit", "layer", *PLACE]
MONTHLY = ("count", "rate")
PERSONS = {"rows": "persons", "inside": "persons_numerator", "outside": "persons_complement"}
KINDS = {
    "phase": "sum of departments, groups and months", "period": "sum of departments and finer periods", "whole": "sum of phases",
    "part": "what phases and periods are sums of", "service": "sum of its departments", "phase_median": "same rows as kind phase",
    "expected": "same rows as kind phase", "observed_expected": "same rows as kind phase", "definition": "by itself",
    "flow": "stages of one flow", "formula": "by itself", "alone": "by itself", "tenancy_median": "sum of departments",
    "moved_on": "inside kind phase", "before": "sum of departments", "after": "sum of departments", "change": "sum of departments",
    "filled": "by itself", "filled_band": "by itself", "filled_band_total": "by itself", "cell": "rounded, and refused beside exact numbers (``attack_counts``)",
    "reach": "sum of departments", "reach_band": "by itself", "users": "sum of departments", "spread": "by itself",
}
"""What the attacker makes of each kind of series row. Beside these: classes of one whole, below."""
CLASSES = ("answer_", "class_", "phase_", "to_")
"""Beginnings of kinds that are classes of one whole: their numerators add up to the rows."""
FLOW = {"index": ("readmitted", "not_readmitted")}


def known_kind(kind: str) -> bool:
    return kind in KINDS or kind.startswith(CLASSES)


@dataclass
class System:
    """Cells (``frame``: CELL, value, known, small, there) as unknowns, and what she knows of them as rows of numbers."""

    frame: pd.DataFrame
    served: dict[str, set[str]]
    rows: list[tuple[np.ndarray, np.ndarray, float, float]] = field(default_factory=list)

    def add(self, at, weight, low: float = 0.0, high: float = 0.0) -> None:
        """``low <= sum(weight * cell) <= high``; left out where it does not hold in the truth."""
        at, weight = np.asarray(at), np.asarray(weight, dtype=float)
        told = float(weight @ self.frame["value"].to_numpy()[at])
        if low - 1e-6 <= told <= high + 1e-6:
            self.rows.append((at, weight, low, high))

    def total(self, whole: int, parts) -> None:
        """``whole`` is the sum of ``parts``, or more than that where somebody is in none of them."""
        parts = np.asarray(parts)
        rest = self.frame["value"].iloc[whole] - self.frame["value"].to_numpy()[parts].sum()
        self.add([whole, *parts], [1.0] + [-1.0] * len(parts), 0.0, 0.0 if abs(rest) < 1e-6 else np.inf)


def cells(*, name: str, result: Result, release: Release) -> pd.DataFrame:
    """One row per cell and layer of a release: CELL, ``value`` (the truth), ``known``, ``small`` (persons) and ``hidden``."""
    return pd.concat([_series(name, result, release), _estimates(name, result, release)], ignore_index=True)


def _series(name: str, result: Result, release: Release) -> pd.DataFrame:
    keys = ["measure", "kind", *PLACE]
    truth = pd.concat([result.series, release.series[release.series["kind"].eq("service")]], ignore_index=True)
    truth = truth.drop_duplicates(keys).reset_index(drop=True)
    unknown = [kind for kind in truth["kind"].unique() if not known_kind(kind)]
    assert not unknown, f"what is {unknown} the sum of? Say so in KINDS"
    seen = release.series.drop_duplicates(keys).set_index(keys).reindex(pd.MultiIndex.from_frame(truth[keys])).reset_index(drop=True)
    out = []
    for layer in PERSONS:
        told = seen["status"].eq("shown") & _count(truth, layer, truth).notna() & _count(truth, layer, seen).notna()
        out.append(truth[PLACE].assign(
            unit=truth["measure"] + "|" + truth["kind"], layer=layer, value=_count(truth, layer, truth), known=told,
            persons=truth[PERSONS[layer]], hidden=seen["status"].eq("suppressed"), release=name))
    found = pd.concat(out, ignore_index=True)
    return found[found["value"].notna()]


def _count(truth: pd.DataFrame, layer: str, numbers: pd.DataFrame) -> pd.Series:
    """The count of a layer, from the columns of ``numbers``: of months the amount, of an exposure the rows it is made of."""
    kinds = {m.id: m.kind for m in register().values()}
    monthly = truth["measure"].map(kinds).isin(MONTHLY)
    other = truth["kind"].eq("flow") | truth["unit"].eq("per_100_years") | truth["kind"].eq("reach_band")
    share = truth["persons_numerator"].notna()
    if layer == "rows":
        return numbers["denominator"].mask(other, numbers["n"]).mask(monthly, numbers["numerator"])
    inside = numbers["numerator"].where(share & ~monthly).mask(truth["kind"].eq("flow"), numbers["value"])
    return inside if layer == "inside" else (numbers["denominator"] - inside).mask(other)


def _estimates(name: str, result: Result, release: Release) -> pd.DataFrame:
    """Numbers of rows beside the answers, and of shares of persons who left or came the number of them. What is shown is read
    from the release itself, which may have other answers than ``result``; what is hidden is looked up there."""
    keys = ["measure", "department", "subgroup", "estimand", "method"]
    seen = release.estimates.drop_duplicates([*keys[:-1], "method"])
    truth = result.estimates.drop_duplicates(keys)
    shown = seen[seen["status"].ne("suppressed")].assign(known=True)
    # A hidden row has no method left to know it by.
    left = truth.merge(shown[keys], on=keys, how="left", indicator=True)
    rows = pd.concat([shown, left[left["_merge"].eq("left_only")].assign(known=False)], ignore_index=True)
    group = rows["subgroup"].where(rows["subgroup"].fillna("").str.contains("="))
    variant = rows["subgroup"].where(group.isna(), None).fillna("")
    unit = rows["measure"] + "|answer|" + rows["estimand"].fillna("") + "|" + rows["method"].fillna("") + "|" + variant
    out = []
    for side, who in (("before", "leavers"), ("after", "joiners")):
        mine = rows[["department", "known"]].assign(subgroup=group, phase=side, grain=None, period=pd.NaT, unit=unit, release=name, hidden=False)
        out.append(mine.assign(layer="rows", value=rows[f"n_{side}"], persons=rows[f"persons_{side}"].mask(rows["known"])))
        gone = (rows["estimate"] * rows[f"persons_{side}"]).round().where(rows["subgroup"].eq(who) & rows["estimand"].eq("share"))
        out += [mine.assign(layer=layer, value=count, persons=count.mask(rows["known"]))
                for layer, count in (("inside", gone), ("outside", rows[f"persons_{side}"] - gone))]
    found = pd.concat(out, ignore_index=True)
    return found[found["value"].notna()].drop_duplicates(CELL)


def together(*, frames: list[pd.DataFrame]) -> pd.DataFrame:
    """All cells once: the same cell with the same truth in two releases is one, known if it is shown in either. A measure that
    counts otherwise in another release (a definition) is a measure of its own."""
    kept: dict[str, list[pd.DataFrame]] = {}
    for frame in frames:
        for unit, mine in frame.groupby("unit", sort=False):
            for n, other in enumerate(kept.setdefault(unit, [])):
                both = mine.merge(other, on=CELL, suffixes=("", "_other"))
                if np.allclose(both["value"], both["value_other"], atol=1e-6):
                    kept[unit][n] = pd.concat([other, mine], ignore_index=True)
                    break
            else:
                kept[unit].append(mine)
    every = pd.concat([one.assign(unit=unit if not n else f"{unit}@{n}") for unit, found in kept.items() for n, one in enumerate(found)],
                      ignore_index=True)
    return every.groupby(CELL, dropna=False, sort=False).agg(
        value=("value", "first"), known=("known", "any"), persons=("persons", "min"), hidden=("hidden", "all"), release=("release", "first"),
    ).reset_index()


def system(*, out: System, results: list[Result]) -> None:
    """Add everything the attacker knows of the cells."""
    for tell in (_departments, _services, _phases, _groups, _parts, _sides, _classes, _flow, _same_rows, _wash_in, _gaps):
        tell(out)
    _inside_another(out, results)


def _lines(frame: pd.DataFrame, by: list[str]) -> Iterator[pd.DataFrame]:
    return (mine for _, mine in frame.groupby(by, dropna=False, sort=False) if len(mine) > 1)


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    """``measure`` and ``kind`` of the units too."""
    parts = frame["unit"].str.split("@").str[0].str.split("|")
    return frame.assign(measure=parts.str[0], kind=parts.str[1])


def _departments(out: System) -> None:
    for mine in _lines(out.frame, [name for name in CELL if name != "department"]):
        whole = mine.index[mine["department"].eq(ALL)]
        if len(whole):
            out.total(whole[0], mine.index[mine["department"].ne(ALL)])


def _services(out: System) -> None:
    wholes = out.frame[out.frame["unit"].str.endswith("|service")]
    for row in wholes.itertuples():
        f = out.frame
        parts = f["unit"].eq(row.unit.replace("|service", "|phase")) & f["layer"].eq(row.layer) & f["phase"].eq(row.phase) & f["department"].isin(
            out.served[row.department]) & f["subgroup"].isna()
        out.total(row.Index, f.index[parts])


def _phases(out: System) -> None:
    f = out.frame[out.frame["unit"].str.contains(r"\|(?:whole|phase)$", regex=True)]
    f = _named(f)
    for mine in _lines(f, ["measure", "layer", "department", "subgroup"]):
        whole = mine.index[mine["kind"].eq("whole")]
        if len(whole) and mine["kind"].eq("phase").any():
            out.total(whole[0], mine.index[mine["kind"].eq("phase")])


def _groups(out: System) -> None:
    covariate = out.frame["subgroup"].fillna("").str.partition("=")[0].where(out.frame["subgroup"].fillna("").str.contains("="), "")
    apart = out.frame["subgroup"].notna() & covariate.eq("")
    f = out.frame.assign(covariate=covariate)[~apart]
    for mine in _lines(f, [name for name in CELL if name != "subgroup"]):
        whole = mine.index[mine["covariate"].eq("")]
        for name in set(mine["covariate"]) - {""} if len(whole) else ():
            out.total(whole[0], mine.index[mine["covariate"].eq(name)])


def _sides(out: System) -> None:
    """In all is inside and outside."""
    keys = ["unit", *PLACE]
    rows, inside, outside = (out.frame[out.frame["layer"].eq(layer)].rename_axis("at").reset_index()[[*keys, "at"]] for layer in PERSONS)
    for row in rows.merge(inside, on=keys, suffixes=("", "_in")).merge(outside, on=keys, suffixes=("", "_out")).itertuples():
        out.add([row.at, row.at_in, row.at_out], [1.0, -1.0, -1.0])


def _classes(out: System) -> None:
    """Classes of one whole: the same rows, and all numerators together are these rows."""
    f = _named(out.frame)
    stays = f["measure"].str.startswith("length_of_stay.class_")
    f = f[(f["kind"].str.startswith(CLASSES) & f["kind"].ne("phase_median")) | stays]
    f = f.assign(measure=f["measure"].mask(stays, "length_of_stay.class"), variant=f["unit"].str.split("@").str[1])
    for mine in _lines(f, ["measure", "variant", *PLACE]):
        rows, inside = mine.index[mine["layer"].eq("rows")], mine.index[mine["layer"].eq("inside")]
        for other in rows[1:]:
            out.add([rows[0], other], [1.0, -1.0])
        if len(inside):
            out.total(rows[0], inside)


def _flow(out: System) -> None:
    f = out.frame[out.frame["unit"].str.contains("|flow", regex=False) & out.frame["layer"].eq("inside")]
    for _, mine in f.groupby("unit"):
        at = dict(zip(mine["phase"], mine.index, strict=True))
        for whole, parts in FLOW.items():
            if {whole, *parts} <= set(at):
                out.total(at[whole], [at[p] for p in parts])


def _matrix(frame: pd.DataFrame) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Units, their values and the positions in ``frame``, by place."""
    place = frame.groupby(PLACE, dropna=False).ngroup()
    wide = frame.assign(place=place, at=frame.index).drop_duplicates(["unit", "place"]).pivot(index="unit", columns="place", values=["value", "at"])
    return list(wide.index), wide["value"].to_numpy(dtype=float), wide["at"].to_numpy(dtype=float)


FEWEST_ALIKE = 3


def _same_rows(out: System) -> None:
    """Measures whose numbers of rows are the same wherever both have some count the same rows: one is as good as the other.
    Numerators too, where two kinds of one measure have the same."""
    for layer in PERSONS:
        mine = out.frame[out.frame["layer"].eq(layer) & out.frame["value"].gt(0) & ~out.frame["unit"].str.endswith("|part")]
        units, value, at = _matrix(mine)
        base = np.array([_base(unit) if layer != "rows" else "" for unit in units])
        first: dict[bytes, int] = {}
        for i in range(len(units)):
            key = np.nan_to_num(value[i], nan=-1.0).tobytes() + base[i].encode()
            j = first.setdefault(key, i)
            _tie(out, at, i, j)
        left = np.array(sorted(first.values()))
        for n, i in enumerate(left):
            others = left[:n][base[left[:n]] == base[i]]
            both = ~np.isnan(value[i]) & ~np.isnan(value[others])
            same = (np.abs(np.where(both, value[i] - value[others], 0.0)) < 1e-6).all(axis=1) & (both.sum(axis=1) >= FEWEST_ALIKE)
            for j in others[same]:
                _tie(out, at, i, j)


def _base(unit: str) -> str:
    """The measure, or the one of the register that its name begins with: two items are not one because a few numbers agree."""
    measure = unit.partition("|")[0].partition("@")[0]
    return measure.partition(".")[0] if measure.partition(".")[0] in register() else measure


def _tie(out: System, at: np.ndarray, i: int, j: int) -> None:
    if i != j:
        for k in np.flatnonzero(~np.isnan(at[i]) & ~np.isnan(at[j])):
            out.add([int(at[i, k]), int(at[j, k])], [1.0, -1.0])


def _wash_in(out: System) -> None:
    """Answers in which after counts the wash-in too."""
    f = out.frame[out.frame["layer"].eq("rows") & out.frame["subgroup"].isna()]
    for unit, mine in f[f["unit"].str.contains("|answer|", regex=False) & f["phase"].eq("after")].groupby("unit"):
        series = f[f["unit"].eq(unit.partition("|")[0] + "|phase") & f["phase"].isin(["after", "wash_in"])]
        for row in mine.itertuples():
            parts = series.index[series["department"].eq(row.department)]
            if len(parts) == 2:
                out.add([row.Index, *parts], [1.0, -1.0, -1.0])


def _gaps(out: System) -> None:
    """A gap between staff and users of a department rests on the forms of both; what the form of each is counts elsewhere."""
    f = out.frame[out.frame["layer"].eq("rows")]
    measure = _named(f)["measure"]
    for row in f[measure.str.endswith((".staff-user", ".leader-staff", ".leader-user"))].itertuples():
        family, scale, pair = row.unit.partition("|")[0].split(".")
        forms = {"staff": f"{family}_provider", "user": f"{family}_person", "leader": f"{family}_leader"}
        sides = [f.index[measure.isin([f"domain.{forms[side]}.{scale}", f"{forms[side].replace('_provider', '')}_{scale}"]) & f["unit"].str.endswith("|phase")
                         & f["department"].eq(row.department) & f["phase"].eq(row.phase) & f["subgroup"].isna()] for side in pair.split("-")]
        if all(len(side) for side in sides):
            # Leaders answer the staff form too: it counts at least those it is compared by.
            out.add([row.Index, sides[0][0], sides[1][0]], [1.0, -1.0, -1.0], -np.inf, 0.0)
            out.add([row.Index, sides[1][0]], [1.0, -1.0], 0.0, np.inf)


def _inside_another(out: System, results: list[Result]) -> None:
    pairs = {(name, other) for result in results for group in result.spec.nested for name in group for other in group if name != other}
    pairs |= {(m.id, m.inside) for m in register().values() if m.inside} | {("housing.moves|moved_on", "housing.moves|phase")}
    f = out.frame[out.frame["layer"].eq("inside")]
    keys = [name for name in CELL if name != "unit"]
    for name, other in pairs:
        mine, whole = (f[f["unit"].eq(one) | f["unit"].str.startswith(f"{one}|")].reset_index() for one in (name, other))
        for row in mine.merge(whole, on=keys).itertuples():
            out.add([row.index_y, row.index_x], [1.0, -1.0], 0.0, np.inf)


def _parts(out: System) -> None:
    """Phases and periods of a department are sums of the same months."""
    f = out.frame
    parts = f[f["unit"].str.endswith("|part")]
    for (unit, layer), mine in parts.groupby(["unit", "layer"], sort=False):
        base = unit.removesuffix("|part")
        places = set(mine["department"])
        own = f[f["unit"].isin([f"{base}|phase", f"{base}|period"]) & f["layer"].eq(layer) & f["subgroup"].isna()]
        month = {grain: mine["period"].dt.to_period(step) for grain, step in STEP.items()}
        for row in own.itertuples():
            if row.department == ALL or row.department in places:
                here = mine["department"].eq(row.department) | (row.department == ALL)
                here &= mine["phase"].eq(row.phase) if row.unit.endswith("|phase") else month[row.grain].eq(row.period.to_period(STEP[row.grain]))
                out.total(row.Index, mine.index[here])


def with_atoms(*, frame: pd.DataFrame, pairs: list[tuple[str, Result, Release]]) -> pd.DataFrame:
    """``frame`` and one cell for every department, month and phase that the register allows, empty ones too: she does not
    know which are."""
    more, done = [], set()
    for _, _, release in pairs:
        for measure in set(release.series.loc[release.series["kind"].eq("period"), "measure"]) - done:
            done.add(measure)
            layers = frame.loc[frame["unit"].eq(f"{measure}|part"), "layer"].unique()
            series = release.series[release.series["measure"].eq(measure) & release.series["subgroup"].isna()]
            monthly = measure in register() and register()[measure].kind in MONTHLY
            if len(layers):
                atoms = register_atoms(release, series[series["kind"].isin(["phase", "period"])], monthly).rename(columns={"month": "period"})
                atoms = atoms.assign(unit=f"{measure}|part", subgroup=None, grain=None, value=0.0, known=False, persons=np.nan, hidden=False, release="")
                more += [atoms.assign(layer=layer) for layer in layers]
    every = pd.concat([frame.assign(grain=frame["grain"].where(~frame["unit"].str.endswith("|part"), None)), *more], ignore_index=True)
    return every.drop_duplicates(CELL).reset_index(drop=True)
