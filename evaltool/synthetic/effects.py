"""What is planted, in one place: the generator draws from it and truth.toml repeats it."""

from __future__ import annotations

QPR_CHANGE = 5.2
"""Points on the QPR-15 sum (0-60) after wash-in, in departments that are not named below."""

QPR_CHANGE_ELSEWHERE = {"torget": 0.0}
"""No effect: the plain comparison moves there only because other people answer. All together: about 4.5."""

READMISSION_FACTOR = 0.62
"""The share of discharges with an unplanned readmission is multiplied by this after wash-in."""

RSA_TREND = 0.12
"""Points a year on the RSA-R mean (1-5), everywhere, also where nothing has started."""

USER_CONTROLLED_WAIT = 0.60
"""Waiting time between user-controlled stays is multiplied by this after the start: more of them."""

USER_CONTROLLED_BORROWED = (0.015, 0.06)
"""Share of other departments' discharges followed by a user-controlled stay within 30 days, before and after."""

PLANNED_RETURN = 0.05
"""Share of discharges followed by a planned or respite stay within 30 days, always."""

SHIFT = {
    "department": "torget",
    "young_share_before": 0.20, "young_share_after": 0.80, "young_weight_after": 2.5, "young_points": 9.0,
    "social_workers_before": 0.15, "social_workers_after": 0.65, "social_workers_points": 0.45,
}
"""After its start younger users and more social workers join and answer; both score higher, before and after."""

MERGER = {"department": "brinken", "event_date": "2024-11-01"}
"""Two units became one on the very day of the start."""
