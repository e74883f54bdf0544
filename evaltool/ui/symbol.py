"""A verdict symbol on a page: drawn once in the stylesheet, used as a named picture wherever it stands."""

from __future__ import annotations

from base64 import b64encode
from html import escape

from ..figures.symbols import ROLES, symbol_svg
from ..text import t
from .session import lang


def symbol(*, code: str, size: int = 16) -> str:
    """A picture with the verdict's word as text alternative."""
    word = escape(t(f"verdict.{code}", lang()), quote=True)
    return f'<span role="img" aria-label="{word}" title="{word}" class="ev-s ev-s-{code}" style="--s:{size}px"></span>'


def symbol_styles(*, theme: str) -> str:
    """The rules that draw each symbol, for the stylesheet."""
    return "".join(f".ev-s-{code} {{ background-image: url(data:image/svg+xml;base64,{_drawn(code, theme)}); }}\n" for code in ROLES)


def _drawn(code: str, theme: str) -> str:
    return b64encode(symbol_svg(code=code, word="", theme=theme, size=32).encode("utf8")).decode("ascii")
