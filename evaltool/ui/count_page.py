"""The services page of a study that tells of stays in rounded counts: the table, how it was rounded, and files."""

from __future__ import annotations

from html import escape

import streamlit as st

from ..count_tables import PLACES, count_line, count_table, count_title
from ..export.export_counts import counts_csv, counts_workbook
from ..study_counts import study_counts
from ..text import t
from .choice import choice
from .frame import footer, header
from .host import host
from .session import lang, released, remembered, seen_by
from .text_table import text_table
from .who_answered import EXCEL

FIRST = ("year", "quarter", "all")
"""By year first: sums of more cells are nearer, and the table is short."""


def count_page(*, title: str) -> None:
    """The whole page. A visitor of some departments sees these and the sum of all."""
    header(title=title, release=released())
    release = remembered("counts", make=lambda: study_counts(folder=host().folder, who=host().who, when=host().clock()))
    st.header(count_title(release=release, lang=lang()), anchor=False)
    for line in (count_line(release=release, lang=lang()), t("counts.alone", lang())):
        st.html(f'<p class="ev-note">{escape(line)}</p>')
    own = seen_by().departments
    first, second, _ = st.columns([2, 2, 3])
    by = choice(label=t("counts.by", lang()), options=FIRST, key="count_period", box=first,
                text=lambda one: t(f"counts.by_{one}", lang()))
    place = choice(label=t("counts.where", lang()), options=[one for one in PLACES if one != "service" or not own], key="count_place", box=second,
                   text=lambda one: t(f"counts.place_{one}", lang()))
    asked = {"release": release, "by": by, "place": place, "places": own}
    text_table(frame=count_table(**asked, lang=lang()), caption=count_title(release=release, lang=lang()))
    name = f"{release.spec.measures[0].replace('.', '-')}-{by}-{place}"
    with st.container(horizontal=True):
        st.download_button(t("page.download_csv", lang()), lambda: counts_csv(**asked), f"{name}.csv", "text/csv", on_click="ignore", key="csv_counts")
        st.download_button(t("page.download_xlsx", lang()), lambda: counts_workbook(**asked, lang=lang()), f"{name}.xlsx", EXCEL,
                           on_click="ignore", key="xlsx_counts")
    footer(release=released())
