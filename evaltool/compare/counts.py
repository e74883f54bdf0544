"""Shares and counts as ratios: how many times as often, per department and over all of them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..errors import DesignError
from ..result import ALL
from ..stats.estimate import Estimate, NotEstimable
from ..stats.fixed_effects_poisson import fixed_effects_poisson
from ..stats.gee import gee_ratio
from ..stats.rates import OVERDISPERSED, rate_model
from ..stats.risk_ratio_clustered import risk_ratio_clustered
from ..stats.two_by_two import odds_ratio, risk_ratio
from .assemble import result, row
from .notes import note
from .phased import model_rows, no_counts, phased, side_counts

if TYPE_CHECKING:
    from ..design import StudyDesign
    from ..measures import Measure
    from ..result import Provenance, Result

KINDS = ("share", "count")


def counts(
    *, observations: pd.DataFrame, design: StudyDesign, measure: Measure, provenance: Provenance, conf_level: float = 0.95
) -> Result:
    """Ratios of after to before; unit ``ratio``, no change is 1.

    ``share``: per started department the risk ratio (log interval) and the exact odds ratio; when persons repeat, the
    risk ratio and the GEE odds ratio with persons as clusters. ``count``: per department the ratio of nights per day
    by quasi-Poisson regression of months that remember the one before (notes ``months_alike``, ``overdispersed``).
    ``*``, calendar time and departments as clusters in both: shares by GEE with Mancl-DeRouen covariance, t(G-k); counts by
    Poisson regression with a level per department, CR2 covariance and Satterthwaite df.
    Nobody with the event on a side, separation and the like give a row without number and a note. Raises DesignError
    for other kinds of measure.
    """
    if measure.kind not in KINDS:
        raise DesignError("counts_kind", measure=measure.id, got=measure.kind, expected=", ".join(KINDS))
    phases = phased(observations=observations, design=design, kind=measure.kind)
    sides = side_counts(rows=phases[phases["phase"] != "not_started"], kind=measure.kind)
    used = model_rows(rows=phases, kind=measure.kind)
    estimates, notes = [], []
    jobs = [(d, name, used[used["department"] == d]) for d in design.started for name in _WITHIN[measure.kind]]
    for department, name, part in [*jobs, (ALL, _ACROSS[measure.kind], used)]:
        codes: dict[str, float] = {}
        found = _try(name, part, conf_level, codes)
        made = row(
            measure=measure, department=department, estimand=_ESTIMAND[name], conf_level=conf_level,
            counts=sides.get(department, no_counts()) | {"departments": float(part["department"].nunique())},
            method=name if found is None else found.method, found=found,
        )
        estimates.append(made | {"unit": "ratio"})
        notes += [note(measure=measure.id, department=department, code=c, value=v) for c, v in codes.items()]
    return result(
        estimates=estimates, notes=notes, design=design, measures=(measure.id,), provenance=provenance, conf_level=conf_level,
    )


def _try(name: str, part: pd.DataFrame, conf_level: float, codes: dict[str, float]) -> Estimate | None:
    if not len(part):
        codes["no_values"] = 0.0
        return None
    if part["after"].all() or not part["after"].any():
        codes["no_before" if part["after"].all() else "no_after"] = float(len(part))
        return None
    try:
        found = _CALLS[name](part, conf_level, codes)
        if not (0 < found.conf_low and np.isfinite(found.conf_high)):
            codes["open_interval"] = math.nan
        return found
    except NotEstimable as reason:
        codes[reason.reason] = float(len(part))
        return None


def _table(part: pd.DataFrame) -> dict[str, int]:
    before, after = part.loc[~part["after"], "value"], part.loc[part["after"], "value"]
    return {
        "events_before": int(before.sum()), "n_before": len(before), "events_after": int(after.sum()), "n_after": len(after),
    }


def _risk(part: pd.DataFrame, conf_level: float, codes: dict) -> Estimate:
    if not part["unit"].duplicated().any():
        return risk_ratio(**_table(part), conf_level=conf_level)
    return risk_ratio_clustered(
        event=part["value"].to_numpy(), after=part["after"].to_numpy(dtype=bool), clusters=part["unit"].to_numpy(),
        conf_level=conf_level,
    )


def _odds(part: pd.DataFrame, conf_level: float, codes: dict) -> Estimate:
    if not part["unit"].duplicated().any():
        return odds_ratio(**_table(part), conf_level=conf_level)
    x = np.column_stack([np.ones(len(part)), part["after"]]).astype(float)
    return gee_ratio(
        y=part["value"].to_numpy(), x=x, clusters=part["unit"].to_numpy(), position=1, family="binomial",
        working="independence", conf_level=conf_level,
    )


def _rate(part: pd.DataFrame, conf_level: float, codes: dict) -> Estimate:
    if part.groupby("after")["value"].sum().min() <= 0:
        raise NotEstimable("zero_events")
    x = np.column_stack([np.ones(len(part)), part["after"]]).astype(float)
    found = rate_model(
        events=part["value"].to_numpy(), exposure=part["date"].dt.days_in_month.to_numpy(float), x=x, position=1,
        period=(part["date"].dt.year * 12 + part["date"].dt.month).to_numpy(), conf_level=conf_level,
    )
    codes["months_alike"] = found.memory
    if found.dispersion >= OVERDISPERSED:
        codes["overdispersed"] = found.dispersion
    return found.ratio


def _gee(part: pd.DataFrame, conf_level: float, codes: dict) -> Estimate:
    years = part["years"].to_numpy(float)
    x = np.column_stack([np.ones(len(part)), part["after"].to_numpy(float), years - years.mean()])
    return gee_ratio(y=part["value"].to_numpy(), x=x, clusters=part["department"].to_numpy(), position=1, family="binomial", conf_level=conf_level)


def _levels(part: pd.DataFrame, conf_level: float, codes: dict) -> Estimate:
    if part.groupby("after")["value"].sum().min() <= 0:
        raise NotEstimable("zero_events")
    years = part["years"].to_numpy(float)
    return fixed_effects_poisson(
        events=part["value"].to_numpy(float), exposure=part["date"].dt.days_in_month.to_numpy(float), position=0,
        x=np.column_stack([part["after"].to_numpy(float), years - years.mean()]), clusters=part["department"].to_numpy(), conf_level=conf_level,
    )


_WITHIN = {"share": ("risk_ratio", "odds_ratio"), "count": ("rate_ratio",)}
_ACROSS = {"share": "gee_binomial", "count": "fixed_effects_poisson"}
_ESTIMAND = {
    "risk_ratio": "risk_ratio", "odds_ratio": "odds_ratio", "rate_ratio": "rate_ratio", "gee_binomial": "odds_ratio",
    "fixed_effects_poisson": "rate_ratio",
}
_CALLS = {"risk_ratio": _risk, "odds_ratio": _odds, "rate_ratio": _rate, "gee_binomial": _gee, "fixed_effects_poisson": _levels}
