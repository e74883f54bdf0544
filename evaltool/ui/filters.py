"""What a page shows: departments, years, and one group of people. Choosing comes after the gate: it never makes a new
number, and what would tell of few persons is refused in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
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
from .group_choice import group_choice, group_name, group_release
from .matrix_view import departments_in_order
from .memory import Memory
from .session import lang, remembered

MANY, ONE = ("types", "phases", "departments", "sides"), ("since", "until", "group")
KEYS = (*MANY, *ONE)
NARROWED = Memory(most=8)
"""Choices somebody is looking at now; what was drawn of the others is kept without them."""


@dataclass(frozen=True)
class Chosen:
    """``about``: what was chosen, for the memory. ``order``: its departments, those worth talking about first. ``measures``:
    of what. ``group``: the one group of people it tells of, in words. ``refused``: why there is nothing. ``years``: the first
    and the last that time series are drawn of, None for no limit."""

    about: tuple
    order: tuple[str, ...]
    measures: tuple[str, ...]
    make: Callable[[], Release]
    group: str = ""
    refused: str = ""
    years: tuple[int | None, int | None] = (None, None)

    @property
    def release(self) -> Release:
        """What is left of the Release; cut when something is made of it, not each time a page is drawn."""
        return self.make()


@dataclass(frozen=True)
class _Options:
    """What can be chosen in a Release."""

    types: tuple[str, ...]
    phases: tuple[str, ...]
    names: Mapping[str, str]
    years: tuple[int, ...]
    sides: tuple[str, ...]


def everything(*, release: Release) -> Chosen:
    """All of ``release``: what a page shows before anybody has chosen."""
    return Chosen(about=(), order=departments_in_order(release=lambda: release), measures=release.spec.measures, make=lambda: release)


def filters(*, release: Release, side: str = "", sides: bool = False, note: str = "") -> Chosen:
    """Draw the filters and narrow ``release``; the choice stands in the address and follows from page to page.

    ``side``: whose groups of people can be chosen (``user`` or ``staff``). ``sides``: choose among users, staff and services.
    ``note``: what cannot be chosen on this page, and why.
    """
    active = is_chosen(keys=[key for key in KEYS if (key != "sides" or sides) and (key != "group" or side)])
    label = t("page.filters_on" if active else "page.filters_off", lang())
    anything, options = t("page.filter_all", lang()), remembered("filter_options", make=lambda: _options(release))
    with st.expander(label, expanded=active, key="filters", type="compact"):
        first, second, third = st.columns([3, 3, 4], vertical_alignment="bottom")
        wanted = {
            "types": choices(label=t("page.filter_types", lang()), options=options.types, text=_type_name, key="types",
                             anything=anything, box=first),
            "phases": choices(label=t("page.filter_phases", lang()), options=options.phases, text=lambda one: t(
                f"phase.{one}", lang()), key="phases", anything=anything, box=second),
            "departments": choices(label=t("page.filter_departments", lang()), options=tuple(options.names),
                                   text=options.names.get, key="departments", anything=anything, box=third),
        }
        first, second, third, last = st.columns([1.5, 1.5, 4, 3], vertical_alignment="bottom")
        wanted["since"] = choice(label=t("page.filter_since", lang()), options=options.years[1:], key="since",
                                 anything=t("page.filter_from_start", lang()), box=first)
        wanted["until"] = choice(label=t("page.filter_until", lang()), options=options.years[:-1], key="until",
                                 anything=t("page.filter_to_end", lang()), box=second)
        group = group_choice(release=release, side=side, box=third)
        if sides:
            wanted["sides"] = choices(label=t("page.filter_sides", lang()), options=options.sides, key="sides", text=lambda one: t(
                f"side.{one}", lang()), anything=anything, box=third)
        last.button(t("page.filter_reset", lang()), on_click=_reset, disabled=not active, width="stretch")
        st.html(f'<p class="ev-note">{t("page.filter_note", lang())} {note}</p>')
    return _narrowed(release, wanted, group)


def _options(release: Release) -> _Options:
    register = release.register
    return _Options(
        types=tuple(dict.fromkeys(register["unit_type"].dropna())), names=register.set_index("department")["name"].to_dict(),
        phases=tuple(sorted(set(_phase_now(release)), key=["not_started", "wash_in", "after", "paused"].index)),
        years=tuple(sorted(set(release.series["period"].dropna().dt.year))),
        sides=tuple(sorted({measure(name).side for name in release.spec.measures}, key=SIDE_ORDER.index)))


def _narrowed(release: Release, wanted: dict, group: str) -> Chosen:
    about = (*(wanted.get(key) for key in KEYS[:-1]), group)
    if not any(about):
        return everything(release=release)
    name, refused = group_name(release=release, group=group) if group else ("", "")
    whole = group_release(group=group) if group and not refused else release

    def make() -> Release:
        return remembered("narrowed", about, make=lambda: _cut(whole, wanted), memory=NARROWED)

    order = departments_in_order(release=make, about=about)
    measures = remembered("measures", about, make=lambda: make().spec.measures)
    return Chosen(about=about, order=order, measures=measures, make=make, group=name, refused=refused or _nothing(order),
                  years=(wanted["since"], wanted["until"]))


def _cut(release: Release, wanted: dict) -> Release:
    left = within(release=release, departments=_places(release, wanted))
    if sides := wanted.get("sides"):
        left = select(release=left, measures=tuple(m for m in left.spec.measures if measure(m).side in sides))
    since, until = wanted["since"], wanted["until"]
    if since or until:
        left = during(release=left, first=dt.date(since, 1, 1) if since else None, last=dt.date(until, 12, 31) if until else None)
    return left


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


def _type_name(code: str) -> str:
    return contract("departments").columns["unit_type"].allowed[code][lang()]


def _reset() -> None:
    forget(keys=KEYS, many=MANY)
