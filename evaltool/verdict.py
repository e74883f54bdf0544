"""From an interval to a verdict and to how strongly it may be said. Nothing but numbers and codes decide."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from .result import ALL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .measures import Measure

VERDICTS = ("better", "worse", "no_important_change", "cannot_tell", "not_rated")
CLAIMS = ("described", "associated", "consistent_with_effect", "estimated_effect")
"""The claim ladder, lowest rung first."""

RATIOS = ("risk_ratio", "rate_ratio", "odds_ratio", "mean_ratio")
"""Estimands whose "no change" is 1."""

RAW = ("mean_difference", "risk_difference", "rate_difference", "adjusted_difference", "equivalence")
"""Estimands in the measure's own unit: only they can be held against its smallest important change."""

BORROWED = ("shrunken", "prediction_interval")
"""Methods whose interval leans on other departments: they describe, whatever they exclude."""

DEPARTMENT_CAPS = {
    "co_intervention": "described", "trend_elsewhere": "described", "mix_moved": "described", "depends_on_wash_in": "described",
    "below_minimum_n": "described", "group_alone": "described",
}
OVERALL_CAPS = {
    "few_departments": "associated", "trend_explains": "associated", "no_comparison_in_time": "associated",
    "co_intervention": "associated", "mix_moved": "associated", "depends_on_wash_in": "associated",
    "subgroups_alike": "described", "sign_turned": "described", "methods_disagree": "associated", "model_failed": "associated", "below_minimum_n": "described",
}
"""Note code -> highest rung it leaves."""
NO_ANSWER = "sign_turned"
"""Note of all departments that leaves no direction to speak of."""


def judge(*, estimates: pd.DataFrame, measures: Mapping[str, Measure], notes: pd.DataFrame) -> pd.DataFrame:
    """``estimates`` with ``verdict`` and ``claim`` filled in (METHODS.md, "From numbers to words").

    Verdict, in this order: ``not_rated`` (the measure has no better end); ``cannot_tell`` (no interval);
    ``no_important_change`` (the whole interval lies strictly inside plus/minus the smallest important change, whether
    or not it excludes no change); ``better`` or ``worse`` (it excludes no change); else ``cannot_tell``. All departments
    together are never better or worse where the departments themselves say the opposite (``NO_ANSWER``).

    Claim: ``described``; ``associated`` when the interval excludes no change; for the model of all departments
    (``*``, method ``mixed...``) ``consistent_with_effect``, because it also carries calendar time. The crude ``*``
    row ignores departments and never passes ``described``, nor do rows that borrow from other departments
    (``BORROWED``), nor groups of people; groups by one model reach ``associated``. Notes cap the rung. A test of
    equivalence says ``no_important_change`` or ``cannot_tell``, nothing else.
    """
    codes = _codes(notes)
    judged = [_judge_row(row, measures[row.measure], codes) for row in estimates.itertuples(index=False)]
    return estimates.assign(
        verdict=pd.Series([v for v, _ in judged], index=estimates.index, dtype="str"),
        claim=pd.Series([c for _, c in judged], index=estimates.index, dtype="str"),
    )


def verdict(*, low: float, high: float, direction: int, important: float | None, ratio: bool = False) -> str:
    """The verdict of one interval; ``direction`` 1 higher is better, -1 lower is better, 0 neither."""
    if direction == 0:
        return "not_rated"
    null = 1.0 if ratio else 0.0
    if not (low <= high):
        return "cannot_tell"
    if important is not None and not ratio and -important < low and high < important:
        return "no_important_change"
    side = int(low > null) - int(high < null)
    return {1: "better", -1: "worse", 0: "cannot_tell"}[side * direction]


def excludes_no_change(*, low: float, high: float, ratio: bool = False) -> bool:
    """Does the interval leave out no change (0, or 1 for a ratio)?"""
    null = 1.0 if ratio else 0.0
    return low > null or high < null


def _judge_row(row, measure: Measure, codes: Mapping[tuple, set[str]]) -> tuple[str, str]:
    ratio = row.estimand in RATIOS
    important = measure.important if row.estimand in RAW else None
    found = verdict(low=row.conf_low, high=row.conf_high, direction=measure.direction, important=important, ratio=ratio)
    if row.estimand == "equivalence":
        # The interval of two one-sided tests is a narrower one: what it excludes is no finding.
        return (found if found in ("no_important_change", "not_rated") else "cannot_tell"), "described"
    rung = "described"
    if row.method not in BORROWED and excludes_no_change(low=row.conf_low, high=row.conf_high, ratio=ratio):
        rung = _rung(row)
    caps = OVERALL_CAPS if row.department == ALL else DEPARTMENT_CAPS
    own = _text(row.subgroup)
    here = set().union(*(codes.get((row.measure, row.department, who), set()) for who in {own, ""}))
    if row.department == ALL and NO_ANSWER in here and found in ("better", "worse"):
        found = "cannot_tell"
    return found, min([rung, *(caps[code] for code in here if code in caps)], key=CLAIMS.index)


def _rung(row) -> str:
    """The highest rung that a row whose interval excludes no change can reach by its kind."""
    modelled = row.method.startswith("mixed")
    if row.department != ALL or (modelled and _text(row.subgroup)):
        return "associated"
    return "consistent_with_effect" if modelled else "described"


def _codes(notes: pd.DataFrame) -> dict[tuple, set[str]]:
    found: dict[tuple, set[str]] = {}
    for row in notes.itertuples(index=False):
        found.setdefault((row.measure, row.department, _text(row.subgroup)), set()).add(row.code)
    return found


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
