"""One sentence for the leader: how far apart staff and users are on the same practice, before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..disclosure import demand_release
from ..result import ALL
from ..text import t
from ..text.formats import interval, number

if TYPE_CHECKING:
    from ..result import Release

PAIR = "staff-user"


def gap_sentence(*, views: Release | None, lang: str, place: str = ALL) -> str:
    """From ``perspectives`` released; "" without both phases of the gap on one scale. ``place``: a department, or all."""
    if views is None:
        return ""
    rows = demand_release(views).series
    rows = rows[(rows["department"] == place) & (rows["status"] == "shown") & rows["phase"].isin(["before", "after"])]
    rows = rows[rows["subgroup"].eq(PAIR)] if place == ALL else rows[rows["measure"].str.endswith(f".{PAIR}")]
    for _, own in rows.groupby("measure", sort=False):
        sides = own.set_index("phase")
        if {"before", "after"} <= set(sides.index):
            now = sides.loc["after"]
            return t("view.report_line", lang, before=number(sides.loc["before", "value"], lang, 2), after=number(now["value"], lang, 2),
                     interval=interval(now["conf_low"], now["conf_high"], "points", lang, 2))
    return ""
