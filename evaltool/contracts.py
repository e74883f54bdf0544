"""schemas/tables/*.yaml -> ``Contract``, and from it the pandera schema that every imported table keeps.

The YAML is the source; pandera is built from it, never the reverse. The vocabulary is closed: an unknown key or kind
in a contract is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from . import resources
from .errors import ContractError, UsageError

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas as pa

TYPES = ("id", "text", "code", "date", "datetime", "integer", "number", "boolean")
REQUIRED = ("filled", "present", "optional")
"""``filled``: the column must be there and no cell empty; ``present``: it must be there, cells may be empty."""

SEVERITIES = ("stop", "error", "note")
KINDS = (
    "unique", "order", "together", "at_most", "first_of_month", "any_item", "consented", "most_true", "overlap",
    "known_department", "after_opening", "before_closing", "while_open", "known_wave", "in_wave", "known_person",
    "alive", "not_withdrawn", "not_after_data", "open_twice", "mixed_times", "clash",
)
DTYPES = {
    "id": "str", "text": "str", "code": "str", "date": "datetime64[us]", "datetime": "datetime64[us]",
    "integer": "float64", "number": "float64", "boolean": "boolean",
}
ITEM = re.compile(r"^([a-z][a-z0-9_]*)_(\d{2})$")
"""Name of an item column: ``<form>_<nn>``."""

_TABLE_KEYS = {"version", "label", "row", "about", "items", "key", "columns", "rules"}
_COLUMN_KEYS = {"type", "required", "label", "synonyms", "unit", "allowed", "groups", "min", "max"}
_RULE_KEYS = {"kind", "columns", "severity", "text", "withhold", "also", "most", "most_days"}


@dataclass(frozen=True)
class Column:
    """One column. ``allowed``: code -> ``{"nb": ..., "en": ...}`` for type ``code``, else empty; ``also`` in it: other
    words for the code, for proposals only. ``groups``: code of a coarser group -> ``{"nb", "en", "of": [codes]}``, so that every
    code is in one; empty where the column has none."""

    name: str
    type: str
    required: str
    label: Mapping[str, str]
    synonyms: tuple[str, ...]
    unit: Mapping[str, str] | None
    allowed: Mapping[str, Mapping[str, str]]
    min: float | None
    max: float | None
    groups: Mapping[str, Mapping] = field(default_factory=dict)

    @property
    def coarser(self) -> Mapping[str, str]:
        """Code -> code of its group."""
        return {code: name for name, group in self.groups.items() for code in group["of"]}

    @property
    def dtype(self) -> str:
        """The pandas dtype of the validated column."""
        return DTYPES[self.type]


@dataclass(frozen=True)
class Rule:
    """One numbered rule. ``text``: ``{"nb": {"what", "mend"}, "en": {...}}``.

    ``withhold``: the row is kept out although nothing is wrong (no consent, withdrawn). ``also``: rules that speak
    first; a row they caught is not caught again. ``most``/``most_days``: the limit of ``most_true`` and ``order``.
    """

    code: str
    kind: str
    columns: tuple[str, ...]
    severity: str
    text: Mapping[str, Mapping[str, str]]
    withhold: bool = False
    also: tuple[str, ...] = ()
    most: float | None = None

    @property
    def refuses(self) -> bool:
        """Does a row that breaks this rule stay out of the table?"""
        return self.withhold or self.severity != "note"


@dataclass(frozen=True)
class Contract:
    """What one table promises. ``about``: ``persons`` or ``services``; ``items``: takes columns ``<form>_<nn>``."""

    name: str
    version: int
    label: Mapping[str, str]
    row: Mapping[str, str]
    about: str
    items: bool
    key: tuple[str, ...]
    columns: Mapping[str, Column]
    rules: Mapping[str, Rule]


@cache
def names() -> tuple[str, ...]:
    """The tables there are a contract for."""
    return tuple(sorted(p.stem for p in (resources.folder("schemas") / "tables").glob("*.yaml")))


@cache
def contract(name: str) -> Contract:
    """The contract of table ``name``; UsageError for an unknown table, ContractError for a broken file."""
    if name not in names():
        raise UsageError("unknown_table", got=name, expected=", ".join(names()))
    return parse_contract(name=name, raw=resources.schema(f"tables/{name}.yaml"))


GROUPED, TOGETHER = "_group", "smaller_groups"
"""After the name of a column: the same by its coarser groups. What groups that are too small stand together as."""


@cache
def coarser_groups() -> Mapping[str, str]:
    """``profession=nurse`` -> ``profession_group=health_professions`` for every code that has a coarser group, and for the group
    itself where it stands in the place of its codes (``profession=health_professions``)."""
    columns = (column for name in names() for column in contract(name).columns.values())
    return {f"{c.name}={code}": f"{c.name}{GROUPED}={group}" for c in columns
            for code, group in ({**c.coarser, **{one: one for one in (*c.groups, TOGETHER)}}.items() if c.groups else ())}


@cache
def cell_rules() -> Mapping[str, Rule]:
    """The rules C01 .. for a single cell, the same in every table (schemas/cell_rules.yaml)."""
    entries = resources.schema("cell_rules.yaml").items()
    return {code: _rule("cell_rules", code, {"kind": "cell", "columns": [], **entry}, {}) for code, entry in entries}


def rule(table: str, code: str) -> Rule:
    """The rule ``code`` as it holds in ``table`` (its own rules and the cell rules)."""
    return cell_rules()[code] if code in cell_rules() else contract(table).rules[code]


def parse_contract(*, name: str, raw: Mapping) -> Contract:
    """A contract from parsed YAML; raises ContractError naming table, place, what was got and what is allowed."""
    _keys(name, "", raw, _TABLE_KEYS, {"version", "label", "row", "about", "key", "columns", "rules"})
    _both(name, "label", raw["label"])
    _both(name, "row", raw["row"])
    if raw["about"] not in ("persons", "services"):
        _refuse(name, "about", raw["about"], "persons, services")
    columns = {str(c): _column(name, str(c), entry) for c, entry in raw["columns"].items()}
    rules = {str(r): _rule(name, str(r), entry, columns) for r, entry in raw["rules"].items()}
    for column in raw["key"]:
        if column not in columns:
            _refuse(name, "key", column, ", ".join(columns))
    for one in rules.values():
        for other in one.also:
            if other not in rules:
                _refuse(name, f"{one.code}.also", other, ", ".join(rules))
    return Contract(
        name=name, version=raw["version"], label=raw["label"], row=raw["row"], about=raw["about"],
        items=bool(raw.get("items", False)), key=tuple(raw["key"]), columns=columns, rules=rules,
    )


def _column(table: str, name: str, entry: Mapping) -> Column:
    _keys(table, name, entry, _COLUMN_KEYS, {"type", "required", "label", "synonyms"})
    for key, allowed in (("type", TYPES), ("required", REQUIRED)):
        if entry[key] not in allowed:
            _refuse(table, f"{name}.{key}", entry[key], ", ".join(allowed))
    _both(table, f"{name}.label", entry["label"])
    _both(table, f"{name}.synonyms", entry["synonyms"])
    if (entry["type"] == "code") != bool(entry.get("allowed")):
        _refuse(table, f"{name}.allowed", entry.get("allowed"), "type: code")
    allowed = {str(code): label for code, label in (entry.get("allowed") or {}).items()}
    for code, label in allowed.items():
        _keys(table, f"{name}.allowed.{code}", label, {"nb", "en", "also"}, {"nb", "en"})
    groups = {str(code): group for code, group in (entry.get("groups") or {}).items()}
    for code, group in groups.items():
        _keys(table, f"{name}.groups.{code}", group, {"nb", "en", "of"}, {"nb", "en", "of"})
    inside = [str(code) for group in groups.values() for code in group["of"]]
    if groups and (sorted(inside) != sorted(allowed) or set(groups) & set(allowed)):
        _refuse(table, f"{name}.groups", ", ".join(inside), ", ".join(allowed))
    if {"min", "max"} & set(entry) and entry["type"] not in ("integer", "number"):
        _refuse(table, f"{name}.min", entry["type"], "integer, number")
    return Column(
        name=name, type=entry["type"], required=entry["required"], label=entry["label"],
        synonyms=tuple(str(s) for lang in ("nb", "en") for s in entry["synonyms"][lang]), unit=entry.get("unit"),
        allowed=allowed, min=entry.get("min"), max=entry.get("max"), groups=groups,
    )


def _rule(table: str, code: str, entry: Mapping, columns: Mapping[str, Column]) -> Rule:
    _keys(table, code, entry, _RULE_KEYS, {"kind", "columns", "severity", "text"})
    for key, allowed in (("kind", (*KINDS, "cell")), ("severity", SEVERITIES)):
        if entry[key] not in allowed:
            _refuse(table, f"{code}.{key}", entry[key], ", ".join(allowed))
    _both(table, f"{code}.text", entry["text"])
    for lang in ("nb", "en"):
        _keys(table, f"{code}.text.{lang}", entry["text"][lang], {"what", "mend"}, {"what", "mend"})
    for column in entry["columns"]:
        if column not in columns:
            _refuse(table, f"{code}.columns", column, ", ".join(columns))
    return Rule(
        code=code, kind=entry["kind"], columns=tuple(entry["columns"]), severity=entry["severity"],
        text=entry["text"], withhold=bool(entry.get("withhold", False)), also=tuple(entry.get("also", ())),
        most=entry.get("most", entry.get("most_days")),
    )


def _keys(table: str, place: str, entry: object, known: set[str], needed: set[str]) -> None:
    if not isinstance(entry, Mapping):
        _refuse(table, place, type(entry).__name__, ", ".join(sorted(needed)))
    for key in entry:
        if key not in known:
            _refuse(table, place or "table", key, ", ".join(sorted(known)))
    lacking = needed - set(entry)
    if lacking:
        _refuse(table, place or "table", None, ", ".join(sorted(lacking)))


def _both(table: str, place: str, entry: object) -> None:
    _keys(table, place, entry, {"nb", "en"}, {"nb", "en"})


def _refuse(table: str, place: str, got: object, expected: str) -> None:
    raise ContractError("table_contract", table=table, place=place, got=got, expected=expected)


def is_item(name: str) -> bool:
    """Is this the name of an item column (``qpr15_01``)?"""
    return ITEM.match(name) is not None


def schema(*, contract: Contract, items: Iterable[str] = ()) -> pa.DataFrameSchema:
    """The pandera schema of a typed table: exactly the contract's columns, then ``items`` as numbers.

    Declares what one row can break: types, filled cells, codes, limits, order, ``together``, ``at_most``,
    ``first_of_month``; rules across rows and tables live in ``rules``. Notes are not errors and are left out.
    """
    import pandera.pandas as pa

    columns = {c.name: _pandera_column(pa, c) for c in contract.columns.values()}
    columns |= {name: pa.Column("float64", nullable=True, required=True, name=name) for name in items}
    checks = [_pandera_rule(pa, r) for r in contract.rules.values() if r.kind in _ROW_KINDS and r.severity == "error"]
    unique = [list(r.columns) for r in contract.rules.values() if r.kind == "unique" and r.severity == "error"]
    whole = [_pandera_unique(pa, columns) for columns in unique]
    return pa.DataFrameSchema(columns, checks=checks + whole, strict=True, ordered=True, name=contract.name)


def _pandera_column(pa, column: Column) -> pa.Column:
    checks = []
    if column.allowed:
        checks.append(pa.Check.isin(list(column.allowed), error="C07"))
    if column.type == "integer":
        checks.append(pa.Check(lambda s: s == s.round(), error="C03"))
    if column.min is not None:
        checks.append(pa.Check.ge(column.min, error="C04"))
    if column.max is not None:
        checks.append(pa.Check.le(column.max, error="C05"))
    if column.type in ("date", "datetime"):
        checks.append(pa.Check(lambda s: s.dt.year.between(1900, 2100), error="C09"))
    return pa.Column(column.dtype, checks=checks, nullable=column.required != "filled", required=True, name=column.name)


_ROW_KINDS = {
    "order": lambda f, c: f[c[0]].isna() | f[c[1]].isna() | (f[c[1]] >= f[c[0]]) | (f[c[1]] == f[c[0]].dt.normalize()),
    "together": lambda f, c: ~_stated(f[c[0]]) | f[c[1]].notna(),
    "at_most": lambda f, c: f[c[0]].isna() | f[c[1]].isna() | (f[c[0]] <= f[c[1]]),
    "first_of_month": lambda f, c: f[c[0]].isna() | (f[c[0]].dt.day == 1),
}


def _stated(values: pd.Series) -> pd.Series:
    """Filled, and for a yes/no column yes."""
    return values.fillna(False).astype(bool) if values.dtype == "boolean" else values.notna()


def _pandera_rule(pa, one: Rule) -> pa.Check:
    holds = _ROW_KINDS[one.kind]
    return pa.Check(lambda frame: holds(frame, one.columns), error=one.code, ignore_na=False)


def _pandera_unique(pa, columns: list[str]) -> pa.Check:
    return pa.Check(
        lambda frame: ~frame.duplicated(columns) | frame[columns[:1]].isna().any(axis=1), error="unique " + " ".join(columns),
        ignore_na=False,
    )
