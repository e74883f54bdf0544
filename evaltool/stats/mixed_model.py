"""Linear mixed model by REML: random intercepts for groups and for units inside them, and a random slope per group.

Departments are groups, persons are units; with persons alone they are the groups. The likelihood needs only sums
per group and unit (Sherman-Morrison inside, Woodbury outside), so one evaluation costs microseconds whatever the
number of rows, and departments by measures can be fitted by the thousand.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .estimate import Estimate, NotEstimable, require_values, t_estimate

BOUNDARY = 1e-6
"""A variance ratio under this is zero: that component is not there."""
UPPER = 1 - 1e-9
"""Highest share of variance that is searched; a fit that ends there has no residual variance."""


@dataclass(frozen=True)
class MixedFit:
    """REML fit. ``coef`` (k,), ``cov`` (k, k), ``df`` (k,) by Satterthwaite.

    ``variances``: residual, and where fitted ``unit``, ``group``, ``slope``, in squared units of y. ``llf`` is the
    restricted log-likelihood (lme4's constant). ``boundary``: components that were estimated as zero.
    """

    coef: np.ndarray
    cov: np.ndarray
    df: np.ndarray
    variances: dict[str, float]
    boundary: tuple[str, ...]
    llf: float

    def estimate(self, *, position: int, conf_level: float, method: str) -> Estimate:
        """Coefficient number ``position`` with its t interval on Satterthwaite's degrees of freedom."""
        return t_estimate(
            estimate=float(self.coef[position]), std_error=float(np.sqrt(self.cov[position, position])),
            df=float(self.df[position]), conf_level=conf_level, method=method,
        )


@dataclass(frozen=True)
class _Sums:
    """Cross products of ``[x, z, y]`` per group, those of unit sums per group and unit size, and the counts."""

    base: np.ndarray
    unit: np.ndarray
    sizes: np.ndarray
    counts: np.ndarray
    n: int
    k: int
    names: tuple[str, ...]


def mixed_model(
    *, y: np.ndarray, x: np.ndarray, group: np.ndarray | None = None, unit: np.ndarray | None = None,
    slope: np.ndarray | None = None,
) -> MixedFit:
    """Fit ``y = x b + group + slope x group + unit in group + noise`` with independent normal random terms.

    y (n,), x (n, k) with its constant, group and unit (n,) codes (a unit seen in two groups is two units),
    slope (n,) the column whose effect varies between groups; one of group and unit is enough. The same model in lme4:
    ``y ~ x + (1 | group) + (0 + slope | group) + (1 | group:unit)``. Degrees of freedom by Satterthwaite as in
    Kuznetsova, Brockhoff and Christensen (J Stat Softw 2017;82(13)), zero components left out.
    Raises NotEstimable: ``too_few``, ``zero_variance``, ``not_identified``, ``not_converged``.
    """
    n, k = x.shape
    require_values(y, x)
    if n <= k + 1 or len(np.unique(unit if group is None else group)) < 2:
        raise NotEstimable("too_few")
    if np.linalg.matrix_rank(x) < k:
        raise NotEstimable("not_identified")
    spread = float(np.std(y))
    if spread <= 1e-12 * max(1.0, float(np.max(np.abs(y)))):
        raise NotEstimable("zero_variance")
    sums = _sums(y / spread, x, group, unit, slope)
    try:
        # No residual at all makes the likelihood infinite somewhere; what comes out is judged below, not warned about.
        with np.errstate(all="ignore"):
            ratios = _optimum(sums)
            parts = _evaluate(sums, ratios)
            if not np.isfinite(parts["deviance"]) or parts["rss"] <= 1e-14 * n:
                raise NotEstimable("not_converged")
            sigma2 = parts["rss"] / (n - k)
            cov, df = sigma2 * np.linalg.inv(parts["xvx"]), _satterthwaite(sums, ratios, sigma2)
    except np.linalg.LinAlgError:
        raise NotEstimable("not_converged") from None
    variances = {"residual": sigma2} | {name: r * sigma2 for name, r in zip(sums.names, ratios, strict=True)}
    return MixedFit(
        coef=parts["coef"] * spread, cov=cov * spread**2, df=df,
        variances={name: value * spread**2 for name, value in variances.items()},
        boundary=tuple(name for name, r in zip(sums.names, ratios, strict=True) if r == 0),
        llf=-0.5 * parts["deviance"] - (n - k) * float(np.log(spread)),
    )


def _sums(y, x, group, unit, slope) -> _Sums:
    """Everything the likelihood needs, once."""
    n, k = x.shape
    z = ([] if group is None else [np.ones(n)]) + ([] if slope is None else [slope.astype(float)])
    rows = np.column_stack([x, *z, y])
    code = np.zeros(n, dtype=int) if group is None else np.unique(group, return_inverse=True)[1]
    n_groups = int(code.max()) + 1
    width = rows.shape[1]
    base = _added(code, rows[:, :, None] * rows[:, None, :])
    names = ("group", "slope")[: len(z)]
    if unit is None:
        empty = np.zeros((n_groups, 0, width, width))
        return _Sums(base, empty, np.zeros(0), np.zeros((n_groups, 0)), n, k, names)
    person = np.unique(unit, return_inverse=True)[1]
    pair, unit_code = np.unique(code * (person.max() + 1) + person, return_inverse=True)
    unit_group, totals = pair // (person.max() + 1), _added(unit_code, rows)
    sizes, size_code = np.unique(np.bincount(unit_code), return_inverse=True)
    inner = np.zeros((n_groups, len(sizes), width, width))
    np.add.at(inner, (unit_group, size_code), totals[:, :, None] * totals[:, None, :])
    counts = np.zeros((n_groups, len(sizes)))
    np.add.at(counts, (unit_group, size_code), 1)
    return _Sums(base, inner, sizes.astype(float), counts, n, k, (*names, "unit"))


def _added(code: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Sums of ``values`` (n, ...) by ``code`` (n,), which are all the numbers from 0 to some number."""
    order = np.argsort(code, kind="stable")
    first = np.flatnonzero(np.diff(code[order], prepend=-1))
    return np.add.reduceat(values[order], first, axis=0)


def _evaluate(sums: _Sums, ratios: np.ndarray) -> dict:
    """Restricted deviance with the residual variance profiled out, and its parts, at variance ratios to the residual."""
    k, q = sums.k, sums.base.shape[1] - sums.k - 1
    cross, log_det = sums.base, 0.0
    if len(sums.sizes):
        ratio = ratios[-1]
        cross = cross - np.einsum("gsij,s->gij", sums.unit, ratio / (1 + ratio * sums.sizes))
        log_det += float((sums.counts * np.log1p(ratio * sums.sizes)).sum())
    keep = [*range(k), k + q]
    total = cross[:, keep, :][:, :, keep].sum(axis=0)
    inside = root = None
    if q:
        root = np.sqrt(ratios[:q])
        inside = np.eye(q) + root[:, None] * cross[:, k : k + q, k : k + q] * root
        link = cross[:, k : k + q, :][:, :, keep] * root[None, :, None]
        total = total - np.einsum("gqi,gqj->ij", link, np.linalg.solve(inside, link))
        log_det += float(np.linalg.slogdet(inside)[1].sum())
    xvx, xvy = total[:k, :k], total[:k, k]
    coef = np.linalg.solve(xvx, xvy)
    rss = max(float(total[k, k] - coef @ xvy), 1e-300)
    free = sums.n - k
    fixed = float(np.linalg.slogdet(xvx)[1])
    deviance = log_det + fixed + free * (1 + np.log(2 * np.pi * rss / free))
    return {
        "deviance": float(deviance), "coef": coef, "rss": rss, "xvx": xvx, "log_det": log_det + fixed, "cross": cross,
        "inside": inside, "root": root,
    }


def _gradient(sums: _Sums, ratios: np.ndarray, parts: dict) -> np.ndarray:
    """Derivative of the profiled deviance in each ratio: tr(P Z Z') - (n-k) |Z'Py|^2 / y'Py."""
    k, q, width = sums.k, len(sums.names) - bool(len(sums.sizes)), sums.base.shape[1]
    cross, free = parts["cross"], sums.n - sums.k
    turn = np.broadcast_to(np.eye(width), cross.shape).copy()
    inner = np.zeros((len(cross), q, q))
    if q:
        scale = parts["root"]
        inner = scale[:, None] * np.linalg.inv(parts["inside"]) * scale
        turn[:, k : k + q, :] -= inner @ cross[:, k : k + q, :]
    whole = cross @ turn
    bread = np.linalg.inv(parts["xvx"])
    side = np.concatenate([-parts["coef"], np.zeros(q), [1.0]])
    out = np.empty(len(ratios))
    for i in range(q):
        row = whole[:, k + i, :]
        trace = row[:, k + i].sum() - np.einsum("gi,ij,gj->", row[:, :k], bread, row[:, :k])
        out[i] = trace - free * float(((row @ side) ** 2).sum()) / parts["rss"]
    if len(sums.sizes):
        denominator = 1 + ratios[-1] * sums.sizes
        squares = np.einsum("gsij,s->gij", sums.unit, denominator**-2.0)
        turned = (turn.transpose(0, 2, 1) @ squares @ turn).sum(axis=0)
        trace = (sums.counts * (sums.sizes / denominator)).sum() - (inner * squares[:, k : k + q, k : k + q]).sum()
        out[-1] = trace - (bread * turned[:k, :k]).sum() - free * float(side @ turned @ side) / parts["rss"]
    return out


def _optimum(sums: _Sums) -> np.ndarray:
    """Variance ratios at the lowest deviance, searched on r/(1+r) in [0, 1); tiny ones become zero.

    One component: Brent's bounded search and the boundary. More: L-BFGS-B with the exact gradient from two starts.
    """
    lowest, share = _one_component(sums) if len(sums.names) == 1 else _several_components(sums)
    if not np.isfinite(lowest) or share.max() > 1 - 1e-7:
        raise NotEstimable("not_converged")
    ratios = share / (1 - share)
    return np.where(ratios < BOUNDARY, 0.0, ratios)


def _one_component(sums: _Sums) -> tuple[float, np.ndarray]:
    from scipy.optimize import minimize_scalar

    def deviance(share):
        return _evaluate(sums, np.array([share / (1 - share)]))["deviance"]

    inner = minimize_scalar(deviance, bounds=(0.0, UPPER), method="bounded", options={"xatol": 1e-9})
    edge = deviance(0.0)
    return (inner.fun, np.array([inner.x])) if inner.fun < edge else (edge, np.zeros(1))


def _several_components(sums: _Sums) -> tuple[float, np.ndarray]:
    from scipy.optimize import minimize

    def deviance(share):
        ratios = share / (1 - share)
        parts = _evaluate(sums, ratios)
        return parts["deviance"], _gradient(sums, ratios, parts) / (1 - share) ** 2

    size = len(sums.names)
    runs = [
        minimize(
            deviance, np.full(size, start), method="L-BFGS-B", bounds=[(0.0, UPPER)] * size, jac=True,
            options={"ftol": 1e-15, "gtol": 1e-9},
        )
        for start in (0.05, 0.5)
    ]
    best = min(runs, key=lambda run: run.fun)
    return best.fun, best.x


def _satterthwaite(sums: _Sums, ratios: np.ndarray, sigma2: float) -> np.ndarray:
    """Degrees of freedom per coefficient: 2 v^2 / var(v), var(v) from the curvature in the log variances above zero."""
    live = np.flatnonzero(ratios > 0)
    centre = np.log(np.concatenate([[sigma2], ratios[live] * sigma2]))

    def at(log_variances):
        values = np.exp(log_variances)
        full = np.zeros(len(ratios))
        full[live] = values[1:] / values[0]
        return _evaluate(sums, full), values[0]

    def deviance(log_variances):
        parts, residual = at(log_variances)
        return parts["log_det"] + (sums.n - sums.k) * np.log(residual) + parts["rss"] / residual

    def variance(log_variances):
        parts, residual = at(log_variances)
        return residual * np.diag(np.linalg.inv(parts["xvx"]))

    curvature = _hessian(deviance, centre)
    step = 1e-4
    slopes = np.array([(variance(centre + step * e) - variance(centre - step * e)) / (2 * step) for e in np.eye(len(centre))])
    try:
        spread = 2 * np.linalg.inv(curvature)
    except np.linalg.LinAlgError:
        raise NotEstimable("not_converged") from None
    denominator = np.einsum("ik,ij,jk->k", slopes, spread, slopes)
    if not (np.isfinite(denominator).all() and (denominator > 0).all()):
        raise NotEstimable("not_converged")
    return 2 * variance(centre) ** 2 / denominator


def _hessian(function, point: np.ndarray, step: float = 1e-3) -> np.ndarray:
    """Second derivatives by central differences."""
    size = len(point)
    moves = step * np.eye(size)
    out = np.empty((size, size))
    for i in range(size):
        for j in range(i, size):
            corners = [
                a * b * function(point + a * moves[i] + b * moves[j]) for a in (1, -1) for b in (1, -1)
            ]
            out[i, j] = out[j, i] = sum(corners) / (4 * step * step)
    return out
