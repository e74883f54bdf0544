"""Did the change differ between groups of people? The interaction first, then each group's change, never its p alone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..result import ALL
from ..stats.estimate import Estimate, NotEstimable
from ..stats.mixed_model import MixedFit, mixed_model
from .assemble import result, row
from .estimator import ESTIMANDS
from .merged_groups import laddered_groups
from .notes import note
from .phased import no_counts, phased, side_counts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..design import StudyDesign
    from ..measures import Measure
    from ..result import Provenance, Result

METHOD = "mixed_interaction"


def subgroups(
    *, observations: pd.DataFrame, groups: pd.Series, covariate: str, design: StudyDesign, measure: Measure, link: str,
    provenance: Provenance, conf_level: float = 0.95, least: int = 0, coarser: Mapping[str, str] | None = None,
) -> Result:
    """Change after the start per group of one covariate, over all departments, from one model.

    groups: text, position i describes ``observations.row == i`` of the source table; rows without a group are left
    out. The model is that of ``mixed`` with a level and a change per group. Rows, all with department ``*``: first
    ``subgroup`` = covariate, ``estimand`` interaction, with F as ``estimate`` (unit ``f_value``), the smallest Satterthwaite df
    of the changes and p, and no interval; then one row per group (``covariate=group``) with its change and interval and no
    p value of its own. ``subgroups_alike``, on every row, when the interaction is not shown. Groups without rows on a side get a row
    without number and a note. Groups with fewer than ``least`` persons on a side stand together as
    ``covariate=smaller_groups``, or as the group that ``coarser`` gives for them (``merged_groups.laddered_groups``).
    """
    rows = phased(observations=observations, design=design, kind=measure.kind)
    rows = rows.assign(group=groups.to_numpy()[rows["row"].to_numpy()])
    rows = rows[rows["group"].notna()].reset_index(drop=True)
    own = rows["phase"] != "not_started"
    together = laddered_groups(rows=rows[own], names=rows["group"].unique(), least=least, name=covariate, coarser=coarser or {})[covariate]
    rows = rows.assign(group=rows["group"].map(together))
    started = rows[own]
    names = sorted(rows["group"].unique())
    stops = {name: _stop(started[started["group"] == name]["after"]) for name in names}
    used = [name for name in names if stops[name] is None]
    fit, reason = _fit(rows[rows["group"].isin(used)], used, measure, link)
    estimates, notes = [], []

    def add(subgroup, part, found, codes, estimand=ESTIMANDS[measure.kind]):
        counts = side_counts(rows=part, kind=measure.kind).get(ALL, no_counts())
        made = row(
            measure=measure, department=ALL, subgroup=subgroup, estimand=estimand, conf_level=conf_level,
            counts=counts | {"departments": float(part["department"].nunique())}, method=METHOD, found=found,
        )
        estimates.append(made | ({"unit": "f_value"} if estimand == "interaction" else {}))
        notes.extend(note(measure=measure.id, department=ALL, subgroup=subgroup, code=c, value=v) for c, v in codes.items())

    test = None if fit is None or len(used) < 2 else _interaction(fit, len(used), conf_level)
    codes = {reason: float(len(rows))} if reason else {"one_group": float(len(used))} if test is None else {}
    if test is not None and test.p_value >= 1 - conf_level:
        codes["subgroups_alike"] = test.p_value
    add(covariate, started, test, codes, "interaction")
    for name in names:
        part = started[started["group"] == name]
        found = _change(fit, len(used) + used.index(name), conf_level) if fit is not None and name in used else None
        stop = stops[name] or reason
        alike = {code: value for code, value in codes.items() if code == "subgroups_alike" and found is not None}
        add(f"{covariate}={name}", part, found, alike if stop is None else {stop: float(len(part))})
    return result(
        estimates=estimates, notes=notes, design=design, measures=(measure.id,), provenance=provenance, conf_level=conf_level,
    )


def _stop(after: pd.Series) -> str | None:
    if not len(after):
        return "no_values"
    if after.all():
        return "no_before"
    return None if after.any() else "no_after"


def _fit(rows: pd.DataFrame, used: list[str], measure: Measure, link: str) -> tuple[MixedFit | None, str | None]:
    """Columns: a level per group, a change per group, years. The fit, or the reason why there is none."""
    if not used:
        return None, "too_few"
    member = np.column_stack([(rows["group"] == name).to_numpy(dtype=float) for name in used])
    after, years = rows["after"].to_numpy(dtype=float), rows["years"].to_numpy(dtype=float)
    x = np.column_stack([member, member * after[:, None], years - years.mean()])
    persons = measure.kind in ("share", "duration") or (measure.kind == "mean_score" and link != "repeated_cross_section")
    unit = rows["unit"].to_numpy() if persons and rows["unit"].duplicated().any() else None
    try:
        return mixed_model(
            y=rows["value"].to_numpy(dtype=float), x=x, group=rows["department"].to_numpy(), unit=unit, slope=after,
        ), None
    except NotEstimable as reason:
        return None, reason.reason


def _interaction(fit: MixedFit, groups: int, conf_level: float) -> Estimate:
    """Wald F that all groups' changes are equal."""
    from scipy.special import fdtrc

    changes = slice(groups, 2 * groups)
    contrast = np.column_stack([-np.ones(groups - 1), np.eye(groups - 1)])
    gap = contrast @ fit.coef[changes]
    statistic = float(gap @ np.linalg.solve(contrast @ fit.cov[changes, changes] @ contrast.T, gap)) / (groups - 1)
    df = float(fit.df[changes].min())
    return Estimate(
        estimate=statistic, std_error=math.nan, df=df, statistic=statistic, p_value=float(fdtrc(groups - 1, df, statistic)),
        conf_low=math.nan, conf_high=math.nan, conf_level=conf_level, method=METHOD,
    )


def _change(fit: MixedFit, position: int, conf_level: float) -> Estimate:
    found = fit.estimate(position=position, conf_level=conf_level, method=METHOD)
    return Estimate(
        estimate=found.estimate, std_error=found.std_error, df=found.df, statistic=math.nan, p_value=math.nan,
        conf_low=found.conf_low, conf_high=found.conf_high, conf_level=conf_level, method=METHOD,
    )
