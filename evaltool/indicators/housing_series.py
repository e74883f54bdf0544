"""Housing: how long tenancies last and how often people move out, before and after, as series rows for the gate."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from ..design import StudyDesign
from ..result import ALL, SERIES_COLUMNS, SERIES_TEXT, Dataset, canonical
from ..stats.rates import rate_interval
from ..stats.survival import kaplan_meier, quantile
from ..study import Study
from .around_intake import tenancies
from .bed_days import bed_days
from .episodes import episodes
from .study_stays import began_uncovered, covered_months

HOUSING = "housing"
NOT_A_TENANCY = ("unplanned", "user_controlled", "respite")
"""Kinds of stay in housing that are no tenancy: somebody lodges, nobody moves in."""
LEAST_NIGHTS = 28
"""Nights from which on somebody lives there: shorter planned stays are lodgings and trials."""
AWAY_HOURS = 48
"""Nights away that do not end a tenancy: up to two days."""
PHASES = ("before", "after")
YEAR = 365.25
MONTH = 30.4375


def housing_series(*, dataset: Dataset, study: Study, design: StudyDesign, conf_level: float = 0.95) -> pd.DataFrame:
    """Per department of unit type ``housing`` and for all of them (``*``), before and after: ``result.SERIES_COLUMNS``.

    A tenancy is a stay that is no lodging (``NOT_A_TENANCY``) and has lasted ``LEAST_NIGHTS``. ``housing.tenancy``, kind
    ``tenancy_median``: median months one lasts (Kaplan-Meier with log-log interval, those who still live there censored),
    by the phase in which it began, for those that began within the data: of the earlier ones only the long are known. ``housing.moves``, kind ``phase``: people who moved
    out per 100 tenancy-years, exact Poisson interval; of these, kind ``moved_on`` counts moves to another of the
    departments. A month in which the phase changes is left out of the years and of the moves.
    """
    register = dataset.registers["departments"].reindex(columns=["department", "unit_type"])
    homes = register.loc[register["unit_type"] == HOUSING, "department"].tolist()
    stays = _tenancy_stays(dataset.tables["stays"], homes)
    if stays.empty:
        return canonical(pd.DataFrame(), SERIES_COLUMNS, SERIES_TEXT)
    chained = _within_departments(stays, study.as_of)
    lived = tenancies(episodes=chained[chained["nights"] >= LEAST_NIGHTS], departments=homes, as_of=study.as_of)
    if lived.empty:
        return canonical(pd.DataFrame(), SERIES_COLUMNS, SERIES_TEXT)
    lived["known"] = ~began_uncovered(admitted=lived["moved_in"], stays=dataset.tables["stays"], study=study)
    years = _years(lived, dataset, study, design)
    rows = []
    for place, own, nights in [*((h, lived[lived["department"] == h], years[years["department"] == h]) for h in homes), (ALL, lived, years)]:
        rows += _lengths(place, own, design, conf_level) + _moves(place, own, nights, design, conf_level)
    return canonical(pd.DataFrame(rows), SERIES_COLUMNS, SERIES_TEXT)


def _tenancy_stays(stays: pd.DataFrame, homes: list[str]) -> pd.DataFrame:
    kind = stays["admission_type"] if "admission_type" in stays else pd.Series("unknown", index=stays.index)
    return stays[stays["department"].isin(homes) & ~kind.isin(NOT_A_TENANCY) & stays["person"].notna()]


def _within_departments(stays: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """Episodes chained within a department only: a move to another is a new tenancy."""
    apart = stays.assign(person=stays["person"] + "|" + stays["department"])
    chained = episodes(stays=apart, transfer_gap_hours=AWAY_HOURS, attribute_to="last", as_of=as_of, time_of_day=False)
    return chained.assign(person=stays["person"].take(chained["row"]).array)


def _phase_of_month(design: StudyDesign, department: pd.Series, day: pd.Series) -> pd.Series:
    """The phase of the whole calendar month of ``day``, missing where it changes in it."""
    first = day.dt.to_period("M").dt.start_time.dt.as_unit("us")
    phase = design.phase(department=department, date=first)
    return phase.where(phase == design.phase(department=department, date=first + pd.offsets.MonthEnd(0)))


def _years(lived: pd.DataFrame, dataset: Dataset, study: Study, design: StudyDesign) -> pd.DataFrame:
    """Nights of tenancies by person and month, within the months that the data cover."""
    nights = bed_days(stays=lived.rename(columns={"moved_in": "admitted", "moved_out": "discharged"}), as_of=study.as_of)
    first, last = covered_months(stays=dataset.tables["stays"], study=study)
    nights = nights[nights["month"].between(first, last)]
    return nights.assign(phase=_phase_of_month(design, nights["department"], nights["month"]))


def _lengths(place: str, own: pd.DataFrame, design: StudyDesign, conf_level: float) -> list[dict]:
    own = own[own["known"]]
    phase = design.phase(department=own["department"], date=own["moved_in"])
    rows = []
    for name in PHASES:
        part = own[phase == name]
        if part.empty:
            continue
        days = np.round(part["months"].to_numpy() * MONTH)
        curve = kaplan_meier(time=days, event=~part["ongoing"].to_numpy())
        median = quantile(curve=curve, conf_level=conf_level)
        rows.append({
            "measure": "housing.tenancy", "department": place, "kind": "tenancy_median", "phase": name,
            "value": median.estimate / MONTH, "conf_low": median.conf_low / MONTH, "conf_high": median.conf_high / MONTH,
            "conf_level": conf_level, "n": float(len(part)), "denominator": float(len(part)), "numerator": float((~part["ongoing"]).sum()),
            "persons": float(part["person"].nunique()), "unit": "months", "method": "kaplan_meier_log_log"})
    return rows


def _moves(place: str, own: pd.DataFrame, nights: pd.DataFrame, design: StudyDesign, conf_level: float) -> list[dict]:
    ended = own[~own["ongoing"]]
    out = _phase_of_month(design, ended["department"], ended["moved_out"]) if len(ended) else pd.Series(dtype="str")
    rows = []
    for name in PHASES:
        lived = nights[nights["phase"] == name]
        exposure, moved = lived["nights"].sum() / YEAR / 100, ended[out == name]
        if exposure <= 0:
            continue
        persons, top = float(lived["person"].nunique()), lived.groupby("person")["nights"].sum().max() / lived["nights"].sum()
        for kind, part in (("phase", moved), ("moved_on", moved[moved["moved_to"].notna()])):
            low, high = rate_interval(events=float(len(part)), exposure=exposure, conf_level=conf_level)
            movers = part["person"].nunique()
            rows.append({
                "measure": "housing.moves", "department": place, "kind": kind, "phase": name, "value": len(part) / exposure,
                "conf_low": low, "conf_high": high, "conf_level": conf_level, "numerator": float(len(part)),
                "denominator": exposure, "n": float(len(lived)), "persons": persons, "persons_numerator": float(movers),
                "persons_complement": float(persons - len(set(part["person"]) & set(lived["person"]))), "persons_top_share": float(top),
                "unit": "per_100_years", "method": "poisson_exact"})
    return rows
