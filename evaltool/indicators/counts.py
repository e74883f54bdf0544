"""``service_counts``: the same measures where a department can only give totals per month."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..measures import Measure
from ..result import Dataset
from .study_stays import coded

PERSONS = "persons"
"""Name in ``service_counts`` of the number of different persons behind a department's month (numerator)."""

PER = {"admissions_per_1000_bed_days": 1000.0}
"""Rates that are told per so many of their denominator; the others per one."""


def from_counts(*, dataset: Dataset, measure: Measure, but_not: set[str]) -> pd.DataFrame:
    """Observation columns for the departments that have totals and are not in ``but_not`` (those with stays).

    A share becomes one row per unit of its denominator, ``numerator`` of them 1. A count or a rate (numerator over
    denominator) becomes as many equal rows as there were persons by the month's row ``persons``, one where that is
    not given: nobody can promise that more than one person stands behind it. ``wave`` is the month, so that the
    persons of a period are counted as the most in any one month. ``row`` is the position in ``service_counts``.
    ``reason``: ``no_denominator``, or ``more_than_all`` for a share over one. Means of durations cannot be had from
    totals: no rows.
    """
    counts = dataset.tables.get("service_counts")
    if counts is None or measure.kind not in ("share", "count", "rate"):
        return _rows(pd.DataFrame(columns=["row", "department", "month", "value", "reason", "times"]))
    own = counts.assign(row=np.arange(len(counts)))
    own = own[(own["measure"] == measure.source["indicator"]) & ~own["department"].isin(but_not)]
    return _shares(own) if measure.kind == "share" else _months(own, counts, measure)


def clashes(*, observed: pd.DataFrame, dataset: Dataset, measure: Measure) -> pd.DataFrame:
    """Months of departments with stays that the totals speak of too: ``department, month, from_stays, from_counts, clash``.

    ``observed``: the measure's observations. ``from_stays`` and ``from_counts`` are numerators; ``clash``: they differ, or
    the denominators of a share do. Months outside those in which any stay counts are left out; a month in them without
    a row is 0. The stays are used; whoever keeps the totals should know.
    """
    counts = dataset.tables.get("service_counts")
    columns = ["department", "month", "from_stays", "from_counts", "clash"]
    rows = observed[observed["included"] & observed["department"].isin(dataset.tables["stays"]["department"])]
    if counts is None or measure.kind not in ("share", "count") or rows.empty:
        return pd.DataFrame(columns=columns)
    rows = rows.assign(month=rows["date"].dt.to_period("M").dt.start_time.dt.as_unit("us"))
    told = counts[(counts["measure"] == measure.source.get("indicator")) & counts["department"].isin(dataset.tables["stays"]["department"])
                  & counts["month"].between(rows["month"].min(), rows["month"].max())]
    made = rows.groupby(["department", "month"])["value"].agg(from_stays="sum", of="size").reset_index()
    both = told.merge(made, on=["department", "month"], how="left").fillna({"from_stays": 0.0, "of": 0.0})
    both = both.rename(columns={"numerator": "from_counts"})
    clash = ~np.isclose(both["from_stays"], both["from_counts"])
    if measure.kind == "share":
        clash |= both["denominator"].notna() & ~np.isclose(both["of"], both["denominator"])
    return both.assign(clash=clash)[columns]


def _shares(own: pd.DataFrame) -> pd.DataFrame:
    wrong = coded(
        index=own.index, no_denominator=~(own["denominator"] > 0), more_than_all=own["numerator"] > own["denominator"],
    )
    parts = []
    for value, times in ((1.0, own["numerator"]), (0.0, own["denominator"] - own["numerator"])):
        parts.append(own.assign(value=value, times=times.where(wrong.isna(), value), reason=wrong))
    return _rows(pd.concat(parts, ignore_index=True))


def _months(own: pd.DataFrame, counts: pd.DataFrame, measure: Measure) -> pd.DataFrame:
    persons = counts[counts["measure"] == PERSONS].set_index(["department", "month"])["numerator"].rename("people")
    own = own.join(persons, on=["department", "month"])
    value, wrong = own["numerator"], pd.Series(np.nan, index=own.index, dtype="str")
    if measure.kind == "rate":
        usable = own["denominator"].where(own["denominator"] > 0)
        value = value * PER.get(measure.source["indicator"], 1.0) / usable
        wrong = coded(index=own.index, no_denominator=usable.isna())
    times = own["people"].fillna(1.0).clip(lower=1.0)
    return _rows(own.assign(value=value / times, times=times, reason=wrong))


def _rows(own: pd.DataFrame) -> pd.DataFrame:
    """Each row repeated ``times`` times, as observation columns."""
    out = own.loc[own.index.repeat(own["times"].astype("int64"))].reset_index(drop=True)
    wave = pd.to_datetime(out["month"]).dt.strftime("%Y-%m")
    return pd.DataFrame({
        "row": out["row"].astype("int64"), "department": out["department"].astype("str"), "date": out["month"],
        "wave": wave.astype("str"), "value": out["value"].astype("float64"), "reason": out["reason"].astype("str"),
    })
