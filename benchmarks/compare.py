"""The whole answer of a large study: departments x measures, one `evaltool compare` without the import.

    python benchmarks/compare.py                                   6 departments, 2 measures (what CI runs)
    python benchmarks/compare.py --departments 60 --measures 40    the size of the goal: under 60 s

Half the measures are scores of linked and anonymous people (30 answers per department, 6 waves), half are shares of stays;
each measure has its own draw, so nothing is answered twice. Prints seconds by part and per measure.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import os
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # As the command line does, before numpy is there.

import numpy as np
import pandas as pd

from evaltool.compare import answer as answering
from evaltool.compare.assemble import EVENT_COLUMNS
from evaltool.compare.families import with_families
from evaltool.design import StudyDesign
from evaltool.disclosure import policy, release
from evaltool.measures import measure
from evaltool.result import Dataset, Provenance

SEED = 20260630
AS_OF = dt.date(2026, 6, 30)
SCORE, SHARE = measure("qpr15_total"), measure("readmission_30d_unplanned")
DAYS = pd.date_range("2023-01-15", periods=6, freq="6MS")


def register(departments: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    names = [f"d{i:02}" for i in range(departments)]
    starts = pd.date_range("2024-03-01", periods=8, freq="2MS")
    rollout = pd.DataFrame({"department": names, "start": [starts[i % 8] if i % 5 else pd.NaT for i in range(departments)]})
    for day in ("planned_start", "wash_in_end", "paused_from", "paused_to"):
        rollout[day] = pd.NaT
    return rollout, pd.DataFrame({"department": names, "name": names, "service": "s", "unit_type": "u"})


def observed(kind: str, names: list[str], rng: np.random.Generator, people: int = 30) -> pd.DataFrame:
    """One row per person and wave, a third anonymous; a share is 0/1."""
    department = np.repeat(names, people * len(DAYS))
    person = np.tile(np.repeat(np.arange(people), len(DAYS)), len(names))
    day = np.tile(np.tile(np.arange(len(DAYS)), people), len(names))
    level, own = rng.normal(35, 4, len(names)), rng.normal(0, 5, (len(names), people))
    place = np.repeat(np.arange(len(names)), people * len(DAYS))
    value = level[place] + own[place, person] + 0.8 * day + rng.normal(0, 6, len(place))
    if kind == "share":
        value = (rng.random(len(place)) < 0.2).astype(float)
    keep = rng.random(len(place)) > 0.3
    who = pd.Series([f"{d}p{p}" if p % 3 else None for d, p in zip(department, person, strict=True)], dtype="str")
    frame = pd.DataFrame({
        "row": np.arange(len(place)), "department": pd.Series(department, dtype="str"), "person": who,
        "date": DAYS[day].as_unit("us"), "wave": pd.Series([f"w{d}" for d in day], dtype="str"), "value": value, "event": True,
        "included": True, "reason": pd.Series([None] * len(place), dtype="str"),
    })
    return frame[keep].reset_index(drop=True)


def run(departments: int, measures: int) -> dict[str, float]:
    """Seconds: observations are made before the clock starts."""
    rollout, register_ = register(departments)
    rng = np.random.default_rng(SEED)
    kinds = [dataclasses.replace(SCORE if i % 2 else SHARE, id=f"m{i:02}") for i in range(measures)]
    seen = {m.id: observed(m.kind, list(register_["department"]), rng) for m in kinds}
    covariates = pd.DataFrame({"age_band": rng.choice(["18-29", "30-44", "45-59", "60+"], 30 * len(DAYS) * departments)}, dtype="str")
    provenance = Provenance(study="benchmark", snapshot="0" * 12, as_of=AS_OF, version="0")
    dataset = Dataset(tables={}, registers={"components": pd.DataFrame()}, provenance=provenance)
    began, worked = time.perf_counter(), time.process_time()
    designs = {name: StudyDesign.from_register(rollout=rollout, departments=register_, as_of=AS_OF, wash_in_months=3, wash_in=name)
               for name in ("planned", "none", "double")}
    events = pd.DataFrame(columns=list(EVENT_COLUMNS)).astype({"co_intervention": bool})
    parts = [answering.compared(
        seen=seen[m.id], measure=m, link="partly_linked", designs=designs, events=events,
        covariates=covariates if m.kind == "mean_score" else None, provenance=dataset.provenance, conf_level=0.95) for m in kinds]
    compared = time.perf_counter()
    estimates, series, notes = (pd.concat([p[i] for p in parts], ignore_index=True) for i in range(3))
    estimates = with_families(estimates=estimates, study=_Plan)
    made = answering.result(
        estimates=estimates.to_dict("records"), notes=notes.to_dict("records"), series=series, design=designs["planned"],
        events=events, measures=tuple(m.id for m in kinds), provenance=provenance, conf_level=0.95)
    assembled = time.perf_counter()
    released = release(result=made, policy=policy())
    gated = time.perf_counter()
    cpu = time.process_time() - worked
    print(f"{departments} departments x {measures} measures, {sum(map(len, seen.values()))} observations, "
          f"{len(estimates)} estimates, {int(released.estimates['status'].eq('shown').sum())} shown")
    return {"compare": compared - began, "assemble": assembled - compared, "gate": gated - assembled,
            "compare and assemble": assembled - began, "compare per measure": (compared - began) / measures, "all, processor": cpu, "all, clock": gated - began}


class _Plan:
    """No plan: every measure is its own."""

    class plan:
        primary, secondary, correction = (), (), "holm"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--departments", type=int, default=6)
    parser.add_argument("--measures", type=int, default=2)
    args = parser.parse_args()
    for name, seconds in run(args.departments, args.measures).items():
        print(f"{name:22} {seconds:8.2f} s")


if __name__ == "__main__":
    main()
