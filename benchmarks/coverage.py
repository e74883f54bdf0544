"""Do the 95 % intervals hold what they promise? Planted truths, many draws, one table.

    python benchmarks/coverage.py              the table of METHODS.md (some minutes)
    python benchmarks/coverage.py --runs 20    a quick look

Every setting has its own seed, so that a table can be made again. A department effect that differs between
departments is drawn anew each time: the target is the mean over all departments there could be.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from evaltool.compare.estimator import estimate
from evaltool.compare.mixed import fit_departments
from evaltool.measures import measure
from evaltool.stats.bias_reduced import fixed_effects_cr2
from evaltool.stats.estimate import NotEstimable

SCORE, SHARE, MONTHS = measure("qpr15_total"), measure("readmission_30d_unplanned"), measure("bed_days")
SEED = 20260630
TOO_LOW = 0.92
"""A 95 % interval that holds the truth less often than this is marked; the comparison must warn there."""


@dataclass(frozen=True)
class Setting:
    """One planted world. Spreads are standard deviations in points; the residual is 6."""

    name: str
    departments: int = 10
    persons: int = 12
    waves: int = 12
    department_sd: float = 4.0
    person_sd: float = 5.0
    shock_sd: float = 0.0
    effect: float = 3.0
    effect_sd: float = 0.0
    trend: float = 1.0
    missing: float = 0.3
    uneven: bool = False


BASE = Setting(name="base")
SETTINGS = (
    *(replace(BASE, name=f"{d} departments", departments=d) for d in (4, 6, 10, 20)),
    replace(BASE, name="no level differences", department_sd=0.0),
    replace(BASE, name="large level differences", department_sd=10.0),
    *(replace(BASE, name=f"effects differ, {d} departments", departments=d, effect_sd=2.0) for d in (4, 6, 10, 20)),
    *(replace(BASE, name=f"department-wave shocks, {d} departments", departments=d, shock_sd=1.5) for d in (4, 6, 10, 20)),
    replace(BASE, name="uneven sizes", uneven=True),
    replace(BASE, name="60 % missing", missing=0.6),
    replace(BASE, name="no effect", effect=0.0),
    replace(BASE, name="no effect, 4 departments", effect=0.0, departments=4),
)


def draw(setting: Setting, rng: np.random.Generator) -> pd.DataFrame:
    """Phased rows of one world: departments start one after another, the last fifth (at least one) does not."""
    n = setting.departments
    waiting = max(1, n // 5)
    starts = np.concatenate([np.linspace(2, setting.waves - 3, n - waiting).round(), np.full(waiting, np.inf)])
    parts = []
    for d in range(n):
        size = setting.persons if not setting.uneven else int(rng.choice([4, 8, 12, 40]))
        own = rng.normal(0, setting.person_sd, size)
        gain = rng.normal(setting.effect, setting.effect_sd)
        level = rng.normal(35, setting.department_sd)
        wave, person = (a.ravel() for a in np.meshgrid(np.arange(setting.waves), np.arange(size), indexing="ij"))
        shock = rng.normal(0, setting.shock_sd, setting.waves)
        after = wave >= starts[d]
        value = level + own[person] + gain * after + setting.trend * wave / 4 + shock[wave] + rng.normal(0, 6, len(wave))
        seen = rng.random(len(wave)) >= setting.missing
        parts.append(pd.DataFrame({
            "department": f"d{d}", "person": [f"d{d}p{p}" for p in person[seen]], "unit": d * 1000 + person[seen],
            "wave": wave[seen].astype(str), "years": wave[seen] / 4, "after": after[seen], "value": value[seen],
            "phase": np.where(after[seen], "after", "before" if np.isfinite(starts[d]) else "not_started"),
        }))
    return pd.concat(parts, ignore_index=True)


def _mixed(rows: pd.DataFrame):
    return fit_departments(rows=rows, measure=SCORE, link="partly_linked", conf_level=0.95).found


def _robust(rows: pd.DataFrame):
    fit = fixed_effects_cr2(
        y=rows["value"].to_numpy(), x=rows[["after", "years"]].to_numpy(dtype=float), clusters=rows["department"].to_numpy()
    )
    return fit.estimate(position=0, conf_level=0.95)


def _crude(rows: pd.DataFrame):
    started = rows[rows["phase"] != "not_started"]
    return estimate(rows=started, measure=SCORE, link="partly_linked", conf_level=0.95).found


ESTIMATORS = {"mixed": _mixed, "fixed_effects_cr2": _robust, "crude": _crude}


@dataclass(frozen=True)
class Place:
    """One department. ``kind``: linked, anonymous (the same people answer, nobody knows), paired, share or months."""

    name: str
    kind: str
    persons: int = 15
    effect: float = 3.0
    months: int = 24
    memory: float = 0.4


PLACES = (
    *(Place(f"{k}, {n} persons", k, persons=n) for k in ("linked", "anonymous", "paired") for n in (5, 15, 40)),
    *(Place(f"share, {n} persons", "share", persons=n, effect=-0.08) for n in (15, 40, 150)),
    *(Place(f"months, {n} before and after, memory {m}", "months", months=n, memory=m) for n in (12, 24) for m in (0.0, 0.4)),
)


def draw_place(place: Place, rng: np.random.Generator) -> pd.DataFrame:
    """Rows of one department in the shape that ``estimate`` takes."""
    if place.kind == "months":
        return _months(place, rng)
    waves = 2 if place.kind == "paired" else 6
    person, wave = (a.ravel() for a in np.meshgrid(np.arange(place.persons), np.arange(waves), indexing="ij"))
    after = wave >= waves // 2
    if place.kind == "share":
        # Beta-distributed tendencies with means 0.22 and 0.14; a person keeps the rank.
        from scipy.stats import beta

        rank = rng.random(place.persons)
        chance = np.where(after, beta.ppf(rank, 1.4, 8.6)[person], beta.ppf(rank, 2.2, 7.8)[person])
        value = (rng.random(len(person)) < chance).astype(float)
    else:
        value = 30 + rng.normal(0, 5, place.persons)[person] + place.effect * after + rng.normal(0, 6, len(person))
    seen = np.ones(len(person), dtype=bool) if place.kind == "paired" else rng.random(len(person)) > 0.3
    unit = np.arange(len(person)) if place.kind == "anonymous" else person
    return pd.DataFrame({
        "department": "a", "person": [f"p{p}" for p in person], "unit": unit, "wave": wave.astype(str), "after": after,
        "value": value, "date": pd.Timestamp("2024-01-01"),
    })[seen].reset_index(drop=True)


def _months(place: Place, rng: np.random.Generator) -> pd.DataFrame:
    n = 2 * place.months
    noise = rng.normal(0, 20, n)
    for t in range(1, n):
        noise[t] = place.memory * noise[t - 1] + np.sqrt(1 - place.memory**2) * noise[t]
    after = np.arange(n) >= place.months
    dates = pd.date_range("2020-01-01", periods=n, freq="MS")
    return pd.DataFrame({"department": "a", "after": after, "value": 300 + place.effect * after + noise, "date": dates})


LINKS = {"linked": "partly_linked", "paired": "same_people"}


def run_place(place: Place, runs: int) -> dict[str, dict[str, float]]:
    """As ``run``, for the answer that one department gets; the row is named after the kind."""
    rng = np.random.default_rng([SEED, *place.name.encode()])
    chosen = {"share": SHARE, "months": MONTHS}.get(place.kind, SCORE)
    made = [
        estimate(rows=draw_place(place, rng), measure=chosen, link=LINKS.get(place.kind, "repeated_cross_section"), conf_level=0.95).found
        for _ in range(runs)
    ]
    return {"department": _summary([e for e in made if e is not None], place.effect, runs)}


def run(setting: Setting, runs: int) -> dict[str, dict[str, float]]:
    """Estimator -> coverage of the planted effect, share of intervals without 0, bias, mean width, share answered."""
    # The setting's own fields are the seed: adding a setting does not move the others.
    rng = np.random.default_rng([SEED, *setting.name.encode()])
    found: dict[str, list] = {name: [] for name in ESTIMATORS}
    for _ in range(runs):
        rows = draw(setting, rng)
        for name, call in ESTIMATORS.items():
            try:
                found[name].append(call(rows))
            except NotEstimable:
                found[name].append(None)
    return {name: _summary([e for e in made if e is not None], setting.effect, runs) for name, made in found.items()}


def _summary(made: list, truth: float, runs: int) -> dict[str, float]:
    low, high = (np.array([getattr(e, side) for e in made]) for side in ("conf_low", "conf_high"))
    return {
        "coverage": float(((low <= truth) & (truth <= high)).mean()), "excludes_0": float(((low > 0) | (high < 0)).mean()),
        "bias": float(np.mean([e.estimate for e in made]) - truth), "width": float((high - low).mean()),
        "answered": len(made) / runs,
    }


def table(settings: tuple[Setting | Place, ...], runs: int) -> pd.DataFrame:
    """One row per setting and estimator."""
    rows = []
    for setting in settings:
        found = run(setting, runs) if isinstance(setting, Setting) else run_place(setting, runs)
        rows += [{"setting": setting.name, "estimator": name, **numbers} for name, numbers in found.items()]
        print(f"{setting.name}: done", file=sys.stderr)
    return pd.DataFrame(rows)


def markdown(frame: pd.DataFrame) -> str:
    """The table as it stands in METHODS.md."""
    lines = ["| setting | estimator | coverage | excludes no change | bias | mean width |", "|---|---|---|---|---|---|"]
    for r in frame.itertuples(index=False):
        mark = " **<**" if r.coverage < TOO_LOW else ""
        lines.append(
            f"| {r.setting} | {r.estimator} | {r.coverage:.3f}{mark} | {r.excludes_0:.3f} | {r.bias:+.2f} | {r.width:.2f} |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--places", action="store_true", help="only single departments")
    asked = parser.parse_args()
    print(markdown(table(PLACES if asked.places else (*SETTINGS, *PLACES), asked.runs)))


if __name__ == "__main__":
    main()
