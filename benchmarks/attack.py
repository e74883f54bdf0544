"""Does the gate hold, and what does it cost? Random tables, an attacker with an integer programme, and a stopwatch.

    python benchmarks/attack.py --tables 10000    every table attacked; one in twenty also under the naive rule
    python benchmarks/attack.py --tables 0        only the time of the large table
    python benchmarks/attack.py --tables 0 --rounded 200    what numbers rounded to base 5 would tell where rows are hidden
    python benchmarks/attack.py --tables 0 --counts 300     tables of counts rounded alone: what they tell, and what they are worth
    python benchmarks/attack.py --tables 0 --study DIR      everything that is shown of a study with imported data
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from attack_counts import attack_counts, cells_result  # noqa: E402
from attacker import attack_groups  # noqa: E402
from group_table import group_result, one_neighbour, random_table  # noqa: E402

from evaltool.count_tables import count_rows  # noqa: E402
from evaltool.disclosure import policy, release, rounded as rounded_alone  # noqa: E402

NAIVE_EVERY = 20
BASE = 5


def run(*, tables: int, seed: int) -> dict[str, float]:
    """Attack ``tables`` random ones; counts of tables, broken ones, and cells kept by each rule."""
    random, rules = np.random.default_rng(seed), policy()
    out = dict.fromkeys(("tables", "broken", "naive", "naive_broken", "cells", "kept", "naive_kept"), 0)
    for i in range(tables):
        persons, inside = random_table(random=random, departments=int(random.integers(2, 7)), groups=int(random.integers(2, 4)), phases=1)
        truth = group_result(persons=persons, inside=inside)
        released = release(result=truth, policy=rules).series
        series = truth.series
        if found := attack_groups(truth=series, released=released, limit=rules.min_persons):
            out["broken"] += 1
            print("broken", i, persons.tolist(), inside.tolist(), found, flush=True)
        naive = series.assign(status=one_neighbour(series=series, limit=rules.min_persons))
        live = series["persons"] > 0
        out["tables"] += 1
        out["cells"] += int(live.sum())
        out["kept"] += int((released["status"].eq("shown") & live).sum())
        out["naive_kept"] += int((naive["status"].eq("shown") & live).sum())
        if i % NAIVE_EVERY == 0:
            out["naive"] += 1
            out["naive_broken"] += bool(attack_groups(truth=series, released=naive, limit=rules.min_persons))
        if i and i % 100 == 0:
            print(i, out, flush=True)
    return out


def rounded(*, tables: int, seed: int) -> int:
    """Tables in which hidden rows give somebody away once their numbers are shown up or down to a multiple of five, at
    random and without bias."""
    random, rules, broken = np.random.default_rng(seed), policy(), 0
    for _ in range(tables):
        persons, inside = random_table(random=random, departments=int(random.integers(2, 7)), groups=int(random.integers(2, 4)), phases=1)
        truth = group_result(persons=persons, inside=inside)
        out, ends = release(result=truth, policy=rules).series, {}
        for what, column in (("rows", "n"), ("inside", "numerator")):
            count = truth.series[column].to_numpy()
            near = BASE * np.floor(count / BASE + random.random(len(count)))
            hidden = out["status"].eq("suppressed").to_numpy() & (count % BASE > 0)
            ends[what] = np.where(hidden, np.maximum(near - BASE + 1, 0), 0), np.where(hidden, near + BASE - 1, np.inf)
        broken += bool(attack_groups(truth=truth.series, released=out, limit=rules.min_persons, rounded=ends))
    print(f"rounded to base {BASE} where hidden, beside exact numbers: {broken} of {tables} tables broken")
    return broken


def counts(*, tables: int, seed: int) -> dict[str, float]:
    """Tables of counts of persons (departments, kinds, quarters) in which some count is bounded to fewer values than the base:
    rounded alone, given in three extracts with the draw kept, and with a new draw each time. Beside them what they are
    worth: mean relative error of the live cells and of the years, and the share of live cells that hiding would show."""
    random, rules = np.random.default_rng(seed), policy()
    out = dict.fromkeys(("tables", "alone", "kept_draw", "new_draw", "cells", "hiding_shows", "error", "year_error", "years"), 0)
    for _ in range(tables):
        persons = random_table(random=random, departments=int(random.integers(2, 5)), groups=int(random.integers(1, 4)), phases=4)[0]
        keys = [random.bytes(32) for _ in range(3)]
        three = [rounded_alone(result=cells_result(persons=persons[:2, :2, :2]), policy=rules, key=key) for key in keys]
        out["tables"] += 1
        out["alone"] += bool(attack_counts(releases=three[:1]))
        out["kept_draw"] += bool(attack_counts(releases=three[:1] * 3))
        out["new_draw"] += bool(attack_counts(releases=three))
        whole = rounded_alone(result=cells_result(persons=persons), policy=rules, key=keys[0])
        live, exact = persons.ravel() > 0, persons.ravel()
        out["cells"] += int(live.sum())
        out["error"] += float((np.abs(whole.series["value"] - exact)[live] / exact[live]).sum())
        year = count_rows(release=whole, by="year").set_index(["place", "group"])["persons_rounded"]
        true = cells_result(persons=persons).series.groupby(["department", "subgroup"])["value"].sum()
        true = true[true > 0]
        out["year_error"] += float((np.abs(year.reindex(true.index).to_numpy() - true) / true).sum())
        out["years"] += len(true)
        out["hiding_shows"] += _hiding_shows(persons, rules)
    done = {name: out[name] for name in ("tables", "alone", "kept_draw", "new_draw")}
    print(f"counts rounded alone: {done}; relative error of cells {out['error'] / out['cells']:.1%}, of years {out['year_error'] / out['years']:.1%}; "
          f"cells with somebody in them that hiding would show {out['hiding_shows'] / out['cells']:.1%}")
    return out


def _hiding_shows(persons: np.ndarray, rules) -> int:
    """Live cells that the gate shows of the same counts, each quarter with its sums over departments and kinds."""
    shown = 0
    for quarter in range(persons.shape[2]):
        one = group_result(persons=persons[:, :, [quarter]], inside=persons[:, :, [quarter]])
        alone = one.series.assign(persons_numerator=np.nan, persons_complement=np.nan)
        made = release(result=replace(one, series=alone), policy=rules).series
        leaf = made["subgroup"].notna() & made["department"].ne("*") & (one.series["persons"] > 0)
        shown += int((made["status"].eq("shown") & leaf).sum())
    return shown


def study(*, folder: Path) -> int:
    """Attack all that is shown of a study; how much was bounded."""
    from attack_study import attack_study

    from evaltool.study import open_study

    opened = open_study(folder=folder)
    out = attack_study(study=opened, limit=opened.privacy.min_persons)
    for name, (tried, found, left) in out.items():
        print(f"{name}: {tried} hidden rows attacked, {len(found)} bounded, {len(left)} hidden rows with a number", *found, sep="\n   ")
    return sum(len(found) + len(left) for _, found, left in out.values())


def large(*, seed: int) -> float:
    """Seconds for a release of 60 departments, 12 categories and 2 periods."""
    persons, inside = random_table(random=np.random.default_rng(seed), departments=60, groups=12, phases=2)
    result = group_result(persons=persons, inside=inside)
    begun, own = time.perf_counter(), time.process_time()
    made = release(result=result, policy=policy())
    seconds = time.perf_counter() - begun
    print(f"60 x 12 x 2: {seconds:.2f} s ({time.process_time() - own:.2f} s of a processor), {int(made.series['status'].eq('shown').sum())} of {len(made.series)} rows shown")
    return seconds


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--tables", type=int, default=200)
    reader.add_argument("--seed", type=int, default=20260101)
    reader.add_argument("--rounded", type=int, default=0)
    reader.add_argument("--counts", type=int, default=0)
    reader.add_argument("--study", type=Path)
    given = reader.parse_args()
    if given.rounded:
        rounded(tables=given.rounded, seed=given.seed)
    if given.counts:
        found = counts(tables=given.counts, seed=given.seed)
        sys.exit(found["alone"] + found["kept_draw"] > 0)
    if given.study and study(folder=given.study):
        sys.exit(1)
    large(seed=given.seed)
    if given.tables:
        out = run(tables=given.tables, seed=given.seed)
        print(f"tables attacked: {out['tables']}, broken: {out['broken']}")
        print(f"naive rule, of {out['naive']}: broken {out['naive_broken']}")
        print(f"cells with somebody in them that are kept: {out['kept'] / out['cells']:.1%}; naive rule {out['naive_kept'] / out['cells']:.1%}")
        sys.exit(out["broken"] > 0)


if __name__ == "__main__":
    main()
