"""User text: ``t(key, lang, **values)`` looks a sentence up; formats live in ``formats.py``."""

from __future__ import annotations

import re
import string
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
    """The sentence ``key`` in ``lang`` with ``{name}`` filled in; an unknown key is a KeyError, never a blank.

    ``{rows:rad/rader}`` is the first word where ``rows`` is 1, else the second.
    """
    text = catalogue(lang)[key]
    return _NUMBERED.format(text, **values) if _CHOICE.search(text) else text.format(**values)


_CHOICE = re.compile(r"\{\w+:[^{}/]+/[^{}/]+\}")


class _Numbered(string.Formatter):
    """``str.format`` that also chooses between one and many."""

    def format_field(self, value: object, spec: str) -> str:
        """The word for one or for many, where ``spec`` names both."""
        one, parted, many = spec.partition("/")
        return (one if str(value) == "1" else many) if parted else super().format_field(value, spec)


_NUMBERED = _Numbered()
