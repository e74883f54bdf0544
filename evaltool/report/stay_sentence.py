"""One sentence for the leader: how much the share readmitted depends on what one calls a readmission."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..disclosure import demand_release
from ..result import ALL
from ..text import t
from ..text.formats import number, percent

if TYPE_CHECKING:
    from ..result import Release

WINDOW = "_30"
OWN = "study"


def stay_sentence(*, stays: Release | None, lang: str, place: str = ALL) -> str:
    """From ``compare.readmission_by`` released: the study's own share within 30 days, and the lowest and highest among the
    other definitions of 30 days; "" without them, or where they concern another ``place`` than all departments."""
    if stays is None or place != ALL:
        return ""
    rows = demand_release(stays).series
    rows = rows[rows["measure"].eq("readmission.definitions") & rows["status"].eq("shown") & rows["phase"].str.endswith(WINDOW)]
    own = rows[rows["phase"].eq(OWN + WINDOW)]
    if own.empty or len(rows) < 2:
        return ""
    return t("stays.report_line", lang, own=percent(own["value"].iloc[0], lang, 1), n=number(own["n"].iloc[0], lang),
             low=percent(rows["value"].min(), lang, 1), high=percent(rows["value"].max(), lang, 1))
