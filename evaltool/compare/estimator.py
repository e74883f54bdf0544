"""Which estimator fits one set of before and after rows: by the measure's kind and the declared link."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from ..stats.ar1 import ar1_difference
from ..stats.clustered import ols_clustered
from ..stats.estimate import NotEstimable
from ..stats.mixed_model import mixed_model
from ..stats.paired import paired_t
from ..stats.proportions import newcombe
from ..stats.two_sample import spread_is_zero, welch

if TYPE_CHECKING:
    import pandas as pd

    from ..measures import Measure
    from ..stats.estimate import Estimate

ESTIMANDS = {
    "mean_score": "mean_difference", "duration": "mean_difference", "count": "mean_difference",
    "share": "risk_difference", "rate": "rate_difference",
}


@dataclass
class Answer:
    """``found`` or the reason (``stop``) why not; ``notes``: code -> number; ``pairs``: persons used when paired."""

    method: str
    found: Estimate | None = None
    stop: str | None = None
    notes: dict[str, float] = field(default_factory=dict)
    pairs: int | None = None


def estimate(*, rows: pd.DataFrame, measure: Measure, link: str, conf_level: float) -> Answer:
    """The change between the before and the after rows of one place. Never raises for thin data: the answer says why."""
    choice = _choice(measure.kind, link)
    answer = Answer(method=METHOD[choice])
    after = rows["after"].to_numpy(dtype=bool)
    answer.stop = _empty_side(after)
    if answer.stop is None:
        try:
            CHOICES[choice](answer, rows, after, conf_level)
        except NotEstimable as reason:
            answer.stop = reason.reason
    return answer


def _empty_side(after: np.ndarray) -> str | None:
    if not len(after):
        return "no_values"
    if after.all():
        return "no_before"
    return "no_after" if not after.any() else None


def _choice(kind: str, link: str) -> str:
    return link if kind == "mean_score" else kind


def _cross_section(answer: Answer, rows: pd.DataFrame, after: np.ndarray, conf_level: float) -> None:
    values = rows["value"].to_numpy(dtype=float)
    waves = rows.assign(after=after).groupby("after")["wave"].nunique()
    if waves.max() > 1:
        answer.notes["anonymous_repeats"] = float(waves.max())
    answer.found = welch(before=values[~after], after=values[after], conf_level=conf_level)


def _paired(answer: Answer, rows: pd.DataFrame, after: np.ndarray, conf_level: float) -> None:
    means = rows.groupby(["person", "after"])["value"].mean().unstack()
    both = means.dropna()
    answer.pairs = len(both)
    if len(rows) > means.notna().to_numpy().sum():
        answer.notes["waves_averaged"] = float(rows.groupby(["person", "after"]).size().max())
    if len(both) < len(means):
        answer.notes["unpaired_left_out"] = float(len(means) - len(both))
    answer.found = paired_t(before=both[False].to_numpy(), after=both[True].to_numpy(), conf_level=conf_level)


def _partly_linked(answer: Answer, rows: pd.DataFrame, after: np.ndarray, conf_level: float) -> None:
    values, unit = rows["value"].to_numpy(dtype=float), rows["unit"].to_numpy()
    x = _columns(after)
    if min(after.sum(), (~after).sum()) < 2:
        raise NotEstimable("too_few")
    if len(np.unique(unit)) == len(unit):
        answer.notes["no_repeats"] = float(len(unit))
        answer.method = METHOD["repeated_cross_section"]
        answer.found = welch(before=values[~after], after=values[after], conf_level=conf_level)
        return
    try:
        fit = mixed_model(y=values, x=x, unit=unit)
        if not fit.boundary:
            answer.found = fit.estimate(position=1, conf_level=conf_level, method=answer.method)
            return
        answer.notes["variance_at_boundary"] = 0.0
    except NotEstimable as reason:
        if reason.reason != "not_converged":
            raise
        answer.notes["model_failed"] = float(len(values))
    answer.method = METHOD["duration"]
    answer.found = ols_clustered(y=values, x=x, clusters=unit).estimate(position=1, conf_level=conf_level)


def _share(answer: Answer, rows: pd.DataFrame, after: np.ndarray, conf_level: float) -> None:
    values, unit = rows["value"].to_numpy(dtype=float), rows["unit"].to_numpy()
    sides = [(values[side], unit[side]) for side in (~after, after)]
    if min(len(np.unique(who)) for _, who in sides) < 2:
        raise NotEstimable("too_few")
    repeats = len(np.unique(unit)) < len(unit)
    flat = any(spread_is_zero(part) for part, _ in sides)
    if repeats and not flat:
        fit = ols_clustered(y=values, x=_columns(after), clusters=unit)
        answer.found = fit.estimate(position=1, conf_level=conf_level)
        return
    sizes = [float(len(np.unique(who))) for _, who in sides]
    if flat:
        answer.notes["few_events"] = float(values.sum())
    answer.method = "newcombe_persons" if repeats else "newcombe"
    answer.found = newcombe(
        events_before=sides[0][0].mean() * sizes[0], n_before=sizes[0], events_after=sides[1][0].mean() * sizes[1],
        n_after=sizes[1], conf_level=conf_level,
    )


def _duration(answer: Answer, rows: pd.DataFrame, after: np.ndarray, conf_level: float) -> None:
    values, unit = rows["value"].to_numpy(dtype=float), rows["unit"].to_numpy()
    if min(len(np.unique(unit[side])) for side in (after, ~after)) < 2:
        raise NotEstimable("too_few")
    if spread_is_zero(values[after]) and spread_is_zero(values[~after]):
        raise NotEstimable("zero_variance")
    fit = ols_clustered(y=values, x=_columns(after), clusters=unit)
    answer.found = fit.estimate(position=1, conf_level=conf_level)


def _months(answer: Answer, rows: pd.DataFrame, after: np.ndarray, conf_level: float) -> None:
    """One department: its months in a row. Several: department-months, departments as clusters."""
    values = rows["value"].to_numpy(dtype=float)
    answer.notes["months_as_rows"] = float(len(rows))
    if rows["department"].nunique() > 1:
        answer.method = METHOD["duration"]
        fit = ols_clustered(y=values, x=_columns(after), clusters=rows["department"].to_numpy())
        answer.found = fit.estimate(position=1, conf_level=conf_level)
        return
    period = (rows["date"].dt.year * 12 + rows["date"].dt.month).to_numpy()
    found = ar1_difference(values=values, after=after, period=period, conf_level=conf_level)
    answer.notes["months_alike"] = found.memory
    answer.found = found.change


def _columns(after: np.ndarray) -> np.ndarray:
    return np.column_stack([np.ones(len(after)), after.astype(float)])


METHOD = {
    "repeated_cross_section": "welch", "same_people": "paired_t", "partly_linked": "person_random_intercept",
    "share": "cluster_robust", "duration": "cluster_robust", "count": "ar1_reml", "rate": "ar1_reml",
}
CHOICES = {
    "repeated_cross_section": _cross_section, "same_people": _paired, "partly_linked": _partly_linked,
    "share": _share, "duration": _duration, "count": _months, "rate": _months,
}
