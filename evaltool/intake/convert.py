"""Source text + contract + mapping -> typed columns and the cells that could not be read.

Each distinct text of a column is parsed once; the verdict on it goes to every row that holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as arrow

from ..contracts import Column, Contract, is_item
from ..errors import IntakeError, UsageError
from .dates import days
from .distinct import Distinct, filled, is_ascii, same, throughout, tidy, where
from .distinct import column as column_of
from .mapping import ColumnMap, FileMapping
from .numbers import number, numbers
from .pseudonyms import pseudonyms
from .source import Source
from .words import MAYBE_BROKEN, folded, is_broken, is_error_value, yes_no


@dataclass(frozen=True)
class Plan:
    """What is read: ``columns`` (our name -> how), ``items`` (item column -> source heading), ``sources`` (our name ->
    heading as in the file, absent for constants), ``unused`` (headings that nobody reads). ``plain``: no mapping."""

    columns: Mapping[str, ColumnMap]
    items: Mapping[str, str]
    sources: Mapping[str, str]
    unused: tuple[str, ...]
    plain: bool

    def hidden(self) -> set[str]:
        """Headings whose cells are read as pseudonyms only: nothing may ever quote them."""
        return {self.sources[c] for c, how in self.columns.items() if how.pseudonymise and c in self.sources}


@dataclass
class Typed:
    """``frame``: typed columns of the contract in order, then items. ``faults``: (rule, column, positions)."""

    frame: pd.DataFrame
    faults: list[tuple[str, str, np.ndarray]] = field(default_factory=list)


def plan(*, source: Source, contract: Contract, mapping: FileMapping | None) -> Plan:
    """Which heading feeds which column. Headings are compared without case and extra spaces.

    Raises IntakeError ``missing_columns`` naming all that are not found, and what the file has.
    """
    present = {folded(h): h for h in reversed(source.headings)}
    if mapping is None:
        wanted = {c: ColumnMap(source=c) for c in contract.columns if folded(c) in present}
        items = {folded(h): h for h in source.headings if is_item(folded(h))} if contract.items else {}
        lacking = [c.name for c in contract.columns.values() if c.required != "optional" and c.name not in wanted]
    else:
        wanted = dict(mapping.columns)
        items = {f"{form}_{n:02d}": heading for form, block in mapping.items.items()
                 for n, heading in enumerate(block.sources, start=1)}
        lacking = [h for h in mapping.headings() if folded(h) not in present]
        lacking += [c.name for c in contract.columns.values() if c.required != "optional" and c.name not in wanted]
    if lacking:
        raise IntakeError(
            "missing_columns", file=source.name, got=", ".join(source.headings[:40]), expected=", ".join(lacking)
        )
    sources = {c: present[folded(m.source)] for c, m in wanted.items() if m.source is not None}
    items = {column: present[folded(heading)] for column, heading in items.items()}
    sources |= items
    used = set(sources.values())
    return Plan(wanted, items, sources, tuple(h for h in source.headings if h not in used), mapping is None)


def different_texts(*, source: Source, plan: Plan) -> dict[str, Distinct]:
    """Each heading that is read, by its different texts."""
    return {heading: source.columns[heading] for heading in dict.fromkeys(plan.sources.values())}


def convert(
    *, source: Source, contract: Contract, mapping: FileMapping | None, plan: Plan, texts: Mapping[str, Distinct],
    key: bytes | None = None,
) -> Typed:
    """Typed columns of the contract (missing optional ones empty), then the items in the order of the mapping.

    ``key``: of the pseudonyms, where the mapping asks for them; UsageError without one.
    """
    typed = Typed(pd.DataFrame(index=range(source.rows)))
    columns: dict[str, pd.Series] = {}
    for column in contract.columns.values():
        how = plan.columns.get(column.name)
        if how is None:
            columns[column.name] = _empty(column.dtype, len(typed.frame))
        else:
            texts = _with_pseudonyms(texts, how, plan.sources.get(column.name), key, mapping)
            columns[column.name] = _column(source, column, how, plan.sources.get(column.name), texts, typed)
    for name, heading in plan.items.items():
        columns[name] = _item(source, name, heading, mapping, texts[heading], typed)
    typed.frame = pd.DataFrame(columns, copy=False)
    return typed


def _with_pseudonyms(
    texts: Mapping[str, Distinct], how: ColumnMap, heading: str | None, key: bytes | None, mapping: FileMapping | None
) -> Mapping[str, Distinct]:
    if not how.pseudonymise or heading is None:
        return texts
    if key is None:
        raise UsageError("key_needed", file=mapping.name, column=heading)
    found = texts[heading]
    return {**texts, heading: Distinct(pseudonyms(texts=found.texts, key=key), found.codes, found.deduplicated)}


def _empty(dtype: str, n: int) -> pd.Series:
    if dtype == "str":
        return throughout(None, n)
    return pd.Series(np.full(n, np.nan), dtype="float64").astype(dtype)


def _column(
    source: Source, column: Column, how: ColumnMap, heading: str | None, texts: Mapping[str, Distinct], typed: Typed
) -> pd.Series:
    if heading is None:
        found = same(how.constant, source.rows)
    else:
        found = texts[heading] if how.empty is None else filled(texts[heading], how.empty)
    labels = source.labels.get(heading, {})
    ranges = source.user_missing.get(heading, ())
    missing = {folded(m) for m in how.missing}

    def is_missing(text: str) -> bool:
        named = folded(text) in missing or folded(labels.get(text, "")) in (missing - {""})
        return named or (is_declared_missing(text, ranges) and not (how.codes and text in how.codes))

    parse = _PARSERS[column.type]
    return _apply(
        found, column.name, lambda found: parse(found, column, how, labels), is_missing if missing or ranges else None, typed,
        column.dtype,
    )


def _apply(
    found: Distinct, name: str, parse: Callable, is_missing: Callable[[str], bool] | None, typed: Typed, dtype: str
) -> pd.Series:
    """Parse the different texts once. ``parse`` returns k values and for each a number of ``_FAULTS`` or 0."""
    absent = np.zeros(len(found.texts), dtype=bool)
    if is_missing is not None:
        absent = np.array([is_missing(t) for t in found.python()], dtype=bool)
    parsed, faults = parse(found)
    faults[where(found.texts, "#", is_error_value)] = _FAULTS["C10"]
    faults[absent] = 0
    wrong = faults != 0
    for rule, number_of in _FAULTS.items() if wrong.any() else ():
        if (hit := faults == number_of).any():
            typed.faults.append((rule, name, np.flatnonzero(found.rows(hit))))
    broken = np.zeros(0, dtype=bool) if is_ascii(found.texts) else where(found.texts, MAYBE_BROKEN, is_broken) & ~wrong
    if broken.any():
        typed.faults.append(("C11", name, np.flatnonzero(found.rows(broken))))
    if dtype == "str":
        return column_of(parsed, found.codes, absent | wrong)
    if dtype != "boolean" and found.untouched and not (absent | wrong).any():
        return pd.Series(parsed, dtype=dtype)
    gone = np.append(absent | wrong, True)
    if dtype == "boolean":
        yes = np.append(np.array([p is True for p in parsed], dtype=bool), False)[found.codes]
        return pd.Series(pd.arrays.BooleanArray(yes, gone[found.codes]))
    nothing = np.array([np.datetime64("NaT") if dtype.startswith("datetime") else np.nan], dtype=np.asarray(parsed).dtype)
    values = np.append(np.asarray(parsed), nothing)
    values[gone] = nothing
    return pd.Series(values[found.codes], dtype=dtype, copy=False)


_FAULTS = {"C02": 1, "C06": 2, "C07": 3, "C08": 4, "C10": 5}


def _no_faults(found: Distinct) -> np.ndarray:
    return np.zeros(len(found.texts), dtype="uint8")


def _texts(found: Distinct, column: Column, how: ColumnMap, labels: Mapping[str, str]):
    if how.codes is not None:
        return _coded(found, how.codes, labels)
    return tidy(found.texts), _no_faults(found)


def _codes(found: Distinct, column: Column, how: ColumnMap, labels: Mapping[str, str]):
    known = how.codes
    if known is None:
        known = {code: code for code in column.allowed}
        for code, words in column.allowed.items():
            known |= {words["nb"]: code, words["en"]: code}
    return _coded(found, known, labels)


def _coded(found: Distinct, codes: Mapping[str, str], labels: Mapping[str, str]):
    """Look the text up, else its value label; what is in neither is C07."""
    known = {folded(text): code for text, code in codes.items()}
    looked = [known.get(folded(t), known.get(folded(labels.get(t, "")))) for t in found.python()]
    faults = np.array([_FAULTS["C07"] * (code is None) for code in looked], dtype="uint8")
    return arrow.array(looked, type=arrow.large_string()), faults


def _numbers(found: Distinct, column: Column, how: ColumnMap, labels: Mapping[str, str]):
    texts, faults = (found.texts, _no_faults(found)) if how.codes is None else _coded(found, how.codes, labels)
    values = numbers(texts=texts.fill_null(""), decimal=how.decimal) * how.factor
    return values, np.where((faults == 0) & np.isnan(values), _FAULTS["C02"], faults)


def _dates(found: Distinct, column: Column, how: ColumnMap, labels: Mapping[str, str]):
    values = days(texts=found.texts, format=how.format)
    if column.type == "date":
        values = values.astype("datetime64[D]").astype("datetime64[us]")
    return values, np.isnat(values) * np.uint8(_FAULTS["C06"])


def _booleans(found: Distinct, column: Column, how: ColumnMap, labels: Mapping[str, str]):
    if how.codes is None:
        said = [_first(yes_no(t), yes_no(labels.get(t, ""))) for t in found.python()]
        faults = _no_faults(found)
    else:
        words, faults = _coded(found, how.codes, labels)
        said = [None if w is None else yes_no(w) for w in words.to_pylist()]
    lacking = np.array([s is None for s in said], dtype=bool)
    return said, np.where((faults == 0) & lacking, _FAULTS["C08"], faults)


def _first(one: bool | None, other: bool | None) -> bool | None:
    return other if one is None else one


_PARSERS = {
    "id": _texts, "text": _texts, "code": _codes, "date": _dates, "datetime": _dates, "integer": _numbers,
    "number": _numbers, "boolean": _booleans,
}


def _item(
    source: Source, name: str, heading: str, mapping: FileMapping | None, found: Distinct, typed: Typed
) -> pd.Series:
    """One item as float64: answers by ``codes`` (text or label), else as numbers; declared missing codes kept apart."""
    block = mapping.items[name[:-3]] if mapping else None
    labels = source.labels.get(heading, {})
    known = {folded(t): c for t, c in (block.codes or {}).items()} if block else {}
    reasons = {folded(t): c for t, c in block.missing.items()} if block else {}
    strict = bool(known)
    ranges = source.user_missing.get(heading, ())

    def parse(found: Distinct):
        values, faults = [], []
        for text in found.python():
            words = (folded(text), folded(labels.get(text, "")))
            code = next((t[w] for w in words if w for t in (reasons, known) if w in t), None)
            if code is None and not strict:
                code = number(text)
            values.append(np.nan if code is None else code)
            faults.append(0 if code is not None else _FAULTS["C07" if strict else "C02"])
        return np.array(values, dtype="float64"), np.array(faults, dtype="uint8")

    def is_missing(text: str) -> bool:
        said = folded(text) in reasons or folded(labels.get(text, "")) in reasons
        return is_declared_missing(text, ranges) and not said

    return _apply(found, name, parse, is_missing if ranges else None, typed, "float64")


def is_declared_missing(text: str, ranges) -> bool:
    """Is the code inside a range that the SPSS or Stata file itself calls missing?"""
    if not ranges:
        return False
    value = number(text)
    return any(
        text == low if isinstance(low, str) else value is not None and low <= value <= high for low, high in ranges
    )
