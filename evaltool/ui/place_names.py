"""The departments this visitor may see, by code and name, in the order of the register."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from ..findings import place_name
from .session import lang, remembered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..result import Release


def place_names(*, release: Release) -> Mapping[str, str]:
    """Code -> name for every department in ``release`` (what this visitor may see, not narrowed)."""
    return remembered("places", lang(), make=lambda: MappingProxyType({
        code: place_name(release=release, department=code, lang=lang()) for code in release.register["department"]}))
