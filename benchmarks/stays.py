"""Readmissions and bed-days on millions of stays, beside DuckDB and pandas on the same file, equal answers checked.

    python benchmarks/stays.py                     small, everything (what CI runs)
    python benchmarks/stays.py --rows 10000000     the size of the goals
    python benchmarks/stays.py --growth 10000000 100000000 --folder /big/disk

Goals (ratios in one run, median of five, interleaved): readmission at most 0.8 of DuckDB's time and 8 times faster
than pandas; 300 times faster than a function per patient at 100 000; bed-days at most 0.6 of DuckDB's time; ten times
the rows at most 11 times the time; at most 150 bytes of memory a row. DuckDB is left out where it is not installed.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import stays_peers as peers
from stays_data import AS_OF, DEPARTMENTS, LOW_MONTH, MONTHS, SHAPES, STARTED, WASHED_IN, write

from evaltool.indicators.bed_days import monthly_totals
from evaltool.indicators.definitions import ReadmissionDefinition
from evaltool.indicators.episodes import closing
from evaltool.indicators.registry import FollowUp, counts, follow_up
from evaltool.registry_file import whole_persons
from evaltool.registry_rows import Rulebook, Tally

CLOSE = closing(AS_OF)
DEFINITION = ReadmissionDefinition()
SAMPLED = 3
"""Parts of the largest files that a second method counts as well."""


BOOK = Rulebook(as_of=AS_OF, departments=pd.DataFrame({"department": [str(d) for d in range(DEPARTMENTS)]}), definition=DEFINITION)


def readmissions(path: Path, progress: Callable[[int, int], None] = lambda done, of: None) -> np.ndarray:
    """(departments, months, phases, 2) index episodes and readmissions, of all rows as the peers take them."""
    total = 0
    for stays in whole_persons(path=path, book=BOOK, tally=Tally(), progress=progress):
        total = total + tally(follow_up(stays=stays, definition=DEFINITION, close=CLOSE, time_of_day=True))
        del stays  # Gone before the next part is there.
    return total


def whole_seconds(column: pa.Array, missing: int) -> np.ndarray:
    """(n,) seconds since 1970; ``missing`` where there is none."""
    return column.cast(pa.int64()).fill_null(missing * 1_000_000).to_numpy() // 1_000_000


def bed_days(path: Path) -> np.ndarray:
    """(departments, months) nights, batch by batch: no person is needed."""
    low = int(np.datetime64(LOW_MONTH, "M").astype("datetime64[D]").astype("int64"))
    n_days = CLOSE // 86400 - low
    file = pq.ParquetFile(path, memory_map=True)
    total = 0
    for batch in file.iter_batches(batch_size=2_000_000, columns=["department", "admitted", "discharged"]):
        first = np.clip(whole_seconds(batch.column("admitted"), 0) // 86400, low, CLOSE // 86400)
        after = np.clip(whole_seconds(batch.column("discharged"), CLOSE) // 86400, low, CLOSE // 86400)
        department = batch.column("department").to_numpy().astype(np.int64)
        total = total + monthly_totals(
            department=department, first=first, after=after, n_departments=DEPARTMENTS, low=low, n_days=n_days,
        )
    return total[:, :MONTHS]


def race(runners: dict[str, Callable[[], np.ndarray]], rounds: int) -> dict[str, tuple[float, float]]:
    """Median seconds and processor seconds of each, in turn, after one round that also compares the answers."""
    answers = {name: run() for name, run in runners.items()}
    ours = next(iter(answers.values()))
    for name, answer in answers.items():
        if not np.array_equal(ours, answer):
            sys.exit(f"{name} gives another answer: {int(np.abs(ours - answer).sum())} of {int(ours.sum())} differ")
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in runners}
    for _ in range(rounds):
        for name, run in runners.items():
            begin, begin_cpu = time.perf_counter(), time.process_time()
            run()
            times[name].append((time.perf_counter() - begin, time.process_time() - begin_cpu))
    return {name: tuple(map(statistics.median, zip(*took, strict=True))) for name, took in times.items()}


def compare(folder: Path, rows: int, rounds: int, per_patient: bool, shapes: list[str]) -> None:
    print(f"{'work':24} {'rows':>11} {'peer':>12} {'ours s':>8} {'peer s':>8} {'ours/peer':>10} {'of CPU':>8} {'CPU s':>8} {'peer CPU':>9}")
    for shape in shapes:
        path = write(folder=folder, rows=rows, shape=shape)
        cross_check(path)
        for work, ours, others in (
            ("readmission", readmissions, peers.READMISSION), ("bed-days", bed_days, peers.BED_DAYS),
        ):
            runners = {"ours": lambda run=ours, path=path: run(path)} | {n: lambda run=r, path=path: run(path) for n, r in others.items()}
            report(f"{work}, {shape}", rows, race(runners, rounds))
        if not per_patient:
            continue
        some = 100_000 if rows >= 1_000_000 else 2_000
        small = write(folder=folder, rows=some, shape=shape)
        took = race({"ours": lambda path=small: readmissions(path), "per patient": lambda path=small: peers.per_patient(path)}, 1)
        report(f"readmission, {shape}", some, took)


def report(work: str, rows: int, took: dict[str, tuple[float, float]]) -> None:
    """Ratio of the clock, and of processor time: a busy machine spoils the first, a peer with threads pays in the second."""
    seconds, cpu = took["ours"]
    for name, (theirs, their_cpu) in took.items():
        if name != "ours":
            print(f"{work:24} {rows:>11,} {name:>12} {seconds:>8.3f} {theirs:>8.3f} {seconds / theirs:>10.4f} {cpu / their_cpu:>8.4f} "
                  f"{cpu:>8.3f} {their_cpu:>9.3f}", flush=True)


def growth(folder: Path, sizes: list[int], rounds: int, shapes: list[str]) -> None:
    """Seconds and peak memory by size, each in a process of its own; then how the sizes relate (Linux only)."""
    print(f"{'shape':10} {'rows':>12} {'seconds':>9} {'of CPU':>9} {'bytes a row':>12} {'peak MB':>9} {'index episodes':>15}")
    for shape in shapes:
        seen = []
        for rows in sizes:
            path = write(folder=folder, rows=rows, shape=shape)
            call = [sys.executable, __file__, "--measure", str(path), "--rounds", str(rounds)]
            answer = subprocess.run(call, check=True, stdout=subprocess.PIPE, text=True).stdout
            seconds, cpu, peak, total = map(float, answer.split())
            seen.append(cpu)
            print(f"{shape:10} {rows:>12,} {seconds:>9.2f} {cpu:>9.2f} {peak / rows:>12.0f} {peak / 1e6:>9.0f} {total:>15,.0f}",
                  flush=True)
            cross_check(path)
        print(f"{shape:10} {sizes[-1] / sizes[0]:.0f} times the rows took {seen[-1] / seen[0]:.1f} times the processor time")


def cross_check(path: Path) -> None:
    """``SAMPLED`` parts of the file, each about half a million stays, by the data frames as well: the same tables, or stop."""
    rows = pq.read_metadata(path).num_rows
    n = max(1, rows // 500_000)
    whole = whole_persons(path=path, book=BOOK, tally=Tally(), n_parts=n)
    checked = 0
    for part in itertools.islice(whole, SAMPLED):
        ours = tally(follow_up(stays=part, definition=DEFINITION, close=CLOSE, time_of_day=True))
        if not np.array_equal(ours, tally(peers.by_frames(part))):
            sys.exit(f"the frames give another answer on {len(part.person)} stays of {path.name}")
        checked += len(part.person)
    print(f"{path.stem}: {checked:,} stays in {min(n, SAMPLED)} of {n} parts of the file, the data frames give the same tables")


def tally(found: FollowUp) -> np.ndarray:
    return counts(
        found=found, n_departments=DEPARTMENTS, low_month=LOW_MONTH, n_months=MONTHS, started=STARTED, washed_in=WASHED_IN,
    )


def measure(path: Path, rounds: int) -> None:
    """Medians of seconds and processor seconds, peak memory above the start in bytes, and the index episodes."""
    took, used = [], []
    # A new process starts with its parent's peak; Linux forgets it on request.
    Path("/proc/self/clear_refs").write_text("5")
    before = peak_memory()
    for _ in range(rounds):
        begin, begin_cpu = time.perf_counter(), time.process_time()
        answer = readmissions(path, progress=lambda done, of: print(f"\r{path.stem}: part {done} of {of}", end="", file=sys.stderr))
        took.append(time.perf_counter() - begin)
        used.append(time.process_time() - begin_cpu)
    print(statistics.median(took), statistics.median(used), peak_memory() - before, answer[..., 0].sum())


def peak_memory() -> int:
    line = next(row for row in Path("/proc/self/status").read_text().splitlines() if row.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=20_000)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--growth", type=int, nargs="+")
    options.add_argument("--folder", type=Path)
    options.add_argument("--shape", nargs="+", choices=list(SHAPES), default=list(SHAPES))
    options.add_argument("--no-per-patient", action="store_true", help="leave out the slowest peer (minutes at 100 000)")
    options.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.measure:
        measure(chosen.measure, chosen.rounds)
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.folder or Path(temporary)
        if chosen.growth:
            growth(folder, chosen.growth, chosen.rounds, chosen.shape)
        else:
            compare(folder, chosen.rows, chosen.rounds, not chosen.no_per_patient, chosen.shape)


if __name__ == "__main__":
    main()
