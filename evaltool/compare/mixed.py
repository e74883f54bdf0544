"""All departments together: the change after the start beyond calendar time, departments as random."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ..result import ALL
from ..stats.bias_reduced import fixed_effects_cr2
from ..stats.estimate import NotEstimable
from ..stats.mixed_model import MixedFit, mixed_model
from .assemble import result, row
from .estimator import ESTIMANDS
from .notes import note
from .phased import MONTHLY, model_rows, phased, side_counts

if TYPE_CHECKING:
    import pandas as pd

    from ..design import StudyDesign
    from ..measures import Measure
    from ..result import Provenance, Result
    from ..stats.estimate import Estimate

FALLBACK = "mixed_fallback_fixed_effects"
BESIDE = "fixed_effects_cr2"
FEW_DEPARTMENTS = 4
"""Fewer departments with rows on both sides than this carry no claim beyond an association."""
SLOPE_FROM = 2
"""From this many such departments the change may differ between them; without it the interval is too narrow when it does."""


@dataclass(frozen=True)
class Fitted:
    """``method`` None: no model was tried. ``both_sides``: departments with rows before and after."""

    method: str | None
    both_sides: int
    found: Estimate | None = None
    notes: dict[str, float] = field(default_factory=dict)


def mixed(
    *, observations: pd.DataFrame, design: StudyDesign, measure: Measure, link: str, provenance: Provenance,
    conf_level: float = 0.95,
) -> Result:
    """``*``: after + calendar time (linear, in years), random department, its own change, and person.

    Rows before, after and of departments that have not started are used; wash-in and pauses are left out. From two
    started departments the change may differ between departments (random slope). t interval on Satterthwaite's
    degrees of freedom. Where no variance between departments is found, or the fit does not hold, the answer is fixed
    department levels with CR2 standard errors (``mixed_fallback_fixed_effects``), and a note says so. Else that careful
    answer stands beside the model as a row of its own (``fixed_effects_cr2``), and ``methods_disagree`` says when only
    one of the two excludes no change. Months (counts) always get the careful answer, because neighbouring months are
    alike. Shares are fitted as 0/1 (risk difference). With one department only there is no row, only a note.
    """
    rows = phased(observations=observations, design=design, kind=measure.kind)
    fitted = fit_departments(rows=rows, measure=measure, link=link, conf_level=conf_level)
    codes = fitted.notes | _design_notes(rows, design, fitted.both_sides)
    answers = [(fitted.method, fitted.found)] if fitted.method is not None else []
    if fitted.found is not None and fitted.method != FALLBACK:
        beside = _second(model_rows(rows=rows, kind=measure.kind), conf_level)
        answers += [(BESIDE, beside)] if beside is not None else []
        if beside is not None and _direction(beside) != _direction(fitted.found):
            codes["methods_disagree"] = beside.p_value
    counts = side_counts(rows=rows[rows["phase"] != "not_started"], kind=measure.kind)[ALL]
    estimates = [
        row(
            measure=measure, department=ALL, estimand=ESTIMANDS[measure.kind], conf_level=conf_level, method=method,
            counts=counts | {"departments": float(rows["department"].nunique())}, found=found,
        )
        for method, found in answers
    ]
    return result(
        estimates=estimates, notes=[note(measure=measure.id, department=ALL, code=c, value=v) for c, v in codes.items()],
        design=design, measures=(measure.id,), provenance=provenance, conf_level=conf_level,
    )


def fit_departments(*, rows: pd.DataFrame, measure: Measure, link: str, conf_level: float) -> Fitted:
    """The model behind ``mixed`` on phased rows, unstarted departments included."""
    used = model_rows(rows=rows, kind=measure.kind)
    started = used[used["phase"] != "not_started"]
    both_sides = int((started.groupby("department")["after"].nunique() == 2).sum())
    if used["department"].nunique() < 2 or not both_sides:
        return Fitted(method=None, both_sides=both_sides, notes={"one_department": float(used["department"].nunique())})
    return _fit(used, measure, link, both_sides, conf_level)


def _fit(rows: pd.DataFrame, measure: Measure, link: str, both_sides: int, conf_level: float) -> Fitted:
    if measure.kind in MONTHLY:
        # Months of a department are alike far beyond its level; only the clusters may be taken as independent.
        return _careful(rows, both_sides, {"months_as_rows": float(len(rows))}, conf_level)
    y = rows["value"].to_numpy(dtype=float)
    after = rows["after"].to_numpy(dtype=float)
    years = rows["years"].to_numpy(dtype=float)
    department = rows["department"].to_numpy()
    has_person = measure.kind in ("share", "duration") or (measure.kind == "mean_score" and link != "repeated_cross_section")
    unit = rows["unit"].to_numpy() if has_person and rows["unit"].duplicated().any() else None
    x = np.column_stack([np.ones(len(y)), after, years - years.mean()])
    notes = {"linear_probability": float(len(y))} if measure.kind == "share" else {}
    try:
        fit = mixed_model(y=y, x=x, group=department, unit=unit, slope=after if both_sides >= SLOPE_FROM else None)
        if fit.variances["group"] > 0:
            found = fit.estimate(position=1, conf_level=conf_level, method=_method(fit))
            return Fitted(found.method, both_sides, found, notes | {"icc": _icc(fit)})
        notes["variance_at_boundary"] = 0.0
    except NotEstimable as reason:
        if reason.reason != "not_converged":
            return Fitted("mixed", both_sides, None, notes | {reason.reason: float(len(y))})
        notes["model_failed"] = float(len(y))
    return _careful(rows, both_sides, notes, conf_level)


def _careful(rows: pd.DataFrame, both_sides: int, notes: dict[str, float], conf_level: float) -> Fitted:
    try:
        return Fitted(FALLBACK, both_sides, _robust(rows, conf_level), notes)
    except NotEstimable as reason:
        return Fitted(FALLBACK, both_sides, None, notes | {reason.reason: float(len(rows))})


def _robust(rows: pd.DataFrame, conf_level: float) -> Estimate:
    """The same question with fixed department levels and CR2: wider, and right whatever is alike inside a department."""
    fit = fixed_effects_cr2(
        y=rows["value"].to_numpy(dtype=float), x=rows[["after", "years"]].to_numpy(dtype=float),
        clusters=rows["department"].to_numpy(),
    )
    return fit.estimate(position=0, conf_level=conf_level)


def _second(rows: pd.DataFrame, conf_level: float) -> Estimate | None:
    """The careful answer beside the model, or None where it cannot be had."""
    try:
        return _robust(rows, conf_level)
    except NotEstimable:
        return None


def _direction(found: Estimate) -> int:
    return int(found.conf_low > 0) - int(found.conf_high < 0)


def _method(fit: MixedFit) -> str:
    """``mixed_department``, with ``_slope`` and ``_person`` for the components that were found."""
    return "mixed_department" + "".join(
        f"_{name}" for component, name in (("slope", "slope"), ("unit", "person")) if fit.variances.get(component, 0) > 0
    )


def _icc(fit: MixedFit) -> float:
    """Share of the variance (without the varying change) that lies between departments."""
    level = fit.variances["group"]
    return level / (level + fit.variances.get("unit", 0.0) + fit.variances["residual"])


def _design_notes(rows: pd.DataFrame, design: StudyDesign, both_sides: int) -> dict[str, float]:
    notes: dict[str, float] = {}
    if rows["department"].nunique() < 2 or not both_sides:
        return notes
    if both_sides < FEW_DEPARTMENTS:
        notes["few_departments"] = float(both_sides)
    starts = design.register.loc[design.register["department"].isin(design.started), "start"]
    comparison = (rows["phase"] == "not_started").any()
    if starts.nunique() < 2 and not comparison:
        notes["no_comparison_in_time"] = float(len(starts))
    return notes
