"""Reading a Norwegian CSV and holding its rows against a contract, beside pandas' C reader and pandera, equal outputs checked.

    python benchmarks/intake.py                        small (what CI runs)
    python benchmarks/intake.py --rows 1000000         the size of the goals
    python benchmarks/intake.py --peak 10000000 --folder /big/disk

Goals (ratios in one run, median of the rounds, interleaved): reading 5 times faster than ``pandas.read_csv`` with
``date_format``; the rules 5 times faster than the same pandera schema, and with a fifth of the rows wrong at most 3 times
slower than on clean rows. Processor time of all threads stands beside the clock, which a busy machine bends.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from evaltool import contracts
from evaltool.check import check
from evaltool.intake import parse_mapping, read_source
from evaltool.intake.convert import convert, different_texts, plan
from evaltool.rules import Context, find

COMPONENTS, STAYS = contracts.contract("components"), contracts.contract("stays")
DAY = "%d.%m.%Y"
MAPPING = parse_mapping(name="components.toml", raw={"version": 1, "table": "components", "columns": {
    "department": {"from": "Avdeling"}, "component": {"from": "Tiltak"},
    "event_date": {"from": "Fra dato", "format": DAY}, "end_date": {"from": "Til dato", "format": DAY},
    "dose_value": {"from": "Timer", "decimal": ","}, "n_staff": {"from": "Deltakere"}, "n_staff_eligible": {"from": "Ansatte"},
}})
FEEDS = {"Avdeling": "department", "Tiltak": "component", "Fra dato": "event_date", "Til dato": "end_date",
         "Timer": "dose_value", "Deltakere": "n_staff", "Ansatte": "n_staff_eligible"}
ROW_RULES = replace(STAYS, rules={
    code: rule for code, rule in STAYS.rules.items()
    if rule.severity == "error" and rule.kind in ("order", "together", "at_most", "first_of_month", "unique")
})
"""The stays contract with the rules that its pandera schema has too."""


def write_csv(*, path: Path, rows: int, seed: int = 1, encoding: str = "utf-8") -> Path:
    """Semicolons, decimal comma, dd.mm.yyyy; a million rows at a time."""
    rng = np.random.default_rng(seed)
    for begin in range(0, rows, 1_000_000):
        n = min(1_000_000, rows - begin)
        start = np.datetime64("2020-01-01") + rng.integers(0, 4 * 365, n).astype("timedelta64[D]")
        end = start + rng.integers(0, 40, n).astype("timedelta64[D]")
        pd.DataFrame({
            "Avdeling": rng.choice(["nord", "sør", "øst", "vest"], n), "Tiltak": rng.choice(["opplæring", "veiledning", "møte"], n),
            "Fra dato": pd.Series(start).dt.strftime(DAY), "Til dato": pd.Series(end).dt.strftime(DAY),
            "Timer": np.round(rng.random(n) * 100, 1), "Deltakere": rng.integers(0, 40, n), "Ansatte": rng.integers(40, 60, n),
        }).to_csv(path, sep=";", decimal=",", index=False, mode="a" if begin else "w", header=not begin, lineterminator="\r\n",
                 encoding=encoding)
    return path


def ours(path: Path) -> pd.DataFrame:
    """The typed table, as the check gets it."""
    source = read_source(path=path, mapping=MAPPING)
    planned = plan(source=source, contract=COMPONENTS, mapping=MAPPING)
    typed = convert(source=source, contract=COMPONENTS, mapping=MAPPING, plan=planned, texts=different_texts(source=source, plan=planned))
    if typed.faults:
        raise RuntimeError(f"faults in a clean file: {typed.faults}")
    return typed.frame


def checked(path: Path) -> None:
    """The whole check: read, typed, every rule, what it covers."""
    found = check(source=read_source(path=path, mapping=MAPPING), table="components", mapping=MAPPING)
    if found.n_refused:
        raise RuntimeError(f"{found.n_refused} rows refused in a clean file")


def theirs(path: Path, encoding: str = "utf-8") -> pd.DataFrame:
    """The same columns by pandas' C reader."""
    return pd.read_csv(path, sep=";", decimal=",", engine="c", parse_dates=["Fra dato", "Til dato"], date_format=DAY, encoding=encoding)


def same_table(one: pd.DataFrame, other: pd.DataFrame) -> None:
    """RuntimeError where a value differs."""
    for heading, column in FEEDS.items():
        mine, peer = one[column].to_numpy(), other[heading].to_numpy()
        if not np.array_equal(mine, peer.astype(mine.dtype) if column not in ("department", "component") else peer):
            raise RuntimeError(f"{column} differs from pandas")


def clean_stays(n: int, seed: int = 2) -> pd.DataFrame:
    """Ward stays that keep every rule of ``ROW_RULES``."""
    rng = np.random.default_rng(seed)
    begin = np.datetime64("2020-01-01", "us") + rng.integers(0, 4 * 365 * 24 * 60, n).astype("timedelta64[m]")
    return pd.DataFrame({
        "stay_id": [f"s{i}" for i in range(n)], "person": [f"p{i}" for i in rng.integers(0, n // 4 + 1, n)],
        "department": rng.choice(["nord", "sør", "øst"], n), "admitted": begin,
        "discharged": begin + rng.integers(1, 60_000, n).astype("timedelta64[m]"),
        "admission_type": rng.choice(["planned", "unplanned"], n), "legal_basis": "voluntary", "discharged_to": "home", "died": False,
    }).astype({c.name: c.dtype for c in STAYS.columns.values()})


def faulty_stays(frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, np.ndarray]]:
    """A fifth of the rows wrong, each in one way; and which rows break which rule."""
    out, n = frame.copy(), len(frame)
    parts = np.array_split(np.random.default_rng(3).permutation(np.arange(1, n))[:n // 5], 5)
    planted = dict(zip(("C01", "C07", "S01", "S07", "S11"), map(np.sort, parts), strict=True))
    out.loc[planted["C01"], "department"] = None
    out.loc[planted["C07"], "admission_type"] = "elective"
    out.loc[planted["S01"], "stay_id"] = out.loc[0, "stay_id"]
    out.loc[planted["S07"], "discharged"] = out.loc[planted["S07"], "admitted"] - pd.Timedelta(days=1)
    out.loc[planted["S11"], "discharged"], out.loc[planted["S11"], "died"] = pd.NaT, True
    return out, planted


def rules(frame: pd.DataFrame) -> dict[str, np.ndarray]:
    """Rows by rule."""
    return {code: rows for code, _, rows in find(frame=frame, contract=ROW_RULES, context=Context())}


def timed(runs: dict[str, Callable], rounds: int) -> dict[str, tuple[float, float]]:
    """Median seconds by the clock and of the processor, the runs taken in turn."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            clock, processor = time.perf_counter(), time.process_time()
            run()
            taken[name].append((time.perf_counter() - clock, time.process_time() - processor))
    return {name: tuple(statistics.median(one) for one in zip(*times, strict=True)) for name, times in taken.items()}


def line(name: str, goal: str, over: tuple[float, float], under: tuple[float, float]) -> None:
    print(f"{name:<38} {over[0] / under[0]:7.1f} {over[1] / under[1]:10.1f}   {goal}")


def reading(folder: Path, rows: int, rounds: int) -> None:
    for encoding in ("utf-8", "cp1252"):
        path = write_csv(path=folder / f"{encoding}.csv", rows=rows, encoding=encoding)
        same_table(ours(path), theirs(path, encoding))
        took = timed({"ours": lambda: ours(path), "pandas": lambda: theirs(path, encoding)}, rounds)
        line(f"pandas' C reader / ours, {encoding}", "at least 5", took["pandas"], took["ours"])


def checking(rows: int, rounds: int) -> None:
    clean = clean_stays(rows)
    bad, planted = faulty_stays(clean)
    found = rules(bad)
    if rules(clean) or set(found) != set(planted) or any(not np.array_equal(found[code], planted[code]) for code in planted):
        raise RuntimeError("the rules found something else than what was planted")
    schema = contracts.schema(contract=STAYS)
    took = timed({"ours": lambda: rules(clean), "bad": lambda: rules(bad), "pandera": lambda: schema.validate(clean, lazy=True)}, rounds)
    line("pandera / rules, clean rows", "at least 5", took["pandera"], took["ours"])
    line("rules, a fifth wrong / clean", "at most 3", took["bad"], took["ours"])


def peak(folder: Path, rows: int) -> None:
    """Most memory while reading, and in the whole check, above what an empty run takes, each in a process of its own."""
    path, few = write_csv(path=folder / "components.csv", rows=rows), write_csv(path=folder / "few.csv", rows=10)
    for way in ("read", "check"):
        used = [int(subprocess.run([sys.executable, __file__, "--measured", way, str(one)], capture_output=True, text=True, check=True).stdout)
                for one in (few, path)]
        print(f"{way}: {rows} rows of {path.stat().st_size / rows:.0f} bytes: {(used[1] - used[0]) / rows:.0f} bytes of memory a row at most")


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--rows", type=int, default=20_000)
    asked.add_argument("--rounds", type=int, default=5)
    asked.add_argument("--peak", type=int, default=0, help="rows of the file whose reading and check are measured in memory")
    asked.add_argument("--measured", nargs=2, help=argparse.SUPPRESS)
    asked.add_argument("--folder", type=Path, help="where the files are written; else a temporary folder")
    given = asked.parse_args()
    if given.measured:
        {"read": ours, "check": checked}[given.measured[0]](Path(given.measured[1]))
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
    else:
        with tempfile.TemporaryDirectory(dir=given.folder) as made:
            if given.peak:
                peak(Path(made), given.peak)
            else:
                print(f"{given.rows} rows, {given.rounds} rounds".ljust(38) + "   clock  processor   goal")
                reading(Path(made), given.rows, given.rounds)
                checking(given.rows, given.rounds)
