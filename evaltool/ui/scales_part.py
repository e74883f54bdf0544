"""Do the scales hold: reliability, items, gaps, departments and response shift of one form, as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from ..export.scale_tables import GAPS, gap_table, group_table, item_table, scale_remarks, scale_table
from ..export.view_table import view_table
from ..instruments import instrument
from ..text import t
from .chart_card import EXCEL, plain
from .choice import choice
from .session import lang, remembered, study
from .text_table import remembered_table, table_html
from .workbook import workbook

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..instruments import Instrument
    from ..result import Release


def scales_part(*, release: Release, side: str, answers: Callable[[], Release | None]) -> None:
    """``side``: ``user`` or ``staff``, whose forms; ``answers``: makes the released view of that name, when it is asked for."""
    known = {measure.split(".")[1] for measure in release.spec.measures if measure.startswith("scale.")}
    table = {"user": "user_survey", "staff": "staff_survey"}[side]
    ids = dict.fromkeys(survey.instrument for survey in study().surveys.values() if survey.table == table and survey.instrument in known)
    forms = {one: instrument(one, folder=study().instruments) for one in ids}
    if not forms:
        st.info(t("view.no_table", lang(), view=t("view.heading_scales", lang()).lower()))
        return
    form = next(iter(forms.values()))
    if len(forms) > 1:
        form = forms[choice(label=t("scale_table.form", lang()), options=tuple(forms), text=lambda one: forms[one].name[lang()], key=f"form_{side}")]
    drawn = table_html(make=lambda: scale_table(release=release, form=form, lang=lang()), about=("scales", form.id),
                       caption=t("view.heading_scales", lang()))
    if not drawn:
        st.info(t("note.too_few_forms", lang()))
        return
    st.markdown(t("scale_table.about", lang()))
    st.html(drawn)
    st.markdown(remembered("scale_remarks", lang(), form.id, make=lambda: "\n".join(
        f"- {plain(line)}" for line in scale_remarks(release=release, form=form, lang=lang()))))
    _closer(release, form, side, answers)
    here, language = study(), lang()
    st.download_button(t("page.download_xlsx", lang()), lambda: workbook(frame=view_table(release=release, study=here, lang=language), sheet="scales"),
                       "scales.xlsx", EXCEL, on_click="ignore", key=f"xlsx_scales_{side}")


def _closer(release: Release, form: Instrument, side: str, answers: Callable[[], Release | None]) -> None:
    scales = [scale.id for scale in form.scales if scale.items]
    scale = scales[0]
    if len(scales) > 1:
        scale = choice(label=t("scale_table.scale", lang()), options=scales, text=lambda one: form.scale(one).label[lang()], key=f"scale_{side}")
    parts = {
        "items": lambda: item_table(release=release, answers=answers(), form=form, scale=scale, lang=lang()),
        "groups": lambda: group_table(release=release, form=form, scale=scale, lang=lang()),
    }
    for name, make in parts.items():
        _drawer(name, side, lambda heading, name=name, make=make: remembered_table(make=make, about=(name, form.id, scale), caption=heading))
    _drawer("gaps", side, lambda heading: _gaps(form, side, answers, heading))


def _gaps(form: Instrument, side: str, answers: Callable[[], Release | None], heading: str) -> None:
    reasons = [why for why in GAPS if why == "unanswered" or any(why in item.missing.values() for item in form.items)]
    why = reasons[0]
    if len(reasons) > 1:
        why = choice(label=t("scale_table.why", lang()), options=reasons, text=lambda one: t(f"scale_column.{one}", lang()), key=f"why_{side}")
    remembered_table(make=lambda: gap_table(answers=answers(), form=form, why=why, lang=lang()), about=("gaps", form.id, why), caption=heading)


def _drawer(name: str, side: str, draw: Callable[[str], None]) -> None:
    heading = t(f"scale_table.{name}", lang())
    drawer = st.expander(heading, on_change="rerun", key=f"scales_{name}_{side}")
    if drawer.open:
        with drawer:
            draw(heading)
