"""User text: ``t(key, lang, **values)`` looks a sentence up; formats live in ``formats.py``."""

from __future__ import annotations

import tomllib
from functools import cache

from .. import resources

LANGUAGES = ("nb", "en")


@cache
def catalogue(lang: str) -> dict[str, str]:
    """All sentences of one language, flat: ``{"errors.no_study": "..."}``."""
    with resources.text_file(lang).open("rb") as file:
        return dict(_flatten(tomllib.load(file), ""))


def _flatten(tree: dict, prefix: str):
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{prefix}{key}.")
        else:
            yield prefix + key, value


def t(key: str, lang: str, /, **values: object) -> str:
    """The sentence ``key`` in ``lang`` with ``{name}`` filled in; an unknown key is a KeyError, never a blank."""
    return catalogue(lang)[key].format(**values)
