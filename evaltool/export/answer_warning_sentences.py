"""The codes of ``scoring.answer_warnings`` as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..text import t

if TYPE_CHECKING:
    import pandas as pd


def answer_warning_sentences(*, warnings: pd.DataFrame, lang: str) -> list[str]:
    """One sentence per row of ``answer_warnings``, in its order. Names items and groups, never an answer."""
    return [answer_warning_sentence(sign=row, lang=lang) for row in warnings.to_dict("records")]


def answer_warning_sentence(*, sign: Mapping, lang: str) -> str:
    """The sentence of one row (``code, item, other_item, group``)."""
    return t(f"instrument.warning_{sign['code']}", lang, item=_item(sign["item"]), other_item=_item(sign["other_item"]),
             group=sign["group"])


def _item(number: float | None) -> str:
    return "" if number is None or number != number else f"{number:.0f}"
