"""Who changed more than measurement error can explain: in all departments, or in one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from ..disclosure import select
from ..export.formula_table import formula_table
from ..export.view_table import view_table
from ..figures.stacked_bars import Parts, stacked_bars
from ..instruments import instrument
from ..result import ALL, Release
from ..scoring.change_inputs import ChangeInputs, change_inputs
from ..study_view import user_measure
from ..text import t
from ..text.formats import interval, number, percent
from .chart_card import chart_card
from .session import lang, remembered, study
from .text_table import table_html

if TYPE_CHECKING:
    import pandas as pd

    from ..figures.chart import Chart
    from ..measures import Measure

CLASSES = ("improved", "unchanged", "deteriorated")
PHASES = ("before", "after", "not_started")


def changed_card(*, release: Release, department: str = ALL) -> None:
    """The classes as bars with the limits in points. For one department also the share who improved, in words, which may
    be shown where the other classes are hidden; for all of them the clinical limit and the other formulas."""
    measure = user_measure(study=study())
    whole = department == ALL
    if remembered("changed_unreliable", department, make=lambda: _unreliable(_chart(release, measure, department), release)):
        st.info(t("note.no_reliability", lang()))
        return
    if not whole:
        said, drawn = remembered("changed_improved", lang(), department, make=lambda: (
            _in_words(release, f"{measure.id}.improved", department), bool(_chart(release, measure, department).panels)))
        st.markdown(t("view.improved_line", lang(), parts=said))
        if not drawn:
            return

    def own() -> Release:
        return release if whole else select(release=release, departments=(department,))

    chart_card(chart=lambda: _chart(release, measure, department), about=(department,),
               table=lambda: view_table(release=own(), study=study(), lang=lang(), departments=not whole),
               name="changed" if whole else f"{department}_changed", reading=t("view.reading_changed", lang()))
    if whole:
        _how(release, measure)


def _unreliable(chart: Chart, release: Release) -> bool:
    return not chart.panels and "no_reliability" in set(release.notes["code"])


def _chart(release: Release, measure: Measure, department: str) -> Chart:
    wanted = {f"{measure.id}.reliable": t("view.rule_reliable", lang())}
    if department == ALL:
        wanted |= {f"{measure.id}.important": t("view.rule_important", lang())}
    title = _improved(release, measure.id, department) or t("view.changed_title", lang(), measure=measure.text("short", lang()))
    return stacked_bars(release=release, measures=wanted, parts=class_parts(kind="phase"), lang=lang(), department=department,
                        title=title, subtitle=_limits(release), alone={f"{measure.id}.reliable": f"{measure.id}.improved"})


def _named(release: Release, measure: Measure) -> list[str]:
    """Which reliability and whose SD, and who passed the clinical limit."""
    inputs = _inputs(measure)
    notes = release.notes.drop_duplicates("code").set_index("code")["value"]
    if inputs.reliability is None or "change_sd" not in notes.index:
        return []
    form, one, limit = instrument(measure.source["instrument"], folder=study().instruments), inputs.reliability, inputs.cutoff
    lines = [t("view.inputs_line", lang(), kind=t(f"instrument.reliability_{one.method}", lang()), value=number(one.value, lang(), 2),
               text=one.text.get(lang(), ""), certainty=t(f"instrument.certainty_{one.fact.certainty}", lang()),
               source=form.sources[one.fact.source], sd=number(float(notes["change_sd"]), lang(), 1))]
    if limit is not None:
        lines.append(t("view.cutoff_line", lang(), limit=t(f"instrument.side_{limit.side}", lang(), value=number(limit.value, lang())),
                       certainty=t(f"instrument.certainty_{limit.fact.certainty}", lang()), text=limit.text.get(lang(), ""),
                       parts=_in_words(release, f"{measure.id}.recovered", ALL)))
    return lines


def _inputs(measure: Measure) -> ChangeInputs:
    form = instrument(measure.source["instrument"], folder=study().instruments)
    return change_inputs(instrument=form, scale=measure.source["scale"])


def _how(release: Release, measure: Measure) -> None:
    """Folded in: what the limits rest on, and the same with other formulas."""
    drawer = st.expander(t("view.how_title", lang()), on_change="rerun", key="change_formulas")
    if not drawer.open:
        return
    with drawer:
        for line in remembered("changed_named", lang(), make=lambda: _named(release, measure)):
            st.markdown(line)
        drawn = table_html(make=lambda: formula_table(release=release, measure_id=measure.id, lang=lang()), about=("formulas", measure.id),
                           caption=t("view.formulas_title", lang()))
        if drawn:
            st.markdown(t("view.formulas_about", lang()))
            st.html(drawn)


def class_parts(*, kind: str) -> Parts:
    """The three classes from worst to best as parts of a bar."""
    worst_first = CLASSES[::-1]
    return Parts(kinds=tuple(f"{kind}_{name}" for name in worst_first), texts=tuple(t(f"change_class.{name}", lang()) for name in worst_first),
                 low=t("change_class.deteriorated", lang()).lower(), high=t("change_class.improved", lang()).lower())


def _rows(release: Release, name: str, department: str) -> pd.DataFrame:
    series = release.series
    return series[series["measure"].eq(name) & series["department"].eq(department)].set_index("phase")


def _improved(release: Release, name: str, department: str) -> str:
    """The share who improved by more than measurement error, after against before; "" where it is hidden."""
    rows = _rows(release, f"{name}.improved", department)
    shown = rows.loc[rows["status"] == "shown", "value"]
    if not {"before", "after"} <= set(shown.index):
        return ""
    return t("view.changed_improved", lang(), before=percent(shown["before"], lang()), after=percent(shown["after"], lang()))


def _in_words(release: Release, name: str, department: str) -> str:
    """A share in each phase, or that it is hidden."""
    rows, parts = _rows(release, name, department), []
    for phase in (one for one in PHASES if one in rows.index):
        r, words = rows.loc[phase], t(f"phase.{phase}", lang())
        if r["status"] != "shown":
            parts.append(t("view.improved_hidden", lang(), phase=words))
        else:
            ends = interval(r["conf_low"], r["conf_high"], "share", lang(), 0)
            parts.append(t("view.improved_share", lang(), phase=words, share=percent(r["value"], lang()), interval=ends,
                           n=number(r["n"], lang())))
    return "; ".join(parts) or t("figure.why_empty", lang())


def _limits(release: Release) -> str:
    """The limits in points that the notes carry."""
    found = release.notes.drop_duplicates("code").set_index("code")["value"]
    words = {name: number(float(found.get(f"change_{name}", float("nan"))), lang(), 1) for name in ("threshold", "important", "sd")}
    return t("view.changed_subtitle", lang(), **words, reliability=number(float(found.get("change_reliability", float("nan"))), lang(), 2))
