"""maps/*.toml -> ``FileMapping``: which column of a source file is which column of ours, and what its words mean."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .. import contracts
from ..contracts import Contract
from ..errors import UsageError
from .decode import ENCODINGS

VERSION = 1
DELIMITERS = (";", "\t", ",", "|")


@dataclass(frozen=True)
class ColumnMap:
    """Where one of our columns comes from: ``source`` (a heading) or ``constant`` (one text for every row).

    ``pseudonymise``: the file has real ids; what is read is their pseudonym. ``codes``: text or label in the file -> our code; when given it is the whole list. ``missing``: texts that mean
    no answer. ``empty``: what a blank cell means. ``format``: of dates. ``decimal``: decimal mark. ``factor``: to our unit.
    """

    source: str | None = None
    constant: str | None = None
    format: str | None = None
    decimal: str | None = None
    factor: float = 1.0
    codes: Mapping[str, str] | None = None
    missing: tuple[str, ...] = ()
    empty: str | None = None
    pseudonymise: bool = False


@dataclass(frozen=True)
class ItemMap:
    """A block of answers of one form: the heading of item 1, 2, ... in ``sources``; ``codes`` and ``missing`` as numbers.

    ``already_reversed``: the file holds the points of reversed items, not the answers; None where nobody has said.
    """

    sources: tuple[str, ...]
    codes: Mapping[str, float] | None = None
    missing: Mapping[str, float] = field(default_factory=dict)
    already_reversed: bool | None = None


@dataclass(frozen=True)
class RowFilter:
    """Which rows belong to the table: those whose cell under ``heading`` is in ``keep``, or is not in ``drop``. An
    empty text stands for a blank cell."""

    heading: str
    keep: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()


@dataclass(frozen=True)
class FileMapping:
    """One mapping file. ``encoding, delimiter, header_row, sheet``: declared, or None to be found. ``reviewed``: False for
    a proposal that nobody has said yes to; with such a one a file can be checked, not imported."""

    name: str
    table: str
    encoding: str | None = None
    delimiter: str | None = None
    header_row: int | None = None
    sheet: str | None = None
    columns: Mapping[str, ColumnMap] = field(default_factory=dict)
    items: Mapping[str, ItemMap] = field(default_factory=dict)
    filters: tuple[RowFilter, ...] = ()
    reviewed: bool = True

    def asks_for_pseudonyms(self) -> bool:
        """Is there a column whose ids are to be replaced?"""
        return any(column.pseudonymise for column in self.columns.values())

    def headings(self) -> tuple[str, ...]:
        """Every heading of the source file that the mapping reads."""
        single = [c.source for c in self.columns.values() if c.source is not None]
        blocks = [s for block in self.items.values() for s in block.sources]
        return tuple(dict.fromkeys(single + blocks + [f.heading for f in self.filters]))


_TOP = ("version", "table", "reviewed", "file", "filter", "columns", "items")
_FILE = {"encoding": str, "delimiter": str, "header_row": int, "sheet": str}
_COLUMN = ("from", "constant", "format", "decimal", "factor", "codes", "missing", "empty", "pseudonymise")
_PERSONS = ("person", "respondent")
_ITEMS = ("from", "count", "first", "codes", "missing", "already_reversed")
_FILTER = ("keep", "drop")


def read_mapping(*, path: Path) -> FileMapping:
    """The mapping file at ``path``; raises UsageError naming the file, the key, what was got and what is expected."""
    path = Path(path)
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise UsageError("no_mapping", got=path) from error
    except UnicodeDecodeError as error:
        raise UsageError("mapping_not_toml", got=path, why="UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError("mapping_not_toml", got=path, why=error) from error
    except OSError as error:
        raise UsageError("no_mapping", got=path) from error
    return parse_mapping(name=path.name, raw=raw)


def parse_mapping(*, name: str, raw: Mapping) -> FileMapping:
    """A mapping from parsed TOML, unknown keys refused with the nearest known one (UsageError)."""
    _keys(name, "", raw, _TOP)
    if raw.get("version") != VERSION:
        _refuse(name, "version", raw.get("version"), VERSION)
    table = raw.get("table")
    if table not in contracts.names():
        _refuse(name, "table", table, ", ".join(contracts.names()))
    contract = contracts.contract(table)
    file = _file(name, _table(name, "file", raw.get("file", {})))
    columns = {
        column: _column(name, contract, column, _table(name, f"columns.{column}", entry))
        for column, entry in _table(name, "columns", raw.get("columns", {})).items()
    }
    blocks = _table(name, "items", raw.get("items", {}))
    if blocks and not contract.items:
        _refuse(name, "items", ", ".join(blocks), "[columns]")
    items = {form: _items(name, form, _table(name, f"items.{form}", entry)) for form, entry in blocks.items()}
    filters = tuple(
        _filter(name, heading, _table(name, f"filter.{heading}", entry))
        for heading, entry in _table(name, "filter", raw.get("filter", {})).items()
    )
    reviewed = raw.get("reviewed", True)
    if not isinstance(reviewed, bool):
        _refuse(name, "reviewed", reviewed, "true / false")
    return FileMapping(name=name, table=table, columns=columns, items=items, filters=filters, reviewed=reviewed, **file)


def _filter(name: str, heading: str, raw: Mapping) -> RowFilter:
    place = f"filter.{heading}"
    _keys(name, place, raw, _FILTER)
    for key, entry in raw.items():
        if not isinstance(entry, list):
            _refuse(name, f"{place}.{key}", entry, '["...", "..."]')
    if len(raw) != 1:
        _refuse(name, place, ", ".join(raw), "keep / drop")
    return RowFilter(heading, **{key: tuple(map(_text, entry)) for key, entry in raw.items()})


def _file(name: str, raw: Mapping) -> dict:
    _keys(name, "file", raw, tuple(_FILE))
    for key, kind in _FILE.items():
        if key in raw and (not isinstance(raw[key], kind) or isinstance(raw[key], bool)):
            _refuse(name, f"file.{key}", raw[key], kind.__name__)
    if "encoding" in raw and raw["encoding"].lower().replace("_", "-") not in ENCODINGS:
        _refuse(name, "file.encoding", raw["encoding"], ", ".join(ENCODINGS))
    if "delimiter" in raw and raw["delimiter"] not in DELIMITERS:
        _refuse(name, "file.delimiter", raw["delimiter"], " ".join(map(repr, DELIMITERS)))
    if raw.get("header_row", 1) < 1:
        _refuse(name, "file.header_row", raw["header_row"], "1, 2, 3 ...")
    return dict(raw)


def _column(name: str, contract: Contract, column: str, raw: Mapping) -> ColumnMap:
    place = f"columns.{column}"
    if column not in contract.columns:
        raise UsageError("mapping_unknown_key", file=name, key=place, expected=_nearest(column, tuple(contract.columns)))
    _keys(name, place, raw, _COLUMN)
    if ("from" in raw) == ("constant" in raw):
        _refuse(name, place, ", ".join(raw), "from / constant")
    _texts(name, place, raw, ("from", "format", "decimal"))
    kind = contract.columns[column].type
    if "format" in raw and kind not in ("date", "datetime"):
        _refuse(name, f"{place}.format", raw["format"], "date, datetime")
    if "decimal" in raw and raw["decimal"] not in (",", "."):
        _refuse(name, f"{place}.decimal", raw["decimal"], ", .")
    factor = raw.get("factor", 1.0)
    if isinstance(factor, bool) or not isinstance(factor, (int, float)) or factor == 0:
        _refuse(name, f"{place}.factor", factor, "0.01")
    if raw.get("pseudonymise", False) not in (True, False) or ("pseudonymise" in raw and column not in _PERSONS):
        _refuse(name, f"{place}.pseudonymise", raw["pseudonymise"], ", ".join(_PERSONS))
    codes = raw.get("codes")
    if codes is not None:
        codes = {str(k): _text(v) for k, v in _table(name, f"{place}.codes", codes).items()}
        allowed = contract.columns[column].allowed
        for code in codes.values():
            if allowed and code not in allowed:
                _refuse(name, f"{place}.codes", code, ", ".join(allowed))
    missing = raw.get("missing", [])
    if not isinstance(missing, list):
        _refuse(name, f"{place}.missing", missing, '["-", "..."]')
    return ColumnMap(
        source=raw.get("from"), constant=_text(raw["constant"]) if "constant" in raw else None,
        format=raw.get("format"), decimal=raw.get("decimal"), factor=float(factor), codes=codes,
        missing=tuple(map(_text, missing)), empty=_text(raw["empty"]) if "empty" in raw else None,
        pseudonymise=raw.get("pseudonymise", False),
    )


def _items(name: str, form: str, raw: Mapping) -> ItemMap:
    place = f"items.{form}"
    _keys(name, place, raw, _ITEMS)
    if re.fullmatch(r"[a-z][a-z0-9_]*", form) is None:
        _refuse(name, place, form, "a-z 0-9 _")
    source = raw.get("from")
    if isinstance(source, list) and source and all(isinstance(s, str) for s in source):
        sources = tuple(source)
    elif isinstance(source, str):
        sources = _block(name, place, source, raw)
    else:
        _refuse(name, f"{place}.from", source, '"P{n:02d}", ["...", "..."]')
    numbers = {}
    for key in ("codes", "missing"):
        entry = _table(name, f"{place}.{key}", raw.get(key, {}))
        for text, code in entry.items():
            if isinstance(code, bool) or not isinstance(code, (int, float)):
                _refuse(name, f"{place}.{key}", code, "0, 1, 2 ...")
        numbers[key] = {str(text): float(code) for text, code in entry.items()}
    reversed_ = raw.get("already_reversed")
    if reversed_ is not None and not isinstance(reversed_, bool):
        _refuse(name, f"{place}.already_reversed", reversed_, "true / false")
    return ItemMap(sources=sources, codes=numbers["codes"] or None, missing=numbers["missing"], already_reversed=reversed_)


def _block(name: str, place: str, pattern: str, raw: Mapping) -> tuple[str, ...]:
    count, first = raw.get("count"), raw.get("first", 1)
    for key, value in (("count", count), ("first", first)):
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 999:
            _refuse(name, f"{place}.{key}", value, "1, 2, 3 ...")
    try:
        sources = tuple(pattern.format(n=n) for n in range(first, first + count))
    except (KeyError, IndexError, ValueError) as error:
        raise UsageError("mapping_value", file=name, key=f"{place}.from", got=pattern, expected="P{n:02d}") from error
    if len(set(sources)) != count:
        _refuse(name, f"{place}.from", pattern, "P{n:02d}")
    return sources


def _text(value: object) -> str:
    """TOML numbers, booleans and dates as the text a cell would hold."""
    return {True: "ja", False: "nei"}[value] if isinstance(value, bool) else str(value)


def _texts(name: str, place: str, raw: Mapping, keys: tuple[str, ...]) -> None:
    for key in keys:
        if key in raw and not isinstance(raw[key], str):
            _refuse(name, f"{place}.{key}", raw[key], '"..."')


def _table(name: str, place: str, entry: object) -> Mapping:
    if not isinstance(entry, Mapping):
        _refuse(name, place, entry, f"[{place}]")
    return entry


def _keys(name: str, place: str, raw: Mapping, known: tuple[str, ...]) -> None:
    for key in raw:
        if key not in known:
            where = f"{place}.{key}" if place else key
            raise UsageError("mapping_unknown_key", file=name, key=where, expected=_nearest(key, known))


def _nearest(name: str, known: tuple[str, ...]) -> str:
    return next(iter(difflib.get_close_matches(name, known, n=1, cutoff=0.5)), ", ".join(known))


def _refuse(name: str, key: str, got: object, expected: object) -> None:
    raise UsageError("mapping_value", file=name, key=key, got=got, expected=expected)
