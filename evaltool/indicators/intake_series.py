"""Outreach teams: admissions and nights per person in the year before and after the team took them in."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..result import ALL, SERIES_COLUMNS, SERIES_TEXT, Dataset, canonical
from ..stats.estimate import t_quantile
from ..study import Study
from .around_intake import around_intake
from .study_stays import covered_months, deaths, study_episodes

MONTHS = 12
WHAT = {"admissions": "admissions", "nights": "nights"}
SIDES = ("before", "after", "change")


def intake_series(*, dataset: Dataset, study: Study, conf_level: float = 0.95) -> pd.DataFrame:
    """Per team and for all of them, from contacts of kind ``intake`` (a person's first in each team) and all stays:

    ``measure``: ``intake.admissions`` and ``intake.nights``, phase ``intake``, kinds ``before``, ``after`` and ``change``:
    ``value`` is the mean per person in the ``MONTHS`` on either side of the day of intake, and their mean difference, each
    with Student's interval over persons. People whose year on either side is not covered, or who died in it, are left
    out. The three hang together, so they are shown or hidden together. Without contacts: no rows. A team takes people in
    when they are at their worst: fewer nights afterwards would in part have come by themselves.
    """
    contacts = dataset.tables.get("contacts")
    if contacts is None or "kind" not in contacts or not contacts["kind"].eq("intake").any():
        return canonical(pd.DataFrame(), SERIES_COLUMNS, SERIES_TEXT)
    taken_in = contacts[contacts["kind"].eq("intake") & contacts["person"].notna()].sort_values("contacted_on", kind="stable")
    stays = dataset.tables["stays"]
    begin = covered_months(stays=stays, study=study)[0].date()
    chained = study_episodes(dataset=dataset, study=study)
    rows = []
    for team, own in [*taken_in.groupby("department"), (ALL, taken_in)]:
        # All teams together: a person taken in by two of them counts once, from the first.
        first = own.drop_duplicates("person").set_index("person")["contacted_on"].dt.normalize()
        found = around_intake(episodes=chained, intake=first, first_day=begin, as_of=study.as_of, months=MONTHS,
                              deaths=deaths(dataset=dataset))
        used = found[found["included"]]
        rows += [row for what, unit in WHAT.items() for row in _rows(team, what, unit, used, conf_level)] if len(used) else []
    return canonical(pd.DataFrame(rows), SERIES_COLUMNS, SERIES_TEXT)


def _rows(team: str, what: str, unit: str, used: pd.DataFrame, conf_level: float) -> list[dict]:
    sides = {side: used[f"{what}_{side}"].to_numpy(dtype="float64") for side in SIDES[:2]}
    sides["change"] = sides["after"] - sides["before"]
    n = len(used)
    top = max((float(v.max() / v.sum()) for v in (sides["before"], sides["after"]) if v.sum() > 0), default=np.nan)
    out = []
    for side, values in sides.items():
        spread = values.std(ddof=1) if n > 1 else 0.0
        half = t_quantile(df=n - 1, conf_level=conf_level) * spread / np.sqrt(n) if spread > 0 else np.nan
        out.append({
            "measure": f"intake.{what}", "department": team, "kind": side, "phase": "intake", "value": values.mean(),
            "conf_low": values.mean() - half, "conf_high": values.mean() + half, "conf_level": conf_level,
            "numerator": values.sum(), "denominator": float(n), "n": float(n), "persons": float(n), "persons_top_share": top,
            "unit": unit, "method": "paired_t" if side == "change" else "mean_t"})
    return out
