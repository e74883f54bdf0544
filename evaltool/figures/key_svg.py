"""A legend entry as a drawing of its own, so that a page can set the legend as text that breaks where it must."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .style import style

if TYPE_CHECKING:
    from .chart import Key

DASHES = {"line": "", "dash": ' stroke-dasharray="6 4"', "dot": ' stroke-dasharray="2 3"'}
WIDE = (*DASHES, "hatch")
SHAPES = {
    "circle": '<circle cx="8" cy="8" r="5.5" {fill}/>', "circle-open": '<circle cx="8" cy="8" r="4.8" {line}/>',
    "diamond": '<path d="M8 1.5 14.5 8 8 14.5 1.5 8Z" {fill}/>', "diamond-open": '<path d="M8 2.4 13.6 8 8 13.6 2.4 8Z" {line}/>',
    "square": '<rect x="3" y="3" width="10" height="10" {fill}/>', "square-open": '<rect x="3.4" y="3.4" width="9.2" height="9.2" {line}/>',
    "triangle-down": '<path d="M8 14 14.5 2.5H1.5Z" {fill}/>', "triangle-up": '<path d="M8 2 14.5 13.5H1.5Z" {fill}/>',
    "cross": '<path d="M3.5 3.5 12.5 12.5M12.5 3.5 3.5 12.5" {line}/>', "empty": '<circle cx="8" cy="8" r="5" {line}/><path d="M3 13 13 3" {line}/>', "box": '<rect x="1" y="1" width="14" height="14" {fill}/>',
    "bar": '<path d="M8 0V16" {line}/>',
    "hatch": '<path d="M0 14 9 2M7 14 16 2M14 14 23 2M21 14 28 5" {line}/>',
}


def key_svg(*, key: Key, theme: str = "light") -> str:
    """The mark of ``key`` as an SVG 16 pixels high, without text: the word stands beside it."""
    colour, wide = style(theme).colour(key.role), 28 if key.kind in WIDE else 16
    fill, line = f'fill="{colour}"', f'fill="none" stroke="{colour}" stroke-width="2"'
    drawn = f'<path d="M0 8H28" {line}{DASHES[key.kind]}/>' if key.kind in DASHES else SHAPES[key.kind].format(fill=fill, line=line)
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="16" viewBox="0 0 {wide} 16">{drawn}</svg>'
