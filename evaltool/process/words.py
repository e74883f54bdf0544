"""One process chart in words: the sentence, the facts behind it, the reasons for what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..disclosure import demand_release
from ..findings import place_name
from ..measures import measure as measure_of
from ..result import ALL
from ..text import t
from ..text.formats import number, period, quantity
from .declared import left_out

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..result import Release
    from .charts import ProcessCharts

SIDES = {"high": "higher", "low": "lower"}


def series_place(*, release: Release, department: str, lang: str) -> str:
    """A department's name; ``*`` is every department, started or not, because a series holds them all."""
    demand_release(release)
    if department == ALL:
        return t("process.everywhere", lang)
    return place_name(release=release, department=department, lang=lang)


def sentence(*, row: Mapping, place: str, lang: str) -> str:
    """What a chart says, from its row of ``ProcessCharts.summary``, without a full stop."""
    reading, _, side = row["variation"].partition("_") if row["variation"] not in ("too_few", "no_data") else (row["variation"], "", "")
    if reading == "change" and not side:
        reading = "pattern"
    since = period(row["since"], row["grain"], lang) if reading in ("better", "worse", "change", "pattern") else ""
    return t(
        f"process.{reading}", lang, measure=measure_of(row["measure"]).text("short", lang), place=place, since=since,
        side=t(f"figure.{SIDES[side]}", lang) if side else "",
    )


def facts(*, row: Mapping, lang: str) -> str:
    """Latest value, centre, limits, what the signal is and whether the target is met, as sentences."""
    if pd.isna(row["latest"]):
        return ""
    m = measure_of(row["measure"])

    def level(value: float) -> str:
        return quantity(value, m.unit, lang, m.decimals)

    values = {"latest": level(row["latest"]), "period": period(row["latest_period"], row["grain"], lang),
              "centre": level(row["centre"])}
    if row["limits"] == "none":
        out = [t("process.latest", lang, **values)]
    else:
        out = [t("process.latest_limits", lang, **values, low=level(row["low"]), high=level(row["high"]))]
    if row["limits"] == "trial":
        out.append(t("process.trial", lang))
    if pd.notna(row["signal"]):
        rule = rule_told(rule=row["signal"], direction=row["signal_direction"], lang=lang)
        if row["variation"] in ("common", "too_few"):
            out.append(t("process.earlier", lang, rule=rule, since=period(row["since"], row["grain"], lang)))
        else:
            out.append(t("process.because", lang, rule=rule))
    if row["assurance"] not in ("no_target",):
        out.append(t("process.target", lang, target=level(row["target"]), word=t(f"assurance.{row['assurance']}", lang)))
    return " ".join(out)


def now_told(*, charts: ProcessCharts, department: str, lang: str) -> str:
    """One sentence about all charts of a department (``"*"``: all together): how many can be judged, how many signal
    now, and which of them, which way and since when."""
    rows = charts.summary[charts.summary["department"] == department]
    judged = rows[~rows["variation"].isin(("too_few", "hidden", "no_data"))]
    loud = judged[judged["variation"].ne("common")]
    total = number(len(judged), lang)
    if judged.empty:
        return t("process.now_none_judged", lang)
    if loud.empty:
        return t("process.now_quiet", lang, total=total)
    names = ", ".join(t("process.now_one", lang, measure=measure_of(row["measure"]).text("short", lang), word=t(
        f"variation.{row['variation']}", lang), since=period(row["since"], row["grain"], lang)) for row in loud.to_dict("records"))
    return t("process.now_signals", lang, count=number(len(loud), lang), total=total, names=names)


def remarks(*, charts: ProcessCharts, measure: str, department: str, lang: str) -> tuple[str, ...]:
    """What limits one chart (its reason codes in words) and why points are left out, as sentences."""
    here = (charts.notes["measure"] == measure) & (charts.notes["department"] == department)
    texts = [t(f"chart_note.{code}", lang) for code in charts.notes.loc[here, "code"]]
    texts += left_out(plan=charts.plan, measure=measure, department=department, lang=lang)
    return tuple(text[:1].upper() + text[1:] + "." for text in texts)


def rules_told(*, rules: str, lang: str) -> str:
    """The rules that a point broke and which way, one per line, from the ``rules`` column of ``ProcessCharts.points``."""
    told = (one.partition(":") for one in rules.split(" ") if one)
    return "\n".join(rule_told(rule=rule, direction=direction, lang=lang) for rule, _, direction in told)


def rule_told(*, rule: str, direction: str, lang: str) -> str:
    """One rule in words, with its direction (``up``, ``down``; ``plain`` has none)."""
    text = t(f"spc_rule.{rule}", lang)
    return text if direction == "plain" else t("process.rule_direction", lang, rule=text, direction=t(f"process.{direction}", lang))
