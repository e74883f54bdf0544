"""The legend of a figure as text on the page: it breaks where the screen is narrow and leaves no empty band where it is wide."""

from __future__ import annotations

from base64 import b64encode
from html import escape

from ..figures.chart import Chart
from ..figures.key_svg import key_svg
from .session import theme


def legend(*, chart: Chart) -> str:
    """HTML of the legend of ``chart``, empty where it has none."""
    keys = "".join(_key(key) for key in chart.legend) if chart.panels else ""
    return f'<p class="ev-legend">{keys}</p>' if keys else ""


def _key(key) -> str:
    svg = b64encode(key_svg(key=key, theme=theme()).encode("utf8")).decode("ascii")
    return (f'<span class="one"><img src="data:image/svg+xml;base64,{svg}" alt="" height="14">{escape(key.text)}</span>')
