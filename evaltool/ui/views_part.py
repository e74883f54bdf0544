"""What stands beside before and after on a page: who sees what, what was ticked, who changed, what people say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from ..disclosure import select, within
from ..export.view_names import view_name, view_names
from ..export.view_table import view_table
from ..figures.kept_chart import kept_chart
from ..figures.stacked_bars import ROLES, Parts, stacked_bars
from ..figures.views_chart import views_chart
from ..instruments import instrument, theme_labels
from ..study_view import TABLES, study_view
from ..text import t
from .changed_card import changed_card, class_parts
from .chart_card import chart_card
from .choice import choice
from .downloadable_table import downloadable_table
from .heat_table import heat_table
from .joint_table import joint_table
from .scales_part import scales_part
from .session import FRAMES, lang, remembered, seen_by, study, study_quality

if TYPE_CHECKING:
    from ..figures.chart import Chart
    from ..instruments import Instrument
    from ..result import Release


def views_part(*, views: Sequence[str], side: str) -> None:
    """``views`` (of ``perspectives domains answers scales changed sessions values themes``) as tabs; only the open one is worked out and
    drawn, and those the study has no table for are left out. ``side``: ``user`` or ``staff``, whose answers are drawn."""
    views = views_there(views=views)
    st.header(t("view.more", lang()), anchor=False)
    tabs = st.tabs([t(f"view.heading_{view}", lang()) for view in views], on_change="rerun", key=f"views_{side}")
    for view, tab in zip(views, tabs, strict=True):
        if tab.open:
            with tab:
                release = seen_view(view)
                if release is None or not len(release.spec.measures):
                    st.info(t("view.no_table", lang(), view=t(f"view.heading_{view}", lang()).lower()))
                else:
                    _DRAW[view](release, side)


def seen_view(view: str) -> Release | None:
    """The view, cut to the departments this visitor may see."""
    def make() -> Release | None:
        whole = study_view(folder=study().folder, view=view)
        places = seen_by().departments
        return within(release=whole, departments=places) if whole is not None and places else whole

    return remembered("study_view", view, make=make, memory=FRAMES)


def views_there(*, views: Sequence[str]) -> list[str]:
    """Those of ``views`` that the study has a table for."""
    there = remembered("tables_there", make=lambda: frozenset(study_quality()["tables"]["table"]))
    return [view for view in views if TABLES.get(view) is None or TABLES[view] in there]


def names_in_views() -> dict[str, str]:
    """``view_names`` of the study in the language of the page."""
    return remembered("view_names", lang(), make=lambda: view_names(study=study(), lang=lang()))


def _card(chart: Callable[[], Chart], release: Callable[[], Release], name: str, reading: str) -> None:
    chart_card(chart=chart, about=(), name=name, reading=t(f"view.reading_{reading}", lang()),
               table=lambda: view_table(release=release(), study=study(), lang=lang(), departments=False))


def _perspectives(release: Release, side: str) -> None:
    def chart() -> Chart:
        wanted = dict.fromkeys(m for m in release.series["measure"] if m.count(".") == 1)
        names = names_in_views()
        return views_chart(release=release, measures={m: view_name(names=names, measure=m) for m in wanted}, lang=lang())

    _card(chart, lambda: release, f"perspectives_{side}", "perspectives")


def _answers(release: Release, side: str) -> None:
    """The form of the side's first survey, item by item; a form with several scales by scale."""
    table = {"user": "user_survey", "staff": "staff_survey"}[side]
    forms = {}
    for one in dict.fromkeys(survey.instrument for survey in study().surveys.values() if survey.table == table):
        form = instrument(one, folder=study().instruments)
        known = set(release.spec.measures)
        scales = [f"answers.{form.id}.{scale.id}" for scale in form.scales]
        wanted = scales if len(scales) > 1 else [f"answers.{column}" for column in form.columns]
        wanted = {m: view_name(names=names_in_views(), measure=m) for m in wanted if m in known}
        if wanted and form.respondent != "leader" and len(form.items[0].codes) in ROLES:
            forms[one] = (form, wanted)
    if forms:
        _one_form(release, forms, side)


def _one_form(release: Release, forms: dict[str, tuple[Instrument, dict[str, str]]], side: str) -> None:
    """The answers to one of ``forms``, chosen where there are several."""
    chosen = next(iter(forms))
    if len(forms) > 1:
        chosen = choice(label=t("scale_table.form", lang()), options=tuple(forms), text=lambda one: forms[one][0].name[lang()], key=f"answers_{side}")
    form, wanted = forms[chosen]

    def chart() -> Chart:
        return stacked_bars(
            release=release, measures=wanted, parts=_answer_parts(form), lang=lang(), phases=("before", "after"),
            title=form.name[lang()], found="view.answers_found",
            subtitle=t("view.answers_subtitle", lang(), low=form.anchors["low"][lang()], high=form.anchors["high"][lang()]))

    _card(chart, lambda: select(release=release, measures=tuple(wanted)), f"answers_{form.id}", "answers")


def _answer_parts(form: Instrument) -> Parts:
    codes = form.items[0].codes
    ends = {codes[0]: "low", codes[-1]: "high"}
    texts = tuple(f"{code:g} {form.anchors[ends[code]][lang()]}" if code in ends else f"{code:g}" for code in codes)
    low, high = (t("view.towards", lang(), anchor=form.anchors[end][lang()]) for end in ("low", "high"))
    return Parts(kinds=tuple(f"answer_{code:g}" for code in codes), texts=texts, low=low, high=high)


def _changed(release: Release, side: str) -> None:
    changed_card(release=release)


def _scales(release: Release, side: str) -> None:
    scales_part(release=release, side=side, answers=lambda: seen_view("answers"))


def _sessions(release: Release, side: str) -> None:
    def chart() -> Chart:
        return stacked_bars(
            release=release, measures={"fit.ors_class": t("fit.ors_class", lang())}, parts=class_parts(kind="class"), lang=lang(),
            title=t("fit.ors_class", lang()), found="view.sessions_found", subtitle=t("view.sessions_subtitle", lang()), phases=("cases",))

    chart_card(chart=chart, about=(), table=lambda: view_table(release=release, study=study(), lang=lang()), name="sessions",
               reading=t("view.reading_sessions", lang()))


def _values(release: Release, side: str) -> None:
    wanted = {m: view_name(names=names_in_views(), measure=m) for m in release.spec.measures}
    _card(lambda: kept_chart(release=release, measures=wanted, lang=lang()), lambda: release, "values", "values")


def _themes(release: Release, side: str) -> None:
    views = seen_view("perspectives")
    if views is None:
        return
    st.html(f'<p class="ev-note">{t("view.reading_themes", lang())}</p>')
    downloadable_table(name="themes", about=(), caption=t("view.heading_themes", lang()), make=lambda: joint_table(
        themes=release, views=views, names=names_in_views(), lang=lang(),
        matches={name: entry.scale for name, entry in theme_labels(folder=study().folder).items() if entry.scale}))


def _domains(release: Release, side: str) -> None:
    """A heat map for each form of the side that has several domains."""
    table = {"user": "user_survey", "staff": "staff_survey"}[side]
    forms = dict.fromkeys(survey.instrument for survey in study().surveys.values() if survey.table == table)
    known = {name.split(".")[1] for name in release.spec.measures if name.startswith("domain.")}
    here = [one for one in forms if one in known]
    for one in here:
        heat_table(release=release, form=one, name=instrument(one, folder=study().instruments).name[lang()], names=names_in_views())
    if not here:
        st.info(t("view.no_table", lang(), view=t("view.heading_domains", lang()).lower()))


_DRAW: dict[str, Callable[[Release, str], None]] = {
    "perspectives": _perspectives, "answers": _answers, "changed": _changed, "sessions": _sessions, "values": _values,
    "themes": _themes, "domains": _domains, "scales": _scales,
}
