"""Where a 95 % interval is known to hold the truth less often than it says: measured, not guessed (METHODS.md, section 12)."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class LowCoverage:
    """``method`` holds its truth in ``coverage`` (0-1, the lowest measured) of draws with ``least`` to ``most`` of ``by``:
    ``departments``, ``persons`` (months for a method of months) on the smaller side, or ``left_out`` (0-1), the share of
    persons who are not seen on both sides."""

    method: str
    by: str
    least: float
    most: float
    coverage: float


RULES = (
    # Where the waves of a department have good and bad days of their own, many departments make the model too sure.
    LowCoverage("mixed_department", "departments", 15, math.inf, 0.89),
    # Where those who do not answer again are those who did badly.
    LowCoverage("paired_t", "left_out", 0.3, 1.0, 0.88),
)


def low_coverage(*, method: str, departments: float, persons: float, left_out: float = 0.0) -> float | None:
    """The measured coverage where it is under 0.92 in a setting like this one, else None.

    departments: with rows in the answer; persons: on the smaller side; left_out: as in ``LowCoverage``.
    ``mixed_department_slope`` and the like follow ``mixed_department``.
    """
    name = "mixed_department" if method.startswith("mixed_department") else method
    size = {"departments": departments, "persons": persons, "left_out": left_out}
    found = [rule.coverage for rule in RULES if rule.method == name and rule.least <= size[rule.by] <= rule.most]
    return min(found, default=None)
