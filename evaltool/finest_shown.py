"""The finest level that a number can be shown at, in place, group of people and time: read from what was released, and from
nothing else, so that a proposal tells nothing that is not shown already."""

from __future__ import annotations

import pandas as pd

from .contracts import coarser_groups
from .disclosure import SERVICE, demand_release
from .errors import UsageError
from .findings import place_name
from .measures import measure
from .result import ALL, Release
from .subgroup_name import subgroup_name
from .text import t
from .text.formats import number, quantity

GRAINS = ("month", "quarter", "year")
SIDES = ("before", "after")
COLUMNS = ("measure", "keeps", "asked_place", "asked_group", "place", "group", "grain", "as_asked", "before", "after", "n_before", "n_after")


def finest_shown(*, release: Release, department: str, group: str | None = None, by_group: Release | None = None) -> pd.DataFrame:
    """One row per measure and way to go with ``COLUMNS``: the first rung of the ladder that is shown before and after.

    release: of the study's own answer, ``by_group``: of the method of that name, needed with ``group`` (``profession=nurse``).
    Without a group: the department, its service (``service:<name>``), all departments. With one, ``keeps`` is ``department`` (the
    group there, its coarser group there, everybody there, then the wider places) or ``group`` (the group in the department, in all
    departments, its coarser group in all departments, everybody). ``grain``: the finest series over time that is shown for
    everybody there (month, quarter, year), else ``phase``; missing ``place``: no rung is shown. Raises UsageError on an
    unknown department and a group that no measure has.
    """
    register = demand_release(release).register
    if department not in set(register["department"]):
        raise UsageError("unknown_department", got=department, expected=", ".join(register["department"]))
    served = register.drop_duplicates("department").set_index("department")["service"].get(department)
    wider = [(f"{SERVICE}{served}", ""), (ALL, "")]
    measures = list(release.spec.measures)
    ways = {"department": [(department, ""), *wider]}
    series = release.series
    if group:
        measures, series = _with_groups(release, demand_release(by_group), group)
        over = [coarser_groups()[group]] if group in coarser_groups() else []
        ways = {"department": [(department, g) for g in (group, *over, "")] + wider,
                "group": [(department, group), *((ALL, g) for g in (group, *over, ""))]}
    places = {place for rungs in ways.values() for place, _ in rungs}
    grains = _grains(release.series[release.series["department"].isin(places)])
    sides = _both_sides(series[series["department"].isin(places)])
    rows = []
    for name in measures:
        shown = sides.get(name, {})
        for keeps, rungs in ways.items():
            place, own = next((rung for rung in rungs if rung in shown), (None, None))
            found = shown.get((place, own), {})
            rows.append({"measure": name, "keeps": keeps, "asked_place": department, "asked_group": group, "place": place, "group": own or None,
                         "grain": grains.get((name, place), "phase") if place and not own else "phase" if place else None,
                         "as_asked": (place, own) == rungs[0], **found})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _with_groups(release: Release, by_group: Release, group: str) -> tuple[list[str], pd.DataFrame]:
    """The measures that know the covariate of ``group``, and the rows of everybody and of groups."""
    rows = by_group.series
    covariate = group.partition("=")[0]
    split = rows[rows["subgroup"].str.startswith(f"{covariate}=").fillna(False).astype(bool)]
    if split.empty:
        known = rows["subgroup"].dropna().drop_duplicates()
        raise UsageError("unknown_subgroup", got=group, expected=", ".join(known) or "-")
    measures = [name for name in by_group.spec.measures if name in set(split["measure"])]
    return measures, pd.concat([release.series[release.series["subgroup"].isna()], rows[rows["subgroup"].notna()]], ignore_index=True)


def _both_sides(rows: pd.DataFrame) -> dict[str, dict[tuple[str, str], dict]]:
    """Measure -> (place, group) -> value and n before and after, where both are shown."""
    rows = rows[rows["kind"].isin(["phase", "service"]) & rows["phase"].isin(SIDES) & rows["status"].eq("shown")]
    out: dict[str, dict[tuple[str, str], dict]] = {}
    for row in rows.itertuples():
        own = out.setdefault(row.measure, {}).setdefault((row.department, row.subgroup if isinstance(row.subgroup, str) else ""), {})
        own |= {row.phase: row.value, f"n_{row.phase}": row.n}
    return {name: {key: own for key, own in found.items() if set(SIDES) <= set(own)} for name, found in out.items()}


def _grains(series: pd.DataFrame) -> dict[tuple[str, str], str]:
    """(measure, place) -> the finest grain of a series that is shown."""
    rows = series[series["kind"].eq("period") & series["subgroup"].isna() & series["status"].eq("shown")]
    found: dict[tuple[str, str], str] = {}
    for grain in reversed(GRAINS):
        found |= dict.fromkeys(rows.loc[rows["grain"] == grain, ["measure", "department"]].itertuples(index=False, name=None), grain)
    return found


def shown_instead(*, release: Release, department: str, lang: str) -> pd.DataFrame:
    """``finest_table`` of what is hidden before or after in ``department``; empty where nothing is."""
    rows = finest_shown(release=release, department=department)
    return finest_table(rows=rows[rows["measure"].isin(_hidden(release, department))], release=release, lang=lang)


def instead_line(*, release: Release, department: str, lang: str) -> str:
    """One sentence for the report: of what is hidden in ``department`` (``*``: in each of them), how much is shown for the service as
    a whole, and how much for all departments only; "" where nothing is hidden."""
    places = demand_release(release).register["department"] if department == ALL else [department]
    rows = [finest_shown(release=release, department=one).query("measure in @hidden") for one in places for hidden in [_hidden(release, one)] if hidden]
    if not rows:
        return ""
    found = pd.concat(rows)["place"]
    service, everywhere = int(found.str.startswith(SERVICE).fillna(False).sum()), int(found.eq(ALL).sum())
    counts = {"service": service, "everywhere": everywhere, "nowhere": len(found) - service - everywhere}
    parts = ", ".join(t(f"finest.line_{where}", lang, n=n) for where, n in counts.items() if n)
    return t("finest.line", lang, count=len(found), parts=parts)


def _hidden(release: Release, department: str) -> list[str]:
    """Measures with a side of ``department`` that is hidden."""
    rows = demand_release(release).series
    rows = rows[rows["department"].eq(department) & rows["kind"].eq("phase") & rows["phase"].isin(SIDES) & rows["subgroup"].isna()]
    return rows.loc[rows["status"].eq("suppressed") & rows["measure"].isin(release.spec.measures), "measure"].drop_duplicates().tolist()


def finest_table(*, rows: pd.DataFrame, release: Release, lang: str) -> pd.DataFrame:
    """``finest_shown`` as people read it: measure, way, where, who, how fine in time, value and n before and after."""
    demand_release(release)
    keeps = rows["keeps"].nunique() > 1
    return pd.DataFrame([_told(row, release, lang, keeps) for row in rows.itertuples()])


def _told(row, release: Release, lang: str, keeps: bool) -> dict[str, str]:
    m = measure(row.measure)
    known = isinstance(row.place, str)
    numbers = {}
    for phase in SIDES:
        value, n = (getattr(row, phase), getattr(row, f"n_{phase}")) if known else (float("nan"),) * 2
        numbers[t(f"phase.{phase}", lang).capitalize()] = quantity(value, m.unit, lang, m.decimals) if known else ""
        numbers[t(f"column.n_{phase}", lang)] = number(n, lang) if known else ""
    return {
        t("column.measure", lang): m.text("short", lang), **({t("finest.keeps", lang): t(f"finest.keeps_{row.keeps}", lang)} if keeps else {}),
        t("column.shown_for", lang): _place_words(release=release, place=row.place, lang=lang) if known else t("table.nowhere", lang),
        **({t("finest.group", lang): _group_words(group=row.group, name=row.measure, lang=lang) if known else ""} if keeps else {}),
        **numbers, t("finest.time", lang): t(f"finest.{row.grain}", lang) if known else "",
    }


def _place_words(*, release: Release, place: str, lang: str) -> str:
    """A department, its service as a whole, or all departments."""
    if place == ALL:
        return t("table.everywhere", lang)
    return t("table.service", lang, service=place.removeprefix(SERVICE)) if place.startswith(SERVICE) else place_name(
        release=release, department=place, lang=lang)


def _group_words(*, group: object, name: str, lang: str) -> str:
    """A group of people, or everybody."""
    return subgroup_name(subgroup=group, measure=measure(name), lang=lang) if isinstance(group, str) else t("finest.everybody", lang)
