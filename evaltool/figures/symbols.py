"""The verdict symbols: shape first, then colour; the word always stands beside or in the title. Own drawings."""

from __future__ import annotations

from .style import style

ROLES = {
    "better": "after", "worse": "signal", "no_important_change": "text", "cannot_tell": "text", "not_rated": "second",
    "suppressed": "hidden", "not_started": "text", "no_data": "text", "not_identified": "text",
}


def symbol_svg(*, code: str, word: str, theme: str = "light", size: int = 16) -> str:
    """An inline SVG of one verdict code, named ``word`` for those who do not see it. ``size`` in pixels."""
    colour = style(theme).colour(ROLES[code])
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="0 0 16 16" role="img" '
        f'aria-label="{word}"><title>{word}</title>{_shape(code, colour)}</svg>'
    )


def _shape(code: str, colour: str) -> str:
    fill, line = f'fill="{colour}"', f'fill="none" stroke="{colour}" stroke-width="1.6"'
    if code == "suppressed":
        return (f'<rect x="2" y="2" width="12" height="12" fill="none" stroke="{colour}" stroke-width="1"/>'
                f'<path d="M2 8 8 2M2 14 14 2M8 14 14 8" stroke="{colour}" stroke-width="1.4"/>')
    return {
        "better": f'<path d="M8 2 14.5 13.5H1.5Z" {fill}/>',
        "worse": f'<path d="M8 14 14.5 2.5H1.5Z" {fill}/>',
        "no_important_change": f'<rect x="3" y="3" width="10" height="10" {fill}/>',
        "cannot_tell": f'<circle cx="8" cy="8" r="5.6" {line} stroke-dasharray="2.6 1.8"/>',
        "not_rated": f'<path d="M8 1.8 14.2 8 8 14.2 1.8 8Z" {line}/>',
        "not_started": f'<path d="M3 8H13" {line}/>',
        "no_data": f'<circle cx="8" cy="8" r="5.2" {line}/><path d="M3.5 12.5 12.5 3.5" {line}/>',
        "not_identified": f'<path d="M3.5 3.5 12.5 12.5M12.5 3.5 3.5 12.5" {line}/>',
    }[code]
