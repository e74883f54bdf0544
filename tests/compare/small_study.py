"""A study folder with three departments (a and b started 2024-01-01, c has not) and tables made by hand."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from evaltool.result import Dataset
from evaltool.study import Study, open_study

from .frames import AS_OF, PROVENANCE, design

TOML = """
[study]
id = "s"
name = {{ nb = "S", en = "S" }}
as_of = {as_of}
[periods]
wash_in_months = 0
[surveys.user]
table = "user_survey"
instrument = "{user}"
link = "partly_linked"
waves = [ {{ id = "u1", opens = 2023-01-01, closes = 2023-03-31 }}, {{ id = "u2", opens = 2023-04-01, closes = 2023-12-31 }},
          {{ id = "u3", opens = 2024-02-01, closes = 2024-12-31 }} ]
[surveys.staff]
table = "staff_survey"
instrument = "rsa_r_provider"
link = "repeated_cross_section"
waves = [ {{ id = "w1", opens = 2023-02-01, closes = 2023-03-31 }}, {{ id = "w2", opens = 2024-02-01, closes = 2024-03-31 }} ]
"""
STARTS = {"a": "2024-01-01", "b": "2024-01-01", "c": None}


def study(folder: Path, *, user: str = "qpr15") -> Study:
    (folder / "study.toml").write_text(TOML.format(as_of=AS_OF, user=user), encoding="utf8")
    return open_study(folder=folder)


def dataset(**tables: pd.DataFrame) -> Dataset:
    register = design(STARTS).register
    return Dataset(
        tables={name: frame.astype({c: "str" for c in frame if frame[c].dtype == object}) for name, frame in tables.items()},
        registers={"departments": register[["department", "name", "service", "unit_type"]],
                   "rollout": register[["department", "planned_start", "start", "wash_in_end", "paused_from", "paused_to"]],
                   "components": pd.DataFrame()},
        provenance=PROVENANCE)


def answers(form: str, items: int, rows: list[tuple], **columns) -> pd.DataFrame:
    """Rows (department, wave, day, answer to every item); ``columns`` beside them (person, role)."""
    frame = pd.DataFrame([row[:3] for row in rows], columns=["department", "wave", "answered_on"])
    values = {f"{form}_{number:02d}": [float(row[3]) for row in rows] for number in range(1, items + 1)}
    given = {"consent": True, **columns}
    return frame.assign(answered_on=pd.to_datetime(frame["answered_on"]).astype("datetime64[us]"), **given, **values)
