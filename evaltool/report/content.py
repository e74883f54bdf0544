"""What the report says, as plain texts in their order: one content for the PDF and the HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..contracts import contract
from ..disclosure import demand_release, select
from ..errors import UsageError
from ..findings import Finding, findings, place_name
from ..finest_shown import instead_line
from ..measures import measure
from ..process.charts import process_charts
from ..process.words import now_told
from ..result import ALL, STATUSES, headline
from ..settings import Process
from ..studied import studied
from ..tables import hidden_line, matrix
from ..text import t
from ..text.formats import change_unit, date, percent
from .decided import decided
from .gap_sentence import gap_sentence
from .stay_sentence import stay_sentence

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from ..result import Release

MOST_FINDINGS = 6
LEGEND = ("better", "worse", "no_important_change", "cannot_tell", "not_rated", "suppressed", "no_data", "not_identified",
          "not_started")
PARTS = ("better", "worse", "no_important_change", "moved", "cannot_tell", "not_shown")


def content(
    *, release: Release, quality: Mapping[str, pd.DataFrame] | None, lang: str, department: str | None, name: str | None,
    views: Release | None = None, stays: Release | None = None, plan: Process = Process(), left_out: int = 0,
    decisions: pd.DataFrame | None = None, rounded: bool = False,
) -> dict:
    """All texts of the report, ready to print, nested as the sections stand.

    quality: the frames of ``status.status``; only ``response`` is read. department: its id, None for all. name: the
    study's name. views: ``perspectives`` released, for the sentence on the gap between staff and users. stays:
    ``readmission_by`` released, for the line on its definitions. plan: how its process charts are made. left_out:
    measures that are not part of ``release``, only counted. decisions: the threads of ``store.decisions``. rounded: say that
    stays are told of in rounded counts. Raises
    UsageError on anything but a Release and on an unknown department.
    """
    demand_release(release)
    known = list(release.register["department"])
    if department is not None and department not in known:
        raise UsageError("unknown_department", got=department, expected=", ".join(known))
    place = department or ALL
    found = findings(release=release, lang=lang, department=place)
    return {
        "lang": lang,
        "study": name or release.provenance.study,
        "title": t("report.title", lang) if place == ALL else t("report.title_department", lang, place=place_name(
            release=release, department=place, lang=lang)),
        "as_of": t("report.as_of", lang, date=date(release.provenance.as_of, lang)),
        "answer": " ".join(filter(None, (_answer(release, found, lang), gap_sentence(views=views, lang=lang, place=place)))),
        "headings": {key: t(f"report.{key}", lang) for key in (
            "findings", "matrix", "before_after", "over_time", "unsure", "decided", "done", "small_print", "how_to_read", "table_behind")},
        "findings": [_finding(one, lang) for one in found[:MOST_FINDINGS]],
        "matrix": _matrix(release, place, lang, left_out),
        "unsure": _unsure(release, found, lang) or [t("report.unsure_none", lang)],
        "decided": decided(decisions=decisions, release=release, lang=lang, place=place),
        "process": now_told(charts=process_charts(release=release, plan=plan, departments=(place,)), department=place, lang=lang),
        "elsewhere": t("report.elsewhere", lang), "definitions": [_definition(release, name, lang) for name in release.spec.measures],
        "small_print": list(filter(None, (stay_sentence(stays=stays, lang=lang, place=place), t("counts.report_line", lang) if rounded else "",
                                           *_small_print(release, quality, lang, place)))),
        "pages": [t("report.page", lang, page=page, pages=2) for page in (1, 2)],
    }


def _answer(release: Release, found: list[Finding], lang: str) -> str:
    """One sentence: which measures moved which way, and about which nothing can be said."""
    moved = _moved(release)
    groups: dict[str, list[str]] = {part: [] for part in PARTS}
    for one in found:
        groups[_part(one, moved)].append(_small(measure(one.measure).text("short", lang)))
    parts = [t(f"report.part_{part}", lang, names=_listed(names, lang)) for part, names in groups.items() if names]
    return t("report.answer", lang, parts="; ".join(parts)) if parts else t("report.answer_nothing", lang)


def _part(one: Finding, moved: set[tuple[str, str]]) -> str:
    if one.symbol in ("suppressed", "no_data", "not_identified"):
        return "not_shown"
    if one.symbol == "not_rated":
        return "moved" if (one.measure, one.department) in moved else "cannot_tell"
    return one.symbol


def _moved(release: Release) -> set[tuple[str, str]]:
    """(measure, department) whose interval leaves out no difference."""
    rows = headline(release.estimates)
    null = rows["estimand"].str.endswith("ratio").fillna(False).astype("float64")
    clear = rows[rows["conf_low"].gt(null) | rows["conf_high"].lt(null)]
    return set(zip(clear["measure"], clear["department"], strict=True))


def _small(name: str) -> str:
    """A name as it stands inside a sentence."""
    return name[0].lower() + name[1:]


def _listed(names: list[str], lang: str) -> str:
    """``a, b og c``."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {t('report.and', lang)} {names[-1]}"


def _finding(one: Finding, lang: str) -> dict:
    return {"code": one.symbol, "word": t(f"verdict.{one.symbol}", lang), "text": one.text, "detail": one.detail}


def _matrix(release: Release, place: str, lang: str, left_out: int) -> dict:
    cells = matrix(release=release, lang=lang)
    columns = cells.drop_duplicates("measure")
    sides = columns.groupby("side", sort=False).size()
    rows = [
        {"name": group["name"].iloc[0], "own": key == place,
         "cells": [{"code": c.code, "word": c.word, "text": c.text} for c in group.itertuples()]}
        for key, group in cells.groupby("department", sort=False)
    ]
    more = t("report.more_measures", lang, count=left_out) if left_out else ""
    used = [code for code in LEGEND if code in {*cells["code"], *STATUSES[1:]}]
    zero = f"0 {t('page.zero', lang)}."
    return {
        "corner": t("column.department", lang), "note": f"{t('report.matrix_note', lang)} {zero} {more}".rstrip(), "rows": rows,
        "sides": [{"label": t(f"side.{side}", lang), "span": int(span)} for side, span in sides.items()],
        "columns": [{"label": label, "unit": change_unit(measure(m).unit, lang)}
                    for m, label in zip(columns["measure"], columns["label"], strict=True)],
        "legend": [{"code": code, "word": t(f"verdict.{code}", lang)} for code in used],
    }


def _unsure(release: Release, found: list[Finding], lang: str) -> list[str]:
    """One sentence per reason, naming the measures it limits, in the order the findings stand."""
    moved = _moved(release)
    reasons: dict[str, list[str]] = {}
    for one in found:
        too_wide = (t("report.unsure_wide", lang),) if _part(one, moved) == "cannot_tell" else ()
        for reason in one.limits or too_wide:
            reasons.setdefault(reason, []).append(measure(one.measure).text("short", lang))
    return [t("finding.unsure", lang, measures=", ".join(names), reason=reason) for reason, names in reasons.items()]


def _definition(release: Release, name: str, lang: str) -> dict:
    m = studied(release=release, name=name)
    important = t("report.important", lang, important=m.text("important_source", lang))
    return {"label": m.text("label", lang), "text": m.text("definition", lang), "important": important}


def _small_print(release: Release, quality: Mapping[str, pd.DataFrame] | None, lang: str, place: str) -> list[str]:
    p = release.provenance
    about = release if place == ALL else select(release=release, departments=(place,))
    return [
        _coverage(quality, lang), f"{hidden_line(release=about, lang=lang)} {instead_line(release=release, department=place, lang=lang)}".rstrip(),
        t("report.intervals", lang, level=percent(release.spec.conf_level, lang)),
        t("report.provenance", lang, snapshot=p.snapshot[:12], as_of=date(p.as_of, lang), version=p.version,
          policy=release.policy["name"]),
    ]


def _coverage(quality: Mapping[str, pd.DataFrame] | None, lang: str) -> str:
    """The response rate of the latest wave of each population that was asked."""
    if quality is None or quality["response"].empty:
        return t("report.coverage_none", lang)
    last = quality["response"].dropna(subset=["rate"]).drop_duplicates("population", keep="last")
    names = contract("invitations").columns["population"].allowed
    rates = [f"{_small(names[row.population][lang])} {percent(row.rate, lang)}" for row in last.itertuples()]
    return t("report.coverage", lang, rates=_listed(rates, lang)) if rates else t("report.coverage_none", lang)
