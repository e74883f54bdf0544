"""Where a 95 % interval is known to hold the truth less often than it says: measured, not guessed (METHODS.md, section 12)."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class LowCoverage:
    """``method`` holds its truth in ``coverage`` (0-1, the lowest measured) of draws with ``least`` to ``most`` departments,
    or persons (months for a method of months) on the smaller side."""

    method: str
    by: str
    least: float
    most: float
    coverage: float


RULES = (
    LowCoverage("gee_poisson_bias_reduced", "departments", 15, math.inf, 0.91),
)


def low_coverage(*, method: str, departments: float, persons: float) -> float | None:
    """The measured coverage where it is under 0.92 in a setting like this one, else None.

    departments: with rows in the answer; persons: on the smaller side. ``mixed_department_slope`` and the like follow
    ``mixed_department``.
    """
    name = "mixed_department" if method.startswith("mixed_department") else method
    found = [
        rule.coverage for rule in RULES
        if rule.method == name and rule.least <= (departments if rule.by == "departments" else persons) <= rule.most
    ]
    return min(found, default=None)
