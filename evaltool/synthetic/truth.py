"""truth.toml: what was planted, for tests that ask whether it is found."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import pandas as pd

from . import effects
from .calendar import QUARTERS, STAFF_WAVES
from .faults import Fault
from .toml_text import table
from .units import LAST_DAY, UNITS

_HEAD = """\
# What was planted in this made-up municipality. Written by the generator; tests compare the answers with it.
# kind: real = caused by the rollout, null = neither rollout nor time, trend = time alone, derived = follows from others.
# effect: change after wash-in in all started departments together, in the unit of the measure; per_department: in each.
# counts: of the clean files. fault: one planted in a *_with_faults file; row as in the spreadsheet, column as its heading
# there (empty: the whole row), rule the code that must catch it, also: what the same fault may break besides, kept: a note only.
"""


def truth_text(*, tables: Mapping[str, pd.DataFrame], faults: Sequence[Fault], seed: int) -> str:
    """The whole of truth.toml."""
    sections: dict[str, dict] = {"[study]": {
        "seed": seed, "first_day": tables["stays"]["discharged"].min().date(), "as_of": LAST_DAY,
        "user_waves": len(QUARTERS), "staff_waves": len(STAFF_WAVES),
    }}
    sections |= {f"[measures.{name}]": entry for name, entry in _measures().items()}
    sections |= _specials()
    sections["[counts]"] = _counts(tables)
    for u in UNITS:
        sections[f"[departments.{u.id}]"] = _department(tables, u)
    planted = [table("[[fault]]", dataclasses.asdict(fault)) for fault in faults]
    return "\n".join([_HEAD, *(table(heading, entries) for heading, entries in sections.items()), *planted])


def _measures() -> dict[str, dict]:
    same = {name: effects.QPR_CHANGE_ELSEWHERE.get(name, effects.QPR_CHANGE) for name in _started()}
    factor, followed = effects.READMISSION_FACTOR, round(effects.FOLLOWED_UP[1] - effects.FOLLOWED_UP[0], 2)
    return {
        "qpr15_total": {
            "kind": "real", "effect": 4.5, "effect_each": effects.QPR_CHANGE, "unit": "points", "trend_per_year": 0.0,
            "per_department": same, "gradual_through_wash_in": True,
        },
        "ras24_reliance": {
            "kind": "real", "effect": 1.4, "effect_each": 4 * effects.RAS_CHANGE["reliance"], "unit": "points", "trend_per_year": 0.0,
            "per_department": {name: round(4 * effects.RAS_CHANGE["reliance"] * effects.RAS_CHANGE_ELSEWHERE.get(name, 1.0), 3)
                               for name in _started()}, "gradual_through_wash_in": True,
        },
        "readmission_30d_unplanned": {
            "kind": "real", "before": 0.22, "after": 0.14, "effect": -0.08, "factor": factor, "unit": "share",
            "trend_per_year": 0.0, "gradual_through_wash_in": True,
            "per_department": {u.id: round(-(1 - factor) * u.returns, 3) for u in UNITS if u.start and u.beds},
        },
        "followed_up_7d": {
            "kind": "real", "before": effects.FOLLOWED_UP[0], "after": effects.FOLLOWED_UP[1],
            "effect": followed, "unit": "share", "trend_per_year": 0.0, "gradual_through_wash_in": True,
            "per_department": {u.id: followed for u in UNITS if u.start and u.beds},
        },
        "length_of_stay": {"kind": "null", "effect": 0.0, "unit": "nights", "trend_per_year": 0.0},
        "rsa_r_total": {
            "kind": "trend", "effect": 0.0, "unit": "points", "trend_per_year": effects.RSA_TREND,
            "note": "rises everywhere, also where nothing has started: a plain before/after moves, a model with time does not",
        },
        "bed_days": {
            "kind": "derived", "unit": "bed_days",
            "note": "fewer readmissions mean somewhat fewer nights; more user-controlled stays mean more in nordlia",
        },
    }


def _started() -> list[str]:
    return [u.id for u in UNITS if u.start]


def _specials() -> dict[str, dict]:
    return {
        "[respondent_shift]": dict(effects.SHIFT),
        "[co_intervention]": {**effects.MERGER, "component": "merger"},
        "[user_controlled]": {
            "department": "nordlia", "direction": "up", "wait_factor": effects.USER_CONTROLLED_WAIT,
            "borrowed_before": effects.USER_CONTROLLED_BORROWED[0], "borrowed_after": effects.USER_CONTROLLED_BORROWED[1],
        },
        "[intake]": {
            "departments": [u.id for u in UNITS if u.unit_type == "outreach"], "after_stay": effects.INTAKE_AFTER_STAY, "effect": 0.0,
            "note": "taken in after a stay, when at their worst: fewer nights in the year after than before come by themselves",
        },
        "[practice_views]": {
            "user_before": effects.USER_VIEW, "user_change": effects.USER_VIEW_CHANGE,
            "user_change_elsewhere": effects.USER_VIEW_CHANGE_ELSEWHERE, "leader": effects.LEADER_VIEW,
            "user_scales": effects.USER_SCALES,
            "note": "points on RSA-R from the staff of the first wave: users lower and rising after the start, leaders higher all along",
        },
        "[sessions]": {
            "change": effects.ORS_CHANGE, "ors_filled": effects.ORS_FILLED, "srs_filled": effects.SRS_FILLED,
        },
        "[values_exercise]": {"rising": effects.VALUES_RISING, "weight": effects.VALUES_WEIGHT},
        "[coded_themes]": {
            "rising": effects.THEMES_RISING, "weight": effects.THEME_WEIGHT, "coders_agree": effects.CODERS_AGREE,
        },
        "[rollout]": {
            "not_started": [u.id for u in UNITS if not u.start], "paused": [u.id for u in UNITS if u.paused],
            "delayed": [u.id for u in UNITS if u.start and u.start != u.planned_start],
            "without_beds": [u.id for u in UNITS if u.beds is None], "smallest": "skogly",
        },
    }


def _counts(tables: Mapping[str, pd.DataFrame]) -> dict[str, int]:
    stays, persons, users = tables["stays"], tables["persons"], tables["user_survey"]
    same_day = stays["admitted"].dt.normalize() == stays["discharged"].dt.normalize()
    gap = stays["admitted"] - stays.sort_values("admitted").groupby("person")["discharged"].shift()
    moved = gap.lt(pd.Timedelta(hours=8))
    gone = persons.loc[persons["withdrawn_on"].notna(), "person"]
    return {
        "stays": len(stays), "stay_persons": stays["person"].nunique(), "persons": len(persons),
        **{kind: int((stays["admission_type"] == kind).sum()) for kind in sorted(stays["admission_type"].unique())},
        "moved_within_8_hours": int(moved.sum()),
        "moved_not_called_transfer": int((moved & stays["admission_type"].ne("transfer")).sum()),
        "same_day": int(same_day.sum()), "ongoing": int(stays["discharged"].isna().sum()),
        "died_in_stay": int(stays["died"].sum()), "died": int(persons["died_on"].notna().sum()),
        "withdrawn_persons": len(gone), "withheld_stays": int(stays["person"].isin(gone).sum()),
        "withheld_user_forms": int(users["person"].isin(gone).sum()),
        "no_legal_basis": int(stays["legal_basis"].isna().sum()),
        "user_forms": len(users), "user_forms_with_person": int(users["person"].notna().sum()),
        "user_persons": users["person"].nunique(), "staff_forms": len(tables["staff_survey"]),
        "sessions": len(tables["sessions"]), "session_persons": tables["sessions"]["person"].nunique(),
        "values": len(tables["values_exercise"]), "codings": len(tables["coded_themes"]),
        "contacts": len(tables["contacts"]), "intakes": int(tables["contacts"]["kind"].eq("intake").sum()),
    }


def _department(tables: Mapping[str, pd.DataFrame], u) -> dict[str, object]:
    stays, users, staff = (
        tables[name][tables[name]["department"] == u.id] for name in ("stays", "user_survey", "staff_survey")
    )
    quarter = users.groupby("wave").size()
    return {
        "start": u.start, "wash_in_end": u.wash_in_end, "heads": u.heads, "beds": u.beds,
        "returns_before": u.returns if u.beds else None, "stays": len(stays), "stay_persons": stays["person"].nunique(),
        "user_forms": len(users), "user_forms_a_quarter": [int(quarter.min()), int(quarter.max())],
        "staff_forms": len(staff),
    }
