"""Who answered, as a table that people read."""

from __future__ import annotations

import pandas as pd

from .contracts import contract
from .disclosure import demand_release
from .findings import place_name
from .result import ALL, Release
from .text import t
from .text.formats import absent, month, number, percent


def respondents_table(*, release: Release, table: str, lang: str, departments: tuple[str, ...] = ()) -> pd.DataFrame:
    """One row per department (and all together): response before and after, how far the mix moved and in what, and the
    shares that left and came. ``release``: of ``who_answered``; ``table``: the survey's; ``departments``: empty, all."""
    name = f"respondents.{table}"
    rows = demand_release(release).estimates
    rows = rows[rows["measure"] == name]
    series = release.series[(release.series["measure"] == name) & (release.series["kind"] == "phase")
                            & release.series["phase"].isin(["before", "after"])]
    rates = series.set_index(["department", "phase"])
    places = [one for one in dict.fromkeys([*series["department"], *rows["department"]]) if not departments or one in departments]
    out = []
    for place in places:
        own = rows[rows["department"] == place].set_index("subgroup")
        out.append({
            t("column.department", lang): place_name(release=release, department=place, lang=lang),
            **{t(f"respondents.rate_{phase}", lang): _rate(rates, place, phase, lang) for phase in ("before", "after")},
            t("respondents.mix", lang): _mix(own, release, table, place, lang),
            **{t(f"respondents.{what}", lang): _share(own, what, lang) for what in ("leavers", "joiners")},
        })
    return pd.DataFrame(out)


def waves_table(*, release: Release, table: str, lang: str, departments: tuple[str, ...] = ()) -> pd.DataFrame:
    """One row per wave (the month it opened) with the response of all departments together and of each department."""
    series = demand_release(release).series
    rows = series[(series["measure"] == f"respondents.{table}") & (series["kind"] == "period") & series["status"].eq("shown")]
    places = [one for one in [ALL, *sorted(rows["department"].unique())] if (one == ALL or not departments or one in departments)]
    rates = rows.set_index(["period", "department"])
    return pd.DataFrame([
        {t("respondents.wave", lang): month(day, lang)} | {
            _place(release, place, lang): _rate(rates, day, place, lang) for place in places}
        for day in sorted(rows["period"].unique())
    ])


def _place(release: Release, place: str, lang: str) -> str:
    """All departments are here also those that have not started."""
    return t("page.all_departments", lang) if place == ALL else place_name(release=release, department=place, lang=lang)


def _rate(rates: pd.DataFrame, first: object, second: str, lang: str) -> str:
    if (first, second) not in rates.index:
        return "–"
    row = rates.loc[(first, second)]
    if row["status"] != "shown":
        return absent(row["status"], lang)
    return t("respondents.of", lang, rate=percent(row["value"], lang), invited=number(row["denominator"], lang))


def _share(own: pd.DataFrame, what: str, lang: str) -> str:
    if what not in own.index:
        return "–"
    row = own.loc[what]
    return percent(row["estimate"], lang) if row["status"] == "shown" else absent(row["status"], lang)


def _mix(own: pd.DataFrame, release: Release, table: str, place: str, lang: str) -> str:
    """The covariate that moved most, with its standardised difference, and whether that is more than chance."""
    mixes = own[(own["estimand"] == "standardised_difference") & (own["status"] == "shown")]
    if mixes.empty:
        return "–"
    notes = release.notes
    moved = notes.loc[(notes["measure"] == f"respondents.{table}") & (notes["department"] == place) & notes["code"].eq("mix_moved"), "subgroup"]
    known = mixes.loc[mixes.index.isin(moved)] if mixes.index.isin(moved).any() else mixes
    most = known["estimate"].idxmax()
    label = contract(table).columns[most].label[lang]
    key = "respondents.moved" if len(moved) else "respondents.alike"
    return t(key, lang, covariate=label, difference=number(known.loc[most, "estimate"], lang, 2))
