"""Who changed more than measurement error can explain: in all departments, or in one."""

from __future__ import annotations

import streamlit as st

from ..disclosure import select
from ..export.view_table import view_table
from ..figures.stacked_bars import Parts, stacked_bars
from ..result import ALL, Release
from ..study_view import user_measure
from ..text import t
from ..text.formats import interval, number, percent
from .chart_card import chart_card
from .session import lang, study

CLASSES = ("improved", "unchanged", "deteriorated")
PHASES = ("before", "after", "not_started")


def changed_card(*, release: Release, department: str = ALL) -> None:
    """The classes as bars with the limits in points; for one department also the share who improved, in words, which may
    be shown where the other classes are hidden."""
    measure = user_measure(study=study())
    whole, wanted = department == ALL, {f"{measure.id}.reliable": t("view.rule_reliable", lang())}
    if whole:
        wanted |= {f"{measure.id}.important": t("view.rule_important", lang())}
    title = _improved(release, measure.id, department) or t("view.changed_title", lang(), measure=measure.text("short", lang()))
    chart = stacked_bars(release=release, measures=wanted, parts=class_parts(kind="phase"), lang=lang(), department=department,
                         title=title, subtitle=_limits(release))
    if not whole:
        st.markdown(_in_words(release, measure.id, department))
        if not chart.panels:
            return
    own = release if whole else select(release=release, departments=(department,))
    chart_card(chart=chart, table=lambda: view_table(release=own, study=study(), lang=lang(), departments=not whole),
               name="changed" if whole else f"{department}_changed", reading=t("view.reading_changed", lang()))


def class_parts(*, kind: str) -> Parts:
    """The three classes from worst to best as parts of a bar."""
    worst_first = CLASSES[::-1]
    return Parts(kinds=tuple(f"{kind}_{name}" for name in worst_first), texts=tuple(t(f"change_class.{name}", lang()) for name in worst_first),
                 low=t("change_class.deteriorated", lang()).lower(), high=t("change_class.improved", lang()).lower())


def _rows(release: Release, name: str, department: str):
    series = release.series
    return series[series["measure"].eq(f"{name}.improved") & series["department"].eq(department)].set_index("phase")


def _improved(release: Release, name: str, department: str) -> str:
    """The share who improved by more than measurement error, after against before; "" where it is hidden."""
    rows = _rows(release, name, department)
    shown = rows.loc[rows["status"] == "shown", "value"]
    if not {"before", "after"} <= set(shown.index):
        return ""
    return t("view.changed_improved", lang(), before=percent(shown["before"], lang()), after=percent(shown["after"], lang()))


def _in_words(release: Release, name: str, department: str) -> str:
    rows, parts = _rows(release, name, department), []
    for phase in (one for one in PHASES if one in rows.index):
        r, words = rows.loc[phase], t(f"phase.{phase}", lang())
        if r["status"] != "shown":
            parts.append(t("view.improved_hidden", lang(), phase=words))
        else:
            ends = interval(r["conf_low"], r["conf_high"], "share", lang(), 0)
            parts.append(t("view.improved_share", lang(), phase=words, share=percent(r["value"], lang()), interval=ends,
                           n=number(r["n"], lang())))
    return t("view.improved_line", lang(), parts="; ".join(parts)) if parts else t("figure.why_empty", lang())


def _limits(release: Release) -> str:
    """The limits in points that the notes carry."""
    found = release.notes.drop_duplicates("code").set_index("code")["value"]
    words = {name: number(float(found.get(f"change_{name}", float("nan"))), lang(), 1) for name in ("threshold", "important", "sd")}
    return t("view.changed_subtitle", lang(), **words, reliability=number(float(found.get("change_reliability", float("nan"))), lang(), 2))
