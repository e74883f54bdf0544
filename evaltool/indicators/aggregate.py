"""Observations -> series rows: one row per phase and one per calendar period, for each department and for all."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..design import StudyDesign
from ..measures import Measure
from ..result import ALL, SERIES_COLUMNS, SERIES_TEXT, canonical
from ..stats.estimate import t_quantile
from ..stats.proportions import wilsons
from ..stats.survival import kaplan_meier, quantile
from .persons import count_persons
from .top_share import top_share

GRAINS = {"month": "M", "quarter": "Q", "year": "Y"}
MONTHS = {"month": 1, "quarter": 3, "year": 12}
MONTHLY = ("count", "rate")
EVERYWHERE = -1.0
"""The number that stands for ``*`` among the numbers of the departments."""
ROUNDING = 1e-12
"""A spread under this part of the mean is none: the months were added up from parts."""
SPLIT = "split"
"""The phase of a month in which the phase changes, where months are not split."""
WEIGHED = ("count", "rate", "duration")
"""Kinds whose value is an amount that one person can have most of."""


def aggregate(
    *, observations: pd.DataFrame, measure: Measure, design: StudyDesign, subgroup: str | None = None,
    conf_level: float = 0.95, periods: bool = True, departments: bool = True,
) -> pd.DataFrame:
    """Rows with ``result.SERIES_COLUMNS`` for one measure, departments and ``*`` together; phases only without ``periods``,
    ``*`` only without ``departments``.

    * ``mean_score``, ``duration``: mean, with Student's t interval in phase rows; ``n`` is rows.
    * ``share``: numerator over denominator with Wilson's interval; ``n`` is rows.
    * ``count``: in period rows the sum over the period; in phase rows the mean per month with a t interval over
      months (over department-months for all departments together); ``n`` and ``denominator`` are months. A month
      belongs to a phase only when its first and last day do. Quarters and years with a month outside the data have
      no row: their sum would look like a fall.
    * ``rate``: as ``count``, with the mean per month in period rows too (each month weighs the same).
    * ``duration`` also has rows of kind ``phase_median``: Kaplan-Meier median with log-log interval, by the phase in
      which the stay *began* (a stay belongs to it from its first night, ended or not), ongoing stays censored.
      Stays that began before the month of the first discharge are left out: an extract has only the long ones.

    Rows of kind ``part`` (one per department, phase and month) are what phases and periods are sums of: only the
    disclosure gate reads them, and never lets them out. ``persons`` as ``count_persons`` says, ``persons_top_share``
    as ``top_share``: of the amount for nights and bed-days, else of the rows. Intervals treat rows as independent;
    ``compare`` does not.
    """
    phase = _phase(observations=observations, design=design, monthly=measure.kind in MONTHLY)
    parts = []
    amount = observations["value"] if measure.kind in WEIGHED else 1.0
    counted, names = _coded(observations.assign(phase=phase, amount=amount)[observations["included"]])
    make = {"share": _shares, "count": _sums, "rate": _monthly_means}.get(measure.kind, _means)
    opens = {grain: counted["date"].dt.to_period(code).dt.start_time.dt.as_unit("us") for grain, code in GRAINS.items() if periods}
    for scope in _scopes(counted)[0 if departments else 1:]:
        parts.append(make(_named(scope, "phase"), ["department", "phase"], conf_level).assign(kind="phase"))
        for grain, period in opens.items():
            made = make(scope.assign(period=period), ["department", "period"], conf_level).assign(kind="period", grain=grain)
            parts.append(made[made["n"] == MONTHS[grain]] if measure.kind in MONTHLY else made)
    if periods and departments:
        parts.append(_parts(counted.assign(period=opens["month"]), measure, names))
    parts = [_decoded(part, names) for part in parts]
    if measure.kind == "duration":
        parts.append(_medians(observations=observations, design=design, conf_level=conf_level))
    whole = pd.concat([p for p in parts if len(p)], ignore_index=True) if any(map(len, parts)) else pd.DataFrame()
    whole = whole.assign(measure=measure.id, subgroup=subgroup, unit=measure.unit, conf_level=_level(whole, conf_level))
    return canonical(whole, SERIES_COLUMNS, SERIES_TEXT)


def _coded(rows: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """``rows`` with whole numbers for names, in the order of the names and missing where they are, and the names of each
    column: everything below groups many times, and numbers group several times faster than text."""
    names, codes = {}, {}
    for column in ("department", "phase", "person", "wave"):
        known = rows[column].dropna().unique().tolist() + ([SPLIT] if column == "phase" else [])
        names[column] = np.array(sorted(set(known)), dtype=object)
        place = pd.Series(np.arange(len(names[column]), dtype="float64"), index=pd.Index(names[column], dtype="str"))
        codes[column] = rows[column].map(place).to_numpy(dtype="float64")
    return rows.assign(**codes), names


def _decoded(part: pd.DataFrame, names: dict[str, np.ndarray]) -> pd.DataFrame:
    """The names again: of the departments, with ``*`` for all of them, and of the phases."""
    department = part["department"].to_numpy(dtype="int64")
    own = {"department": np.append(names["department"], ALL)[department]}
    if "phase" in part:
        own["phase"] = names["phase"][part["phase"].to_numpy(dtype="int64")]
    return part.assign(**own)


def _parts(named: pd.DataFrame, measure: Measure, names: dict[str, np.ndarray]) -> pd.DataFrame:
    """Department, phase and month; a month in which the phase changes is a part of its own where months are not split."""
    by = ["department", "period", "phase"]
    named = named.assign(phase=named["phase"].fillna(float(np.flatnonzero(names["phase"] == SPLIT)[0])))
    groups = named.groupby(by)["value"]
    out = pd.DataFrame({"numerator": groups.sum(), "denominator": groups.size().astype("float64")})
    if measure.kind in MONTHLY:
        out["denominator"] = 1.0
    out["n"] = out["denominator"]
    if measure.kind == "share":
        _persons_on_both_sides(out, named, by)
    return _with_persons(out, named, by).assign(kind="part")


def _phase(*, observations: pd.DataFrame, design: StudyDesign, monthly: bool) -> pd.Series:
    """The phase of each row; a month in which the phase changes has none."""
    department, date = observations["department"], observations["date"]
    phase = design.phase(department=department, date=date)
    if monthly and len(date):
        phase = phase.where(phase == design.phase(department=department, date=date + pd.offsets.MonthEnd(0)))
    return phase


def _scopes(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Each department by itself, and all together; ``source`` keeps where a row came from."""
    apart = rows.assign(source=rows["department"])
    return apart, apart.assign(department=EVERYWHERE)


def _named(rows: pd.DataFrame, column: str) -> pd.DataFrame:
    return rows[rows[column].notna()]


def _level(rows: pd.DataFrame, conf_level: float) -> pd.Series:
    """The level only where there is an interval."""
    return rows["conf_low"].notna().map({True: conf_level, False: np.nan}) if len(rows) else pd.Series(dtype="float64")


def _means(rows: pd.DataFrame, by: list[str], conf_level: float) -> pd.DataFrame:
    groups = rows.groupby(by)["value"]
    out = pd.DataFrame({"value": groups.mean(), "numerator": groups.sum(), "n": groups.size()})
    out["denominator"] = out["n"]
    half = _half_width(sd=groups.std(), mean=out["value"], n=out["n"], conf_level=conf_level) if "phase" in by else np.nan
    out["conf_low"], out["conf_high"] = out["value"] - half, out["value"] + half
    out["method"] = "mean_t" if "phase" in by else "mean"
    return _with_persons(out, rows, by)


def _shares(rows: pd.DataFrame, by: list[str], conf_level: float) -> pd.DataFrame:
    groups = rows.groupby(by)["value"]
    out = pd.DataFrame({"numerator": groups.sum(), "denominator": groups.size().astype("float64")})
    out["value"], out["n"], out["method"] = out["numerator"] / out["denominator"], out["denominator"], "wilson"
    out["conf_low"], out["conf_high"] = wilsons(
        events=out["numerator"].to_numpy(dtype=float), n=out["n"].to_numpy(dtype=float), conf_level=conf_level)
    _persons_on_both_sides(out, rows, by)
    return _with_persons(out, rows, by)


def _persons_on_both_sides(out: pd.DataFrame, rows: pd.DataFrame, by: list[str]) -> None:
    for name, part in (("persons_numerator", rows["value"] > 0), ("persons_complement", rows["value"] <= 0)):
        out[name] = count_persons(observations=rows[part], by=by).reindex(out.index, fill_value=0)


def _sums(rows: pd.DataFrame, by: list[str], conf_level: float) -> pd.DataFrame:
    if "phase" in by:
        return _monthly_means(rows, by, conf_level)
    groups = rows.groupby(by)
    out = pd.DataFrame({"numerator": groups["value"].sum(), "n": groups["date"].nunique()})
    out = out.assign(value=out["numerator"], denominator=out["n"], conf_low=np.nan, conf_high=np.nan, method="sum")
    return _with_persons(out, rows, by)


def _monthly_means(rows: pd.DataFrame, by: list[str], conf_level: float) -> pd.DataFrame:
    """Sums by department and month first; a month without a row is outside the data, not a zero."""
    # For all departments the mean still is over months of one department: they start at different times.
    months = rows.groupby([*by, "source", "date"], as_index=False)["value"].sum()
    groups = months.groupby(by)
    out = pd.DataFrame({
        "value": groups["value"].mean(), "numerator": groups["value"].sum(), "denominator": groups.size(),
        "n": groups["date"].nunique(), "method": "monthly_mean",
    })
    half = np.nan
    if "phase" in by:
        half = _half_width(sd=groups["value"].std(), mean=out["value"], n=out["denominator"], conf_level=conf_level)
        out["method"] = "monthly_mean_t"
    out["conf_low"], out["conf_high"] = out["value"] - half, out["value"] + half
    return _with_persons(out, rows, by)


def _half_width(*, sd: pd.Series, mean: pd.Series, n: pd.Series, conf_level: float) -> np.ndarray:
    """Half of the t interval for a mean; NaN for one row or where all values are equal, but for the rounding of their sums."""
    rows = zip(sd, mean, n, strict=True)
    return np.array([
        t_quantile(df=k - 1, conf_level=conf_level) * s / np.sqrt(k) if k > 1 and s > ROUNDING * abs(m) else np.nan for s, m, k in rows
    ])


def _with_persons(out: pd.DataFrame, rows: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    out["persons"] = count_persons(observations=rows, by=by).reindex(out.index, fill_value=0)
    out["persons_top_share"] = top_share(observations=rows, by=by, weight="amount").reindex(out.index)
    return out.reset_index()


def _medians(*, observations: pd.DataFrame, design: StudyDesign, conf_level: float) -> pd.DataFrame:
    timed = observations[observations["included"] | ~observations["event"]]
    covered = timed.loc[timed["event"], "date"].min()
    if pd.notna(covered):
        timed = timed[timed["began"] >= covered.to_period("M").start_time]
    timed, names = _coded(_named(timed.assign(phase=design.phase(department=timed["department"], date=timed["began"])), "phase"))
    found = []
    for scope in _scopes(timed):
        persons = count_persons(observations=scope, by=["department", "phase"])
        for (department, phase), part in scope.groupby(["department", "phase"]):
            curve = kaplan_meier(time=part["value"].to_numpy(), event=part["event"].to_numpy(dtype=bool))
            median = quantile(curve=curve, conf_level=conf_level)
            found.append({
                "department": department, "phase": phase, "kind": "phase_median", "value": median.estimate,
                "conf_low": median.conf_low, "conf_high": median.conf_high, "numerator": float(part["event"].sum()),
                "denominator": float(len(part)), "n": float(len(part)), "persons": persons[(department, phase)],
                "method": "kaplan_meier_log_log",
            })
    return _decoded(pd.DataFrame(found), names) if found else pd.DataFrame()
