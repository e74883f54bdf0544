"""What a page shows: departments, years, and one group of people. Choosing comes after the gate: it never makes a new
number, and what would tell of few persons is refused in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from ..contracts import contract
from ..design import StudyDesign
from ..disclosure import during, select, within
from ..findings import SIDE_ORDER
from ..measures import measure
from ..result import Release
from ..text import t
from .choice import choice, choices, forget, is_chosen
from .group_choice import group_choice, only_group
from .matrix_view import departments_in_order
from .session import lang, remembered

MANY, ONE = ("types", "phases", "departments", "sides"), ("since", "until", "group")
KEYS = (*MANY, *ONE)


@dataclass(frozen=True)
class Chosen:
    """``release``: what is left. ``about``: what was chosen, for the memory. ``order``: its departments, those worth
    talking about first. ``group``: the one group of people it tells of, in words. ``refused``: why there is nothing."""

    release: Release
    about: tuple
    order: tuple[str, ...]
    group: str = ""
    refused: str = ""


def filters(*, release: Release, side: str = "", sides: bool = False) -> Chosen:
    """Draw the filters and narrow ``release``; the choice stands in the address and follows from page to page.

    ``side``: whose groups of people can be chosen (``user`` or ``staff``). ``sides``: choose among users, staff and services.
    """
    active = is_chosen(keys=[key for key in KEYS if (key != "sides" or sides) and (key != "group" or side)])
    label = t("page.filters_on" if active else "page.filters_off", lang())
    everything = t("page.filter_all", lang())
    with st.expander(label, expanded=active, key="filters", type="compact"):
        first, second, third = st.columns([3, 3, 4], vertical_alignment="bottom")
        wanted = {
            "types": choices(label=t("page.filter_types", lang()), options=_types(release), text=_type_name, key="types",
                             anything=everything, box=first),
            "phases": choices(label=t("page.filter_phases", lang()), options=_phases(release), text=lambda one: t(
                f"phase.{one}", lang()), key="phases", anything=everything, box=second),
            "departments": choices(label=t("page.filter_departments", lang()), options=list(_names(release)),
                                   text=_names(release).get, key="departments", anything=everything, box=third),
        }
        first, second, third, last = st.columns([1.5, 1.5, 4, 3], vertical_alignment="bottom")
        wanted["since"] = choice(label=t("page.filter_since", lang()), options=_years(release)[1:], key="since",
                                 anything=t("page.filter_from_start", lang()), box=first)
        wanted["until"] = choice(label=t("page.filter_until", lang()), options=_years(release)[:-1], key="until",
                                 anything=t("page.filter_to_end", lang()), box=second)
        group = group_choice(release=release, side=side, box=third)
        if sides:
            wanted["sides"] = choices(label=t("page.filter_sides", lang()), options=_sides(release), key="sides", text=lambda one: t(
                f"side.{one}", lang()), anything=everything, box=third)
        last.button(t("page.filter_reset", lang()), on_click=_reset, disabled=not active, width="stretch")
        st.html(f'<p class="ev-note">{t("page.filter_note", lang())}</p>')
    return _narrowed(release, wanted, group)


def _narrowed(release: Release, wanted: dict, group: str) -> Chosen:
    about = (*(wanted.get(key) for key in KEYS[:-1]), group)
    if not any(about):
        return Chosen(release=release, about=(), order=departments_in_order(release=release))
    name, refused = "", ""
    if group:
        release, name, refused = only_group(release=release, group=group)
    places = _places(release, wanted)
    release = within(release=release, departments=places)
    if sides := wanted.get("sides"):
        release = select(release=release, measures=tuple(m for m in release.spec.measures if measure(m).side in sides))
    since, until = wanted["since"], wanted["until"]
    if since or until:
        release = remembered("narrowed", about, make=lambda: during(
            release=release, first=dt.date(since, 1, 1) if since else None, last=dt.date(until, 12, 31) if until else None))
    order = departments_in_order(release=release, about=about)
    return Chosen(release=release, about=about, order=order, group=name, refused=refused or _nothing(order))


def _nothing(order: tuple[str, ...]) -> str:
    return "" if order else t("page.filter_empty", lang())


def _places(release: Release, wanted: dict) -> tuple[str, ...]:
    register = release.register
    keep = register["department"].isin(wanted["departments"] or register["department"])
    if wanted["types"]:
        keep &= register["unit_type"].isin(wanted["types"])
    if wanted["phases"]:
        keep &= _phase_now(release).isin(wanted["phases"])
    return tuple(register.loc[keep, "department"])


def _phase_now(release: Release) -> pd.Series:
    """Where each department is in its rollout on the last day of the data."""
    register, as_of = release.register, release.provenance.as_of
    design = StudyDesign(register=register, as_of=as_of, wash_in=release.spec.wash_in)
    return design.phase(department=register["department"], date=pd.Series(pd.Timestamp(as_of), index=register.index))


def _phases(release: Release) -> list[str]:
    return sorted(set(_phase_now(release)), key=["not_started", "wash_in", "after", "paused"].index)


def _names(release: Release) -> dict[str, str]:
    return release.register.set_index("department")["name"].to_dict()


def _types(release: Release) -> list[str]:
    return list(dict.fromkeys(release.register["unit_type"].dropna()))


def _type_name(code: str) -> str:
    return contract("departments").columns["unit_type"].allowed[code][lang()]


def _sides(release: Release) -> list[str]:
    return sorted({measure(name).side for name in release.spec.measures}, key=SIDE_ORDER.index)


def _years(release: Release) -> list[int]:
    return sorted(set(release.series["period"].dropna().dt.year))


def _reset() -> None:
    forget(keys=KEYS, many=MANY)
