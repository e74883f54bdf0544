"""``evaltool registry`` on made-up files: rules, readmission, bed-days by department and month, the gate; time and memory by size.

    python benchmarks/registry.py                       small (what CI runs)
    python benchmarks/registry.py --rows 10000000       the size of the goals

Goal: at most 150 bytes of memory a row up to 10 million rows, bounded by the parts above. Bed-days are then added up a second way,
which must give the same in every department and month.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from stays import peak_memory
from stays_data import AS_OF, DEPARTMENTS, LOW_MONTH, MONTHS, SHAPES, STARTED, write

from evaltool.indicators.bed_days import monthly_totals
from evaltool.indicators.definitions import ReadmissionDefinition
from evaltool.indicators.episodes import closing
from evaltool.indicators.registry import follow_up
from evaltool.indicators.registry_months import MonthGrid
from evaltool.indicators.registry_stays import StayRules, StaySums
from evaltool.registry_file import parts
from evaltool.registry_rows import Rulebook, Tally
from evaltool.study_registry import study_registry

DEFINITION = ReadmissionDefinition()
NEVER = np.iinfo(np.int64).max
NAMES = [str(number) for number in range(DEPARTMENTS)]


def study(folder: Path) -> Path:
    """A study folder with the departments of the files and their starts."""
    (folder / "register").mkdir(parents=True)
    (folder / "study.toml").write_text(f'[study]\nid = "r"\nname = {{ nb = "R", en = "R" }}\nas_of = {AS_OF}\n[measures]\nuse = ["bed_days"]\n')
    register = pd.DataFrame({"department": NAMES, "name": NAMES})
    register.to_csv(folder / "register" / "departments.csv", index=False)
    begun = np.flatnonzero(STARTED != NEVER)
    pd.DataFrame({"department": begun, "start": STARTED[begun].astype("datetime64[D]")}).to_csv(folder / "register" / "rollout.csv", index=False)
    return folder


def measure(path: Path, folder: Path) -> None:
    """Seconds, processor seconds, peak memory above the start in bytes, rows kept and cells."""
    # A new process starts with its parent's peak; Linux forgets it on request.
    Path("/proc/self/clear_refs").write_text("5")
    before, begin, begin_cpu = peak_memory(), time.perf_counter(), time.process_time()
    found = study_registry(folder=folder, path=path, progress=lambda done, of: print(f"{path.stem}: {done} of {of}", file=sys.stderr))
    took, used = time.perf_counter() - begin, time.process_time() - begin_cpu
    print(took, used, peak_memory() - before, found.facts.kept, len(found.release.series))


def cross_check(path: Path) -> float:
    """Nights of the stays that the rules leave by persons and months, and by +1 and -1 at the ends of each stay: the same in every
    department and month, or stop. Their sum."""
    book = Rulebook(as_of=AS_OF, departments=pd.DataFrame({"department": NAMES}), definition=DEFINITION)
    close, low = closing(AS_OF) // 86400, int(np.datetime64(LOW_MONTH, "M").astype("datetime64[D]").astype("int64"))
    grid = MonthGrid(n_departments=DEPARTMENTS, first=LOW_MONTH, last=LOW_MONTH + MONTHS - 1)
    rules = StayRules(close=close * 86400, count_same_day=0, long_stay_months=3, covered=grid, grid=grid, low=low, started=STARTED != NEVER,
                      phase=np.zeros((DEPARTMENTS, close - low), dtype=np.int8))
    tally, sums, total = Tally(), StaySums(rules=rules), 0
    for stays in parts(path=path, book=book, tally=tally, limits={}):
        sums.add(stays=stays, found=follow_up(stays=stays, definition=DEFINITION, close=rules.close, time_of_day=tally.time_of_day))
        first, after = (np.clip(times // 86400, low, close) for times in (stays.start, stays.end))
        total = total + monthly_totals(
            department=stays.department.astype(np.int64), first=first, after=after, n_departments=DEPARTMENTS, low=low, n_days=close - low)
        del stays  # Gone before the next part is there.
    if not np.array_equal(sums.nights.cells.amount[0].reshape(DEPARTMENTS, MONTHS), total[:, :MONTHS]):
        sys.exit(f"bed-days of {path.name} differ between persons by month and the ends of the stays")
    return float(total[:, :MONTHS].sum())


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, nargs="+", default=[20_000])
    options.add_argument("--shape", nargs="+", choices=list(SHAPES), default=list(SHAPES))
    options.add_argument("--folder", type=Path)
    options.add_argument("--measure", type=Path, nargs=2, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.measure:
        measure(*chosen.measure)
        return
    print(f"{'shape':10} {'rows':>12} {'seconds':>9} {'of CPU':>9} {'bytes a row':>12} {'peak MB':>9} {'kept':>12} {'cells':>9}")
    with tempfile.TemporaryDirectory() as temporary:
        for number, (shape, rows) in enumerate((shape, rows) for shape in chosen.shape for rows in chosen.rows):
            path = write(folder=chosen.folder or Path(temporary), rows=rows, shape=shape)
            call = [sys.executable, __file__, "--measure", str(path), str(study(Path(temporary) / f"study{number}"))]
            seconds, cpu, peak, kept, cells = map(float, subprocess.run(call, check=True, stdout=subprocess.PIPE, text=True).stdout.split())
            print(f"{shape:10} {rows:>12,} {seconds:>9.2f} {cpu:>9.2f} {peak / rows:>12.0f} {peak / 1e6:>9.0f} {kept:>12,.0f} {cells:>9,.0f}", flush=True)
            print(f"{path.stem}: {cross_check(path):,.0f} bed-days, the same by both ways in {DEPARTMENTS * MONTHS:,} department-months", flush=True)


if __name__ == "__main__":
    main()
