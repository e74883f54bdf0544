"""How large must the next rollout be? Choose measure, design and sizes; curves, table, and what the data could show."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from ..compare.planning import detectable
from ..errors import EvaltoolError
from ..figures.power_chart import power_chart
from ..measures import measure
from ..planned_power import planned_power
from ..power_words import departments_table, design_table, taken
from ..result import Release
from ..text import t
from .chart_card import chart_card
from .choice import choice
from .compared import spread_seen
from .session import lang, remembered, study
from .text_table import remembered_table

SIZES = (2, 5, 10, 15, 20, 40, 80)


def power_panel(*, release: Release) -> None:
    """The whole panel, made when it is opened."""
    drawer = st.expander(t("page.power", lang()), on_change="rerun", key="power")
    if not drawer.open:
        return
    with drawer:
        known = spread_seen()
        left, middle, right = st.columns(3, vertical_alignment="bottom")
        name = choice(label=t("column.measure", lang()), options=list(known.spec.measures), key="power_measure", box=left,
                      text=lambda one: measure(one).text("label", lang()))
        effect = middle.number_input(t("page.power_effect", lang()), value=None, min_value=0.0, key=f"effect_{name}",
                                     placeholder=t("page.power_default", lang()))
        persons = right.multiselect(t("page.power_persons", lang()), SIZES, default=(5, 10, 20, 40), max_selections=4,
                                    key="power_persons", select_all=False)
        try:
            asked = {"measure": name, "effect": _signed(name, effect), "persons": tuple(sorted(persons))}
            planned = remembered("planned", *asked.values(), make=lambda: planned_power(release=known, **asked))
        except EvaltoolError as error:
            st.info(error.message(lang()))
            return
        st.html("".join(f'<p class="ev-sentence">{line}</p>' for line in taken(planned=planned, lang=lang())[1:]))
        designs = planned["design"].drop_duplicates().tolist()
        design = choice(label=t("page.power_design", lang()), options=designs, key="power_design",
                        text=lambda one: t(f"power.{one}", lang()).rstrip("."))
        chart_card(chart=lambda: power_chart(planned=planned, design=design, lang=lang(), as_of=known.provenance.as_of), about=tuple(asked.values()),
                   table=lambda: design_table(planned=planned, design=design, lang=lang()), name=f"power_{name}_{design}",
                   reading=t("power.reading", lang()))
        st.markdown(f"**{t('power.now', lang())}**")
        remembered_table(make=lambda: _now(release, name), about=("detectable", name), caption=t("power.now", lang()))


def _now(release: Release, name: str) -> pd.DataFrame:
    now = detectable(result=release, measures={m.id: m for m in study().measures()})
    return departments_table(now=now[now["measure"] == name], release=release, lang=lang())


def _signed(name: str, effect: float | None) -> float | None:
    """In the measure's better direction, per cent points as a share; nothing or 0 is no choice."""
    if not effect:
        return None
    m = measure(name)
    return effect * (m.direction or 1) * (0.01 if m.unit == "share" else 1)
