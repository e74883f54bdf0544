"""What lengths of stay look like: a skewed thing needs more than a mean."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .stays import CLASSES

COLUMNS = (
    "n", "persons", "mean", "sd", "trimmed_mean", "geometric_mean", "lower_quartile", "median", "upper_quartile",
    "same_day", "ongoing", *(f"class_{code}" for code, _, _ in CLASSES), "over_limit", "limit_unknown",
)
TRIM = 0.05


def length_summary(*, lengths: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """One row per group of ``by`` from the rows of ``length_of_stay()``; counts and nights of ended stays.

    ``trimmed_mean`` leaves out the shortest and longest 5 % (rounded down); ``geometric_mean`` is of nights plus one,
    minus one, so that stays within a day have a place. The quartiles are of ended stays; the median that counts the
    ongoing as censored is in ``aggregate``. ``over_limit`` counts ongoing stays that have passed the limit too,
    ``limit_unknown`` those that may yet. ``class_...``: stays in each class.
    """
    rows = []
    for key, own in lengths.groupby(by):
        rows.append(dict(zip(by, key, strict=True)) | _row(own))
    return pd.DataFrame(rows, columns=[*by, *COLUMNS])


def _row(own: pd.DataFrame) -> dict[str, float]:
    ended = own[~own["ongoing"]]
    nights = np.sort(ended["nights"].to_numpy())
    cut = int(len(nights) * TRIM)
    classes = ended["length_class"].value_counts()
    out = {
        "n": len(ended), "persons": own["person"].nunique(), "same_day": ended["same_day"].sum(),
        "ongoing": own["ongoing"].sum(), "over_limit": own["over_limit"].sum(), "limit_unknown": (~own["limit_known"]).sum(),
    } | {f"class_{code}": classes.get(code, 0) for code, _, _ in CLASSES}
    if len(nights):
        quartiles = np.quantile(nights, [0.25, 0.5, 0.75])
        out |= dict(zip(("lower_quartile", "median", "upper_quartile"), quartiles, strict=True)) | {
            "mean": nights.mean(), "trimmed_mean": nights[cut:len(nights) - cut].mean(),
            "geometric_mean": np.exp(np.log1p(nights).mean()) - 1,
            "sd": nights.std(ddof=1) if len(nights) > 1 else np.nan,
        }
    return {name: float(value) for name, value in out.items()}


def destinations(*, lengths: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Where ended stays went: rows ``by``, ``over_limit`` (bool), ``discharged_to`` (``unknown`` where it is missing),
    with ``n`` stays, ``persons`` and ``share`` of the ended stays on the same side of the limit."""
    ended = lengths[~lengths["ongoing"]]
    ended = ended.assign(discharged_to=ended["discharged_to"].fillna("unknown"))
    keys = [*by, "over_limit", "discharged_to"]
    out = ended.groupby(keys).agg(n=("row", "size"), persons=("person", "nunique")).astype("float64").reset_index()
    out["share"] = out["n"] / out.groupby(keys[:-1])["n"].transform("sum")
    return out
