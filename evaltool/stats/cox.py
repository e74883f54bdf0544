"""Cox's hazard ratio of one group against another, standard error clustered on persons."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .estimate import Estimate, NotEstimable, t_p_value, t_quantile

FAR = 15.0
"""A log ratio beyond it is on its way to infinity: everybody of one group had the event before all of the other."""
LEAST_ERROR = 1e-8
"""Below this part of the error of independent rows a clustered one is the rounding of nil."""


def hazard_ratio(
    *, time: np.ndarray, event: np.ndarray, group: np.ndarray, person: np.ndarray | None = None, conf_level: float = 0.95,
) -> Estimate:
    """Cox hazard ratio of ``group`` (n,) bool against the rest, ties by Efron, normal interval on the log.

    With ``person`` (n,) codes from 0 the standard error is clustered on persons (Lin and Wei 1989, no small-sample
    factor), from Efron's own score residuals (statsmodels takes Breslow's there). ``std_error`` is that of the log.
    Raises NotEstimable: ``too_few`` (an empty group, or a single person), ``zero_events`` (a group without any event),
    ``zero_variance`` (persons so alike that their residuals are all nil), ``not_converged``.
    """
    time, event, group = np.asarray(time, dtype="int64"), np.asarray(event, dtype=bool), np.asarray(group, dtype=bool)
    if group.all() or not group.any() or (person is not None and len(np.unique(person)) < 2):
        raise NotEstimable("too_few")
    if not (event & group).any() or not (event & ~group).any():
        raise NotEstimable("zero_events")
    steps = _efron_steps(time, event, group)
    log, information = _newton(steps)
    error = 1 / np.sqrt(information)
    if person is not None:
        residual = _score_residuals(time, event, group, steps, log)
        error = float(np.sqrt((np.bincount(person, weights=residual) ** 2).sum()) / information)
        if error < LEAST_ERROR / np.sqrt(information):
            raise NotEstimable("zero_variance")
    half = t_quantile(df=np.inf, conf_level=conf_level) * error
    return Estimate(
        estimate=float(np.exp(log)), std_error=float(error), df=np.inf, statistic=float(log / error),
        p_value=t_p_value(statistic=log / error, df=np.inf), conf_low=float(np.exp(log - half)),
        conf_high=float(np.exp(log + half)), conf_level=conf_level,
        method="cox_efron" if person is None else "cox_efron_clustered",
    )


@dataclass(frozen=True)
class _Steps:
    """One entry per event, tied events in a row: ``at`` its time, ``rank`` / ``tied`` the share of the tied events
    that Efron takes out, persons at risk and tied events with (1) and without (0) the group."""

    at: np.ndarray
    part: np.ndarray
    risk0: np.ndarray
    risk1: np.ndarray
    tied0: np.ndarray
    tied1: np.ndarray

    def weights(self, log: float) -> tuple[np.ndarray, np.ndarray]:
        """Sum of exp(b x) at risk and the mean of x in it, by event."""
        own = (self.risk1 - self.part * self.tied1) * np.exp(log)
        whole = self.risk0 - self.part * self.tied0 + own
        return whole, own / whole


def _efron_steps(time: np.ndarray, event: np.ndarray, group: np.ndarray) -> _Steps:
    width = int(time.max()) + 1
    risk = [np.cumsum(np.bincount(time[group == g], minlength=width)[::-1])[::-1] for g in (False, True)]
    tied = [np.bincount(time[event & (group == g)], minlength=width) for g in (False, True)]
    many = tied[0] + tied[1]
    at = np.repeat(np.arange(width), many)
    rank = np.arange(len(at)) - np.repeat(np.cumsum(many) - many, many)
    return _Steps(at, rank / many[at], *(r[at].astype("float64") for r in risk), *(t[at].astype("float64") for t in tied))


def _newton(steps: _Steps) -> tuple[float, float]:
    # Each tied event carries its share of the events of the group at that time.
    observed = (steps.tied1 / (steps.tied0 + steps.tied1)).sum()
    log = 0.0
    for _ in range(50):
        _, mean = steps.weights(log)
        information = float((mean * (1 - mean)).sum())
        if not np.isfinite(information) or information <= 0 or abs(log) > FAR:
            break
        step = float(observed - mean.sum()) / information
        log += max(-2.0, min(2.0, step))
        if abs(step) < 1e-10:
            return log, information
    raise NotEstimable("not_converged")


def _score_residuals(time, event, group, steps: _Steps, log: float) -> np.ndarray:
    """(n,) Efron's score residuals (Therneau and Grambsch 2000, 4.6)."""
    width = int(time.max()) + 1
    whole, mean = steps.weights(log)
    many = np.bincount(steps.at, minlength=width)
    average = np.bincount(steps.at, weights=mean, minlength=width) / np.maximum(many, 1)
    x = group.astype("float64")
    out = np.where(event, x - average[time], 0.0)
    for g in (0, 1):
        pull = np.exp(log * g) * (g - mean) / whole
        at_risk = np.cumsum(np.bincount(steps.at, weights=pull, minlength=width))
        # Somebody with an event is taken out step by step among the tied ones.
        less = np.bincount(steps.at, weights=pull * steps.part, minlength=width)
        own = group == bool(g)
        out[own] -= at_risk[time[own]] - np.where(event[own], less[time[own]], 0.0)
    return out
