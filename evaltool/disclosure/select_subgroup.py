"""Choosing the estimates of some groups or variants from a Release."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..errors import UsageError
from ..result import Release
from .select import demand_release

if TYPE_CHECKING:
    import pandas as pd


def select_subgroup(*, release: Release, subgroup: str) -> Release:
    """The estimates and remarks of one ``subgroup``: the code itself, or with ``role`` also ``role=leader`` and the
    others; remarks on whole places stay. Raises UsageError naming those there are."""
    known = demand_release(release).estimates["subgroup"].dropna().drop_duplicates().tolist()
    keep = [one for one in known if subgroup in (one, one.partition("=")[0], one.partition(":")[0])]
    if not keep:
        raise UsageError("unknown_subgroup", got=subgroup, expected=", ".join(known) or "-")

    def cut(frame: pd.DataFrame, also: pd.Series | bool) -> pd.DataFrame:
        return frame[frame["subgroup"].isin(keep) | also].reset_index(drop=True)

    return replace(release, estimates=cut(release.estimates, False), notes=cut(release.notes, release.notes["subgroup"].isna()))
