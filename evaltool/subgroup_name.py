"""The ``subgroup`` code of an estimate in words: a group of people, one question, or another way to reckon."""

from __future__ import annotations

from .contracts import GROUPED, TOGETHER, contract
from .instruments import available, instrument
from .measures import Measure
from .text import t


def subgroup_name(*, subgroup: object, measure: Measure, lang: str) -> str:
    """``role=leader`` -> ``Rolle: Leder``, ``qpr15_03`` -> the question by number and topic, ``wash_in:none`` -> what was
    done; empty where there is none, the code itself where nobody has named it (a study's own form)."""
    if not isinstance(subgroup, str) or not subgroup:
        return ""
    if ":" in subgroup or subgroup == "filled_in":
        return _variant(subgroup, measure, lang)
    covariate, _, group = subgroup.partition("=")
    columns = _columns(measure)
    column = columns.get(covariate) or columns.get(covariate.removesuffix(GROUPED))
    if column is None:
        return _item(subgroup, measure, lang)
    if not group:
        return t("variant.interaction", lang, covariate=column.label[lang])
    name = t("variant.smaller_groups", lang) if group == TOGETHER else {**column.allowed, **column.groups}[group][lang]
    return t("variant.group", lang, covariate=column.label[lang], group=name)


def _columns(measure: Measure) -> dict:
    table = measure.source.get("table")
    return dict(contract(table).columns) if table else {}


def _variant(subgroup: str, measure: Measure, lang: str) -> str:
    what, _, which = subgroup.partition(":")
    if what == "same_mix":
        return t("variant.same_mix", lang, covariate=_columns(measure)[which].label[lang].lower())
    return t(f"variant.{what}_{which}" if which else f"variant.{what}", lang)


def _item(subgroup: str, measure: Measure, lang: str) -> str:
    form = measure.source.get("instrument")
    if form not in available():
        return subgroup
    for item in instrument(form).items:
        if item.column == subgroup:
            return t("variant.item", lang, number=item.number, topic=item.topic[lang])
    return subgroup
