"""What may stand behind a key of study.toml."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import MISSING, dataclass, field
from typing import Any

LANGUAGES = ("nb", "en")


@dataclass(frozen=True)
class Kind:
    """What may stand behind a key. ``example`` shows it in TOML, so that it reads the same in every language."""

    example: str
    fits: Callable[[Any], bool]
    read: Callable[[Any], Any] = lambda value: value


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(v, str) for v in value)


def _is_day(value: object) -> bool:
    return isinstance(value, dt.date) and not isinstance(value, dt.datetime)


def whole(low: int, high: int) -> Kind:
    """A whole number from ``low`` to ``high``."""
    return Kind(f"{low} .. {high}", lambda v: _is_whole(v) and low <= v <= high)


def figure(low: float, high: float) -> Kind:
    """A number from ``low`` to ``high``."""
    return Kind(
        f"{low:g} .. {high:g}", lambda v: (_is_whole(v) or isinstance(v, float)) and low <= v <= high, float
    )


def one_of(values: tuple[str, ...]) -> Kind:
    """One of ``values``."""
    return Kind(" | ".join(f'"{v}"' for v in values), lambda v: v in values)


def some_of(values: tuple[str, ...]) -> Kind:
    """A list of different ``values``."""
    return Kind("[" + ", ".join(f'"{v}"' for v in values) + "]",
                lambda v: _is_texts(v) and set(v) <= set(values) and len(set(v)) == len(v), tuple)


TEXT = Kind('"..."', lambda v: isinstance(v, str) and v.strip() != "")
DAY = Kind("2026-06-30", _is_day)
TRUTH = Kind("true | false", lambda v: isinstance(v, bool))
TEXTS = Kind('["...", "..."]', _is_texts, tuple)
FAMILIES = Kind('[["...", "..."], ["..."]]', lambda v: isinstance(v, list) and all(map(_is_texts, v)),
                lambda v: tuple(map(tuple, v)))


def _is_name(value: object) -> bool:
    return isinstance(value, dict) and set(value) == set(LANGUAGES) and all(isinstance(x, str) for x in value.values())


NAME = Kind('{ nb = "...", en = "..." }', _is_name)
WORDS = Kind(f'{TEXT.example} | {NAME.example}', lambda v: TEXT.fits(v) or _is_name(v),
             lambda v: v if isinstance(v, dict) else dict.fromkeys(LANGUAGES, v))


def key(kind: Kind, default: object = MISSING) -> Any:
    """A field of a part of study.toml: what may stand there, and what it is when nothing does."""
    return field(default=default, metadata={"kind": kind})


def part_of(part: type, shape: str) -> Any:
    """A nested part: ``one`` table, ``named`` tables (``[surveys.<name>]``) or a ``list`` of tables."""
    make = {"one": part, "named": dict, "list": tuple}[shape]
    return field(default_factory=make, metadata={"part": part, "shape": shape})
