"""``FileMapping`` -> the text of a mapping file, with remarks beside the parts they are about."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from .mapping import VERSION, ColumnMap, FileMapping, ItemMap


_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def mapping_toml(*, mapping: FileMapping, remarks: Mapping[str, Sequence[str]]) -> str:
    """TOML that ``parse_mapping`` reads back as ``mapping``. ``remarks[place]``: comment lines above a table; places are
    ``""`` (the top), ``file``, ``columns.<name>``, ``items.<form>`` and ``end``."""
    lines = [*_comments(remarks, ""), f"version = {VERSION}", f"table = {_quoted(mapping.table)}",
             *([] if mapping.reviewed else ["reviewed = false"]), ""]
    lines += _section("file", _file(mapping), remarks)
    for one in mapping.filters:
        lines += _section(f"filter.{_key(one.heading)}", [f"keep = {_list(one.keep)}" if one.keep else f"drop = {_list(one.drop)}"], {})
    for name, column in mapping.columns.items():
        lines += _section(f"columns.{name}", _column(column), remarks)
    for form, block in mapping.items.items():
        lines += _section(f"items.{form}", _items(block), remarks)
    return "\n".join([*lines, *_comments(remarks, "end")]).rstrip() + "\n"


def _section(place: str, body: list[str], remarks: Mapping[str, Sequence[str]]) -> list[str]:
    return [*_comments(remarks, place), f"[{place}]", *body, ""] if body else []


def _comments(remarks: Mapping[str, Sequence[str]], place: str) -> list[str]:
    return [f"# {' '.join(_CONTROL.sub(' ', line).split())}" for line in remarks.get(place, ())]


def _file(mapping: FileMapping) -> list[str]:
    names = ("encoding", "delimiter", "header_row", "sheet")
    said = {name: getattr(mapping, name) for name in names if getattr(mapping, name) is not None}
    return [f"{name} = {value if isinstance(value, int) else _quoted(value)}" for name, value in said.items()]


def _column(column: ColumnMap) -> list[str]:
    lines = [f"constant = {_quoted(column.constant)}" if column.source is None else f"from = {_quoted(column.source)}"]
    for name in ("format", "decimal", "empty"):
        if getattr(column, name) is not None:
            lines.append(f"{name} = {_quoted(getattr(column, name))}")
    if column.pseudonymise:
        lines.append("pseudonymise = true")
    if column.factor != 1:
        lines.append(f"factor = {column.factor}")
    if column.codes is not None:
        lines.append("codes = " + _inline({k: _quoted(v) for k, v in column.codes.items()}))
    if column.missing:
        lines.append(f"missing = {_list(column.missing)}")
    return lines


def _items(block: ItemMap) -> list[str]:
    pattern = _pattern(block.sources)
    lines = [f"from = {_list(block.sources)}"] if pattern is None else pattern
    for name, entry in (("codes", block.codes), ("missing", block.missing)):
        if entry:
            lines.append(f"{name} = " + _inline({k: f"{v:g}" for k, v in entry.items()}))
    if block.already_reversed is not None:
        lines.append(f"already_reversed = {str(block.already_reversed).lower()}")
    return lines


def _pattern(sources: tuple[str, ...]) -> list[str] | None:
    """``from = "P{n:02d}"`` and ``count`` where the headings follow one, else None."""
    parts = re.match(r"^([^{}]*?)(\d+)([^{}\d]*)$", sources[0])
    if parts is None:
        return None
    first = int(parts[2])
    for hole in ("{n}", f"{{n:0{len(parts[2])}d}}"):
        text = f"{parts[1]}{hole}{parts[3]}"
        if tuple(text.format(n=n) for n in range(first, first + len(sources))) == sources:
            return [f"from = {_quoted(text)}", f"count = {len(sources)}", *([f"first = {first}"] if first != 1 else [])]
    return None


def _inline(entries: Mapping[str, str]) -> str:
    return "{ " + ", ".join(f"{_quoted(k)} = {v}" for k, v in entries.items()) + " }"


def _list(texts: Sequence[str]) -> str:
    return "[" + ", ".join(map(_quoted, texts)) + "]"


def _key(text: str) -> str:
    return text if re.fullmatch(r"[A-Za-z0-9_-]+", text) else _quoted(text)


def _quoted(text: str) -> str:
    """A TOML basic string: JSON's escapes are TOML's, but for the one of DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
