"""schemas/profiles/*.yaml: how the common survey and record systems lay out their exports."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from .. import contracts, resources
from ..errors import ContractError

_KEYS = {"label", "export", "recognise", "tables", "columns", "ignore"}
_MAY = {"leave_out"}
_LEAVE_OUT = {"from", "words"}
_COLUMN_KEYS = {"from", "format", "codes", "missing", "empty"}


@dataclass(frozen=True)
class Profile:
    """One system. ``recognise``: every pattern must fit a heading of the file. ``tables``: what such a file can feed.

    ``columns[our column]``: ``{"from": pattern of the heading, "format": ..., "codes": ..., ...}``; ``ignore``: patterns of
    headings that belong to the system and hold no answer. ``export``: how to export so that the file fits. ``leave_out``:
    ``{"from": pattern of a heading, "words": [...]}``, rows that are not of the table (an empty word: a blank cell).
    """

    id: str
    label: Mapping[str, str]
    export: Mapping[str, str]
    recognise: tuple[str, ...]
    tables: tuple[str, ...]
    columns: Mapping[str, Mapping]
    ignore: tuple[str, ...]
    leave_out: Mapping[str, object] | None = None


@cache
def profiles() -> Mapping[str, Profile]:
    """All profiles by id; ContractError for a broken file."""
    import yaml

    folder = resources.folder("schemas") / "profiles"
    return {p.stem: _profile(p.stem, yaml.safe_load(p.read_text(encoding="utf8"))) for p in sorted(folder.glob("*.yaml"))}


def recognised(*, headings: tuple[str, ...]) -> Profile | None:
    """The profile whose patterns all fit; the one with most patterns where several do."""
    fitting = [p for p in profiles().values() if all(first_fit(pattern=r, headings=headings) for r in p.recognise)]
    return max(fitting, key=lambda p: len(p.recognise), default=None)


def first_fit(*, pattern: str, headings: tuple[str, ...]) -> str | None:
    """The first heading that the pattern fits as a whole, without regard to case."""
    return next((h for h in headings if re.fullmatch(pattern, h, re.I)), None)


def _profile(name: str, raw: Mapping) -> Profile:
    for key in raw:
        if key not in _KEYS | _MAY:
            _refuse(name, key, _KEYS | _MAY)
    if _KEYS - set(raw):
        _refuse(name, None, _KEYS - set(raw))
    for key in ("label", "export"):
        if set(raw[key]) != {"nb", "en"}:
            _refuse(name, key, {"nb", "en"})
    for table in raw["tables"]:
        if table not in contracts.names():
            _refuse(name, table, set(contracts.names()))
    known = {c for table in raw["tables"] for c in contracts.contract(table).columns}
    for column, entry in raw["columns"].items():
        if column not in known:
            _refuse(name, column, known)
        for key in entry:
            if key not in _COLUMN_KEYS:
                _refuse(name, f"{column}.{key}", _COLUMN_KEYS)
    if "leave_out" in raw and set(raw["leave_out"]) != _LEAVE_OUT:
        _refuse(name, "leave_out", _LEAVE_OUT)
    return Profile(name, raw["label"], raw["export"], tuple(raw["recognise"]), tuple(raw["tables"]), raw["columns"], tuple(raw["ignore"]),
                   raw.get("leave_out"))


def _refuse(name: str, got: object, expected: set[str]) -> None:
    raise ContractError("profile_contract", profile=name, got=got, expected=", ".join(sorted(expected)))
