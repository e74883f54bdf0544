"""What study.toml declares about one chart: where its limits change, which points are left out, what happened when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..text import t
from ..text.formats import date

if TYPE_CHECKING:
    from ..settings import Break, Process


def breaks_of(*, plan: Process, measure: str, department: str) -> tuple[Break, ...]:
    """The declared breaks of one chart in order of time. For all departments together (``"*"``) those of everywhere."""
    here = (one for one in plan.breaks if one.department in (None, department) and (not one.measures or measure in one.measures))
    return tuple(sorted(here, key=lambda one: one.date))


def annotations(*, plan: Process, measure: str, department: str, lang: str) -> pd.DataFrame:
    """``event_date, text``: annotations and breaks of one chart, in order of time."""
    told = [(one.date, one.text[lang]) for one in plan.annotations if one.department in (None, department)]
    told += [(one.date, t("process.break", lang, reason=one.reason[lang]))
             for one in breaks_of(plan=plan, measure=measure, department=department)]
    frame = pd.DataFrame(sorted(told), columns=["event_date", "text"])
    return frame.assign(event_date=pd.to_datetime(frame["event_date"]).astype("datetime64[us]"))


def left_out(*, plan: Process, measure: str, department: str, lang: str) -> tuple[str, ...]:
    """Why points of one chart are left out of its limits, one sentence each."""
    return tuple(t("process.left_out_reason", lang, date=date(one.date, lang), reason=one.reason[lang]) for one in
                 sorted(plan.exclusions, key=lambda one: one.date) if (one.measure, one.department) == (measure, department))
