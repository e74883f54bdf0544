"""A Release as tables that people read: every number through the one formatter, hidden said as hidden."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from .design import PHASES
from .disclosure import SERVICE, demand_release, hidden_counts
from .findings import PERSPECTIVE_ORDER, SIDE_ORDER, cell_code, place_name
from .measures import Measure, measure
from .result import ALL, STATUSES, Release, headline
from .subgroup_name import subgroup_name
from .text import t
from .text.formats import absent, change, date, interval, number, p_value, period, quantity, signed

USUAL_LEVEL = 0.949
WITHOUT_SIGN = ("ratio", "f_value")
TALK_ORDER = ("worse", "cannot_tell", "not_rated", "better", "no_important_change")


def matrix(*, release: Release, lang: str) -> pd.DataFrame:
    """One row per department and measure: ``department, name, measure, label, side, perspective, code, word, text``.

    Measures stand by side (users first) and perspective (personal, social, then the rest). ``code`` is a verdict or ``suppressed``, ``no_data``, ``not_identified``, ``not_started``. Departments are sorted
    by "worth talking about" (something worse, then something unclear), never by size of effect.
    """
    demand_release(release)
    rows = {(row["department"], row["measure"]): row for row in headline(release.estimates).to_dict("records")}
    heads = [_head(m, lang) for m in sorted(release.spec.measures, key=_users_first)]
    cells = [
        (one.department, str(one.name), *head, *_cell(rows.get((one.department, head[0])), head[0], _not_started(one.start, release), lang))
        for one in release.register.itertuples(index=False) for head in heads
    ]
    frame = pd.DataFrame(cells, columns=["department", "name", "measure", "label", "side", "perspective", "code", "word", "text"])
    return frame.assign(_rank=frame["department"].map(_talk_rank(frame))).sort_values(
        "_rank", kind="stable").drop(columns="_rank").reset_index(drop=True)


def _users_first(name: str) -> tuple[int, int]:
    """The place of a measure: personal and social first among those of the same side, the others as the study names them."""
    m = measure(name)
    return SIDE_ORDER.index(m.side), min(PERSPECTIVE_ORDER.index(m.perspective), PERSPECTIVE_ORDER.index("clinical"))


def _head(name: str, lang: str) -> tuple[str, str, str, str]:
    """What a column says of its measure."""
    m = measure(name)
    return name, m.text("short", lang), m.side, m.perspective


def _cell(row: Mapping[str, object] | None, name: str, idle: bool, lang: str) -> tuple[str, str, str]:
    """``code, word, text`` of one department and measure; without a ``row`` it has not started (``idle``) or has no data."""
    m, text = measure(name), ""
    if row is None:
        code = "not_started" if idle else "no_data"
    else:
        code = cell_code(row)
        text = change(row["estimate"], m.unit, lang, m.decimals) if row["status"] == "shown" else ""
    return code, t(f"verdict.{code}", lang), text


def _not_started(start: object, release: Release) -> bool:
    return bool(pd.isna(start)) or pd.Timestamp(start).date() > release.provenance.as_of


def _talk_rank(frame: pd.DataFrame) -> dict[str, tuple]:
    """Many "worse" first, then many "cannot tell"; departments that have not started last; ties in register order."""
    order = {}
    for name, cells in frame.groupby("department", sort=False)["code"]:
        idle = cells.eq("not_started").all()
        order[name] = (idle, -cells.eq("worse").sum(), -cells.eq("cannot_tell").sum())
    ranks = {key: i for i, key in enumerate(sorted(set(order.values())))}
    return {name: ranks[key] for name, key in order.items()}


def estimates(*, release: Release, lang: str, rows: pd.Series | None = None) -> pd.DataFrame:
    """Every released estimate as text columns with headings in ``lang``: place, measure, change, interval, n, verdict.
    ``rows``: which of them (bool by index), all when missing."""
    demand_release(release)
    grouped = ("subgroup",) if release.estimates["subgroup"].notna().any() else ()
    heads = {name: t(f"column.{name}", lang) for name in (
        "department", *grouped, "measure", "change", "interval", "unit", "n_before", "n_after", "verdict", "claim", "method")}
    return pd.DataFrame([
        {heads[name]: text for name, text in _estimate(release, row, lang).items() if name in heads}
        for _, row in (release.estimates if rows is None else release.estimates[rows]).iterrows()
    ], columns=list(heads.values()))


def _estimate(release: Release, row: pd.Series, lang: str) -> dict[str, str]:
    m = measure(row["measure"])
    shown = row["status"] == "shown"
    return {
        "department": place_name(release=release, department=row["department"], lang=lang),
        "subgroup": subgroup_name(subgroup=row["subgroup"], measure=m, lang=lang),
        "measure": m.text("short", lang),
        "change": _amount(row, m, lang) if shown else _absent(row, lang),
        "interval": _interval(row, m, lang) if shown else "",
        "unit": t(f"unit.change_{row['unit']}", lang),
        "n_before": number(row["n_before"], lang) if shown else "",
        "n_after": number(row["n_after"], lang) if shown else "",
        "verdict": t(f"verdict.{cell_code(row)}", lang),
        "claim": t(f"claim.{row['claim']}", lang) if isinstance(row["claim"], str) else "",
        "method": method_name(method=row["method"], lang=lang),
    }


def _amount(row: pd.Series, m: Measure, lang: str) -> str:
    """A difference in the measure's unit with its sign; anything else with two decimals."""
    if row["unit"] in (m.unit, "share"):
        return change(row["estimate"], row["unit"], lang, _decimals(row, m))
    return (number if row["unit"] in WITHOUT_SIGN else signed)(row["estimate"], lang, 2)


def _decimals(row: pd.Series, m: Measure) -> int:
    """A share of something that is itself no share is told in percentage points with one decimal."""
    return m.decimals if row["unit"] == m.unit else 1


def _interval(row: pd.Series, m: Measure, lang: str) -> str:
    """The interval as the estimate is written, with its level where that is not the usual one; a test has its p."""
    if row["estimand"] == "interaction":
        return t("table.p_value", lang, p=p_value(row["p_value"], lang))
    if row["unit"] in (m.unit, "share"):
        text = interval(row["conf_low"], row["conf_high"], row["unit"], lang, _decimals(row, m), difference=True)
    else:
        form = number if row["unit"] in WITHOUT_SIGN else signed
        text = f"{form(row['conf_low'], lang, 2)} {t('format.to', lang)} {form(row['conf_high'], lang, 2)}"
    other = row["conf_level"] < USUAL_LEVEL
    return t("table.other_level", lang, interval=text, level=number(row["conf_level"] * 100, lang)) if other else text


def remarks(*, release: Release, lang: str) -> list[str]:
    """What limits the reading or stopped an answer: one line per remark, with the places it is about."""
    demand_release(release)
    rows = release.notes[release.notes["severity"].isin(["caution", "stop"])]
    out = []
    for code, group in rows.groupby("code", sort=False):
        places = [place_name(release=release, department=d, lang=lang) for d in group["department"].drop_duplicates()]
        out.append(t("table.remark", lang, remark=t(f"note.{code}", lang), places=", ".join(places)))
    return out


def reasons(*, release: Release, lang: str) -> list[str]:
    """Why each method was taken: one line per method."""
    rows = demand_release(release).estimates[["method", "why"]].dropna().drop_duplicates()
    return [t("table.why", lang, method=method_name(method=r.method, lang=lang), why=t(f"why.{r.why}", lang)) for r in rows.itertuples(index=False)]


def levels(*, release: Release, measure_id: str, lang: str) -> pd.DataFrame:
    """Before and after for one measure as text: place, phase, value with interval, n and persons; a rate per bed-day also
    over all months together (``indicators.pooled_rate``)."""
    demand_release(release)
    m = measure(measure_id)
    rows = release.series[(release.series["measure"] == measure_id) & release.series["kind"].isin(["phase", "phase_pooled"])]
    order = {"department": list(rows["department"].drop_duplicates()), "phase": list(PHASES)}
    out = []
    for _, row in rows.sort_values(list(order), key=lambda names: names.map(order[names.name].index), kind="stable").iterrows():
        shown, phase = row["status"] == "shown", t(f"phase.{row['phase']}", lang)
        out.append({
            t("column.department", lang): place_name(release=release, department=row["department"], lang=lang),
            t("column.phase", lang): t("table.pooled_months", lang, phase=phase) if row["kind"] == "phase_pooled" else phase,
            t("column.value", lang): quantity(row["value"], m.unit, lang, m.decimals) if shown else _absent(row, lang),
            t("column.interval", lang): interval(
                row["conf_low"], row["conf_high"], m.unit, lang, m.decimals) if shown and pd.notna(row["conf_low"]) else "",
            "n": number(row["n"], lang) if shown else "",
            t("column.persons", lang): number(row["persons"], lang) if shown else "",
        })
    return pd.DataFrame(out)


def expected(*, release: Release, measure_id: str, lang: str) -> pd.DataFrame:
    """Observed and expected number and their ratio for one measure as text, one row per department and phase."""
    rows = demand_release(release).series
    rows = rows[(rows["measure"] == measure_id) & (rows["kind"] == "expected")]
    out = []
    for _, row in rows.iterrows():
        shown = row["status"] == "shown"
        out.append({
            t("column.department", lang): place_name(release=release, department=row["department"], lang=lang),
            t("column.phase", lang): t(f"phase.{row['phase']}", lang),
            t("column.observed", lang): number(row["numerator"], lang) if shown else _absent(row, lang),
            t("column.expected", lang): number(row["value"], lang, 1) if shown else "",
            t("process.funnel_ratio_axis", lang): number(row["numerator"] / row["value"], lang, 2) if shown and row["value"] > 0 else "",
            "n": number(row["n"], lang) if shown else "",
        })
    return pd.DataFrame(out)


def changes(*, release: Release, measure_id: str, lang: str) -> pd.DataFrame:
    """The changes of one measure as text: each department's own answer, and what they show together by each method."""
    rows = demand_release(release).estimates
    keep = rows["measure"].eq(measure_id) & rows["subgroup"].isna() & rows["method"].fillna("").ne("shrunken")
    return estimates(release=release, lang=lang, rows=keep).reset_index(drop=True)


def periods(*, release: Release, measure_id: str, department: str, lang: str) -> pd.DataFrame:
    """The series of one measure and department as text: period, value and n."""
    demand_release(release)
    m = measure(measure_id)
    rows = release.series
    rows = rows[(rows["measure"] == measure_id) & (rows["department"] == department) & (rows["kind"] == "period")]
    return pd.DataFrame([{
        t("column.period", lang): period(row["period"], row["grain"], lang),
        t("column.value", lang): quantity(row["value"], m.unit, lang, m.decimals)
        if row["status"] == "shown" else _absent(row, lang),
        "n": number(row["n"], lang) if row["status"] == "shown" else "",
    } for _, row in rows.sort_values("period").iterrows()])


def method_name(*, method: object, lang: str) -> str:
    """A method in words; a lag in its name is part of the sentence."""
    if not isinstance(method, str):
        return ""
    if method.startswith("hac_lag"):
        lag = method.removeprefix("hac_lag").removeprefix("_")
        return t("method.hac_lag", lang, lag=lag) if lag else t("method.hac", lang)
    return t(f"method.{method}", lang)


def _absent(row: pd.Series, lang: str) -> str:
    return absent(row["status"], lang)


def rollout(*, release: Release, lang: str) -> pd.DataFrame:
    """The rollout register as text: place, planned and actual start, end of wash-in, pause."""
    demand_release(release)
    days = ("planned_start", "start", "wash_in_end", "paused_from", "paused_to")
    return pd.DataFrame([
        {t("column.department", lang): row["name"], **{t(f"column.{day}", lang): date(row[day], lang) for day in days}}
        for _, row in release.register.iterrows()
    ])


def hidden_line(*, release: Release, lang: str) -> str:
    """What is hidden, why, and what would make it showable, in two or three sentences."""
    count = hidden_counts(demand_release(release))["estimates"]
    key = "table.nothing_hidden" if count == 0 else "table.hidden"
    return t(key, lang, count=count, limit=release.policy["min_persons"], points=number(float(hidden_counts(release)["series"]), lang))


def marks(*, lang: str) -> pd.DataFrame:
    """What stands where there is no number to show, and the zero that is none of these: sign with word, and what it means."""
    rows = [("0", t("export_sheet.zero", lang)), *((absent(code, lang), t(f"about_status.{code}", lang)) for code in STATUSES[1:])]
    return pd.DataFrame(rows, columns=[t("export_sheet.mark", lang), t("export_sheet.meaning", lang)])


def marks_line(*, lang: str) -> str:
    """The same in one line, for the terminal and small print."""
    return "; ".join([*(absent(code, lang) for code in STATUSES[1:]), f"0 {t('page.zero', lang)}"])


def hidden_reasons(*, release: Release, lang: str) -> pd.DataFrame:
    """What is hidden in the whole release and why: one row per reason with how many comparisons and how many points of
    series, and what would make them showable. Never for a single row: the exact reason would say how small it is."""
    demand_release(release)
    limits = {"limit": release.policy["min_persons"], "rows": release.policy["min_n_spread"]}
    return pd.DataFrame([{
        t("column.why", lang): t(f"hidden.{reason}", lang), t("column.until", lang): t(f"hidden.{reason}_until", lang, **limits),
        t("column.comparisons", lang): number(float(count["estimates"]), lang),
        t("column.points", lang): number(float(count["phases"] + count["periods"]), lang),
    } for reason, count in release.policy["hidden"].items()])
