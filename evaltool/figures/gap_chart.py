"""How far apart two views of the same practice are in one department, before and after."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from ..disclosure import demand_release
from ..text import t
from ..text.formats import change, date, interval, number
from .axes import number_axis
from .chart import Chart, Key, Line, Panel, Points, Row, Rule

if TYPE_CHECKING:
    import pandas as pd

    from ..result import Release

OFFSET = 0.2
SIDES = (("before", "circle-open", -OFFSET), ("after", "diamond", OFFSET), ("not_started", "circle-open", 0.0))
ROLES = {"not_started": "before"}


def gap_chart(*, release: Release, department: str, pair: str, measures: Mapping[str, str], lang: str) -> Chart:
    """One row per scale (id without the pair -> label): the first view of ``pair`` (``staff-user``) less the second in
    ``department``, each phase with its interval, beside a line at no difference. A hidden gap says so."""
    series = demand_release(release).series
    ids = {f"{name}.{pair}": label for name, label in measures.items()}
    rows = series[(series["department"] == department) & (series["kind"] == "phase") & series["measure"].isin(ids)]
    data = rows[["measure", "phase", "value", "conf_low", "conf_high", "n", "status"]].reset_index(drop=True)
    shown = data[data["status"] == "shown"]
    first, second = (t(f"view_group.{one}", lang).lower() for one in pair.split("-"))
    title = _title(shown, ids, first, second, lang)
    texts = {"title": title, "subtitle": t("view.gap_subtitle", lang, first=first, second=second),
             "note": t("view.gap_note", lang, date=date(release.provenance.as_of, lang))}
    if shown.empty:
        why = "figure.why_hidden" if len(data) else "figure.why_empty"
        return Chart(kind="gap_chart", lang=lang, data=data, message=t(why, lang), alt=title, **texts)
    wanted = [name for name in ids if data["measure"].eq(name).any()]
    at = {name: float(i) for i, name in enumerate(wanted)}
    marks = [mark for side in SIDES for mark in _marks(shown[shown["phase"] == side[0]], side, at, lang)]
    lines = tuple(_row(data[data["measure"] == name], ids[name], lang) for name in wanted)
    low, high = min(0.0, float(shown["conf_low"].min())), max(0.0, float(shown["conf_high"].max()))
    axis = number_axis(low=low, high=high, unit="points", lang=lang, bounds=(-np.inf, np.inf),
                       title=t("view.axis_gap", lang, first=first.capitalize(), second=second))
    alt = _alt(title, data, {name: ids[name] for name in wanted}, lang)
    legend = tuple(Key(t(f"phase.{name}", lang), shape, ROLES.get(name, name)) for name, shape, _ in SIDES
                   if shown["phase"].eq(name).any())
    panel = Panel(x=axis, y=None, marks=(Rule(0.0, "text", t("view.no_gap", lang)), *marks), rows=lines)
    return Chart(kind="gap_chart", lang=lang, data=data, panels=(panel,), legend=legend, alt=alt, **texts)


def _marks(own: pd.DataFrame, side: tuple[str, str, float], at: dict[str, float], lang: str) -> tuple[Line | Points, ...]:
    if own.empty:
        return ()
    phase, shape, shift = side
    role = ROLES.get(phase, phase)
    y = own["measure"].map(at).to_numpy(dtype=float) + shift
    ends = np.column_stack([own["conf_low"], own["conf_high"], np.full(len(own), np.nan)]).ravel()
    hover = tuple(f"{t(f'phase.{phase}', lang)}: {_said(r, lang)}\n{t('view.n', lang, n=number(r.n, lang))}" for r in own.itertuples())
    return Line(tuple(ends), tuple(np.repeat(y, 3)), role, width=2.0), Points(tuple(own["value"]), tuple(y), shape, role, hover)


def _said(r, lang: str) -> str:
    return t("view.gap", lang, value=change(r.value, "points", lang, 2),
             interval=interval(r.conf_low, r.conf_high, "points", lang, 2, difference=True))


def _row(own: pd.DataFrame, label: str, lang: str) -> Row:
    """Before and after in numbers, and the answers behind each."""
    said = _by_phase(own, lang)
    own = own[own["status"] == "shown"].set_index("phase")
    counts = ", ".join(f"{t(f'phase.{name}', lang).lower()} {number(own.loc[name, 'n'], lang)}" for name in said if name in own.index)
    return Row(label, " → ".join(said.values()), t("view.counts", lang, counts=counts) if counts else "")


def _by_phase(own: pd.DataFrame, lang: str) -> dict[str, str]:
    """The gap of one scale in each phase, or that it is hidden."""
    own = own.set_index("phase")
    return {name: change(own.loc[name, "value"], "points", lang, 2) if own.loc[name, "status"] == "shown" else t(f"verdict.{own.loc[name, 'status']}", lang)
            for name, _, _ in SIDES if name in own.index}


def _alt(title: str, data: pd.DataFrame, ids: Mapping[str, str], lang: str) -> str:
    rows = []
    for name, label in ids.items():
        said = _by_phase(data[data["measure"] == name], lang)
        rows.append(f"{label}: " + ", ".join(f"{t(f'phase.{phase}', lang).lower()} {value}" for phase, value in said.items()))
    return t("view.alt", lang, title=title, rows="; ".join(rows))


def _title(shown: pd.DataFrame, ids: Mapping[str, str], first: str, second: str, lang: str) -> str:
    """The finding on the first scale."""
    main = shown[shown["measure"] == next(iter(ids), "")].set_index("phase")["value"]
    if not {"before", "after"} <= set(main.index):
        return t("view.gap_plain", lang, first=first, second=second)
    before, after = (change(main[name], "points", lang, 2) for name in ("before", "after"))
    return t("view.gap_title", lang, first=first.capitalize(), second=second, before=before, after=after)
