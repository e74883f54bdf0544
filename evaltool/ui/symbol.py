"""A verdict symbol on a page. A picture and not inline SVG, because Streamlit takes SVG out of HTML."""

from __future__ import annotations

from base64 import b64encode
from html import escape

from ..figures.symbols import symbol_svg
from ..text import t
from .session import lang, theme


def symbol(*, code: str, size: int = 16) -> str:
    """``<img>`` with the verdict's word as text alternative."""
    word = t(f"verdict.{code}", lang())
    picture = b64encode(symbol_svg(code=code, word=word, theme=theme(), size=size).encode("utf8")).decode("ascii")
    return f'<img src="data:image/svg+xml;base64,{picture}" alt="{escape(word, quote=True)}" width="{size}" height="{size}">'
