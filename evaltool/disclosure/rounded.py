"""Counts of persons rounded up or down to a multiple of a base, at random: the other way to protect a small number.

Only for tables of counts that stand alone (``exact_or_rounded``). Method: unbiased random rounding (Statistics Canada,
Stats NZ), with the draw fixed by a secret key, so that asking again, or asking of new data, never draws again.
"""

from __future__ import annotations

import hashlib
import hmac
import math

import numpy as np
import pandas as pd

from ..errors import PrivacyError
from ..result import Release, Result
from .policies import Policy
from .series import INTERNAL

STEP = 5
NAMES = ("measure", "department", "subgroup", "grain")
EMPTIED = ("conf_low", "conf_high", "conf_level", "numerator", "denominator", "persons")


def rounding_base(*, policy: Policy) -> int:
    """The smallest multiple of 5 that is at least ``policy.min_persons``: 5, under ``strict`` 10."""
    return STEP * max(1, math.ceil(policy.min_persons / STEP))


def rounded(*, result: Result, policy: Policy, key: bytes) -> Release:
    """Every cell of ``result.series`` (persons, each counted once in a cell) as a multiple of ``rounding_base``.

    A count x becomes ``base * floor(x / base + u)``: up with the probability that makes the mean right. u in [0, 1) is
    drawn by HMAC-SHA256 of the cell's name under ``key``, not of its count and not of the data: the same cell is rounded
    by the same draw for ever. What is shown as r can be any of r - base + 1 ... r + base - 1 from 0 on, so no count is known
    to fewer than ``base`` values, and where it says 0 there may be nobody. Sums are made of the rounded cells, after
    the gate. ``policy["rounded_to"]`` is the base. Raises PrivacyError under ``unrestricted``, which rounds nothing, and for
    a result that holds anything but cells of persons.
    """
    if not policy.hides:
        raise PrivacyError("rounding_unrestricted")
    cells = result.series
    if len(result.estimates) or not (cells["kind"].eq("cell") & cells["value"].eq(cells["persons"])).all():
        raise PrivacyError("rounding_counts_only")
    base = rounding_base(policy=policy)
    value = base * np.floor(cells["persons"].to_numpy() / base + _draws(cells, key))
    series = cells.assign(value=value, n=value, method="rounded", status="shown", reason=None, **dict.fromkeys(EMPTIED, np.nan))
    series = series.drop(columns=INTERNAL).astype({"status": "str", "reason": "str", "method": "str"})
    estimates = result.estimates.assign(status=pd.Series(dtype="str"), reason=pd.Series(dtype="str"))
    return Release(
        estimates=estimates, series=series, notes=result.notes, register=result.register, events=result.events, spec=result.spec,
        provenance=result.provenance, policy={**policy.facts(), "hidden": {}, "rounded_to": base},
    )


def _draws(cells: pd.DataFrame, key: bytes) -> np.ndarray:
    """(n,) numbers in [0, 1), one per name of a cell."""
    names = cells[list(NAMES)].fillna("").agg("|".join, axis=1) + "|" + cells["period"].dt.strftime("%Y-%m-%d")
    digests = (hmac.new(key, name.encode(), hashlib.sha256).digest() for name in names)
    # 53 bits: what a float holds exactly.
    return np.array([(int.from_bytes(digest[:8], "big") >> 11) / 2**53 for digest in digests])
