"""The named rules on a typed table: across columns, across rows and across tables. Arrays in, positions out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from .contracts import Column, Contract, Rule, is_item
from .intake.distinct import distinct
from .intake.main_stretch import EVENT_DAYS, far_off
from .intake.repeats import overlapping, repeated
from .settings import Limit


@dataclass(frozen=True)
class Window:
    """A wave: id, first and last day."""

    id: str
    opens: dt.date
    closes: dt.date


@dataclass(frozen=True)
class Answers:
    """What an item may hold: ``codes`` (the two ends when ``continuous``) and the declared ``missing`` codes.

    ``reverse``: a reversed item; ``prints_reversed``: of a form that prints the points beside the boxes, so that a file
    may hold either and the mapping or the survey must say which. ``already_reversed``: what the survey says of its
    files; a mapping that says something else wins.
    """

    codes: tuple[float, ...]
    missing: tuple[float, ...] = ()
    continuous: bool = False
    reverse: bool = False
    prints_reversed: bool = False
    already_reversed: bool | None = None


@dataclass(frozen=True)
class Context:
    """What a table is checked against; a part that is None or empty is not checked.

    ``departments``: the validated register. ``waves[table]``: windows of the surveys kept in that table. ``as_of``: the
    last day the data cover. ``items[column]``: what an item column may hold; when given, an item column outside it is
    unknown. ``persons``: the validated persons table. ``limits[rule]``: how many rows may break it, where study.toml says so.
    ``clash``: rows (n,) of a table that say another number than another source does, where there is another source.
    """

    departments: pd.DataFrame | None = None
    waves: Mapping[str, tuple[Window, ...]] = field(default_factory=dict)
    as_of: dt.date | None = None
    items: Mapping[str, Answers] = field(default_factory=dict)
    persons: pd.DataFrame | None = None
    limits: Mapping[str, Limit] = field(default_factory=dict)
    clash: Callable[[pd.DataFrame], np.ndarray] | None = None


@dataclass(frozen=True)
class Register:
    """``known`` (n,): the department is in the register or missing; ``opened``, ``closed`` (n,): its dates or NaT."""

    known: np.ndarray
    opened: np.ndarray
    closed: np.ndarray


@dataclass(frozen=True)
class Given:
    """What a rule may look at besides the rows. ``spoken`` (n,): rows that the rules named in ``also`` have caught;
    ``refused`` (n,): rows that a rule so far keeps out; ``register``: each row's department in the register, None without one."""

    context: Context
    contract: Contract
    spoken: np.ndarray
    refused: np.ndarray
    register: Register | None


CLOCKED = 0.9
"""Share of admissions, and of discharges, that carry a clock time before hours between them mean something."""

Found = list[tuple[str, str, np.ndarray]]
"""(rule code, our column, positions of the rows), positions rising."""


def find(*, frame: pd.DataFrame, contract: Contract, context: Context, unread: Mapping[str, np.ndarray] | None = None) -> Found:
    """Every break of a rule in a typed ``frame`` (n rows). ``unread[column]``: cells (n,) that held something which
    could not be read; they are missing in ``frame`` but not empty, so nothing more is said about them."""
    nowhere = np.zeros(len(frame), dtype=bool)
    faulty = {name: (unread or {}).get(name, nowhere) for name in contract.columns}
    found: Found = []
    for column in contract.columns.values():
        for code, hit in _cells(frame[column.name], column):
            if hit.any():
                _add(found, code, column.name, hit & ~faulty[column.name])
                faulty[column.name] = faulty[column.name] | hit
    for name in frame.columns:
        if is_item(name) and context.items:
            _add(found, "C07", name, _not_allowed(frame[name], context.items.get(name)))
    readable = _without(frame, faulty)
    register = _register(readable, context.departments)
    caught: dict[str, np.ndarray] = {}
    refused = np.logical_or.reduce([nowhere, *faulty.values()])
    for one in sorted(contract.rules.values(), key=lambda r: (r.severity == "note", r.code)):
        spoken = np.logical_or.reduce([caught.get(code, nowhere) for code in one.also] or [nowhere])
        for column, hit in _KINDS[one.kind](readable, one, Given(context, contract, spoken, refused, register)):
            hit = hit & ~spoken & ~faulty.get(column, nowhere)
            if hit.any():
                caught[one.code] = caught.get(one.code, nowhere) | hit
                refused = refused | hit if one.refuses else refused
                _add(found, one.code, column, hit)
    for name in EVENT_DAYS:
        if name in contract.columns and (far := far_off(frame[name]) & ~faulty[name]).any():
            _add(found, "C16", name, far & ~_told_of_dates(found, contract, len(frame)))
    return found


def _told_of_dates(found: Found, contract: Contract, n: int) -> np.ndarray:
    """Rows (n,) of which something was said about a date: a year that is wrong is said once."""
    told = np.zeros(n, dtype=bool)
    for _, column, positions in found:
        if column in contract.columns and contract.columns[column].type in ("date", "datetime"):
            told[positions] = True
    return told


def _without(frame: pd.DataFrame, faulty: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """``frame`` with the cells missing that a cell rule has judged: one fault is said once."""
    wrong = {name: hit for name, hit in faulty.items() if hit.any()}
    return frame.assign(**{name: frame[name].mask(hit) for name, hit in wrong.items()}) if wrong else frame


def _add(found: Found, code: str, column: str, hit: np.ndarray) -> None:
    if hit.any():
        found.append((code, column, np.flatnonzero(hit)))


_EARLIEST, _LATEST = np.datetime64("1900-01-01", "us"), np.datetime64("2101-01-01", "us")


def _cells(values: pd.Series, column: Column):
    """Rules of one cell that hold on typed values."""
    filled = values.notna().to_numpy()
    if column.required == "filled":
        yield "C01", ~filled
    if column.allowed:
        yield "C07", filled & ~values.isin(list(column.allowed)).to_numpy()
    if column.type in ("integer", "number"):
        numbers = values.to_numpy(dtype="float64")
        if column.type == "integer":
            yield "C03", filled & (numbers != np.round(numbers))
        if column.min is not None:
            yield "C04", filled & (numbers < column.min)
        if column.max is not None:
            yield "C05", filled & (numbers > column.max)
    if column.type in ("date", "datetime"):
        times = values.to_numpy()
        yield "C09", (times < _EARLIEST) | (times >= _LATEST)


def _not_allowed(values: pd.Series, answers: Answers | None) -> np.ndarray:
    numbers = values.to_numpy(dtype="float64")
    if answers is None:
        return ~np.isnan(numbers)
    if answers.continuous:
        fits = (numbers >= answers.codes[0]) & (numbers <= answers.codes[-1])
    else:
        fits = np.isin(numbers, answers.codes)
    return ~(np.isnan(numbers) | fits | np.isin(numbers, answers.missing))


def _unique(frame, one: Rule, given: Given):
    yield one.columns[0], repeated(frame[list(one.columns)]) & frame[one.columns[0]].notna().to_numpy()


def _order(frame, one: Rule, given: Given):
    first, then = (frame[c].to_numpy() for c in one.columns)
    if one.most is None:
        # A date alone, on the very day it began, is that day and not the midnight before.
        yield one.columns[1], (then < first) & (then != first.astype("datetime64[D]"))
    else:
        yield one.columns[1], (then - first) > np.timedelta64(int(one.most), "D")


def _together(frame, one: Rule, given: Given):
    given, needed = (frame[c] for c in one.columns)
    stated = given.fillna(False).to_numpy(dtype=bool) if given.dtype == "boolean" else given.notna().to_numpy()
    yield one.columns[1], stated & needed.isna().to_numpy()


def _at_most(frame, one: Rule, given: Given):
    part, whole = (frame[c].to_numpy() for c in one.columns)
    yield one.columns[0], part > whole


def _first_of_month(frame, one: Rule, given: Given):
    values = frame[one.columns[0]]
    yield one.columns[0], (values.notna() & (values.dt.day != 1)).to_numpy()


def _any_item(frame, one: Rule, given: Given):
    items = [c for c in frame.columns if is_item(c)]
    if items:
        yield items[0], frame[items].isna().all(axis=1).to_numpy()


def _consented(frame, one: Rule, given: Given):
    yield one.columns[0], (frame[one.columns[0]] == False).fillna(False).to_numpy(dtype=bool)  # noqa: E712


def _most_true(frame, one: Rule, given: Given):
    kept, *who = one.columns
    yes = frame[kept].fillna(False).to_numpy(dtype=bool)
    order = pd.Series(yes).groupby([frame[w] for w in who], dropna=True).cumsum().to_numpy(dtype="float64")
    yield kept, yes & (order > one.most)


def _overlap(frame, one: Rule, given: Given):
    """Stays of one person where the next begins before an earlier one has ended; an open stay has no end. A stay
    that other rules have caught (it stands there twice, it ends before it begins) is no part of it."""
    person, start, end = one.columns
    usable = (frame[person].notna() & frame[start].notna()).to_numpy() & ~given.spoken
    out = np.zeros(len(frame), dtype=bool)
    rows = np.flatnonzero(usable)
    ends = frame[end].to_numpy().astype("datetime64[s]")[rows]
    begins = frame[start].to_numpy().astype("datetime64[s]").astype("int64")[rows]
    never = max(ends[~np.isnat(ends)].astype("int64").max(initial=0), begins.max(initial=0)) + 1
    ends = np.where(np.isnat(ends), never, ends.astype("int64"))
    out[rows[overlapping(who=distinct(frame[person], always=True).codes[rows], begins=begins, ends=ends)]] = True
    yield start, out


def _register(frame: pd.DataFrame, departments: pd.DataFrame | None) -> Register | None:
    if departments is None or "department" not in frame:
        return None
    found = distinct(frame["department"])
    rows = departments.drop_duplicates("department").set_index("department").reindex(found.python())
    known = pd.Index(found.python()).isin(departments["department"])
    dates = [np.append(rows[c].to_numpy().astype("datetime64[us]"), np.datetime64("NaT"))[found.codes]
             for c in ("active_from", "active_to")]
    return Register(np.append(known, True)[found.codes], *dates)


def _known_department(frame, one: Rule, given: Given):
    if given.register is not None:
        yield one.columns[0], ~given.register.known


def _after_opening(frame, one: Rule, given: Given):
    if given.register is not None:
        yield one.columns[0], frame[one.columns[0]].to_numpy() < given.register.opened


def _before_closing(frame, one: Rule, given: Given):
    if given.register is not None:
        yield one.columns[0], _whole_days(frame[one.columns[0]]) > given.register.closed


def _while_open(frame, one: Rule, given: Given):
    for (column, early), (_, late) in zip(
        _after_opening(frame, one, given), _before_closing(frame, one, given), strict=True
    ):
        yield column, early | late


def _whole_days(values: pd.Series) -> np.ndarray:
    return values.to_numpy().astype("datetime64[D]").astype("datetime64[us]")


def _windows(given: Given) -> tuple[Window, ...]:
    """The waves of this table's surveys; for a table that is no survey, of all surveys."""
    own = given.context.waves.get(given.contract.name)
    return own if own is not None else tuple(w for windows in given.context.waves.values() for w in windows)


def _known_wave(frame, one: Rule, given: Given):
    windows = _windows(given)
    if windows:
        values = frame[one.columns[0]]
        yield one.columns[0], (values.notna() & ~values.isin([w.id for w in windows])).to_numpy()


def _in_wave(frame, one: Rule, given: Given):
    windows = _windows(given)
    if not windows:
        return
    day, wave = one.columns
    when = _whole_days(frame[day])
    inside = np.zeros(len(frame), dtype=bool)
    for window in windows:
        opens, closes = np.datetime64(window.opens, "us"), np.datetime64(window.closes, "us")
        inside |= (frame[wave] == window.id).to_numpy(dtype=bool) & (when >= opens) & (when <= closes)
    known = frame[wave].isin([w.id for w in windows]).to_numpy()
    yield day, known & ~np.isnat(when) & ~inside


def _known_person(frame, one: Rule, given: Given):
    if given.context.persons is not None and len(given.context.persons):
        values = frame[one.columns[0]]
        yield one.columns[0], (values.notna() & ~values.isin(given.context.persons["person"])).to_numpy()


def _alive(frame, one: Rule, given: Given):
    """Begun on a later day than the person died, by the persons table or by a stay that ended in death."""
    person, day = one.columns
    deaths = []
    if given.context.persons is not None:
        deaths.append(given.context.persons.dropna(subset=["died_on"]).set_index("person")["died_on"])
    if "died" in frame and "discharged" in frame:
        ended = frame[frame["died"].fillna(False).astype(bool) & (frame["discharged"] >= frame["admitted"])]
        deaths.append(ended.dropna(subset=[person]).set_index(person)["discharged"])
    deaths = [d for d in deaths if len(d)]
    if deaths:
        first = pd.concat(deaths).groupby(level=0).min()
        died = frame[person].map(first).to_numpy().astype("datetime64[us]").astype("datetime64[D]")
        yield day, _whole_days(frame[day]) > died


def _not_withdrawn(frame, one: Rule, given: Given):
    if given.context.persons is not None:
        gone = given.context.persons.loc[given.context.persons["withdrawn_on"].notna(), "person"]
        yield one.columns[0], frame[one.columns[0]].isin(gone).to_numpy()


def _not_after_data(frame, one: Rule, given: Given):
    if given.context.as_of is not None:
        for column in one.columns:
            yield column, _whole_days(frame[column]) > np.datetime64(given.context.as_of, "us")


def _open_twice(frame, one: Rule, given: Given):
    """Every stay without an end after the first of the same person, in order of admission."""
    person, start, end = one.columns
    usable = (frame[person].notna() & frame[start].notna() & frame[end].isna()).to_numpy() & ~given.spoken
    rows = np.flatnonzero(usable)
    order = rows[np.argsort(frame[start].to_numpy()[rows], kind="stable")]
    out = np.zeros(len(frame), dtype=bool)
    out[order] = frame[person].iloc[order].duplicated().to_numpy()
    yield end, out


def _mixed_times(frame, one: Rule, given: Given):
    """Cells at midnight sharp, where a table has clock times but a column of it has them in fewer than ``CLOCKED``."""
    midnight = {c: (frame[c].notna() & (frame[c] == frame[c].dt.normalize())).to_numpy() for c in one.columns}
    clocked = {c: 1 - hit.sum() / max(int(frame[c].notna().sum()), 1) for c, hit in midnight.items()}
    if max(clocked.values()) > 0 and min(clocked.values()) < CLOCKED:
        for column, hit in midnight.items():
            yield column, hit


def _clash(frame, one: Rule, given: Given):
    """Rows that stay in and say another number than the other source."""
    if given.context.clash is not None and not given.refused.all():
        out = np.zeros(len(frame), dtype=bool)
        out[~given.refused] = given.context.clash(frame[~given.refused])
        yield one.columns[0], out


_KINDS: Mapping[str, Callable] = {
    "unique": _unique, "order": _order, "together": _together, "at_most": _at_most, "first_of_month": _first_of_month,
    "any_item": _any_item, "consented": _consented, "most_true": _most_true, "overlap": _overlap,
    "known_department": _known_department, "after_opening": _after_opening, "before_closing": _before_closing,
    "while_open": _while_open, "known_wave": _known_wave, "in_wave": _in_wave, "known_person": _known_person,
    "alive": _alive, "not_withdrawn": _not_withdrawn, "not_after_data": _not_after_data, "open_twice": _open_twice,
    "mixed_times": _mixed_times, "clash": _clash,
}
