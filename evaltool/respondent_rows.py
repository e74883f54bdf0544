"""Who answered, as one long table for those who reckon on: every rate, every difference in the mix, who left and who came."""

from __future__ import annotations

import pandas as pd

from .disclosure import demand_release
from .result import Release

PREFIX = "respondents."
TURNOVER = ("leavers", "joiners")
COLUMNS = ("survey", "department", "what", "when", "covariate", "value", "conf_low", "conf_high", "conf_level", "answered", "invited",
           "p_value", "moved", "n_before", "n_after", "status", "reason")


def respondent_rows(*, release: Release) -> pd.DataFrame:
    """One row per number of a release of ``who_answered``, with ``COLUMNS``; codes and raw numbers, hidden ones empty.

    ``what``: ``response`` (``when``: a phase, or the month in which the wave opened), ``mix`` (standardised difference of
    ``covariate``, ``moved`` true where that is more than chance), ``leavers`` and ``joiners`` (0-1).
    """
    both = pd.concat([_rates(demand_release(release).series), _changes(release)], ignore_index=True)
    return both.reindex(columns=list(COLUMNS)).sort_values(["survey", "department", "what", "when"], kind="stable", ignore_index=True)


def _rates(series: pd.DataFrame) -> pd.DataFrame:
    rows = series[series["measure"].str.startswith(PREFIX) & series["kind"].isin(["phase", "period"])]
    return rows.assign(
        survey=rows["measure"].str.removeprefix(PREFIX), what="response", answered=rows["numerator"], invited=rows["denominator"],
        when=rows["phase"].where(rows["kind"] == "phase", rows["period"].dt.strftime("%Y-%m")),
    )


def _changes(release: Release) -> pd.DataFrame:
    rows = release.estimates[release.estimates["measure"].str.startswith(PREFIX)]
    mixed = ~rows["subgroup"].isin(TURNOVER)
    moved = release.notes.loc[release.notes["code"] == "mix_moved", ["measure", "department", "subgroup"]].assign(moved=True)
    told = rows.merge(moved, on=["measure", "department", "subgroup"], how="left")["moved"].eq(True).to_numpy()
    return rows.assign(
        survey=rows["measure"].str.removeprefix(PREFIX), what=rows["subgroup"].mask(mixed, "mix"), covariate=rows["subgroup"].where(mixed),
        value=rows["estimate"], moved=pd.Series(told, index=rows.index).where(mixed & (rows["status"] == "shown")), when=None,
    )
