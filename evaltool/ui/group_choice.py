"""One group of people, where the data say who belongs to it: chosen, released for itself, or refused with the reason."""

from __future__ import annotations

import streamlit as st

from ..compare.by_method import GROUPS
from ..contracts import GROUPED, coarser_groups, contract
from ..disclosure import of_group
from ..errors import EvaltoolError
from ..measures import Measure, measure
from ..result import Release
from ..study_groups import study_groups
from ..subgroup_name import subgroup_name
from ..text import t
from .choice import choice
from .compared import compared
from .session import FRAMES, lang, remembered, study

METHOD = "by_group"


def group_choice(*, release: Release, side: str, box) -> str:
    """The chosen group (``user_group=both``), or "" for everybody; nothing is drawn where the study knows no groups."""
    first = _asked(release, side)
    options = remembered("groups", side, make=lambda: _options(first)) if first else []
    if not options:
        return ""
    return choice(label=t("page.filter_group", lang()), options=options, key="group", anything=t("page.filter_everybody", lang()),
                  text=lambda one: subgroup_name(subgroup=one, measure=first, lang=lang()), box=box) or ""


def group_name(*, release: Release, group: str) -> tuple[str, str]:
    """(the name of ``group``, why it is refused: "" where something may be shown of it)."""
    covariate = group.partition("=")[0]
    asked = next(m for m in map(measure, release.spec.measures)
                 if {covariate, covariate.removesuffix(GROUPED)} & set(GROUPS.get(m.source.get("table"), ())))
    name = subgroup_name(subgroup=group, measure=asked, lang=lang())
    try:
        with st.spinner(t("page.filter_group_wait", lang())):
            known = compared(method=METHOD)
    except EvaltoolError as error:
        return name, error.message(lang())
    if group not in remembered("groups_shown", make=lambda: _shown(known)):
        refused = t("page.filter_refused", lang(), group=name, limit=release.policy["min_persons"])
        return name, f"{refused} {_rather(known, group, asked)}".rstrip()
    return name, ""


def group_release(*, group: str) -> Release:
    """What may be shown of ``group``, which is not refused."""
    return remembered("group", group, make=lambda: of_group(release=compared(method=METHOD), subgroup=group), memory=FRAMES)


def _shown(release: Release) -> frozenset[str]:
    rows = release.estimates
    return frozenset(rows.loc[rows["status"].eq("shown"), "subgroup"].dropna())


def _rather(known: Release, group: str, asked: Measure) -> str:
    """The coarser group of ``group`` where it is shown anywhere, in a sentence; else ""."""
    over = coarser_groups().get(group)
    shown = known.estimates["subgroup"].eq(over) & known.estimates["status"].eq("shown")
    return t("page.filter_rather", lang(), group=subgroup_name(subgroup=over, measure=asked, lang=lang())) if shown.any() else ""


def _asked(release: Release, side: str) -> Measure | None:
    """The first measure of ``side`` that persons were asked about."""
    asked = (m for m in map(measure, release.spec.measures) if m.side == side and m.source.get("table") in GROUPS)
    return next(asked, None)


def _options(asked: Measure) -> list[str]:
    """Every group that the contract knows, of what the table says anything about: whether anybody is in it stays open."""
    name = asked.source["table"]
    known = study_groups(folder=study().folder)
    columns = {one: contract(name).columns[one] for one in known.loc[known["table"].eq(name), "covariate"]}
    return [code for one, column in columns.items()
            for code in (*(f"{one}={single}" for single in column.allowed), *(f"{one}{GROUPED}={several}" for several in column.groups))]
