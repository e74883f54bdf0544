"""A view as a table of texts: what page, terminal and spreadsheet print."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pandas as pd

from ..disclosure import demand_release
from ..filled_table import BANDS as FILLED_BANDS
from ..result import ALL
from ..text import t
from ..text.formats import absent, interval, number, quantity
from .group_name import group_name
from .view_names import view_name, view_names

if TYPE_CHECKING:
    from ..result import Release
    from ..study import Study

ESTIMANDS = ("alpha", "omega_total", "mean_inter_item", "icc", "design_effect", "group_size", "item_rest", "alpha_if_dropped", "shift_wave",
             "shift_role", "agreement")
SPEAKERS = ("users", "leaders", "families", "peer_workers", "other")
PAIRS = tuple(f"{first}-{second}" for first, second in combinations(("leader", "staff", "user", "family", "clinician"), 2))
CLASSES = ("recovered", "improved", "unchanged", "deteriorated", "harmed")
COLUMNS = ("what", "who", "place", "phase", "value", "interval", "n")


def view_table(*, release: Release, study: Study, lang: str, departments: bool = True) -> pd.DataFrame:
    """One row per released number, hidden ones as hidden, with ``COLUMNS`` as headings in ``lang``.

    ``departments``: also the rows of single departments.
    """
    shown, names = demand_release(release), view_names(study=study, lang=lang)
    series, estimates = shown.series, shown.estimates
    if not departments:
        series, estimates = (frame[frame["department"] == ALL] for frame in (series, estimates))
    places = dict(zip(shown.register["department"], shown.register["name"], strict=True)) | {ALL: t("view.all_places", lang)}
    series = series[series["kind"].ne("part") & series["kind"].ne("period")]
    rows = [_series(r, names, places, lang) for r in series.itertuples(index=False)]
    rows += [_estimate(r, names, places, lang) for r in estimates.itertuples(index=False)]
    return pd.DataFrame(rows, columns=[t(f"view_column.{name}", lang) for name in COLUMNS])


def _series(r, names: dict[str, str], places: dict[str, str], lang: str) -> tuple:
    decimals = 0 if r.unit in ("share", "persons") else 2
    last = r.measure.rpartition(".")[2]
    who = r.subgroup if isinstance(r.subgroup, str) else last if last in PAIRS else ""
    kind = _kind(r.kind, lang)
    phase = t(f"phase.{r.phase}", lang) if r.phase in ("before", "after", "not_started") else r.phase if r.kind.startswith("filled") else ""
    what = " – ".join(part for part in (view_name(names=names, measure=r.measure), kind) if part)
    value, *rest = _numbers(r.status, r.value, r.conf_low, r.conf_high, r.n, r.unit, decimals, lang)
    if r.kind.startswith("filled_band") and r.status == "shown":
        value = t(f"filled.{FILLED_BANDS[r.value]}", lang)
    return (what, said_by(who, lang), places[r.department], phase, value, *rest)


def _estimate(r, names: dict[str, str], places: dict[str, str], lang: str) -> tuple:
    asked = r.estimand if r.estimand in ESTIMANDS else "difference"
    what = f"{view_name(names=names, measure=r.measure)} – {t(f'estimand.{asked}', lang)}"
    who = said_by(r.subgroup, lang) if isinstance(r.subgroup, str) else ""
    share = r.unit == "share"
    numbers = _numbers(r.status, r.estimate, r.conf_low, r.conf_high, r.n_before, r.unit, 0 if share else 2, lang)
    return what, who, places[r.department], "", *numbers


def _numbers(status: str, value, low, high, n, unit: str, decimals: int, lang: str) -> tuple[str, str, str]:
    if status != "shown":
        return absent(status, lang), "", ""
    ends = interval(low, high, unit, lang, decimals) if low == low else ""
    return quantity(value, unit, lang, decimals), ends, number(n, lang)


def _kind(kind: str, lang: str) -> str:
    """The class or answer that a share is about."""
    if kind in ("reach", "reach_band", "users"):
        return t(f"view.kind_{kind}", lang)
    _, _, last = kind.partition("_")
    if kind.startswith("answer_"):
        return t("view.answer", lang, code=last)
    return t(f"change_class.{last}", lang) if last in CLASSES else ""


def said_by(who: str, lang: str) -> str:
    """``leader-staff``, ``role=leader`` or ``wave=2024H1`` as people read it; those who spoke in an interview by their own name."""
    if "=" in who:
        return group_name(subgroup=who, lang=lang)
    return " – ".join(t(f"speaker.{one}" if one in SPEAKERS else f"view_group.{one}", lang) for one in who.split("-")) if who else ""
