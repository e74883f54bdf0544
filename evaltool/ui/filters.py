"""Which departments and which years a page shows. Choosing comes after the gate: it never makes a new number."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import streamlit as st

from ..contracts import contract
from ..disclosure import during, within
from ..result import Release
from ..text import t
from .choice import choice, choices, forget, is_chosen
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
    active = is_chosen(keys=KEYS)
    label = t("page.filters_on" if active else "page.filters_off", lang())
    everything = t("page.filter_all", lang())
    with st.expander(label, expanded=active, key="filters", type="compact"):
        left, middle, right = st.columns([2, 3, 1.4], vertical_alignment="bottom")
        types = choices(label=t("page.filter_types", lang()), options=_types(release), text=_type_name, key="types",
                        anything=everything, box=left)
        names = release.register.set_index("department")["name"].to_dict()
        wanted = choices(label=t("page.filter_departments", lang()), options=list(names), text=names.get, key="departments",
                         anything=everything, box=middle)
        since = choice(label=t("page.filter_since", lang()), options=_years(release), key="since",
                       anything=t("page.filter_from_start", lang()), box=right)
        note, reset = st.columns([5, 1.4], vertical_alignment="center")
        note.html(f'<p class="ev-note">{t("page.filter_note", lang())}</p>')
        reset.button(t("page.filter_reset", lang()), on_click=_reset, disabled=not active, width="stretch")
    return _narrowed(release, types, wanted, since)


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
    forget(keys=KEYS, many=("types", "departments"))
