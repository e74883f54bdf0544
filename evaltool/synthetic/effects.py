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

FOLLOWED_UP = (0.45, 0.65)
"""Share of discharges with a meeting in the following week, before and after wash-in."""

INTAKE_AFTER_STAY = 2
"""The outreach teams take people in after this stay, when they are at their worst. Nothing more is planted: that they use
fewer beds in the year after than in the year before comes by itself."""

SHIFT = {
    "department": "torget",
    "young_share_before": 0.20, "young_share_after": 0.80, "young_weight_after": 2.5, "young_points": 9.0,
    "social_workers_before": 0.15, "social_workers_after": 0.65, "social_workers_points": 0.45,
}
"""After its start younger users and more social workers join and answer; both score higher, before and after."""

MERGER = {"department": "brinken", "event_date": "2024-11-01"}
"""Two units became one on the very day of the start."""

USER_VIEW = -0.45
"""How far below the staff the users see the practice before the start (RSA-R, points on 1-5)."""

USER_VIEW_CHANGE = 0.60
"""Points on the users' RSA-R after wash-in, in departments that are not named below; no trend."""

USER_VIEW_CHANGE_ELSEWHERE = {"torget": 0.0}

LEADER_VIEW = 0.40
"""How far above the staff of the first wave the leaders see it, in every wave."""

USER_SCALES = {
    "inviting": 0.35, "life_goals": 0.05, "choice": -0.15, "individually_tailored": 0.10, "diversity": 0.0,
    "involvement": -0.30,
}
"""Where the users' scales lie on the whole, points from their total."""

RAS_CHANGE = {"reliance": 0.40, "confidence": 0.25}
"""Points per item (1-5) on the users' RAS-24 after wash-in; its other areas stay as they are. No trend."""

RAS_CHANGE_ELSEWHERE = {"torget": 0.0}
"""What the change is multiplied by there."""

VALUES_RISING = ("håp", "medvirkning", "frihet", "likeverd", "mestring")
VALUES_WEIGHT = 3.0
"""These cards are drawn this many times as readily after wash-in."""

THEMES_RISING = ("choice", "involvement")
THEME_WEIGHT = 2.5
"""These themes are this many times as likely in an excerpt after wash-in."""

CODERS_AGREE = 0.78
"""Share of the themes that the second coder sees too."""

ORS_CHANGE = 6.5
"""Mean points on the ORS (0-40) from the first to the fifth session and on, where cases go that far."""

ORS_FILLED = {"havna": 0.80, "torget": 0.60, "nordlia": 0.90}
SRS_FILLED = {"havna": 0.60, "torget": 0.35, "nordlia": 0.75}
"""Share of the sessions with the form, in the three departments that use the method."""
