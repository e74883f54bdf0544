"""How soon after discharge: time to readmission with death as a competing event, by phase."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import pandas as pd

from ..design import StudyDesign
from ..result import ALL
from ..stats.cox import hazard_ratio
from ..stats.estimate import NotEstimable
from ..stats.survival import cumulative_incidence, log_rank
from .chaining import DAY
from .episodes import closing, seconds

CENSORED, READMITTED, DEAD = 0, 1, 2
TIME_COLUMNS = ("row", "person", "department", "date", "days", "cause")
CURVE_COLUMNS = (
    "department", "phase", "day", "incidence", "conf_low", "conf_high", "dead", "at_risk", "n", "persons",
)
CONTRAST_COLUMNS = (
    "department", "hazard_ratio", "conf_low", "conf_high", "p_value", "log_rank", "log_rank_p", "n_before", "n_after",
    "persons_before", "persons_after", "reason",
)


def time_to_readmission(
    *, flags: pd.DataFrame, as_of: dt.date, deaths: Mapping[str, dt.date] | None = None, horizon_days: int = 365,
) -> pd.DataFrame:
    """One row per discharge that is followed up at all: days to what came first, readmission, death or the end.

    ``flags`` as made by ``readmission()``. Index episodes whose window is not whole at ``as_of`` are used as far as
    they go: that is what censoring is for. ``cause``: 0 nothing until the data (or ``horizon_days``) ended, 1
    readmission, 2 death. On a day with both, the readmission came first.
    """
    used = flags[flags["included"] | (flags["reason"] == "follow_up_incomplete")].reset_index(drop=True)
    day = seconds(used["date"]) // DAY
    covered = np.minimum(closing(as_of) // DAY - 1 - day, horizon_days)
    back = used["gap_days"].fillna(np.inf).to_numpy()
    died = pd.to_datetime(used["person"].map(dict(deaths or {})))
    dead = np.where(died.notna(), seconds(died) // DAY - day, np.inf)
    # A death written before the discharge would be a fault of the source: it ends the follow-up at once.
    dead = np.maximum(dead, 0)
    cause = np.select([(back <= covered) & (back <= dead), dead <= covered], [READMITTED, DEAD], CENSORED)
    days = np.select([cause == READMITTED, cause == DEAD], [back, dead], covered)
    return used.assign(days=days.astype("float64"), cause=cause.astype("int64"))[list(TIME_COLUMNS)]


def readmission_curves(
    *, times: pd.DataFrame, design: StudyDesign, conf_level: float = 0.95, departments: bool = True,
) -> pd.DataFrame:
    """Cumulative incidence of readmission by day after discharge, per phase for all (``*``) and, with ``departments``,
    for each of them.

    ``dead``: cumulative incidence of death without readmission. A step per day on which something happened.
    """
    phase = design.phase(department=times["department"], date=times["date"])
    parts = []
    everywhere = times.assign(department=pd.Series(ALL, index=times.index, dtype="str"))
    for scope in (times, everywhere) if departments else (everywhere,):
        for (department, name), rows in scope.groupby([scope["department"], phase]):
            own = cumulative_incidence(time=rows["days"], cause=rows["cause"], conf_level=conf_level)
            other = cumulative_incidence(time=rows["days"], cause=rows["cause"].map({0: 0, 1: 2, 2: 1}), conf_level=conf_level)
            parts.append(pd.DataFrame({
                "department": department, "phase": name, "day": own.time, "incidence": own.incidence,
                "conf_low": own.conf_low, "conf_high": own.conf_high, "dead": other.incidence, "at_risk": own.at_risk,
                "n": float(len(rows)), "persons": float(rows["person"].nunique()),
            }))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(CURVE_COLUMNS))


def readmission_hazards(*, times: pd.DataFrame, design: StudyDesign, conf_level: float = 0.95) -> pd.DataFrame:
    """Hazard of readmission after against before (Cox, death ends the follow-up, clustered on persons) and log-rank.

    One row per started department and for all of them (``*``); ``reason`` where there is no number. The log-rank
    takes discharges as independent: with people who come back often the hazard ratio's interval is the one to read.
    """
    phase = design.phase(department=times["department"], date=times["date"])
    used = times.assign(after=phase == "after")[phase.isin(["before", "after"])]
    groups = {name: used[used["department"] == name] for name in design.started} | {ALL: used}
    return pd.DataFrame([_contrast(name, rows, conf_level) for name, rows in groups.items()], columns=list(CONTRAST_COLUMNS))


def _contrast(department: str, rows: pd.DataFrame, conf_level: float) -> dict:
    after = rows["after"].to_numpy(dtype=bool)
    person = pd.factorize(rows["person"])[0]
    out = {
        "department": department, "n_before": float((~after).sum()), "n_after": float(after.sum()),
        "persons_before": float(len(np.unique(person[~after]))), "persons_after": float(len(np.unique(person[after]))),
    }
    event = (rows["cause"] == READMITTED).to_numpy()
    time = rows["days"].to_numpy(dtype="int64")
    try:
        found = hazard_ratio(time=time, event=event, group=after, person=person, conf_level=conf_level)
        chi2, p = log_rank(time=time, event=event, group=after)
    except NotEstimable as reason:
        return out | {"reason": reason.reason}
    return out | {
        "hazard_ratio": found.estimate, "conf_low": found.conf_low, "conf_high": found.conf_high, "p_value": found.p_value,
        "log_rank": chi2, "log_rank_p": p,
    }
