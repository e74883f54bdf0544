"""Reliable change from three or more measurements: each person's own slope (HLM in R's clinicalsignificance)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .estimate import NotEstimable


def growth_change(*, person: np.ndarray, time: np.ndarray, value: np.ndarray, level: float = 0.05) -> pd.DataFrame:
    """``person, measurements, slope_deviation, std_error, index, reliable`` for everyone with three measurements.

    person: (n,) labels; time, value: (n,) floats, rows with a gap left out. Mixed model (REML) with a random start and
    a random slope per person; ``slope_deviation`` is the empirical-Bayes slope less the mean slope, and ``index`` that
    over its conditional standard error (Speer and Greenbaum, J Consult Clin Psychol 1995). Note what this asks: did
    the person change more or less than the others, not whether the person changed.
    Raises NotEstimable: fewer than ten such persons, or a model that does not converge.
    """
    import statsmodels.api as sm
    from scipy.special import ndtri

    frame = pd.DataFrame({"person": person, "time": time, "value": value}).dropna()
    frame = frame[frame.groupby("person")["value"].transform("size") >= 3].reset_index(drop=True)
    if frame["person"].nunique() < 10:
        raise NotEstimable("too_few")
    design = np.column_stack([np.ones(len(frame)), frame["time"].to_numpy(dtype=float)])
    outcome = frame["value"].to_numpy(dtype=float)
    fit = sm.MixedLM(outcome, design, groups=frame["person"].to_numpy(), exog_re=design).fit(
        reml=True, method=["bfgs", "lbfgs", "nm"])
    covariance, noise = np.asarray(fit.cov_re, dtype=float), float(fit.scale)
    if not fit.converged or not np.isfinite(covariance).all() or noise <= 0:
        raise NotEstimable("not_converged")
    residual = outcome - design @ np.asarray(fit.fe_params)
    rows = []
    for label, place in frame.groupby("person", sort=True).indices.items():
        z, e = design[place], residual[place]
        total = z @ covariance @ z.T + noise * np.eye(len(place))
        gain = covariance @ z.T @ np.linalg.inv(total)
        deviation, spread = gain @ e, covariance - gain @ z @ covariance
        rows.append((label, float(len(place)), deviation[1], np.sqrt(max(spread[1, 1], 0.0))))
    out = pd.DataFrame(rows, columns=["person", "measurements", "slope_deviation", "std_error"])
    out["index"] = out["slope_deviation"] / out["std_error"].where(out["std_error"] > 0)
    out["reliable"] = out["index"].abs() > float(ndtri(1 - level / 2))
    return out
