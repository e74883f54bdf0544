"""Source text + contract + mapping -> typed columns and the cells that could not be read.

Each distinct text of a column is parsed once; the verdict on it goes to every row that holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ..contracts import Column, Contract, is_item
from ..errors import IntakeError
from .dates import days
from .mapping import ColumnMap, FileMapping
from .numbers import number
from .source import Source
from .words import folded, is_broken, is_error_value, plain, yes_no


@dataclass(frozen=True)
class Plan:
    """What is read: ``columns`` (our name -> how), ``items`` (item column -> source heading), ``sources`` (our name ->
    heading as in the file, absent for constants), ``unused`` (headings that nobody reads). ``plain``: no mapping."""

    columns: Mapping[str, ColumnMap]
    items: Mapping[str, str]
    sources: Mapping[str, str]
    unused: tuple[str, ...]
    plain: bool


@dataclass
class Typed:
    """``frame``: typed columns of the contract in order, then items. ``faults``: (rule, column, positions)."""

    frame: pd.DataFrame
    faults: list[tuple[str, str, np.ndarray]] = field(default_factory=list)


def plan(*, source: Source, contract: Contract, mapping: FileMapping | None) -> Plan:
    """Which heading feeds which column. Headings are compared without case and extra spaces.

    Raises IntakeError ``missing_columns`` naming all that are not found, and what the file has.
    """
    present = {folded(h): h for h in reversed(source.frame.columns)}
    if mapping is None:
        wanted = {c: ColumnMap(source=c) for c in contract.columns if folded(c) in present}
        items = {folded(h): h for h in source.frame.columns if is_item(folded(h))} if contract.items else {}
        lacking = [c.name for c in contract.columns.values() if c.required != "optional" and c.name not in wanted]
    else:
        wanted = dict(mapping.columns)
        items = {f"{form}_{n:02d}": heading for form, block in mapping.items.items()
                 for n, heading in enumerate(block.sources, start=1)}
        lacking = [h for h in mapping.headings() if folded(h) not in present]
        lacking += [c.name for c in contract.columns.values() if c.required != "optional" and c.name not in wanted]
    if lacking:
        raise IntakeError(
            "missing_columns", file=source.name, got=", ".join(source.frame.columns[:40]), expected=", ".join(lacking)
        )
    sources = {c: present[folded(m.source)] for c, m in wanted.items() if m.source is not None}
    items = {column: present[folded(heading)] for column, heading in items.items()}
    sources |= items
    used = set(sources.values())
    return Plan(wanted, items, sources, tuple(h for h in source.frame.columns if h not in used), mapping is None)


def convert(*, source: Source, contract: Contract, mapping: FileMapping | None, plan: Plan) -> Typed:
    """Typed columns of the contract (missing optional ones empty), then the items in the order of the mapping."""
    typed = Typed(pd.DataFrame(index=range(len(source.frame))))
    columns: dict[str, pd.Series] = {}
    for column in contract.columns.values():
        how = plan.columns.get(column.name)
        if how is None:
            columns[column.name] = pd.Series(np.nan, index=typed.frame.index).astype(column.dtype)
        else:
            columns[column.name] = _column(source, column, how, plan.sources.get(column.name), typed)
    for name, heading in plan.items.items():
        columns[name] = _item(source, name, heading, mapping, typed)
    typed.frame = pd.DataFrame(columns)
    return typed


def _column(source: Source, column: Column, how: ColumnMap, heading: str | None, typed: Typed) -> pd.Series:
    if heading is None:
        texts = pd.Series([how.constant] * len(source.frame), dtype="str")
    else:
        texts = source.frame[heading]
    if how.empty is not None:
        texts = texts.fillna(how.empty)
    labels = source.labels.get(heading, {})
    ranges = source.user_missing.get(heading, ())
    missing = {folded(m) for m in how.missing}

    def known(text: str) -> bool:
        named = folded(text) in missing or folded(labels.get(text, "")) in (missing - {""})
        return named or (_declared_missing(text, ranges) and not (how.codes and text in how.codes))

    parse = _PARSERS[column.type]
    return _apply(texts, column.name, lambda distinct: parse(distinct, column, how, labels), known, typed, column.dtype)


def _apply(
    texts: pd.Series, name: str, parse: Callable, is_missing: Callable[[str], bool], typed: Typed, dtype: str
) -> pd.Series:
    """Parse the distinct ``texts`` once. ``parse`` returns values (object or typed array) and a rule code or ""."""
    codes, distinct = pd.factorize(texts)
    distinct = pd.Series(distinct, dtype="str")
    absent = np.array([is_missing(t) for t in distinct], dtype=bool)
    bad = np.array([is_error_value(t) for t in distinct], dtype=bool) & ~absent
    values, faults = parse(distinct)
    faults = np.where(absent, "", np.where(bad, "C10", faults)).astype(object)
    wrong = faults != ""
    empty = np.append(absent | wrong, True)
    taken = pd.Series(values, dtype=dtype).reindex(range(len(distinct) + 1))
    out = taken.iloc[codes].mask(empty[codes]).reset_index(drop=True).astype(dtype)
    for rule in sorted(set(faults[wrong])):
        typed.faults.append((rule, name, np.flatnonzero(np.append(faults == rule, False)[codes])))
    broken = np.array([is_broken(t) for t in distinct], dtype=bool) & ~wrong
    if broken.any():
        typed.faults.append(("C11", name, np.flatnonzero(np.append(broken, False)[codes])))
    return out


def _texts(distinct: pd.Series, column: Column, how: ColumnMap, labels: Mapping[str, str]):
    if how.codes is not None:
        return _coded(distinct, how.codes, labels)
    return [plain(t) for t in distinct], np.full(len(distinct), "", dtype=object)


def _codes(distinct: pd.Series, column: Column, how: ColumnMap, labels: Mapping[str, str]):
    known = how.codes
    if known is None:
        known = {code: code for code in column.allowed}
        for code, words in column.allowed.items():
            known |= {words["nb"]: code, words["en"]: code}
    return _coded(distinct, known, labels)


def _coded(distinct: pd.Series, codes: Mapping[str, object], labels: Mapping[str, str]):
    """Look the text up, else its value label; what is in neither is C07."""
    known = {folded(text): code for text, code in codes.items()}
    found = [known.get(folded(t), known.get(folded(labels.get(t, "")))) for t in distinct]
    return found, np.array(["C07" if f is None else "" for f in found], dtype=object)


def _numbers(distinct: pd.Series, column: Column, how: ColumnMap, labels: Mapping[str, str]):
    if how.codes is not None:
        distinct, faults = _coded(distinct, how.codes, labels)
        distinct = ["" if t is None else str(t) for t in distinct]
    else:
        faults = np.full(len(distinct), "", dtype=object)
    found = [number(t, decimal=how.decimal) for t in distinct]
    values = np.array([np.nan if f is None else f * how.factor for f in found], dtype="float64")
    faults = np.where((faults == "") & np.isnan(values), "C02", faults)
    return values, faults


def _dates(distinct: pd.Series, column: Column, how: ColumnMap, labels: Mapping[str, str]):
    values = days(texts=distinct, format=how.format)
    if column.type == "date":
        values = values.astype("datetime64[D]").astype("datetime64[us]")
    return values, np.where(np.isnat(values), "C06", "").astype(object)


def _booleans(distinct: pd.Series, column: Column, how: ColumnMap, labels: Mapping[str, str]):
    if how.codes is not None:
        words, faults = _coded(distinct, how.codes, labels)
        found = [None if w is None else yes_no(str(w)) for w in words]
    else:
        found = [_first(yes_no(t), yes_no(labels.get(t, ""))) for t in distinct]
        faults = np.full(len(distinct), "", dtype=object)
    lacking = np.array([f is None for f in found], dtype=bool)
    return found, np.where((faults == "") & lacking, "C08", faults)


def _first(one: bool | None, other: bool | None) -> bool | None:
    return other if one is None else one


_PARSERS = {
    "id": _texts, "text": _texts, "code": _codes, "date": _dates, "datetime": _dates, "integer": _numbers,
    "number": _numbers, "boolean": _booleans,
}


def _item(source: Source, name: str, heading: str, mapping: FileMapping | None, typed: Typed) -> pd.Series:
    """One item as float64: answers by ``codes`` (text or label), else as numbers; declared missing codes kept apart."""
    block = mapping.items[name[:-3]] if mapping else None
    labels = source.labels.get(heading, {})
    known = {folded(t): c for t, c in (block.codes or {}).items()} if block else {}
    reasons = {folded(t): c for t, c in block.missing.items()} if block else {}
    strict = bool(known)
    ranges = source.user_missing.get(heading, ())

    def parse(distinct: pd.Series):
        values, faults = [], []
        for text in distinct:
            words = (folded(text), folded(labels.get(text, "")))
            code = next((t[w] for w in words if w for t in (reasons, known) if w in t), None)
            if code is None and not strict:
                code = number(text)
            values.append(np.nan if code is None else code)
            faults.append("" if code is not None else "C07" if strict else "C02")
        return np.array(values, dtype="float64"), np.array(faults, dtype=object)

    def is_missing(text: str) -> bool:
        said = folded(text) in reasons or folded(labels.get(text, "")) in reasons
        return _declared_missing(text, ranges) and not said

    return _apply(source.frame[heading], name, parse, is_missing, typed, "float64")


def _declared_missing(text: str, ranges) -> bool:
    """Is the code inside a range that the SPSS or Stata file itself calls missing?"""
    if not ranges:
        return False
    value = number(text)
    return any(
        text == low if isinstance(low, str) else value is not None and low <= value <= high for low, high in ranges
    )
