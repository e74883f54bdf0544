"""Do the scales of one form hold: reliability, ends, gaps, items and departments as tables of texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..disclosure import demand_release
from ..result import ALL
from ..text import t
from ..text.formats import absent, interval, number, percent
from .group_name import group_name

if TYPE_CHECKING:
    from ..instruments import Instrument
    from ..result import Release

GAPS = ("unanswered", "not_applicable", "dont_know")
HIGH_END = 0.15
"""A larger share of forms at the end of a scale counts as floor or ceiling (Terwee and others 2007)."""


class _Facts:
    """Released numbers by what they are about; a missing one is None."""

    def __init__(self, release: Release, lang: str) -> None:
        shown = demand_release(release)
        self.lang = lang
        self.estimates = {(r.measure, r.estimand, "" if r.subgroup != r.subgroup else r.subgroup): r for r in shown.estimates.itertuples(index=False)}
        self.shares = {(r.measure, r.department, "" if r.subgroup != r.subgroup else r.subgroup): r
                       for r in shown.series[shown.series["kind"] == "whole"].itertuples(index=False)}

    def number(self, measure: str, estimand: str, subgroup: str = "", decimals: int = 2) -> str:
        """The estimate with its interval where it has one; "" where nobody worked it out."""
        r = self.estimates.get((measure, estimand, subgroup))
        if r is None:
            return ""
        if r.status != "shown":
            return absent(r.status, self.lang) if r.status == "suppressed" else _too_few(self.lang)
        ends = f" ({interval(r.conf_low, r.conf_high, 'points', self.lang, decimals)})" if r.conf_low == r.conf_low else ""
        return number(r.estimate, self.lang, decimals) + ends

    def n(self, measure: str, subgroup: str = "") -> str:
        """The forms behind alpha."""
        r = self.estimates.get((measure, "alpha", subgroup))
        return number(r.n_before, self.lang) if r is not None and r.status != "suppressed" else ""

    def share(self, measure: str, subgroup: str = "", department: str = ALL) -> str:
        """A share as per cent."""
        r = self.shares.get((measure, department, subgroup))
        if r is None:
            return ""
        return percent(r.value, self.lang) if r.status == "shown" else absent(r.status, self.lang)


def _too_few(lang: str) -> str:
    return f"{t('symbol.not_identified', lang)} {t('scale_table.too_few', lang)}"


def scale_table(*, release: Release, form: Instrument, lang: str) -> pd.DataFrame:
    """One row per scale of ``form`` from the released view ``scales``, all forms together."""
    facts = _Facts(release, lang)
    rows = []
    for scale in form.scales:
        measure = f"scale.{form.id}.{scale.id}"
        if (measure, "alpha", "") in facts.estimates:
            rows.append((
                scale.label[lang], facts.n(measure), facts.number(measure, "alpha"), facts.number(measure, "omega_total"),
                facts.number(measure, "mean_inter_item"), *_ends(facts, form, scale.id), facts.number(measure, "icc"),
                facts.number(measure, "design_effect", decimals=1)))
    return _frame(("scale", "n", "alpha", "omega", "inter_item", "floor", "ceiling", "icc", "design_effect"), rows, lang)


def group_table(*, release: Release, form: Instrument, scale: str, lang: str) -> pd.DataFrame:
    """One row per wave, role and user group for one scale; where there are too few answers the row says so."""
    facts, measure = _Facts(release, lang), f"scale.{form.id}.{scale}"
    groups = [subgroup for name, estimand, subgroup in facts.estimates if name == measure and estimand == "alpha" and subgroup]
    why = [name for name in GAPS if any(key[0] == f"gaps.{form.id}.{scale}.{name}" for key in facts.shares)]
    rows = [(group_name(subgroup=one, lang=lang), facts.n(measure, one), facts.number(measure, "alpha", one), facts.number(measure, "omega_total", one),
             *_ends(facts, form, scale, one), *(facts.share(f"gaps.{form.id}.{scale}.{name}", one) for name in why)) for one in groups]
    return _frame(("group", "n", "alpha", "omega", "floor", "ceiling", *why), rows, lang)


def item_table(*, release: Release, answers: Release | None, form: Instrument, scale: str, lang: str) -> pd.DataFrame:
    """One row per item of one scale; gaps from the released view ``answers``."""
    facts, gaps = _Facts(release, lang), _Facts(answers, lang) if answers is not None else None
    items = [form.item(n) for n in form.scale(scale).items]
    why = [name for name in GAPS if gaps and any((f"gaps.{item.column}.{name}", ALL, "") in gaps.shares for item in items)]
    rows = []
    for item in items:
        measure = f"item.{item.column}.{scale}"
        r = facts.estimates.get((measure, "item_rest", ""))
        n = number(r.n_before, lang) if r is not None and r.status == "shown" else ""
        rest = facts.number(measure, "item_rest") or _too_few(lang)
        rows.append((f"{item.number} {item.topic[lang]}", n, rest, facts.number(measure, "alpha_if_dropped"),
                     *(gaps.share(f"gaps.{item.column}.{name}") for name in why)))
    return _frame(("item", "n", "item_rest", "alpha_if_dropped", *why), rows, lang)


def gap_table(*, answers: Release, form: Instrument, why: str, lang: str) -> pd.DataFrame:
    """Items down, departments across: the share of forms where the item was left (``why``: one of ``GAPS``)."""
    facts = _Facts(answers, lang)
    names = dict(zip(answers.register["department"], answers.register["name"], strict=True))
    asked = {key[0] for key in facts.shares}
    items = [item for item in form.items if f"gaps.{item.column}.{why}" in asked]
    places = [d for d in names if any((f"gaps.{item.column}.{why}", d, "") in facts.shares for item in items)]
    rows = [(f"{item.number} {item.topic[lang]}", facts.share(f"gaps.{item.column}.{why}"),
             *(facts.share(f"gaps.{item.column}.{why}", department=d) for d in places)) for item in items]
    columns = [t("scale_column.item", lang), t("view.all_places", lang), *(names[d] for d in places)]
    return pd.DataFrame(rows, columns=columns, dtype="str")


def scale_remarks(*, release: Release, form: Instrument, lang: str) -> list[str]:
    """What the numbers call for, in sentences: likeness in departments, ends, items whose meaning moved."""
    facts, out = _Facts(release, lang), []
    first = form.scales[0]
    main = f"scale.{form.id}.{first.id}"
    icc, effect, size = (facts.estimates.get((main, name, "")) for name in ("icc", "design_effect", "group_size"))
    if icc is not None and all(one.status == "shown" for one in (icc, effect, size)):
        out.append(t("scale_table.icc_means", lang, scale=first.label[lang], icc=number(icc.estimate, lang, 2),
                     times=number(effect.estimate, lang, 1), hundred=number(round(100 * effect.estimate), lang), size=number(round(size.estimate), lang)))
    else:
        out.append(t("scale_table.icc_unknown", lang))
    for scale in form.scales:
        for name in ("floor", "ceiling"):
            r = facts.shares.get((f"{name}.{form.id}.{scale.id}", ALL, ""))
            if r is not None and r.status == "shown" and r.value >= HIGH_END:
                out.append(t(f"scale_table.{name}_high", lang, scale=scale.label[lang], share=percent(r.value, lang)))
    return out + _shifted(facts, form, lang)


def _shifted(facts: _Facts, form: Instrument, lang: str) -> list[str]:
    first, out = form.scales[0], []
    for by in ("wave", "role") if form.respondent in ("staff", "leader") else ("wave",):
        looked = facts.estimates.get((f"scale.{form.id}.{first.id}", f"shift_{by}", ""))
        if looked is None or looked.status != "shown":
            out.append(t(f"scale_table.shift_{by}_unknown", lang))
            continue
        items = [f"{item.number} ({item.topic[lang]})" for item in form.items
                 if (f"item.{item.column}.{first.id}", f"shift_{by}", "") in facts.estimates]
        key = f"scale_table.shift_{by}" if items else f"scale_table.shift_{by}_none"
        out.append(t(key, lang, items=", ".join(items)) if items else t(key, lang))
    return out


def _ends(facts: _Facts, form: Instrument, scale: str, subgroup: str = "") -> tuple[str, str]:
    return tuple(facts.share(f"{name}.{form.id}.{scale}", subgroup) for name in ("floor", "ceiling"))


def _frame(columns: tuple[str, ...], rows: list[tuple], lang: str) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=[t(f"scale_column.{name}", lang) for name in columns], dtype="str")
