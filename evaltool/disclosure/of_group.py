"""Looking at one group of people only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..errors import UsageError
from ..result import Release
from .select import demand_release

if TYPE_CHECKING:
    import pandas as pd


def of_group(*, release: Release, subgroup: str) -> Release:
    """The released rows of ``subgroup`` (``role=leader``) in the place of those of everybody, so that figures, tables and
    findings tell of that group alone. Nothing becomes known by it: the rows passed the gate together with all others.

    Measures without the group are left out. Raises UsageError naming the groups there are.
    """
    known = demand_release(release).estimates["subgroup"].dropna().unique().tolist()
    if subgroup not in known:
        raise UsageError("unknown_subgroup", got=subgroup, expected=", ".join(known) or "-")

    def cut(frame: pd.DataFrame) -> pd.DataFrame:
        mine = frame[frame["subgroup"].eq(subgroup)].reset_index(drop=True)
        return mine.assign(subgroup=mine["subgroup"].mask(mine["subgroup"].notna()))

    estimates = cut(release.estimates)
    spec = replace(release.spec, measures=tuple(name for name in release.spec.measures if name in set(estimates["measure"])))
    return replace(release, estimates=estimates, series=cut(release.series), notes=cut(release.notes), spec=spec)
