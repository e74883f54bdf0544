"""The same content as one HTML file: no scripts, nothing fetched, readable on a telephone, in the dark and in print."""

from __future__ import annotations

import base64

from .. import resources
from ..figures.style import DARK, LIGHT, SCREEN_FONTS
from ..figures.symbols import symbol_svg


def page(*, content: dict, pictures: dict) -> str:
    """The report as HTML text."""
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup, escape

    def symbol(code: str, word: str) -> Markup:
        drawn = (symbol_svg(code=code, word=str(escape(word)), theme=theme) for theme in ("light", "dark"))
        return Markup("").join(Markup('<span class="{}">{}</span>').format(theme, Markup(svg))
                               for theme, svg in zip(("in-light", "in-dark"), drawn, strict=True))

    def address(svg: str) -> str:
        return "data:image/svg+xml;base64," + base64.b64encode(svg.encode("utf8")).decode("ascii")

    template = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True).from_string(
        resources.report_template("report.html").read_text(encoding="utf8"))
    return template.render(
        c=content, pictures=pictures, symbol=symbol, address=address, light=LIGHT.colours, dark=DARK.colours,
        fonts=Markup(SCREEN_FONTS),
    )
