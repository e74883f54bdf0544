"""The rollout as tables that people read: what was done where, how much of it, who it reached, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from .components import component_label, dose_unit
from .disclosure import demand_release
from .result import ALL, Release
from .text import t
from .text.formats import absent, date, interval, number, percent

BANDS = {0.0: "few", 0.2: "some", 0.5: "most", 0.8: "nearly_all"}
CORE_SHARE = 0.5
"""What at least this share of the departments that have started have logged, counts as a core component."""


def components_done(*, release: Release, reached: Release, lang: str) -> pd.DataFrame:
    """One row per department in the order they started (those that have not, last), one column per component: dose and how
    many of the staff, or which users, it reached; then how many of the core components were there by the end of wash-in.

    ``reached``: the view ``components``. Another change at the same time is no component.
    """
    log, names, core = _log(release), _codes(release), core_components(release=release)
    begun = log.groupby(["department", "component"])["event_date"].min().to_dict()
    told = {key: "" for key in begun} | _doses(log, lang)
    who = _reach(reached, lang)
    rows = []
    for place in in_order_of_start(release=release).itertuples():
        keys = {code: (place.department, code) for code in names}
        cells = {_heading(code, lang): _cell(told[key], who.get(key, ""), lang) if key in told else "" for code, key in keys.items()}
        mine = {code: begun[key] for code, key in keys.items() if key in begun}
        rows.append({t("column.department", lang): place.name, **cells, t("components.core", lang): _core(place, mine, core, release, lang)})
    return pd.DataFrame(rows)


def components_log(*, release: Release, lang: str) -> pd.DataFrame:
    """One row per thing done, by department in the order they started and then by date."""
    places = in_order_of_start(release=release)
    names = dict(zip(places["department"], places["name"], strict=True))
    log = demand_release(release).events
    log = log[log["department"].isin(names)].assign(at=log["department"].map(list(names).index))
    return pd.DataFrame([{
        t("column.department", lang): names[row.department], t("page.what", lang): _name(row, lang),
        t("page.from", lang): date(row.event_date, lang), t("page.to", lang): date(row.end_date, lang),
        t("components.dose", lang): _dose(row.dose_value, row.dose_unit, lang),
    } for row in log.sort_values(["at", "event_date"], kind="stable").itertuples()])


def components_reach(*, reached: Release, lang: str) -> pd.DataFrame:
    """All departments together, one row per component: the share of staff who took part, with interval and n, and users."""
    rows = demand_release(reached).series
    out = []
    for name, part in rows[rows["department"] == ALL].groupby("measure", sort=False):
        kinds = part.set_index("kind")
        row = {t("page.what", lang): _heading(name.partition(".")[2], lang)}
        row |= dict.fromkeys((t("components.reach", lang), t("column.interval", lang), t("components.could", lang), t("components.users", lang)), "")
        if "reach" in kinds.index:
            row |= _share(kinds.loc["reach"], lang)
        if "users" in kinds.index:
            users = kinds.loc["users"]
            row[t("components.users", lang)] = number(users["value"], lang) if users["status"] == "shown" else absent(users["status"], lang)
        out.append(row)
    return pd.DataFrame(out)


def core_components(*, release: Release) -> tuple[str, ...]:
    """The components that at least half of the departments that have started have logged."""
    log = _log(release)
    started = set(demand_release(release).register.loc[_started(release), "department"])
    counts = log[log["department"].isin(started)].groupby("component")["department"].nunique()
    return tuple(code for code in _codes(release) if started and counts.get(code, 0) >= CORE_SHARE * len(started))


def in_order_of_start(*, release: Release) -> pd.DataFrame:
    """Register rows, the first to start first, by plan those that have not."""
    register = demand_release(release).register
    when = register["start"].where(_started(release))
    return register.assign(_at=when, _plan=register["planned_start"]).sort_values(
        ["_at", "_plan"], kind="stable", na_position="last").drop(columns=["_at", "_plan"])


def _started(release: Release) -> pd.Series:
    start = pd.to_datetime(release.register["start"])
    return start.notna() & start.le(pd.Timestamp(release.provenance.as_of))


def _log(release: Release) -> pd.DataFrame:
    log = demand_release(release).events
    return log[~log["co_intervention"].fillna(False).astype(bool)]


def _codes(release: Release) -> list[str]:
    return list(dict.fromkeys(_log(release).sort_values("event_date", kind="stable")["component"]))


def _reach(reached: Release, lang: str) -> dict[tuple[str, str], str]:
    """(department, component) -> how far it reached, in words."""
    out: dict[tuple[str, str], str] = {}
    for row in demand_release(reached).series.itertuples():
        if row.kind not in ("reach_band", "users") or row.department == ALL:
            continue
        hidden = t(f"components.{row.kind}_hidden", lang)
        told = t(f"components.{BANDS[row.value]}", lang) if row.kind == "reach_band" and row.status == "shown" else hidden
        if row.kind == "users" and row.status == "shown":
            told = t("components.users_reached", lang, count=number(row.value, lang))
        key = (row.department, row.measure.partition(".")[2])
        out[key] = ", ".join(filter(None, (out.get(key, ""), told)))
    return out


def _doses(log: pd.DataFrame, lang: str) -> dict[tuple[str, str], str]:
    """(department, component) -> how much was done, unit by unit."""
    sums = log.dropna(subset=["dose_value", "dose_unit"]).groupby(["department", "component", "dose_unit"], sort=False)["dose_value"].sum()
    out: dict[tuple[str, str], str] = {}
    for (*key, unit), value in sums.items():
        out[tuple(key)] = _joined(out.get(tuple(key), ""), _dose(value, unit, lang))
    return out


def _cell(doses: str, reach: str, lang: str) -> str:
    """What was done of one component in one department where it was done at all."""
    return _joined(doses, reach) or t("components.done", lang)


def _joined(*parts: str) -> str:
    return " · ".join(filter(None, parts))


def _core(place, begun: Mapping[str, pd.Timestamp], core: Sequence[str], release: Release, lang: str) -> str:
    """``4 av 5, mangler erfaringskonsulent``: the core components that had begun by the end of wash-in. ``begun``: when each
    component that was done there did."""
    if pd.isna(place.start) or pd.Timestamp(place.start).date() > release.provenance.as_of or not core:
        return t("verdict.not_started", lang) if core else ""
    in_time = [code for code in core if code in begun and begun[code] <= place.wash_in_end]
    lacking = [component_label(code=code, lang=lang) for code in core if code not in begun]
    told = t("components.core_count", lang, count=number(len(in_time), lang), core=number(len(core), lang))
    return f"{told}, {t('components.lacking', lang, names=', '.join(lacking))}" if lacking else told


def _heading(code: str, lang: str) -> str:
    name = component_label(code=code, lang=lang)
    return name[0].upper() + name[1:]


def _name(row, lang: str) -> str:
    text = _heading(row.component, lang)
    other = pd.notna(row.co_intervention) and bool(row.co_intervention)
    return t("figure.co_intervention", lang, text=text) if other else text


def _dose(value: float, unit: object, lang: str) -> str:
    named = dose_unit(unit=unit, lang=lang)
    return f"{number(value, lang, 0 if value == round(value) else 1)}\u00a0{named}" if named and pd.notna(value) else ""


def _share(row: pd.Series, lang: str) -> dict[str, str]:
    if row["status"] != "shown":
        return {t("components.reach", lang): absent(row["status"], lang)}
    return {t("components.reach", lang): percent(row["value"], lang), t("components.could", lang): number(row["n"], lang),
            t("column.interval", lang): interval(row["conf_low"], row["conf_high"], "share", lang, 0)}
