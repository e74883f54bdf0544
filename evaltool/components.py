"""What a rollout can consist of: ``schemas/components.yaml`` as names and units; codes of one's own are allowed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from . import resources


def component_label(*, code: str, lang: str) -> str:
    """The name of a component: ours where the code is known, else the code as the municipality wrote it."""
    known = _file()["components"].get(code)
    return known["label"][lang] if known else code.replace("_", " ")


def component_codes() -> tuple[str, ...]:
    """The codes that have a name."""
    return tuple(_file()["components"])


def dose_unit(*, unit: object, lang: str) -> str:
    """The unit of a dose in words; "" for one that is not listed, which may count persons and is not shown."""
    known = _file()["units"].get(unit)
    return known[lang] if known else ""


def dose_units() -> tuple[str, ...]:
    """The units a dose may be shown in."""
    return tuple(_file()["units"])


@cache
def _file() -> Mapping:
    return resources.schema("components.yaml")
