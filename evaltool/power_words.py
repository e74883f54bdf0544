"""Power and detectable changes as tables and lines that people read, on the page and on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .disclosure import demand_release
from .findings import place_name
from .measures import measure
from .text import t
from .text.formats import change, change_unit, number, percent, quantity

if TYPE_CHECKING:
    import pandas as pd

    from .result import Release


def taken(*, planned: pd.DataFrame, lang: str) -> list[str]:
    """What was taken from the study, and which change is looked for."""
    first = planned.iloc[0]
    m = measure(first["measure"])
    sought = t("power.no_effect", lang)
    if first["effect"] == first["effect"] and first["effect"] is not None:
        sought = t("power.sought", lang, change=change(first["effect"], m.unit, lang, m.decimals), unit=change_unit(m.unit, lang))
    return [
        m.text("label", lang), sought,
        t("power.taken", lang, level=quantity(first["level"], m.unit, lang, m.decimals),
          sd=quantity(first["sd"], m.unit, lang, m.decimals), icc=number(first["icc"], lang, 3)),
    ]


def design_table(*, planned: pd.DataFrame, design: str, lang: str) -> pd.DataFrame:
    """One row per number of departments; power and detectable change for each number of persons."""
    import pandas as pd

    rows = planned[planned["design"] == design]
    m = measure(rows["measure"].iloc[0])
    each = "power.months" if design == "rates" else "power.persons"
    out = []
    for departments, part in rows.groupby("departments"):
        line = {t("power.departments", lang): number(departments, lang)}
        for row in part.itertuples(index=False):
            least = t("power.at_least", lang, change=quantity(row.detectable, m.unit, lang, m.decimals)) if (
                row.detectable == row.detectable) else t("power.none", lang)
            line[t(each, lang, count=number(row.persons, lang))] = least if row.power != row.power else (
                f"{percent(row.power, lang)} ({least})")
        out.append(line)
    return pd.DataFrame(out)


def departments_table(*, now: pd.DataFrame, release: Release, lang: str) -> pd.DataFrame:
    """Place, the smallest change its own data could show, and the smallest that matters."""
    import pandas as pd

    demand_release(release)
    out = []
    for row in now.itertuples(index=False):
        m = measure(row.measure)
        out.append({
            t("column.department", lang): place_name(release=release, department=row.department, lang=lang),
            t("power.could_show", lang): change(row.detectable, m.unit, lang, m.decimals),
            t("power.matters", lang): number(row.important, lang, m.decimals),
            t("column.unit", lang): change_unit(m.unit, lang),
        })
    return pd.DataFrame(out)
