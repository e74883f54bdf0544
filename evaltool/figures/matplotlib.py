"""A ``Chart`` on paper: SVG text or PNG bytes, drawn at its final width so that letters keep their size."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from .matplotlib_layout import Sheet
from .print_text import fonts_ready
from .style import FONT, LIGHT

if TYPE_CHECKING:
    from .chart import Chart

SETTINGS = {
    "font.family": FONT, "svg.hashsalt": "evaltool", "svg.fonttype": "path", "hatch.linewidth": 0.6,
    "text.hinting": "no_hinting", "axes.linewidth": 0.6, "lines.solid_capstyle": "butt",
}


def svg(*, chart: Chart, width_mm: float, heading: bool = False) -> str:
    """``chart`` as an SVG ``width_mm`` wide; the same chart gives the same bytes.

    ``heading``: with title, sentence and note in the picture, so that it can stand alone; a report prints them as text.
    """
    out = io.StringIO()
    metadata = {"Title": chart.title, "Description": chart.alt, "Language": chart.lang, "Date": None, "Creator": "evaltool"}
    _save(chart, width_mm, heading, out, format="svg", metadata=metadata)
    return out.getvalue()


def png(*, chart: Chart, width_mm: float, dpi: int = 220, heading: bool = False) -> bytes:
    """``chart`` as a PNG ``width_mm`` wide at ``dpi`` dots per inch; ``heading`` as in ``svg``."""
    out = io.BytesIO()
    metadata = {"Title": chart.title, "Description": chart.alt, "Software": "evaltool"}
    _save(chart, width_mm, heading, out, format="png", dpi=dpi, metadata=metadata)
    return out.getvalue()


def _save(chart: Chart, width_mm: float, heading: bool, out: io.IOBase, **options: object) -> None:
    import matplotlib

    fonts_ready()
    with matplotlib.rc_context(SETTINGS):
        Sheet(chart=chart, width=width_mm, style=LIGHT, heading=heading).draw().savefig(
            out, facecolor="white" if heading else "none", bbox_inches="tight" if heading else None, **options)
