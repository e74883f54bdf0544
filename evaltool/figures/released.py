"""The rows of a Release that a figure needs. Every function here passes the gate check first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..disclosure import demand_release
from ..errors import UsageError
from ..result import headline

if TYPE_CHECKING:
    import datetime as dt

    import pandas as pd

    from ..result import Release


def departments(*, release: Release, order: tuple[str, ...] | None = None) -> pd.DataFrame:
    """Register rows by department id, in register order or in the ``order`` the page decides.

    Raises UsageError on anything but a Release and on a department the register does not know.
    """
    register = demand_release(release).register.drop_duplicates("department").set_index("department")
    if order is None:
        return register
    unknown = [name for name in order if name not in register.index]
    if unknown:
        raise UsageError("unknown_department", got=", ".join(unknown), expected=", ".join(register.index))
    return register.loc[list(order)]


def phases(*, release: Release, measure: str) -> pd.DataFrame:
    """One row per department and phase (no subgroups)."""
    frame = _rows(demand_release(release).series, measure)
    return frame[frame["kind"] == "phase"].drop_duplicates(["department", "phase"])


def periods(*, release: Release, measure: str, department: str) -> pd.DataFrame:
    """Calendar rows of one department (or ``"*"``) in order of time, at the one grain that was released.

    Where a Release holds several grains, the one with most shown rows counts.
    """
    frame = _rows(demand_release(release).series, measure)
    frame = frame[(frame["department"] == department) & (frame["kind"] == "period")]
    frame = frame.drop_duplicates(["grain", "period"]).sort_values("period", kind="stable")
    if frame.empty:
        return frame
    shown = frame["status"].eq("shown").groupby(frame["grain"], sort=False).sum()
    return frame[frame["grain"] == shown.idxmax()].reset_index(drop=True)


def answers(*, release: Release, measure: str) -> pd.DataFrame:
    """The estimate to show first, one row per department, indexed by department."""
    return headline(_rows(demand_release(release).estimates, measure)).set_index("department", drop=False)


def has_started(start: object, as_of: dt.date) -> bool:
    """False for a missing start and for a start after the last day of the data."""
    import pandas as pd

    return bool(pd.notna(start)) and pd.Timestamp(start).date() <= as_of


def _rows(frame: pd.DataFrame, measure: str) -> pd.DataFrame:
    mine = frame[frame["measure"] == measure]
    return mine[mine["subgroup"].isna()]
