"""The two pages as PDF/UA-1: typst sets them from the template, the content goes in as data."""

from __future__ import annotations

import datetime as dt
import json

from .. import resources
from ..figures.style import FONT, LIGHT
from ..figures.symbols import ROLES, symbol_svg


def pdf(*, content: dict, pictures: dict, as_of: dt.date) -> bytes:
    """The report as PDF bytes; the same content gives the same bytes (``as_of`` is the time stamp).

    Raises RuntimeError with typst's own words when the template or a font is wrong: a warning counts as an error.
    """
    import typst

    data = {
        "content": content, "pictures": pictures, "font": FONT, "colours": dict(LIGHT.colours),
        "symbols": {code: symbol_svg(code=code, word=code) for code in ROLES},
    }
    stamp = dt.datetime.combine(as_of, dt.time(12), tzinfo=dt.UTC)
    compiler = typst.Compiler(
        input=resources.report_template("report.typ"), font_paths=[resources.font_folder()], ignore_system_fonts=True,
        sys_inputs={"report": json.dumps(data, ensure_ascii=False)},
    )
    made, warnings = compiler.compile_with_warnings(format="pdf", pdf_standards="ua-1", timestamp=stamp)
    if warnings:
        raise RuntimeError("; ".join(w.message for w in warnings))
    return made
