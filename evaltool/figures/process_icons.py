"""Icons of the process overview: variation and assurance. Own drawings; shape first, then colour, the word beside."""

from __future__ import annotations

from .style import style

VARIATION_ROLES = {
    "better_high": "after", "better_low": "after", "worse_high": "signal", "worse_low": "signal", "change_high": "second",
    "change_low": "second", "change": "second", "both": "second", "common": "text", "too_few": "text", "hidden": "hidden",
    "no_data": "text",
}
ASSURANCE_ROLES = {"passes": "after", "fails": "signal", "hit_or_miss": "text", "no_limits": "text", "no_target": "text"}
_UP, _DOWN = "M10 4.2 15.2 13.4H4.8Z", "M10 15.8 15.2 6.6H4.8Z"


def variation_icon(*, code: str, word: str, theme: str = "light", size: int = 20) -> str:
    """Inline SVG of a variation code, named ``word``. Better: filled in a ring; worse: filled in a square; change:
    outlined; the tip points where the numbers go."""
    return _framed(_variation(code, style(theme).colour(VARIATION_ROLES[code])), word, size)


def assurance_icon(*, code: str, word: str, theme: str = "light", size: int = 20) -> str:
    """Inline SVG of an assurance code, named ``word``: the dashed line is the target."""
    return _framed(_assurance(code, style(theme).colour(ASSURANCE_ROLES[code])), word, size)


def _framed(shape: str, word: str, size: int) -> str:
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}" viewBox="0 0 20 20" role="img" '
            f'aria-label="{word}"><title>{word}</title>{shape}</svg>')


def _variation(code: str, colour: str) -> str:
    fill, line = f'fill="{colour}"', f'fill="none" stroke="{colour}" stroke-width="1.5"'
    tip = _DOWN if code.endswith("_low") else _UP
    if code.startswith("better"):
        return f'<circle cx="10" cy="10" r="9" {line}/><path d="{tip}" {fill}/>'
    if code.startswith("worse"):
        return f'<rect x="1" y="1" width="18" height="18" {line}/><path d="{tip}" {fill}/>'
    if code in ("change_high", "change_low"):
        return f'<path d="{tip}" {line}/>'
    return {
        "change": f'<path d="M10 3 17 10 10 17 3 10Z" {line}/>',
        "both": f'<path d="M6 3 10.5 11H1.5Z" {fill}/><path d="M14 17 18.5 9H9.5Z" {line}/>',
        "common": f'<path d="M1.5 10C4 4.5 6.5 4.5 10 10S16 15.5 18.5 10" {line}/>',
        "too_few": f'<circle cx="4" cy="10" r="1.6" {fill}/><circle cx="10" cy="10" r="1.6" {fill}/>'
                   f'<circle cx="16" cy="10" r="1.6" {fill}/>',
        "hidden": f'<rect x="3" y="3" width="14" height="14" {line}/><path d="M3 10 10 3M3 17 17 3M10 17 17 10" {line}/>',
        "no_data": f'<circle cx="10" cy="10" r="6.5" {line}/><path d="M5 15 15 5" {line}/>',
    }[code]


def _assurance(code: str, colour: str) -> str:
    line = f'fill="none" stroke="{colour}" stroke-width="1.6"'
    target = f'<path d="M1 10H19" {line} stroke-dasharray="3 2"/>'
    return {
        "passes": f'<circle cx="10" cy="10" r="9" {line}/><path d="M5.5 10.5 9 14 15 6.5" {line}/>',
        "fails": f'<rect x="1" y="1" width="18" height="18" {line}/><path d="M6 6 14 14M14 6 6 14" {line}/>',
        "hit_or_miss": target + f'<path d="M2 14C5 2 8 2 10 10S15 18 18 6" {line}/>',
        "no_limits": target, "no_target": f'<path d="M6 10H14" {line}/>',
    }[code]
