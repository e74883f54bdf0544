"""The codes of ``scoring.answer_warnings`` as sentences."""

from __future__ import annotations

import pandas as pd

from ..text import t


def answer_warning_sentences(*, warnings: pd.DataFrame, lang: str) -> list[str]:
    """One sentence per row of ``answer_warnings``, in its order. Names items and groups, never an answer."""
    return [
        t(f"instrument.warning_{row.code}", lang, item=_item(row.item), other_item=_item(row.other_item), group=row.group)
        for row in warnings.itertuples()
    ]


def _item(number: float) -> str:
    return "" if number != number else f"{number:.0f}"
