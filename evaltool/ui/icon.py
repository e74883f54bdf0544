"""The page icon, drawn here: a filled diamond, the mark for "after"."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image


@cache
def page_icon() -> Image:
    """A 64 × 64 picture; a named icon would make the browser ask a font host."""
    from PIL import Image, ImageDraw

    image = Image.new("RGBA", (64, 64), (0, 0, 0, 0))
    ImageDraw.Draw(image).polygon([(32, 4), (60, 32), (32, 60), (4, 32)], fill="#005F87")
    return image
