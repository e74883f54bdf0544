"""A figure on its way to the browser without plotly looking at each of its properties, which takes fifty times as long as
drawing it. ``plotly.render`` is the checked one: the tests hold the two against each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plotly.basedatatypes import BaseFigure

from .plotly import drawing

if TYPE_CHECKING:
    from .chart import Chart


class Unchecked(BaseFigure):
    """Answers ``to_dict``, the one thing that ``st.plotly_chart`` asks of a figure."""

    def __init__(self, *, drawn: dict) -> None:
        object.__setattr__(self, "_drawn", drawn)

    def to_dict(self) -> dict:
        """``data`` and ``layout`` as they were drawn. Not to be changed."""
        return self._drawn


def unchecked(*, chart: Chart, theme: str = "light", compact: bool = False) -> Unchecked:
    """``chart`` as ``plotly.render`` draws it, unchecked."""
    return Unchecked(drawn=drawing(chart=chart, theme=theme, compact=compact))
