"""Stays -> episodes: what a person would call one stay, however many departments it went through."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from ..rules import CLOCKED
from .chaining import DAY, chain, gap_limit, last_out

COLUMNS = (
    "row", "person", "department", "first_department", "last_department", "path", "admitted", "discharged",
    "admission_type", "legal_basis", "discharged_to", "n_stays", "n_overlaps", "nights", "ongoing", "died",
)


def episodes(
    *, stays: pd.DataFrame, transfer_gap_hours: float, attribute_to: str, as_of: dt.date, time_of_day: bool,
) -> pd.DataFrame:
    """One row per episode, sorted by person and admission; the order of ``stays`` does not matter.

    ``row``: position in ``stays`` of the stay the episode is attributed to (the last or first by ``attribute_to``);
    ``path``: departments in order of admission joined by ``>``; ``admission_type`` and ``legal_basis`` are those of
    the first stay, ``discharged_to`` of the last; ``nights``: midnights from first in to last out, for an
    ``ongoing`` episode those passed at the end of ``as_of``; ``died``: in any stay, by ``died`` or ``discharged_to``; ``n_overlaps``: stays that began before an earlier one
    of the same episode had ended. Stays that begin after ``as_of`` are not there yet, discharges after it have not
    happened yet. A stay without a person is an episode of its own. Without ``time_of_day`` the times are days; with it,
    a discharge written as a date alone on the day of admission ends the stay when it began.
    """
    stays = _with_optional(stays)
    table = _integers(stays=stays, as_of=as_of, time_of_day=time_of_day)
    limit = gap_limit(transfer_gap_hours=transfer_gap_hours, time_of_day=time_of_day)
    begin, until = table["start"].to_numpy(), table["end"].to_numpy()
    opens, latest = chain(person=table["code"].to_numpy(), start=begin, end=until, limit=limit)
    overlap = ~opens & (begin < np.roll(latest, 1))
    episode, first = np.cumsum(opens) - 1, np.flatnonzero(opens)
    last = last_out(opens=opens, end=until, latest=latest)
    chosen = last if attribute_to == "last" else first
    row = table["row"].to_numpy()
    out = pd.DataFrame({"row": row[chosen]})
    for name, source, at in (
        ("person", "person", first), ("department", "department", chosen), ("first_department", "department", first),
        ("last_department", "department", last), ("admission_type", "admission_type", first),
        ("legal_basis", "legal_basis", first), ("discharged_to", "discharged_to", last),
    ):
        out[name] = stays[source].take(row[at]).array
    start, end = begin[first], until[last]
    out["path"] = _paths(department=stays["department"].take(row).to_numpy(), episode=episode)
    out["n_stays"] = np.bincount(episode, minlength=len(first))
    out["n_overlaps"] = np.bincount(episode, weights=overlap, minlength=len(first)).astype("int64")
    out["nights"] = (end // DAY - start // DAY).astype("float64")
    out["ongoing"] = table["ongoing"].to_numpy()[last]
    out["died"] = np.bincount(episode, weights=table["died"], minlength=len(first)) > 0
    out["admitted"] = _moments(start)
    out["discharged"] = _moments(end)
    out["discharged"] = out["discharged"].mask(out["ongoing"])
    return out[list(COLUMNS)]


def _with_optional(stays: pd.DataFrame) -> pd.DataFrame:
    """``stays`` with the columns that a source may lack; a missing kind of admission is ``unknown``."""
    empty = pd.Series(np.nan, index=stays.index, dtype="str")
    found = {name: stays.get(name, empty) for name in ("admission_type", "legal_basis", "discharged_to")}
    found["admission_type"] = found["admission_type"].fillna("unknown")
    return stays.assign(**found, died=stays.get("died", pd.Series(False, index=stays.index)))


def clock_times(*, stays: pd.DataFrame) -> bool:
    """True when nine in ten admissions and nine in ten discharges carry a clock time.

    Where one source gives times and another only days, hours between them mean nothing: then all are days.
    """
    for name in ("admitted", "discharged"):
        times = stays[name].dropna()
        if len(times) and (times != times.dt.normalize()).mean() < CLOCKED:
            return False
    return bool(stays["admitted"].notna().any())


def seconds(times: pd.Series) -> np.ndarray:
    """Whole seconds since 1970 as int64; a missing time is the smallest int64."""
    return times.to_numpy().astype("datetime64[s]").astype("int64")


def closing(as_of: dt.date) -> int:
    """The midnight that ends ``as_of``, in seconds: the last day the data cover is covered whole."""
    return int(np.datetime64(as_of, "s").astype("int64")) + DAY


def _moments(values: np.ndarray) -> pd.Series:
    return pd.Series(values.astype("datetime64[s]").astype("datetime64[us]"))


def _integers(*, stays: pd.DataFrame, as_of: dt.date, time_of_day: bool) -> pd.DataFrame:
    """The stays as numbers, sorted by person, start, end, department and stay id."""
    code, people = pd.factorize(stays["person"], sort=True)
    code = np.where(code < 0, len(people), code)
    end, close = seconds(stays["discharged"]), closing(as_of)
    ongoing = stays["discharged"].isna().to_numpy() | (end >= close)
    start = seconds(stays["admitted"])
    if not time_of_day:
        start, end = start // DAY * DAY, end // DAY * DAY
    table = pd.DataFrame({
        "code": code.astype("int64"), "start": start, "end": np.where(ongoing, close, end),
        "department": pd.factorize(stays["department"], sort=True)[0],
        "stay": pd.factorize(stays["stay_id"], sort=True)[0],
        "died": (stays["died"].fillna(False).to_numpy(dtype=bool) | (stays["discharged_to"] == "dead").to_numpy()) & ~ongoing,
        "ongoing": ongoing, "row": np.arange(len(stays)),
    })
    table = table[table["start"] < close]
    order = np.lexsort([table[key] for key in ("stay", "department", "end", "start", "code")])
    table = table.iloc[order]
    # Persons left out above leave holes in the codes; every stay without a person is a person of its own.
    code = table["code"].to_numpy()
    fresh = (np.diff(code, prepend=-1) != 0) | (code == len(people))
    return table.assign(code=np.cumsum(fresh) - 1, end=np.maximum(table["end"], table["start"])).reset_index(drop=True)


def _paths(*, department: np.ndarray, episode: np.ndarray) -> pd.Series:
    """Departments of each episode in order, a department named once for stays in a row."""
    if len(episode) == 0:
        return pd.Series([], dtype="str")
    step = (np.diff(episode, prepend=-1) != 0) | (department != np.roll(department, 1))
    name, own = department[step], episode[step]
    opens = np.flatnonzero(np.diff(own, prepend=-1))
    path = name[opens]
    # Most episodes stay in one department: only the others need their names joined.
    several = np.flatnonzero(np.diff(opens, append=len(own)) > 1)
    ends = np.append(opens, len(own))
    path[several] = [">".join(name[ends[at]:ends[at + 1]]) for at in several]
    return pd.Series(path, dtype="str")
