"""From all stays to readmissions, step by step: nothing is left out without a reason and a count."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from ..result import ALL, SERIES_COLUMNS, SERIES_TEXT, canonical
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


def merge_small(*, table: pd.DataFrame, min_persons: int) -> pd.DataFrame:
    """The flow table with the rare reasons together as ``other_reasons``, so that none can be had by subtraction.

    Reasons of 1 to ``min_persons - 1`` persons are added up, then the next smallest until at least ``min_persons``
    persons surely stand behind the sum (the largest of them counts, because one person can have several reasons).
    ``after_as_of`` and ``merged`` are steps of stays and stay as they are. Empty reasons are kept as zeros.
    """
    reasons = table[table["step"].isin(REASONS) & (table["persons"] > 0)].sort_values(["persons", "step"], kind="stable")
    small = int((reasons["persons"] < min_persons).sum())
    if small == 0:
        return table
    # One reason alone would be its own sum, and a sum of small ones must itself be large enough.
    while small < len(reasons) and (small < 2 or reasons["persons"].iloc[:small].max() < min_persons):
        small += 1
    gone = reasons.iloc[:small]
    other = pd.DataFrame([{
        "step": "other_reasons", "stays": gone["stays"].sum(), "episodes": gone["episodes"].sum(), "persons": gone["persons"].max(),
    }])
    place = table.index.get_loc(table.index[table["step"] == "index"][0])
    kept = table.drop(gone.index)
    head = kept[kept.index < table.index[place]]
    return pd.concat([head, other, kept.drop(head.index)], ignore_index=True)


def flow_series(*, table: pd.DataFrame, min_persons: int) -> pd.DataFrame:
    """The flow of all departments as ``result.SERIES_COLUMNS``, rare reasons together: measure ``readmission.flow``, kind
    ``flow``, ``phase`` is the step, ``value`` its episodes (stays for the steps before there are any), ``n`` its stays."""
    steps = merge_small(table=table, min_persons=min_persons)
    return canonical(steps.assign(
        measure="readmission.flow", department=ALL, kind="flow", phase=steps["step"], value=steps["episodes"].fillna(steps["stays"]),
        n=steps["stays"], unit="episodes", method="count"), SERIES_COLUMNS, SERIES_TEXT)
