"""The disclosure gate: ``release(result=, policy=)`` is the only way from a Result to something that is shown.

What is hidden, and why:

* a number built on fewer than ``min_persons`` persons; persons are counted, not rows;
* a share whose numerator, or the rest of its denominator, comes from fewer than ``min_persons`` persons;
* a before/after answer when either of its two sides is hidden;
* enough further departments that what is left when the shown departments are subtracted from the total is itself
  showable (complement in a column);
* a time series that would need holes: it is shown at the finest grain (month, quarter, year) where no period has
  to be hidden, and never at two grains, so that periods cannot be subtracted from a total.

The lower bound for persons behind several departments is the largest of them, because one person may use more
than one department.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace

import numpy as np
import pandas as pd

from .errors import UsageError
from .result import ALL, Provenance, Release, Result, Spec

GRAINS = ("month", "quarter", "year")
KEPT_WHEN_HIDDEN = ("measure", "department", "subgroup", "kind", "phase", "grain", "period", "contrast", "unit", "status")
STRICT_MIN = 10


@dataclass(frozen=True)
class Policy:
    """What may be shown. ``min_persons``: the smallest number of persons behind any number."""

    name: str
    min_persons: int


def policy(*, name: str = "default", min_persons: int = 5) -> Policy:
    """The policy called ``name``: ``default`` takes the study's ``min_persons``, ``strict`` at least ten.

    Raises UsageError on an unknown name or a limit under three.
    """
    if name not in ("default", "strict"):
        raise UsageError("unknown_policy", got=name, expected="default, strict")
    if min_persons < 3:
        raise UsageError("min_persons", got=min_persons)
    return Policy(name=name, min_persons=max(min_persons, STRICT_MIN) if name == "strict" else min_persons)


def release(*, result: Result, policy: Policy) -> Release:
    """``result`` with everything hidden that ``policy`` does not allow; hidden cells are emptied, not masked."""
    series = result.series[result.series["kind"].ne("part")].reset_index(drop=True)
    hidden_phases = _hidden_phases(series[series["kind"].str.startswith("phase")], policy)
    shown_grain = _grains(series[series["kind"] == "period"], hidden_phases, policy)
    released_series = _release_series(series, hidden_phases, shown_grain, policy)
    estimates = _release_estimates(result.estimates.reset_index(drop=True), hidden_phases, policy)
    notes = _release_notes(result.notes, estimates)
    return Release(
        estimates=estimates, series=released_series, notes=notes, register=result.register, events=result.events,
        spec=result.spec, provenance=result.provenance, policy={"name": policy.name, "min_persons": policy.min_persons},
    )


def select(*, release: Release, departments: tuple[str, ...] = (), measures: tuple[str, ...] = ()) -> Release:
    """The rows of some departments and measures of a Release (empty: all). Choosing comes after the gate, so a
    filter never makes new numbers. Raises UsageError naming the known ones."""
    known = {"department": [*release.register["department"], ALL], "measure": list(release.spec.measures)}
    keep = {"department": tuple(departments), "measure": tuple(measures)}
    for column, wanted in keep.items():
        unknown = [name for name in wanted if name not in known[column]]
        if unknown:
            raise UsageError(f"unknown_{column}", got=", ".join(unknown), expected=", ".join(known[column]))

    def cut(frame: pd.DataFrame) -> pd.DataFrame:
        for column, wanted in keep.items():
            if wanted and column in frame:
                frame = frame[frame[column].isin(wanted)]
        return frame.reset_index(drop=True)

    places = keep["department"] and release.register["department"].isin(keep["department"])
    register = release.register if not len(places) or ALL in keep["department"] else release.register[places]
    spec = replace(release.spec, measures=tuple(m for m in release.spec.measures if not measures or m in measures))
    return replace(release, estimates=cut(release.estimates), series=cut(release.series), notes=cut(release.notes),
                   register=register.reset_index(drop=True), spec=spec)


def within(*, release: Release, departments: tuple[str, ...]) -> Release:
    """What somebody gets who may see ``departments`` only: their rows, the totals, and no other department's line in
    the register or the events. Raises UsageError on an unknown department."""
    mine = select(release=release, departments=(*departments, ALL))

    def cut(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["department"].isin(departments)].reset_index(drop=True)

    spec = replace(mine.spec, departments=tuple(name for name in mine.spec.departments if name in departments))
    return replace(mine, register=cut(mine.register), events=cut(mine.events), spec=spec)


def during(*, release: Release, first: dt.date | None, last: dt.date | None) -> Release:
    """Only the calendar periods that begin from ``first`` to ``last``; answers before and after stay as they are."""
    rows = release.series
    keep = rows["kind"].ne("period")
    inside = rows["period"].ge(pd.Timestamp(first or pd.Timestamp.min)) & rows["period"].le(pd.Timestamp(last or pd.Timestamp.max))
    return replace(release, series=rows[keep | inside].reset_index(drop=True))


def parts(release: Release) -> tuple[dict[str, pd.DataFrame], dict]:
    """A Release as its frames by name and the rest as plain JSON values, to be kept and made whole again by ``restore``."""
    values = {f.name: getattr(release, f.name) for f in fields(release)}
    frames = {name: value for name, value in values.items() if isinstance(value, pd.DataFrame)}
    provenance = {**asdict(release.provenance), "as_of": release.provenance.as_of.isoformat()}
    return frames, {"spec": asdict(release.spec), "provenance": provenance, "policy": dict(release.policy)}


def restore(*, frames: Mapping[str, pd.DataFrame], facts: Mapping) -> Release:
    """The Release that ``parts`` took apart: it has passed the gate before and is not changed."""
    spec = Spec(**{name: tuple(value) if isinstance(value, list) else value for name, value in facts["spec"].items()})
    as_of = dt.date.fromisoformat(facts["provenance"]["as_of"])
    provenance = Provenance(**{**facts["provenance"], "as_of": as_of})
    return Release(**frames, spec=spec, provenance=provenance, policy=facts["policy"])


def demand_release(value: object) -> Release:
    """``value`` if it is a Release; everything that shows something calls this first."""
    if not isinstance(value, Release):
        raise UsageError("not_released", got=type(value).__name__)
    return value


def _risky(rows: pd.DataFrame, policy: Policy) -> pd.Series:
    """True where a row rests on too few persons, or its numerator or the rest of its denominator does."""
    low = pd.Series(False, index=rows.index)
    for column in ("persons", "persons_numerator", "persons_complement"):
        low |= rows[column].gt(0) & rows[column].lt(policy.min_persons)
    return low


def _hidden_phases(phases: pd.DataFrame, policy: Policy) -> set[tuple]:
    """Keys (measure, subgroup, department, phase) that must be hidden, complements in the department total included."""
    rows = phases[phases["persons"].fillna(0).gt(0)]
    rows = rows.assign(risky=_risky(rows, policy))
    hidden: set[tuple] = set()
    keys = ["measure", "subgroup", "phase"]
    for (measure, subgroup, phase), block in rows.groupby(keys, dropna=False, sort=False):
        block = _one_row_per_department(block)
        names = set(block.loc[block["risky"], "department"])
        if ALL in set(block["department"]) and ALL not in names:
            names |= _complement(block[block["department"] != ALL], names, policy)
        hidden |= {(measure, _text(subgroup), name, phase) for name in names}
    return hidden


def _one_row_per_department(block: pd.DataFrame) -> pd.DataFrame:
    """The smallest basis and the worst risk over the kinds of row (mean and median) a department has in one phase."""
    return block.groupby("department", as_index=False, sort=False).agg(
        persons=("persons", "min"), risky=("risky", "max"),
        persons_numerator=("persons_numerator", "min"), persons_complement=("persons_complement", "min"),
    )


def _complement(block: pd.DataFrame, hidden: set[str], policy: Policy) -> set[str]:
    """Further departments to hide (smallest first) until the hidden ones together could be shown; at worst the total."""
    more: set[str] = set()
    order = block.sort_values(["persons", "department"])["department"].tolist()
    while hidden | more and not _showable_together(block[block["department"].isin(hidden | more)], policy):
        rest = [name for name in order if name not in hidden | more]
        more.add(rest[0] if rest else ALL)
        if not rest:
            break
    return more


def _showable_together(rows: pd.DataFrame, policy: Policy) -> bool:
    """Could the sum of these departments be shown? Two at least, and each count of persons surely large enough."""
    if len(rows) < 2:
        return False
    for column in ("persons", "persons_numerator", "persons_complement"):
        counts = rows[column].dropna()
        if len(counts) and counts.max() > 0 and counts.max() < policy.min_persons:
            return False
    return True


def _grains(periods: pd.DataFrame, hidden_phases: set[tuple], policy: Policy) -> dict[tuple, str | None]:
    """The one grain at which each (measure, subgroup, department) series is shown, or None for not at all."""
    chosen: dict[tuple, str | None] = {}
    for (measure, subgroup), block in periods.groupby(["measure", "subgroup"], dropna=False, sort=False):
        sub = _text(subgroup)
        blocked = {name for (m, s, name, _) in hidden_phases if (m, s) == (measure, sub)}
        own = _own_grains(block, blocked, policy)
        for grain in GRAINS:
            _hide_complements(block[block["grain"] == grain], own, grain, policy)
        chosen |= {(measure, sub, name): grain for name, grain in own.items()}
    return chosen


def _own_grains(block: pd.DataFrame, blocked: set[str], policy: Policy) -> dict[str, str | None]:
    """Per department the finest grain at which no period is risky."""
    live = block[block["persons"].fillna(0).gt(0)]
    worst = _risky(live, policy).groupby([live["department"], live["grain"]]).any()
    out: dict[str, str | None] = {}
    for name in block["department"].unique():
        fine = [g for g in GRAINS if (name, g) in worst.index and not worst[(name, g)]]
        out[name] = fine[0] if fine and name not in blocked else None
    return out


def _hide_complements(rows: pd.DataFrame, own: dict, grain: str, policy: Policy) -> None:
    """Coarsen further departments (smallest first, at last the total) in ``own`` until the total less what is shown is
    showable in every period of ``grain``."""
    rank = {g: i for i, g in enumerate(GRAINS)}
    coarser = dict(zip(GRAINS, (*GRAINS[1:], None), strict=True))[grain]
    if own.get(ALL) is None or rank[own[ALL]] > rank[grain]:
        return
    live = rows[(rows["department"] != ALL) & rows["persons"].fillna(0).gt(0)]
    size = live.groupby("department")["persons"].sum().sort_values(kind="stable")
    while True:
        shown = [d for d in size.index if own.get(d) is not None and rank[own[d]] <= rank[grain]]
        left = live[~live["department"].isin(shown)]
        if left.empty or all(_showable_together(part, policy) for _, part in left.groupby("period")):
            return
        own[shown[0] if shown else ALL] = coarser
        if not shown:
            return


def _release_series(series: pd.DataFrame, hidden: set[tuple], grains: dict, policy: Policy) -> pd.DataFrame:
    keys = list(zip(series["measure"], series["subgroup"].map(_text), series["department"], strict=True))
    phase_key = [(*key, phase) for key, phase in zip(keys, series["phase"], strict=True)]
    is_period = (series["kind"] == "period").to_numpy()
    keep = [not p or grains.get(k) == g or (grains.get(k) is None and g == "year")
            for p, k, g in zip(is_period, keys, series["grain"], strict=True)]
    hide = [grains.get(k) is None if p else f in hidden for p, k, f in zip(is_period, keys, phase_key, strict=True)]
    empty = series["persons"].fillna(0).eq(0) & series["value"].isna()
    status = np.where(empty, "no_data", np.where(hide, "suppressed", "shown"))
    out = series.assign(status=pd.Series(status, dtype="str"))
    out.loc[out["status"].eq("shown") & _risky(out, policy), "status"] = "suppressed"
    out = _emptied(out)[np.array(keep, dtype=bool)].reset_index(drop=True)
    return out.drop(columns=["persons_numerator", "persons_complement", "persons_top_share"])


def _release_estimates(estimates: pd.DataFrame, hidden: set[tuple], policy: Policy) -> pd.DataFrame:
    few = pd.Series(False, index=estimates.index)
    for side in ("persons_before", "persons_after"):
        few |= estimates[side].gt(0) & estimates[side].lt(policy.min_persons)
    rows = zip(estimates["measure"], estimates["subgroup"].map(_text), estimates["department"], strict=True)
    few |= pd.Series([any((*k, p) in hidden for p in ("before", "after")) for k in rows], index=estimates.index, dtype=bool)
    status = np.where(few, "suppressed", np.where(estimates["estimate"].isna(), "no_data", "shown"))
    return _emptied(estimates.assign(status=pd.Series(status, dtype="str")))


def _emptied(frame: pd.DataFrame) -> pd.DataFrame:
    """Suppressed rows keep their names only; every number and judgement in them is gone."""
    out = frame.copy()
    gone = out["status"].eq("suppressed")
    for column in out.columns.difference(KEPT_WHEN_HIDDEN):
        out[column] = out[column].mask(gone)
    return out


def _release_notes(notes: pd.DataFrame, estimates: pd.DataFrame) -> pd.DataFrame:
    """Notes of hidden rows go too (a note may quote a number); what is hidden is said in their place."""
    hidden = estimates.loc[estimates["status"].eq("suppressed"), ["measure", "department", "subgroup"]].drop_duplicates()
    gone = {(m, d, _text(s)) for m, d, s in hidden.itertuples(index=False)}
    keep = [(m, d, _text(s)) not in gone for m, d, s in notes[["measure", "department", "subgroup"]].itertuples(index=False)]
    said = hidden.assign(code="small_numbers_hidden", severity="caution", value=np.nan)
    return pd.concat([notes[np.array(keep, dtype=bool)], said[list(notes.columns)]], ignore_index=True)


def _text(value: object) -> str:
    return "" if value is None or value != value else str(value)


def hidden_counts(release: Release) -> Mapping[str, int]:
    """How many before/after answers and series points are hidden (for "what is hidden" on page and report)."""
    return {
        "estimates": int(release.estimates["status"].eq("suppressed").sum()),
        "series": int(release.series["status"].eq("suppressed").sum()),
    }
