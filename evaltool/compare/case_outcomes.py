"""Feedback-informed sessions by case: first and last ORS, who changed, and how much the forms are used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..errors import StudyError
from ..indicators.observations import observations
from ..instruments import instrument
from ..result import ALL
from ..scoring.change_inputs import change_inputs
from ..scale_measure import scale_measure
from ..stats.case_change import first_and_last
from ..stats.change_class import important_change_class
from ..stats.estimate import t_quantile
from ..stats.proportions import wilson
from .assemble import result
from .planned_design import planned_design

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..result import Dataset, Result
    from ..study import Study

TABLE, OUTCOME, ALLIANCE = "sessions", "ors", "srs"
EXPECTED = 2
"""ORS forms of a user that the method expects at least: with one there is no change to see."""
CLASSES = ("improved", "unchanged", "deteriorated")


def case_outcomes(*, dataset: Dataset, study: Study, conf_level: float = 0.95) -> Result:
    """ORS and SRS by case, per department and in all. A case is one person in one department, never one session.

    Series rows. ``fit.two_ors``, kind ``whole``: users with at least ``EXPECTED`` ORS forms, of the users with a session;
    ``fit.srs_filled``, kind ``whole``: sessions with an SRS, of the sessions with an ORS; ``fit.ors_first``,
    ``fit.ors_last`` and ``fit.ors_change``, kind ``whole``: means over cases with two forms or more, with t intervals;
    ``fit.ors_class``, kinds ``class_improved``, ``class_unchanged`` and ``class_deteriorated`` (phase ``cases``): by the
    published reliable change, hidden together, all departments only. Without a comparison: such change is partly what time and a low first
    score do by themselves. Raises StudyError when the sessions are not in the dataset.
    """
    if TABLE not in dataset.tables:
        raise StudyError("measure_without_table", got="fit", expected=TABLE)
    design = planned_design(dataset=dataset, study=study)
    outcome, alliance = (_filled(dataset, study, name) for name in (OUTCOME, ALLIANCE))
    cases = _cases(outcome)
    limit = change_inputs(instrument=instrument(OUTCOME, folder=study.instruments), scale="total").important_person
    rows = []
    for department in (*sorted(outcome["department"].unique()), ALL):
        part, own, filled = (f if department == ALL else f[f["department"] == department] for f in (outcome, cases, alliance))
        found = [*_use(part, own, filled, conf_level), *_means(own, conf_level)]
        if department == ALL:
            found += _classes(own, limit, conf_level)
        rows += [{"department": department, "conf_level": conf_level} | one for one in found]
    names = tuple(dict.fromkeys(one["measure"] for one in rows))
    return result(estimates=[], notes=[], design=design, measures=names, provenance=dataset.provenance, conf_level=conf_level,
                  series=pd.DataFrame(rows))


def _filled(dataset: Dataset, study: Study, name: str) -> pd.DataFrame:
    """One row per session, ``value`` missing where the form was not filled in; sessions without consent are left out."""
    measure = scale_measure(instrument=instrument(name, folder=study.instruments), scale="total", table=TABLE)
    seen = observations(dataset=dataset, study=study, measure=measure)
    return seen[seen["reason"].ne("no_consent").fillna(True).to_numpy(dtype=bool)].set_index("row", drop=False)


def _cases(outcome: pd.DataFrame) -> pd.DataFrame:
    """``department, person, forms, first, last, change``; last and change are missing with one form."""
    found = [
        first_and_last(person=part["person"].to_numpy(), date=part["date"].to_numpy(), value=part["value"].to_numpy()).assign(department=name)
        for name, part in outcome.groupby("department")
    ]
    return pd.concat(found, ignore_index=True)


def _use(outcome: pd.DataFrame, cases: pd.DataFrame, alliance: pd.DataFrame, conf_level: float) -> Iterator[dict]:
    met = set(zip(outcome["department"], outcome["person"], strict=True))
    often = cases[cases["forms"] >= EXPECTED]
    persons, hit = float(outcome["person"].nunique()), float(often["person"].nunique())
    yield _share("fit.two_ors", float(len(often)), float(len(met)), persons, hit, persons - hit, conf_level)
    asked = outcome[outcome["value"].notna()]
    yes = alliance["value"].reindex(asked.index).notna()
    yield _share("fit.srs_filled", float(yes.sum()), float(len(asked)), float(asked["person"].nunique()),
                 float(asked.loc[yes, "person"].nunique()), float(asked.loc[~yes, "person"].nunique()), conf_level) | {
                     "persons_top_share": float(asked["person"].value_counts(normalize=True).max()) if len(asked) else np.nan}


def _share(measure: str, events: float, n: float, persons: float, inside: float, outside: float, conf_level: float) -> dict:
    low, high = wilson(events=events, n=n, conf_level=conf_level) if n else (np.nan, np.nan)
    return {
        "measure": measure, "kind": "whole", "value": events / n if n else np.nan, "conf_low": low, "conf_high": high,
        "numerator": events, "denominator": n, "n": n, "persons": persons, "persons_numerator": inside,
        "persons_complement": outside, "unit": "share", "method": "wilson",
    }


def _means(cases: pd.DataFrame, conf_level: float) -> Iterator[dict]:
    pairs = cases.dropna(subset=["change"])
    n = float(len(pairs))
    for name in ("first", "last", "change"):
        mean = pairs[name].mean()
        half = t_quantile(df=n - 1, conf_level=conf_level) * pairs[name].std() / np.sqrt(n) if n > 1 else np.nan
        yield {
            "measure": f"fit.ors_{name}", "kind": "whole", "value": mean, "conf_low": mean - half, "conf_high": mean + half,
            "denominator": n, "n": n, "persons": float(pairs["person"].nunique()), "unit": "points", "method": "mean_t",
        }


def _classes(cases: pd.DataFrame, limit, conf_level: float) -> list[dict]:
    pairs = cases.dropna(subset=["change"])
    if limit is None or not len(pairs):
        return []
    found = important_change_class(before=pairs["first"].to_numpy(), after=pairs["last"].to_numpy(), direction=1, important=limit.value)
    rows, persons = [], float(pairs["person"].nunique())
    for name in CLASSES:
        inside = found == name
        hit = float(pairs.loc[inside, "person"].nunique())
        share = _share("fit.ors_class", float(inside.sum()), float(len(pairs)), persons, hit,
                       float(pairs.loc[~inside, "person"].nunique()), conf_level)
        rows.append(share | {"kind": f"class_{name}", "phase": "cases"})
    return rows
