"""Released facts about stays as tables that people read: use of beds, where long stays went, intake to teams, tenancies."""

from __future__ import annotations

import pandas as pd

from .contracts import contract
from .disclosure import demand_release
from .findings import row_name
from .indicators.left_after_limit import MEASURE, REST
from .indicators.use_series import PREFIX
from .measures import measure
from .result import ALL, Release
from .text import t
from .text.formats import absent, change, interval, number, percent, quantity


def use_table(*, release: Release, lang: str) -> pd.DataFrame:
    """Occupancy by department, and the share of admissions that were user-controlled where there are any: before and after, with
    the months and admissions behind it. A department whose share is known to be nothing in both phases has no row."""
    rows = demand_release(release).series
    rows = rows[rows["measure"].str.startswith(f"{PREFIX}.")]
    return pd.DataFrame([
        {t("stays.what", lang): measure(name.removeprefix(f"{PREFIX}.")).text("label", lang),
         t("column.department", lang): row_name(release=release, department=place, lang=lang)} | _with_n(own, lang)
        for (name, place), own in rows.groupby(["measure", "department"], sort=False) if (own["status"].ne("shown") | own["value"].gt(0)).any()
    ])


def _with_n(own: pd.DataFrame, lang: str) -> dict[str, str]:
    out = {}
    for phase in ("before", "after"):
        rows, word = own[own["phase"] == phase], t(f"phase.{phase}", lang)
        out[word] = _with_interval(rows, lang)
        out[f"n {word.lower()}"] = _count(next(rows.itertuples()), rows["denominator"].iloc[0], lang) if len(rows) else ""
    return out


def after_limit_table(*, release: Release, lang: str) -> pd.DataFrame:
    """Where ended stays beyond the limit went: way out, share, interval, stays; all departments, the whole period."""
    rows = demand_release(release).series
    rows = rows[rows["measure"].eq(MEASURE)]
    return pd.DataFrame([{
        t("stays.way_out", lang): _way_out(row.kind.removeprefix("to_"), lang), t("stays.rate", lang): _shown(row, lang),
        t("column.interval", lang): _interval(row, lang), t("stays.stays", lang): _count(row, row.numerator, lang),
    } for row in rows.itertuples()])


def _way_out(code: str, lang: str) -> str:
    known = contract("stays").columns["discharged_to"].allowed
    return t("stays.rest", lang) if code == REST or code not in known else known[code][lang]


def intake_table(*, release: Release, lang: str) -> pd.DataFrame:
    """Per team: admissions and nights per person in the year before and after intake, and the difference."""
    rows = demand_release(release).series
    rows = rows[rows["measure"].str.startswith("intake.")]
    return pd.DataFrame([
        {t("column.department", lang): t("stays.all_teams", lang) if place == ALL else row_name(release=release, department=place, lang=lang),
         t("stays.what", lang): t(f"stays.{name.removeprefix('intake.')}_each", lang)}
        | {t(f"stays.intake_{row.kind}", lang): _with_interval(row, lang, row.kind == "change") for row in own.itertuples()}
        | {t("column.persons", lang): _count(own.iloc[0], own["n"].iloc[0], lang)}
        for (place, name), own in rows.groupby(["department", "measure"], sort=False)
    ])


def housing_table(*, release: Release, lang: str) -> pd.DataFrame:
    """Per home: how long tenancies last, and moves out per 100 tenancy-years, of them on to another home; before and after."""
    rows = demand_release(release).series
    rows = rows[rows["measure"].str.startswith("housing.")]
    names = {"tenancy_median": "tenancy", "phase": "moves", "moved_on": "moved_on"}
    return pd.DataFrame([
        {t("column.department", lang): row_name(release=release, department=place, lang=lang),
         t("stays.what", lang): t(f"stays.{names[kind]}", lang)}
        | {t(f"phase.{phase}", lang): _with_interval(own[own["phase"] == phase], lang) for phase in ("before", "after")}
        for (place, kind), own in rows.groupby(["department", "kind"], sort=False) if place == ALL or own["status"].eq("shown").any()
    ])


def _with_interval(rows, lang: str, difference: bool = False) -> str:
    """``value (low to high)`` of one row, or why there is none; a frame holds it as its only row."""
    row = next(rows.itertuples(), None) if isinstance(rows, pd.DataFrame) else rows
    if row is None:
        return ""
    if row.status != "shown":
        return absent(row.status, lang)
    if pd.isna(row.value):
        return t("stays.not_reached", lang)
    value = (change if difference else quantity)(row.value, row.unit, lang, 1)
    if pd.isna(row.conf_low) or pd.isna(row.conf_high):
        return value
    return f"{value} ({interval(row.conf_low, row.conf_high, row.unit, lang, 1, difference=difference)})"


def _shown(row, lang: str) -> str:
    return percent(row.value, lang, 1) if row.status == "shown" else absent(row.status, lang)


def _interval(row, lang: str) -> str:
    return interval(row.conf_low, row.conf_high, "share", lang, 1) if row.status == "shown" and pd.notna(row.conf_low) else ""


def _count(row, value: float, lang: str) -> str:
    return number(value, lang) if row.status == "shown" else ""
