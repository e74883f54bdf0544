"""Which departments and which years a page shows. Choosing comes after the gate: it never makes a new number."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import streamlit as st

from ..contracts import contract
from ..disclosure import during, within
from ..result import Release
from ..text import t
from .matrix_view import departments_in_order
from .session import lang, remembered

KEYS = ("types", "departments", "since")


@dataclass(frozen=True)
class Chosen:
    """``release``: what is left. ``about``: what was chosen, for the memory. ``order``: its departments, those worth
    talking about first."""

    release: Release
    about: tuple
    order: tuple[str, ...]


def filters(*, release: Release) -> Chosen:
    """Draw the filters and narrow ``release``; the choice stands in the address and follows from page to page."""
    active = any(st.session_state.get(key) for key in KEYS)
    label = t("page.filters_on" if active else "page.filters_off", lang())
    with st.expander(label, expanded=active, key="filters", type="compact"):
        left, middle, right = st.columns([2, 3, 1.4], vertical_alignment="bottom")
        types = left.multiselect(t("page.filter_types", lang()), _types(release), format_func=_type_name, key="types",
                                 bind="query-params", placeholder=t("page.filter_all", lang()), select_all=False)
        names = release.register.set_index("department")["name"].to_dict()
        wanted = middle.multiselect(t("page.filter_departments", lang()), list(names), format_func=names.get, key="departments",
                                    bind="query-params", placeholder=t("page.filter_all", lang()), select_all=False)
        since = right.selectbox(t("page.filter_since", lang()), _years(release), index=None, key="since", bind="query-params",
                                placeholder=t("page.filter_from_start", lang()))
        note, reset = st.columns([5, 1.4], vertical_alignment="center")
        note.html(f'<p class="ev-note">{t("page.filter_note", lang())}</p>')
        reset.button(t("page.filter_reset", lang()), on_click=_reset, disabled=not active, width="stretch")
    return _narrowed(release, tuple(types), tuple(wanted), since)


def _narrowed(release: Release, types: tuple[str, ...], wanted: tuple[str, ...], since: int | None) -> Chosen:
    about = (types, wanted, since)
    if not any(about):
        return Chosen(release=release, about=(), order=departments_in_order(release=release))
    register = release.register
    keep = register["department"].isin(wanted or register["department"]) & (
        register["unit_type"].isin(types) if types else True)
    chosen = tuple(register.loc[keep, "department"])
    mine = within(release=release, departments=chosen)
    left = remembered("narrowed", about, make=lambda: during(release=mine, first=dt.date(since, 1, 1)) if since else mine)
    return Chosen(release=left, about=about, order=departments_in_order(release=left, about=about))


def _types(release: Release) -> list[str]:
    return list(dict.fromkeys(release.register["unit_type"].dropna()))


def _type_name(code: str) -> str:
    return contract("departments").columns["unit_type"].allowed[code][lang()]


def _years(release: Release) -> list[int]:
    years = release.series["period"].dropna().dt.year
    return sorted(set(years))[1:]


def _reset() -> None:
    for key in KEYS:
        st.session_state[key] = None if key == "since" else []
