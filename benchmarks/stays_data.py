"""Made-up stays of two shapes: short acute stays in order of time, and long housing stays in no order at all."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

AS_OF = dt.date(2025, 12, 31)
DEPARTMENTS = 300
LOW_MONTH = int(np.datetime64("2010-01", "M").astype("int64"))
MONTHS = 16 * 12
_BEGIN = int(np.datetime64("2010-01-01", "s").astype("int64"))
_END = int(np.datetime64("2026-01-01", "s").astype("int64"))
_NEVER = np.iinfo(np.int64).max
_day = np.datetime64("2019-01-01", "D").astype("int64") + 30 * np.arange(DEPARTMENTS) % 1500
STARTED = np.where(np.arange(DEPARTMENTS) % 7 == 0, _NEVER, _day).astype(np.int64)
WASHED_IN = np.where(STARTED == _NEVER, _NEVER, _day + 91).astype(np.int64)

SHAPES = {
    "acute": {"stays_each": 4, "nights": 9.0, "pause": 200.0, "in_order": True},
    "housing": {"stays_each": 1.6, "nights": 420.0, "pause": 60.0, "in_order": False},
}
"""Stays per person, mean nights, mean days until the next stay, and whether the file is in order of admission."""

KINDS = np.array(["unplanned", "planned", "user_controlled", "respite", "transfer", "unknown"])
PLACES = np.array(["home", "housing", "hospital", "other_department", "unknown"])
BLOCK = 2_000_000


def write(*, folder: Path, rows: int, shape: str) -> Path:
    """Path of a parquet file with about ``rows`` stays, made once."""
    path = folder / f"{shape}_{rows}.parquet"
    if path.exists():
        return path
    part = path.with_suffix(".part")
    with pq.ParquetWriter(part, _schema(), use_dictionary=["admission_type", "discharged_to"]) as file:
        for number, low in enumerate(range(0, rows, BLOCK)):
            rng = np.random.default_rng([len(shape), rows, number])
            file.write_table(_block(rng, min(BLOCK, rows - low), rows, SHAPES[shape]), row_group_size=500_000)
    part.rename(path)
    return path


def _schema() -> pa.Schema:
    moment = pa.timestamp("us")
    return pa.schema([
        ("person", pa.int64()), ("department", pa.int32()), ("admitted", moment), ("discharged", moment),
        ("admission_type", pa.string()), ("discharged_to", pa.string()), ("died", pa.bool_()),
    ])


def _block(rng: np.random.Generator, n: int, rows: int, shape: dict) -> pa.Table:
    """``n`` stays of persons drawn from all persons of the file: a person's stays are spread over the blocks."""
    person = rng.integers(1, max(2, int(rows / shape["stays_each"])), n) * 7_919
    moved = np.flatnonzero(rng.random(n) < 0.12)
    start = rng.integers(_BEGIN, _END, n)
    if shape["in_order"]:
        start.sort()
    length = (rng.exponential(shape["nights"], n) * 86400).astype(np.int64)
    length[rng.random(n) < 0.04] //= 50
    end = start + length
    back = np.flatnonzero(rng.random(n) < 0.25)
    # A transfer follows within hours, a return within weeks of the stay in the row before.
    for rows_, wait in ((moved, 3600 * 5.0), (back, shape["pause"] * 86400 / 10)):
        rows_ = rows_[rows_ > 0]
        person[rows_] = person[rows_ - 1]
        start[rows_] = end[rows_ - 1] + rng.exponential(wait, len(rows_)).astype(np.int64)
        end[rows_] = start[rows_] + length[rows_]
    there = start < _END
    columns = [
        person, rng.integers(0, DEPARTMENTS, n).astype(np.int32), start * 1_000_000,
        np.where(end < _END, end, 0) * 1_000_000,
    ]
    died = (rng.random(n) < 0.003) & (end < _END)
    kinds = KINDS[rng.choice(len(KINDS), n, p=[0.5, 0.2, 0.12, 0.06, 0.1, 0.02])]
    places = PLACES[rng.choice(len(PLACES), n, p=[0.6, 0.2, 0.08, 0.07, 0.05])]
    person, department, start, stop = (c[there] for c in columns)
    return pa.Table.from_arrays([
        pa.array(person), pa.array(department), pa.array(start, pa.timestamp("us")),
        pa.array(stop, pa.timestamp("us"), mask=stop == 0), pa.array(kinds[there]), pa.array(places[there]),
        pa.array(died[there]),
    ], schema=_schema())
