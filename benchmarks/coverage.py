"""Do the 95 % intervals hold what they promise? Planted truths, many draws, one run, one table.

    python benchmarks/coverage.py              the table of METHODS.md (minutes); with --write it is put there
    python benchmarks/coverage.py --runs 20    a quick look

Every case has its own seed: adding one does not move the others. Half the draws have no effect at all; the share of
their intervals that exclude no change is the share of false alarms.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

# Small matrices: more threads only stand in each other's way.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pandas as pd
from coverage_cases import Case, Shown, cases

SEED = 20260630
RUNS = 500
TOO_LOW = 0.92
"""A 95 % interval that holds the truth less often than this is marked; the comparison warns there."""
RARELY = 1 / 3
"""A method that answers in a smaller share of the draws of a setting than this has too few to be judged there."""
METHODS = Path(__file__).resolve().parents[1] / "METHODS.md"
COLUMNS = ("group", "setting", "departments", "persons", "method", "answered", "coverage", "false_alarms", "bias", "width")


def run(case: Case, runs: int) -> list[dict]:
    """One row of ``COLUMNS`` per method that answered in the case."""
    rng = np.random.default_rng([SEED, *case.setting.encode()])
    draws = max(2, runs // 2 if case.heavy else runs)
    found: dict[str, list[tuple[Shown, bool]]] = defaultdict(list)
    seen: dict[str, set[int]] = defaultdict(set)
    for number in range(draws):
        null = number % 2 == 1
        for one in case.once(rng, null):
            found[one.method].append((one, null))
            seen[one.method].add(number)
    return [
        {"group": case.group, "setting": case.setting, "departments": case.departments, "persons": case.persons, "method": method,
         "answered": len(seen[method]) / draws, **_summary(made)}
        for method, made in found.items() if len(seen[method]) >= RARELY * draws
    ]


def _summary(made: list[tuple[Shown, bool]]) -> dict[str, float]:
    value, low, high, truth, none = (np.array([getattr(s, name) for s, _ in made]) for name in ("value", "low", "high", "truth", "none"))
    null = np.array([n for _, n in made]) & ~np.isnan(none)
    outside = (low > none) | (high < none)
    finite = np.isfinite(value)
    return {
        "coverage": float(((low <= truth) & (truth <= high)).mean()), "false_alarms": float(outside[null].mean()) if null.any() else np.nan,
        "bias": float((value - truth)[finite].mean()), "width": float(np.median(high - low)),
    }


def table(only: str, runs: int, jobs: int = 1) -> pd.DataFrame:
    """One row per method of each case whose setting holds ``only``, in the order of the cases whatever the number of ``jobs``."""
    numbers = [i for i, case in enumerate(cases()) if only in case.setting]
    rows = []
    with ProcessPoolExecutor(max_workers=jobs) as pool:
        for made in pool.map(_numbered, numbers, [runs] * len(numbers)):
            rows += made
            print(f"{made[0]['setting'] if made else '-'}: done", file=sys.stderr)
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _numbered(number: int, runs: int) -> list[dict]:
    return run(cases()[number], runs)


def markdown(frame: pd.DataFrame, runs: int) -> str:
    """The table as it stands in METHODS.md, under a line that says how it was made."""
    lines = [f"Seed {SEED}, {runs} draws ({runs // 2} where a model of all departments or a GEE is fitted).", "",
             "| setting | departments | persons or months a side | method | answered | coverage | false alarms | bias | median width |",
             "|---|---|---|---|---|---|---|---|---|"]
    for r in frame.itertuples(index=False):
        mark = " **low**" if r.coverage < TOO_LOW else ""
        alarms = "" if np.isnan(r.false_alarms) else f"{r.false_alarms:.3f}"
        lines.append(f"| {r.setting} | {r.departments} | {r.persons} | `{r.method}` | {r.answered:.2f} | {r.coverage:.3f}{mark} "
                     f"| {alarms} | {r.bias:+.3g} | {r.width:.3g} |")
    return "\n".join(lines)


def write(text: str) -> None:
    """Put the table between its marks in METHODS.md."""
    whole = METHODS.read_text(encoding="utf8")
    start, end = "<!-- coverage -->\n", "\n<!-- end coverage -->"
    head, rest = whole.split(start)
    METHODS.write_text(head + start + text + end + rest.split(end)[1], encoding="utf8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes at a time; the numbers are the same")
    parser.add_argument("--only", default="", help="settings whose name holds this text")
    parser.add_argument("--write", action="store_true", help="put the table into METHODS.md")
    asked = parser.parse_args()
    text = markdown(table(asked.only, asked.runs, asked.jobs), asked.runs)
    print(text)
    if asked.write:
        write(text)


if __name__ == "__main__":
    main()
