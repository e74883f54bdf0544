"""How many of those who were asked have answered, as one short line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..contracts import contract
from ..text import t
from ..text.formats import percent

if TYPE_CHECKING:
    import pandas as pd


def coverage_line(*, response: pd.DataFrame, lang: str) -> str:
    """The response rate of the latest wave of each group; empty where it is not known how many were asked."""
    last = response.dropna(subset=["rate"]).drop_duplicates("population", keep="last")
    names = contract("invitations").columns["population"].allowed
    rates = ", ".join(f"{names[row.population][lang].lower()} {percent(row.rate, lang)}" for row in last.itertuples())
    return t("page.coverage", lang, rates=rates) if rates else ""
