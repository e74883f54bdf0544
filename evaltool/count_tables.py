"""Rounded counts of persons with stays as tables: sums are made here, of the rounded cells, never of anything else."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from .contracts import contract
from .disclosure import SERVICE, demand_release
from .errors import UsageError
from .findings import place_name
from .result import ALL, Release
from .text import t
from .text.formats import number, percent, period

PERIODS, PLACES = ("quarter", "year", "all"), ("department", "service", "all")
COLUMNS = ("counted", "place", "group", "grain", "period", "quarters", "persons_rounded", "rounded_to", "cells", "margin")
TOTAL = "total"
YES, NO = "came_back=yes", "came_back=no"
Z95 = 1.96


def count_rows(*, release: Release, by: str = "quarter", place: str = "department", places: tuple[str, ...] = ()) -> pd.DataFrame:
    """One row per place, group and period with ``COLUMNS``, made of the rounded cells of ``release`` (``study_counts``).

    by: ``quarter``, ``year`` (with how many ``quarters`` of it there are) or ``all``; place: ``department`` (and ``*``),
    ``service`` (``service:<name>``, and ``*``) or ``all``. ``group``: as ``subgroup``, and ``total``. ``persons_rounded`` is a sum
    of ``cells`` rounded numbers; a person can be in several of them. ``margin``: 19 of 20 such sums lie within this of the
    exact one: 1.96 times the root of ``cells`` (base^2 - 1) / 6, the mean variance of random rounding, and at most
    ``cells`` (base - 1). places: only these and ``*``; empty, all. Raises UsageError for another ``by`` or ``place``.
    """
    cells = demand_release(release).series
    for got, known in ((by, PERIODS), (place, PLACES)):
        if got not in known:
            raise UsageError("unknown_count_level", got=got, expected=", ".join(known))
    base, first = int(release.policy["rounded_to"]), cells["period"].min()
    when = {"quarter": cells["period"], "year": cells["period"].dt.to_period("Y").dt.start_time, "all": pd.Series(first, index=cells.index)}[by]
    served = SERVICE + release.register.drop_duplicates("department").set_index("department")["service"]
    where = {"department": cells["department"], "service": cells["department"].map(served).fillna(cells["department"]), "all": pd.Series(ALL, index=cells.index)}[place]
    rows = cells.assign(place=where, begins=when, quarter=cells["period"], group=cells["subgroup"])
    rows = pd.concat([rows, rows.assign(place=ALL)]) if place != "all" else rows
    rows = pd.concat([rows, rows.assign(group=TOTAL)])
    order = {name: list(dict.fromkeys(rows[name])) for name in ("place", "group")}
    found = rows.groupby(["place", "begins", "group"], as_index=False).agg(
        persons_rounded=("value", "sum"), cells=("value", "size"), quarters=("quarter", "nunique"))
    margin = np.minimum(Z95 * np.sqrt(found["cells"] * (base**2 - 1) / 6), found["cells"] * (base - 1))
    found = found.assign(counted=cells["measure"].iloc[0], grain=by, period=found["begins"], rounded_to=base, margin=np.ceil(margin))
    for name, known in order.items():
        found[name] = pd.Categorical(found[name], known)
    found = found.sort_values(["place", "begins", "group"])
    found = found.astype({"place": "str", "group": "str"})[list(COLUMNS)]
    return found[found["place"].isin([*places, ALL]) | (not places)].reset_index(drop=True)


def count_table(
    *, release: Release, lang: str, by: str = "quarter", place: str = "department", places: tuple[str, ...] = (),
) -> pd.DataFrame:
    """``count_rows`` as people read them: one row per place and period, each number marked as rounded (≈), the sum with its
    margin, and of those discharged the share who came back, of the rounded numbers."""
    rows = count_rows(release=release, by=by, place=place, places=places)
    out = []
    for (where, begins), own in rows.groupby(["place", "period"], sort=False):
        by_group = own.set_index("group")
        total = by_group.loc[TOTAL]
        names = [name for name in by_group.index if name != TOTAL]
        out.append({
            t("counts.place", lang): _place(release, where, lang), t("counts.period", lang): _period(begins, by, int(total["quarters"]), lang),
            **{group_name(group=name, lang=lang): about(by_group.loc[name, "persons_rounded"], lang) for name in names},
            t("counts.total", lang): f"{about(total['persons_rounded'], lang)} (± {number(total['margin'], lang)})",
            **({t("counts.share", lang): _share(by_group["persons_rounded"], lang)} if YES in names else {}),
        })
    return pd.DataFrame(out)


def about(value: float, lang: str) -> str:
    """A rounded number with its mark: ``≈ 15``."""
    return t("counts.about", lang, number=number(value, lang))


def group_name(*, group: str, lang: str) -> str:
    """``admission_type=unplanned``, ``came_back=yes`` or ``total`` in words."""
    column, _, code = group.partition("=")
    if column == "admission_type":
        return contract("stays").columns[column].allowed[code][lang]
    return t(f"counts.{column}_{code}" if code else f"counts.{column}", lang)


def count_title(*, release: Release, lang: str) -> str:
    """What is counted."""
    return t(f"counts.title_{demand_release(release).spec.measures[0].partition('.')[2]}", lang)


def count_line(*, release: Release, lang: str) -> str:
    """What the numbers are and how they were rounded: stands above every table and in every file."""
    return t("counts.line", lang, base=int(demand_release(release).policy["rounded_to"]), most=int(release.policy["rounded_to"]) - 1)


def _share(persons: pd.Series, lang: str) -> str:
    whole = persons[YES] + persons[NO]
    return t("counts.about", lang, number=percent(persons[YES] / whole, lang)) if whole else number(math.nan, lang)


def _place(release: Release, where: str, lang: str) -> str:
    if where.startswith(SERVICE):
        return where.removeprefix(SERVICE)
    return t("counts.everywhere", lang) if where == ALL else place_name(release=release, department=where, lang=lang)


def _period(begins: pd.Timestamp, by: str, quarters: int, lang: str) -> str:
    if by == "quarter":
        return period(begins, by, lang)
    if by == "all":
        return t("counts.all_quarters", lang, quarters=quarters)
    return str(begins.year) if quarters == 4 else t("counts.part_of_year", lang, year=begins.year, quarters=quarters)
