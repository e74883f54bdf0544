"""A wave or a group of respondents as people read it."""

from __future__ import annotations

from ..contracts import contract
from ..text import t

SURVEYS = ("user_survey", "staff_survey")


def group_name(*, subgroup: str, lang: str) -> str:
    """``role=leader`` as ``Rolle: leder``; a wave, or what no contract names, by its id."""
    covariate, _, group = subgroup.partition("=")
    for table in SURVEYS:
        column = contract(table).columns.get(covariate)
        if column is not None and group in (column.allowed or {}):
            return t("variant.group", lang, covariate=column.label[lang], group=column.allowed[group][lang])
    return group
