"""Released numbers about stays as tables that people read: which stays count, by which definition, how long, how soon."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from .disclosure import demand_release
from .findings import row_name
from .indicators.definitions import preset_text, presets
from .indicators.return_series import DAYS
from .result import ALL, Release
from .text import t
from .text.formats import absent, change, interval, number, percent, quantity

OWN = "study"
MEASURE = "readmission_30d_unplanned"
PHASES = ("before", "after")
LENGTHS = {
    "class_0-8": "stay_length.up_to_8", "class_9-30": "stay_length.9_to_30", "class_31-90": "stay_length.31_to_90",
    "class_over_90": "stay_length.over_90", "class_over_30": "stay_length.over_30", "geometric_mean": "stay_length.geometric_mean",
}


def definition_name(*, name: str, lang: str) -> str:
    """``study`` or a preset in words."""
    return t("stays.own", lang) if name == OWN else preset_text(name=name, field="label", lang=lang)


def definitions_table(*, release: Release, lang: str) -> pd.DataFrame:
    """The rate under every definition side by side, all departments: name, window, rate, interval, n, persons, source."""
    rows = _rows(release, "readmission.definitions")
    return pd.DataFrame([_definition(row, lang) for row in rows.itertuples()])


def _definition(row, lang: str) -> dict[str, str]:
    name, days = row.phase.rsplit("_", 1)
    return {
        t("stays.definition", lang): definition_name(name=name, lang=lang), t("stays.window", lang): days,
        t("stays.rate", lang): _value(row, lang), t("column.interval", lang): _interval(row, lang),
        t("stays.discharges", lang): _number(row, row.denominator, lang), t("column.persons", lang): _number(row, row.persons, lang),
        t("stays.source", lang): preset_text(name=name, field="source", lang=lang) if name in presets() else "study.toml",
    }


def flow_table(*, release: Release, lang: str) -> pd.DataFrame:
    """From all stays to readmissions: one row per step with stays, chained stays and persons; empty reasons left out."""
    rows = _rows(release, "readmission.flow")
    needed = {"all_stays", "merged", "episodes", "index", "readmitted", "not_readmitted"}
    rows = rows[rows["phase"].isin(needed) | ~rows["persons"].eq(0)]
    return pd.DataFrame([{
        t("stays.step", lang): t(f"stay_step.{row.phase}", lang), t("stays.stays", lang): _number(row, row.n, lang),
        t("stays.episodes", lang): "" if row.phase in ("all_stays", "after_as_of", "merged") else _number(row, row.value, lang),
        t("column.persons", lang): _number(row, row.persons, lang),
    } for row in rows.itertuples()])


def rates_table(*, release: Release, lang: str, measure_id: str = MEASURE) -> pd.DataFrame:
    """Before and after of one measure, department by department: the share readmitted under the definition of this Release."""
    rows = release.series[release.series["measure"].eq(measure_id) & release.series["kind"].eq("phase")]
    rows = rows[rows["phase"].isin(PHASES)]
    own = {(row.department, row.phase): row for row in rows.drop_duplicates(["department", "phase"]).itertuples()}
    found = demand_release(release).estimates
    found = {row.department: row for row in found[found["measure"] == measure_id].itertuples()}
    return pd.DataFrame([
        {t("column.department", lang): row_name(release=release, department=place, lang=lang)}
        | _sides({phase: own.get((place, phase)) for phase in PHASES}, lang) | _change(found.get(place), unit, lang)
        for place, unit in rows.drop_duplicates("department")[["department", "unit"]].itertuples(index=False)
    ])


def _sides(own: Mapping, lang: str) -> dict[str, str]:
    out = {}
    for phase, row in own.items():
        out[t(f"phase.{phase}", lang)] = "" if row is None else _value(row, lang)
        out[f"n {t(f'phase.{phase}', lang).lower()}"] = "" if row is None else _number(row, row.denominator, lang)
    return out


def _change(row, unit: str, lang: str) -> dict[str, str]:
    shown = row is not None and row.status == "shown"
    text = t("figure.change", lang, change=change(row.estimate, unit, lang, 1),
             interval=interval(row.conf_low, row.conf_high, unit, lang, 1, difference=True)) if shown else ""
    return {t("stays.change" if unit == "share" else "stays.change_amount", lang): text}


def case_mix_table(*, release: Release, lang: str) -> pd.DataFrame:
    """Readmissions observed and expected from the mix of people, before and after, department by department; the plain
    share beside them always. Only phases that are shown."""
    rows = demand_release(release).series
    rows = rows[rows["measure"].eq(MEASURE) & rows["phase"].isin(PHASES) & rows["status"].eq("shown")]
    kinds = {kind: own.set_index(["department", "phase"]) for kind, own in rows.groupby("kind")}
    if "observed_expected" not in kinds:
        return pd.DataFrame()
    return pd.DataFrame([_mix(place, phase, kinds, release, lang) for place, phase in sorted(
        kinds["observed_expected"].index, key=lambda one: (one[0] == ALL, one[0], PHASES.index(one[1])))])


def _mix(place: str, phase: str, kinds: dict[str, pd.DataFrame], release: Release, lang: str) -> dict[str, str]:
    plain, expected, ratio = (kinds[kind].loc[(place, phase)] for kind in ("phase", "expected", "observed_expected"))
    ends = "" if pd.isna(ratio["conf_low"]) else interval(ratio["conf_low"], ratio["conf_high"], "ratio", lang, 2)
    return {
        t("column.department", lang): row_name(release=release, department=place, lang=lang),
        t("stays.phase", lang): t(f"phase.{phase}", lang), t("stays.discharges", lang): number(plain["denominator"], lang),
        t("stays.unstandardised", lang): quantity(plain["value"], "share", lang, 1),
        t("stays.observed", lang): number(plain["numerator"], lang), t("stays.expected", lang): number(expected["value"], lang, 1),
        t("stays.ratio", lang): number(ratio["value"], lang, 2), t("column.interval", lang): ends,
    }


def lengths_table(*, release: Release, lang: str) -> pd.DataFrame:
    """Classes of length and the geometric mean before and after, all departments together."""
    rows = demand_release(release).series[release.series["measure"].str.startswith("length_of_stay.") & release.series["department"].eq(ALL)]
    return pd.DataFrame([
        {t("stays.length", lang): t(LENGTHS[name.removeprefix("length_of_stay.")], lang)} | {
            t(f"phase.{row.phase}", lang): _value(row, lang) for row in own.sort_values("phase", ascending=False).itertuples()}
        for name, own in rows.groupby("measure", sort=False)
    ])


def return_table(*, release: Release, lang: str) -> pd.DataFrame:
    """Share that has come back within so many days, death competing, with interval, all departments together."""
    rows = demand_release(release).series
    rows = rows[rows["measure"].isin([f"readmission.within_{day}" for day in DAYS])]
    return pd.DataFrame([
        {t("stays.within", lang): name.removeprefix("readmission.within_")} | {
            t(f"phase.{row.phase}", lang): f"{_value(row, lang)} ({_interval(row, lang)})" if row.status == "shown" else _value(row, lang)
            for row in own.sort_values("phase", ascending=False).itertuples()}
        for name, own in rows.groupby("measure", sort=False)
    ])


def return_line(*, release: Release, lang: str) -> str:
    """The hazard ratio in one sentence; empty where there is none to show."""
    rows = demand_release(release).estimates[release.estimates["measure"].eq("readmission.hazard") & release.estimates["status"].eq("shown")]
    if rows.empty:
        return ""
    row = rows.iloc[0]
    ends = f"{number(row['conf_low'], lang, 2)} {t('format.to', lang)} {number(row['conf_high'], lang, 2)}"
    return t("stays.hazard", lang, ratio=number(row["estimate"], lang, 2), interval=ends, level=percent(row["conf_level"], lang))


def _rows(release: Release, name: str) -> pd.DataFrame:
    return demand_release(release).series[release.series["measure"].eq(name)]


def _value(row, lang: str) -> str:
    return quantity(row.value, row.unit, lang, 1) if row.status == "shown" else absent(row.status, lang)


def _interval(row, lang: str) -> str:
    return interval(row.conf_low, row.conf_high, "share", lang, 1) if row.status == "shown" else ""


def _number(row, value: float, lang: str) -> str:
    return number(value, lang) if row.status == "shown" else ""
