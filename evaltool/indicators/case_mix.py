"""Observed against expected: what the rate would have been if only the mix of people differed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..stats.rates import rate_interval

COLUMNS = (
    "observed", "expected", "ratio", "conf_low", "conf_high", "crude", "standardised", "n", "persons", "left_out",
)


def standardise(
    *, rows: pd.DataFrame, by: list[str], strata: list[str], reference: pd.Series | None = None, conf_level: float = 0.95,
) -> pd.DataFrame:
    """Indirect standardisation of a share: one row per group of ``by``, with ``COLUMNS``.

    ``rows``: one per thing counted with ``value`` 0/1, ``person``, the columns of ``by`` and of ``strata``.
    ``reference``: which rows give each stratum its rate (bool, all of them by default). ``expected`` is the sum of
    those rates over a group's rows, ``ratio`` observed over expected with the exact Poisson interval, and
    ``standardised`` the ratio times the reference's rate; ``crude`` stands beside it.

    Rows in a stratum that the reference does not have, or with a stratum column missing, cannot be expected
    anything of: they are ``left_out`` of observed and expected, not of ``crude`` and ``n``. Standardised numbers of
    two groups may be compared with the reference, not with each other: each has its own mix as weights. The interval
    takes the expected number as known.
    """
    known = rows if reference is None else rows[reference]
    rates = known.groupby(strata)["value"].mean().rename("rate")
    joined = rows.join(rates, on=strata)
    overall = known["value"].mean()
    usable = joined["rate"].notna()
    own = joined[usable].groupby(by)
    everyone = joined.groupby(by)
    out = pd.DataFrame({
        "n": everyone.size().astype("float64"), "crude": everyone["value"].mean(), "persons": everyone["person"].nunique(),
        "left_out": (~usable).groupby([joined[name] for name in by]).sum().astype("float64"),
    })
    out["observed"] = own["value"].sum().reindex(out.index).fillna(0.0)
    out["expected"] = own["rate"].sum().reindex(out.index).fillna(0.0)
    ends = [_interval(o, e, conf_level) for o, e in zip(out["observed"], out["expected"], strict=True)]
    out["conf_low"], out["conf_high"] = np.array(ends, dtype="float64").reshape(-1, 2).T
    out["ratio"] = out["observed"] / out["expected"].where(out["expected"] > 0)
    out["standardised"] = out["ratio"] * overall
    return out[list(COLUMNS)].reset_index()


def _interval(observed: float, expected: float, conf_level: float) -> tuple[float, float]:
    return rate_interval(events=observed, exposure=expected, conf_level=conf_level) if expected > 0 else (np.nan, np.nan)
