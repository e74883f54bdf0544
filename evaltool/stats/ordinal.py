"""Ordered answers on two sides: the proportional-odds model, its test, and plain shares of better, same and worse."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .estimate import Estimate, NotEstimable, t_estimate


@dataclass(frozen=True)
class ProportionalOdds:
    """``log_odds``: log of the odds of a higher answer after over before. ``lack_of_fit``, ``lack_df``, ``lack_p``:
    likelihood-ratio test that one odds ratio holds at every cut. ``higher``, ``equal``, ``lower``: shares of all
    pairs of one answer after and one before."""

    log_odds: Estimate
    lack_of_fit: float
    lack_df: int
    lack_p: float
    higher: float
    equal: float
    lower: float


def proportional_odds(
    *, answers: np.ndarray, after: np.ndarray, clusters: np.ndarray | None = None, conf_level: float = 0.95
) -> ProportionalOdds:
    """McCullagh's model (J R Stat Soc B 1980;42:109), logit, one shift for the after side.

    answers (n,) codes in order, after (n,) bool, clusters (n,) or None. Without clusters the interval is normal on the
    observed information (as MASS::polr); with clusters the sandwich with G/(G-1) and t(G-1). The test of one odds
    ratio compares with separate shares per side, J - 2 degrees of freedom. Raises NotEstimable: ``too_few`` (an empty
    side), ``zero_variance`` (one answer only), ``separation`` (no
    answer after lies below one before, or the reverse).
    """
    codes, level = np.unique(answers, return_inverse=True)
    after = np.asarray(after, dtype=bool)
    if min(after.sum(), (~after).sum()) < 1:
        raise NotEstimable("too_few")
    if len(codes) < 2:
        raise NotEstimable("zero_variance")
    table = np.array([np.bincount(level[side], minlength=len(codes)) for side in (~after, after)], dtype=float)
    higher, equal, lower = _pairs(table)
    if min(higher, lower) == 0:
        raise NotEstimable("separation")
    point = _maximise(table)
    information = _information(table, point)
    cov = np.linalg.inv(information)
    df = np.inf
    if clusters is not None:
        group = np.unique(clusters, return_inverse=True)[1]
        size = int(group.max()) + 1
        if size < 2:
            raise NotEstimable("too_few")
        scores = _cell_scores(table.shape[1], point)[after.astype(int), level]
        sums = np.zeros((size, scores.shape[1]))
        np.add.at(sums, group, scores)
        cov, df = size / (size - 1) * cov @ (sums.T @ sums) @ cov, size - 1.0
    lack = 2 * (_saturated(table) - _log_likelihood(table, point))
    lack_df = len(codes) - 2
    found = t_estimate(
        estimate=float(point[-1]), std_error=float(np.sqrt(cov[-1, -1])), df=df, conf_level=conf_level,
        method="proportional_odds" + ("" if clusters is None else "_clustered"),
    )
    return ProportionalOdds(
        log_odds=found, lack_of_fit=float(lack), lack_df=lack_df, lack_p=_chi_square_tail(float(lack), lack_df),
        higher=higher, equal=equal, lower=lower,
    )


def _pairs(table: np.ndarray) -> tuple[float, float, float]:
    share = table / table.sum(axis=1, keepdims=True)
    below = [np.concatenate([[0.0], np.cumsum(side)[:-1]]) for side in share]
    return float((share[1] * below[0]).sum()), float((share[1] * share[0]).sum()), float((share[0] * below[1]).sum())


def _chances(point: np.ndarray) -> np.ndarray:
    """(2, J) chance of each answer per side."""
    from scipy.special import expit

    edges = np.array([expit(point[:-1]), expit(point[:-1] - point[-1])])
    full = np.concatenate([np.zeros((2, 1)), edges, np.ones((2, 1))], axis=1)
    return np.diff(full, axis=1)


def _log_likelihood(table: np.ndarray, point: np.ndarray) -> float:
    chance = _chances(point)
    if (chance <= 0).any():
        return -np.inf
    return float((table * np.log(chance)).sum())


def _cell_scores(cells: int, point: np.ndarray) -> np.ndarray:
    """(2, J, J) derivative of the log chance of each answer per side in (thresholds, shift)."""
    from scipy.special import expit

    chance = _chances(point)
    out = np.zeros((2, cells, cells))
    for side in (0, 1):
        edge = expit(point[:-1] - side * point[-1])
        slope = edge * (1 - edge)
        for j in range(cells - 1):
            out[side, j, j] += slope[j]
            out[side, j + 1, j] -= slope[j]
            if side:
                out[side, j, -1] -= slope[j]
                out[side, j + 1, -1] += slope[j]
        out[side] /= chance[side][:, None]
    return out


def _gradient(table: np.ndarray, point: np.ndarray) -> np.ndarray:
    return np.einsum("sj,sjp->p", table, _cell_scores(table.shape[1], point))


def _information(table: np.ndarray, point: np.ndarray, step: float = 1e-5) -> np.ndarray:
    """Minus the second derivatives, by central differences of the exact gradient."""
    moves = step * np.eye(len(point))
    rows = [(_gradient(table, point + m) - _gradient(table, point - m)) / (2 * step) for m in moves]
    return -(np.array(rows) + np.array(rows).T) / 2


def _maximise(table: np.ndarray) -> np.ndarray:
    """Newton's method from the pooled cuts, halving steps that do not raise the likelihood."""
    total = table.sum(axis=0)
    shares = np.cumsum(total)[:-1] / total.sum()
    point = np.concatenate([np.log(shares / (1 - shares)), [0.0]])
    here = _log_likelihood(table, point)
    for _ in range(100):
        slope = _gradient(table, point)
        if np.abs(slope).max() < 1e-9 * table.sum():
            return point
        step = np.linalg.solve(_information(table, point), slope)
        for halving in range(30):
            there = _log_likelihood(table, point + step / 2**halving)
            if there >= here:
                point, here = point + step / 2**halving, there
                break
        else:
            return point
    raise NotEstimable("not_converged")


def _saturated(table: np.ndarray) -> float:
    share = table / table.sum(axis=1, keepdims=True)
    return float((table[table > 0] * np.log(share[table > 0])).sum())


def _chi_square_tail(statistic: float, df: int) -> float:
    from scipy.special import chdtrc

    return float(chdtrc(df, max(statistic, 0.0))) if df > 0 else 1.0
