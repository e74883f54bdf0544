"""From all stays to readmissions, step by step: nothing is left out without a reason and a count."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from .episodes import closing, seconds
from .readmission import REASONS

COLUMNS = ("step", "stays", "episodes", "persons")
STEPS = ("all_stays", "after_as_of", "merged", "episodes", *REASONS, "index", "readmitted", "not_readmitted")
"""Stays less those ``after_as_of`` and those ``merged`` into an episode (a transfer) leave ``episodes``; these less
each reason leave ``index``, which is ``readmitted`` and ``not_readmitted``."""

FLAGS = ("crosses_start", "died_in_window", "kind_unknown")
"""Counted among ``index``, not left out."""


def flow(*, stays: pd.DataFrame, episodes: pd.DataFrame, flags: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """One row per step of ``STEPS`` and then ``FLAGS``, zeros included.

    ``episodes`` as made by ``episodes()`` from ``stays``, ``flags`` by ``readmission()`` from these, row by row.
    ``stays``: stays concerned; ``episodes``: missing for the steps before there are any; ``persons``: different
    known persons.
    """
    late = pd.Series(seconds(stays["admitted"]) >= closing(as_of), index=stays.index)
    merged = int((~late).sum()) - len(episodes)
    rows = [
        ("all_stays", len(stays), None, stays["person"].nunique()),
        ("after_as_of", int(late.sum()), None, stays["person"][late].nunique()),
        ("merged", merged, None, flags["person"][(episodes["n_stays"] > 1).to_numpy()].nunique()),
    ]
    picks = {"episodes": pd.Series(True, index=flags.index)}
    picks |= {reason: flags["reason"] == reason for reason in REASONS}
    picks |= {
        "index": flags["included"], "readmitted": flags["value"] == 1, "not_readmitted": flags["value"] == 0,
        "crosses_start": flags["included"] & flags["crosses_start"],
        "died_in_window": flags["included"] & flags["died_in_window"],
        "kind_unknown": flags["included"] & (flags["value"] == 1) & (flags["next_type"] == "unknown"),
    }
    sizes = episodes["n_stays"].reset_index(drop=True)
    rows += [(step, int(sizes[pick].sum()), int(pick.sum()), flags["person"][pick].nunique()) for step, pick in picks.items()]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype({"stays": "float64", "episodes": "float64", "persons": "float64"})
