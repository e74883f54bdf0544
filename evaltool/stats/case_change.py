"""Session scales (ORS, SRS) by case: first and last form, and how much of the expected use there was."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


def first_and_last(*, person: np.ndarray, date: np.ndarray, value: np.ndarray) -> pd.DataFrame:
    """One row per person: ``person, forms, first_date, last_date, days, first, last, change``.

    person: (n,) labels; date: (n,) datetime64; value: (n,) scores, rows with a gap left out. With one form ``last``
    and ``change`` are NaN: a single session is no change of zero. Forms on the same day keep their order.
    """
    frame = pd.DataFrame({"person": person, "date": pd.to_datetime(date), "value": value}).dropna()
    frame = frame.sort_values(["person", "date"], kind="stable")
    ends = frame.groupby("person", sort=True).agg(
        forms=("value", "size"), first_date=("date", "first"), last_date=("date", "last"),
        first=("value", "first"), last=("value", "last"),
    ).reset_index()
    ends["last"] = ends["last"].where(ends["forms"] >= 2)
    ends["change"] = ends["last"] - ends["first"]
    ends["days"] = (ends["last_date"] - ends["first_date"]).dt.days.astype("float64")
    ends["forms"] = ends["forms"].astype("float64")
    return ends[["person", "forms", "first_date", "last_date", "days", "first", "last", "change"]]


@dataclass(frozen=True)
class Uptake:
    """Use against what the method expects. Shares are NaN without a denominator."""

    users: int
    with_any: int
    with_two: int
    share_with_two: float
    sessions: int
    session_forms: int
    share_session_forms: float


def uptake(*, users: np.ndarray, outcome_person: np.ndarray, session_person: np.ndarray) -> Uptake:
    """Share of ``users`` with at least two outcome forms (ORS), and of outcome forms with a session form (SRS) to match.

    users: (u,) labels of everyone who received help in the period; outcome_person, session_person: (n,), (m,) the
    person of each ORS and each SRS form. A person's SRS forms count up to the number of that person's ORS forms.
    """
    known = pd.Index(pd.unique(pd.Series(users).dropna()))
    outcome = pd.Series(outcome_person).dropna().value_counts().reindex(known, fill_value=0)
    session = pd.Series(session_person).dropna().value_counts().reindex(known, fill_value=0)
    matched = int(np.minimum(outcome, session).sum())
    sessions, two = int(outcome.sum()), int((outcome >= 2).sum())
    return Uptake(
        users=len(known), with_any=int((outcome >= 1).sum()), with_two=two,
        share_with_two=two / len(known) if len(known) else float("nan"), sessions=sessions, session_forms=matched,
        share_session_forms=matched / sessions if sessions else float("nan"),
    )
