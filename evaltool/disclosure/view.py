"""What one visitor sees of a Release: their departments, and the periods they ask for. Both come after the gate."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

from ..result import ALL, Release
from .coarser import PREFIX
from .select import demand_release, select

if TYPE_CHECKING:
    import pandas as pd


def within(*, release: Release, departments: tuple[str, ...]) -> Release:
    """What somebody gets who may see ``departments`` only: their rows, the totals and
    services around them, and no other department's line in
    the register or the events. Raises UsageError on an unknown department."""
    import pandas as pd

    mine = select(release=release, departments=(*departments, ALL))
    served = release.register.loc[release.register["department"].isin(departments), "service"].dropna().unique()
    whole = release.series[release.series["department"].isin([f"{PREFIX}{name}" for name in served])]
    if len(whole):
        mine = replace(mine, series=pd.concat([mine.series, whole], ignore_index=True))

    def cut(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["department"].isin(departments)].reset_index(drop=True)

    spec = replace(mine.spec, departments=tuple(name for name in mine.spec.departments if name in departments))
    return replace(mine, register=cut(mine.register), events=cut(mine.events), spec=spec)


def during(*, release: Release, first: dt.date | None = None, last: dt.date | None = None) -> Release:
    """Only the calendar periods that begin on ``first`` or later and on ``last`` or earlier; answers before and after stay
    as they are."""
    import pandas as pd

    rows = demand_release(release).series
    keep = rows["period"].ge(pd.Timestamp(first or dt.date.min)) & rows["period"].le(pd.Timestamp(last or dt.date.max))
    return replace(release, series=rows[rows["kind"].ne("period") | keep].reset_index(drop=True))
