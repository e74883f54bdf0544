"""One batch of a registry file held against the rules of single rows: arrow columns in, arrays and counts out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .contracts import contract, rule
from .indicators.chaining import DAY
from .indicators.episodes import closing
from .indicators.registry import DIED, LEFT_OUT, OTHER, TRANSFERRED_OUT, StayArrays
from .indicators.registry_rules import BACKWARDS, BEYOND, DEATH, NEVER, NOBODY, OPEN, REFUSED, WITHHELD, Deaths
from .rules import CLOCKED
from .stay_codes import ADMISSION_TYPES

if TYPE_CHECKING:
    import datetime as dt

    import pyarrow as pa

    from .indicators.definitions import ReadmissionDefinition

SECOND = 1_000_000
"""Microseconds, in which the moments of a file are read."""
TIMES = ("admitted", "discharged")
CODED = ("admission_type", "discharged_to")
NOWHERE = -1
"""The code of a department that is not given."""
MOST_NAMES = 10_000
"""So many different department codes that are not in the register are told apart."""
_EARLIEST, _LATEST = (int(np.datetime64(day, "us").astype("int64")) for day in ("1900-01-01", "2101-01-01"))


@dataclass(frozen=True)
class Rulebook:
    """What the stays of a file are held against. ``departments``: the register; ``persons``: those of the persons table, None
    where the study has none, ``withdrawn`` of them have withdrawn, as rising numbers (``person_numbers``); ``limited``: rules that
    study.toml sets a limit for."""

    as_of: dt.date
    departments: pd.DataFrame
    definition: ReadmissionDefinition
    persons: np.ndarray | None = None
    withdrawn: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    deaths: Deaths = NOBODY
    limited: Set[str] = frozenset()


@dataclass
class Tally:
    """What has been seen so far. ``broken``: rows by (rule, column). ``refused`` rows, ``withheld`` of them because somebody has
    withdrawn, ``wrong`` of the others by a rule without a limit. ``first_in``, ``first_out``: earliest admission and discharge
    in seconds among the rows that the rules of single rows leave; ``filled`` and ``midnight``: cells of both times, of all rows and
    of these; ``names``: codes of departments that are not in the register."""

    rows: int = 0
    broken: Counter[tuple[str, str]] = field(default_factory=Counter)
    refused: int = 0
    withheld: int = 0
    wrong: int = 0
    first_in: int = NEVER
    first_out: int = NEVER
    names: dict[str, int] = field(default_factory=dict)
    filled: np.ndarray = field(default_factory=lambda: np.zeros((2, 2), dtype=np.int64))
    midnight: np.ndarray = field(default_factory=lambda: np.zeros((2, 2), dtype=np.int64))

    @property
    def time_of_day(self) -> bool:
        """Have nine in ten of both ends of the stays that stay in a clock time? As ``episodes.clock_times``."""
        filled, midnight = self.filled[1], self.midnight[1]
        return bool(filled[0]) and all(1 - midnight[i] / filled[i] >= CLOCKED for i in (0, 1) if filled[i])

    def mixed_times(self) -> None:
        """Rule S16, which is said of all rows together: cells at midnight sharp, where some have clock times and others not."""
        clocked = 1 - self.midnight[0] / self.filled[0].clip(1)
        if clocked.max() > 0 and clocked.min() < CLOCKED:
            self.broken.update({("S16", name): int(n) for name, n in zip(TIMES, self.midnight[0], strict=True)})


class _Rows:
    """The columns of a batch as arrays (n,); a moment that a cell rule refuses is missing, as in ``rules.find``."""

    def __init__(self, batch: pa.RecordBatch, book: Rulebook, tally: Tally) -> None:
        self.person, self.named = person_codes(batch.column("person"))
        self.place = _places(batch.column("department"), book.departments["department"], tally.names)
        self.given, self.time, self.far = {}, {}, {}
        for name in TIMES:
            self.given[name], self.time[name] = _moments(batch.column(name))
            self.far[name] = self.given[name] & ((self.time[name] < _EARLIEST) | (self.time[name] >= _LATEST))
        self.known = {name: self.given[name] & ~self.far[name] for name in TIMES}
        self.died = batch.column("died").fill_null(False).to_numpy(zero_copy_only=False)
        self.code = {name: batch.column(name) for name in CODED}

    @property
    def carried(self) -> np.ndarray:
        """Rows of which the rules about persons can say something."""
        return self.named & self.known["admitted"]


def judged(*, batch: pa.RecordBatch, book: Rulebook, tally: Tally) -> StayArrays:
    """The rows of ``batch`` as arrays, marked with what the rules of single rows say, counted in ``tally``.

    Rows without a person or an admission that can be read are counted and left out; other rows that a rule refuses
    stay with a mark, because they still say something of the person (a repetition, a death). A department that is not in the
    register has a code beyond it.
    """
    one = _Rows(batch, book, tally)
    refused, wrong, withheld, backwards = (np.zeros(batch.num_rows, dtype=bool) for _ in range(4))
    for code, column, hit in _broken(one, book):
        tally.broken[code, column] += int(hit.sum())
        told = rule("stays", code)
        if told.refuses:
            refused |= hit
        if told.withhold:
            withheld |= hit
        elif told.refuses and code not in book.limited:
            wrong |= hit
        if code == "S07":
            backwards = hit
    _count(tally, one, refused, wrong, withheld)
    ended = one.known["discharged"] & ~backwards & one.died
    marks = sum(bit * hit.astype(np.uint8) for bit, hit in (
        (REFUSED, refused), (BACKWARDS, backwards), (DEATH, ended), (OPEN, ~one.known["discharged"]), (BEYOND, wrong), (WITHHELD, withheld)))
    return _arrays(one, book, marks)


def _broken(one: _Rows, book: Rulebook) -> Iterator[tuple[str, str, np.ndarray]]:
    """(rule, column, rows (n,) that break it); the rules about persons are in ``registry_rules``."""
    start, end = (one.time[name] for name in TIMES)
    entered, left = (one.known[name] for name in TIMES)
    yield "C01", "person", ~one.named
    yield "C01", "department", one.place == NOWHERE
    yield "C01", "admitted", ~one.given["admitted"]
    for name in CODED:
        yield "C07", name, _coded(one.code[name], {"": 0, **dict.fromkeys(contract("stays").columns[name].allowed, 0)}, 1, 0) == 1
    for name in TIMES:
        yield "C09", name, one.far[name]
        yield "S06", name, one.known[name] & (one.time[name] >= closing(book.as_of) * SECOND)
    yield "S03", "department", one.place >= len(book.departments)
    opened, closed = (_register(book.departments, name, one.place) for name in ("active_from", "active_to"))
    yield "S04", "admitted", entered & (start < opened)
    yield "S05", "admitted", entered & (_days(start) > closed)
    yield "S14", "discharged", left & (_days(end) > closed)
    yield "S07", "discharged", entered & left & (end < start) & (end != _days(start))
    yield "S09", "discharged", entered & left & (end - start > int(contract("stays").rules["S09"].most) * DAY * SECOND)
    yield "S11", "discharged", one.died & ~one.given["discharged"]
    if book.persons is not None and len(book.persons):
        yield "S12", "person", one.named & ~np.isin(one.person, book.persons)
    if len(book.withdrawn):
        yield "S13", "person", one.named & np.isin(one.person, book.withdrawn)


def _register(departments: pd.DataFrame, name: str, place: np.ndarray) -> np.ndarray:
    """(n,) microseconds of a date of the register; where it has none, one that no rule can find broken."""
    days = departments[name] if name in departments else pd.Series(pd.NaT, index=departments.index)
    silent = -NEVER if name == "active_from" else NEVER
    known = np.where(days.isna(), silent, days.to_numpy().astype("datetime64[us]").astype("int64"))
    there = (place >= 0) & (place < len(departments))
    return np.where(there, np.append(known, silent)[np.where(there, place, len(known))], silent)


def _days(moments: np.ndarray) -> np.ndarray:
    return moments // (DAY * SECOND) * (DAY * SECOND)


def _count(tally: Tally, one: _Rows, refused: np.ndarray, wrong: np.ndarray, withheld: np.ndarray) -> None:
    """Rows that are carried on are counted as refused when the rules about persons have spoken too."""
    tally.rows += len(refused)
    tally.refused += int((refused & ~one.carried).sum())
    tally.wrong += int((wrong & ~withheld & ~one.carried).sum())
    tally.withheld += int(withheld.sum())
    for i, name in enumerate(TIMES):
        midnight = one.known[name] & (one.time[name] % (DAY * SECOND) == 0)
        for j, pick in enumerate((np.ones(len(refused), dtype=bool), ~refused)):
            tally.filled[j, i] += int((one.known[name] & pick).sum())
            tally.midnight[j, i] += int((midnight & pick).sum())
    for name, pick in (("first_in", one.known["admitted"] & ~refused), ("first_out", one.known["discharged"] & ~refused)):
        moments = one.time["admitted" if name == "first_in" else "discharged"][pick] // SECOND
        setattr(tally, name, min(getattr(tally, name), int(moments.min(initial=NEVER))))


def _arrays(one: _Rows, book: Rulebook, marks: np.ndarray) -> StayArrays:
    """A stay without an end ends after everything."""
    out = book.definition
    ways = {name: LEFT_OUT for name in out.leave_out} | {name: TRANSFERRED_OUT for name in out.transferred_out} | {"dead": DIED}
    kinds = {name: code for code, name in enumerate(ADMISSION_TYPES)}
    way_out = _coded(one.code["discharged_to"], ways, OTHER, OTHER)
    way_out[one.died] = DIED
    fields = {
        "person": one.person, "department": one.place, "start": one.time["admitted"] // SECOND,
        "end": np.where(one.known["discharged"], one.time["discharged"] // SECOND, NEVER),
        "kind": _coded(one.code["admission_type"], kinds, kinds["unknown"], kinds["unknown"]), "way_out": way_out, "marks": marks,
    }
    return StayArrays(**fields) if one.carried.all() else StayArrays(**{name: values[one.carried] for name, values in fields.items()})


def _moments(column: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """(n,) bool: is there one; (n,) int64 microseconds since 1970, 0 where there is none."""
    import pyarrow as pa

    found = column.cast(pa.timestamp("us")).cast(pa.int64())
    there = ~column.is_null().to_numpy(zero_copy_only=False)
    return there, found.fill_null(0).to_numpy()


def _coded(column: pa.Array, codes: Mapping[str, int], other: int, missing: int) -> np.ndarray:
    """(n,) uint8 by the texts of a dictionary column: ``other`` for another text, ``missing`` for none."""
    table = np.array([codes.get(name, other) for name in column.dictionary.to_pylist()] + [missing], dtype=np.uint8)
    at = column.indices.fill_null(-1) if column.null_count else column.indices
    return table[at.to_numpy()]


def _places(column: pa.Array, register: pd.Series, names: dict[str, int]) -> np.ndarray:
    """(n,) int32 positions in ``register``; beyond it for other codes, which ``names`` remembers, and ``NOWHERE`` for none."""
    import pyarrow as pa

    found = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    known = {name: position for position, name in enumerate(register)} | {"": NOWHERE}
    table = np.full(len(found.dictionary) + 1, NOWHERE, dtype=np.int32)
    for at, name in enumerate(map(str, found.dictionary.to_pylist())):
        if name not in known and len(names) < MOST_NAMES:
            names.setdefault(name, len(register) + len(names))
        table[at] = known.get(name, names.get(name, len(register) + MOST_NAMES))
    return table[found.indices.fill_null(-1).to_numpy()]


def person_codes(column: pa.Array) -> tuple[np.ndarray, np.ndarray]:
    """(n,) int64 numbers of persons, and whether there is one.

    Whole numbers as they are; text as the 64 bits of a hash (two of ten million pseudonyms share one once in 400 000 files).
    """
    import pyarrow as pa

    there = ~column.is_null().to_numpy(zero_copy_only=False)
    if pa.types.is_integer(column.type):
        return column.cast(pa.int64()).fill_null(0).to_numpy(), there
    found = column if pa.types.is_dictionary(column.type) else column.dictionary_encode()
    texts = np.append(found.dictionary.to_numpy(zero_copy_only=False).astype(object), "")
    at = found.indices.fill_null(-1).to_numpy()
    return _hashed(texts)[at], there & (texts != "")[at]


def person_numbers(*, persons: pd.Series, numbers: bool) -> np.ndarray:
    """(n,) int64 numbers of the pseudonyms of a table of the study as ``person_codes`` gives them, -1 for one that is no whole number
    where the persons of the file are (``numbers``)."""
    if not numbers:
        return _hashed(persons.to_numpy(dtype=object))
    found = pd.to_numeric(persons.where(persons.str.fullmatch(r"-?\d{1,18}")), errors="coerce", dtype_backend="numpy_nullable")
    return found.astype("Int64").fillna(-1).to_numpy(dtype="int64")


def _hashed(texts: np.ndarray) -> np.ndarray:
    from pandas.util import hash_array

    return hash_array(texts, categorize=False).view(np.int64)
