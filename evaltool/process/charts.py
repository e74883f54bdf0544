"""``process_charts``: every process chart of a Release as one object; chart, table and sentence all read it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..disclosure import demand_release
from ..errors import UsageError
from ..measures import measure as measure_of
from ..settings import CHARTS, MeasureChart, Process
from ..stats.event_chart import RARE
from ..stats.spc import SIZED, Limits, control_limits, faults
from ..stats.spc_rules import RULE_SETS, Signals, signals
from .grids import Calendar, Grid, grids
from .summary import summary

if TYPE_CHECKING:
    from ..result import Release

LEAST_FOR_RULES, LEAST_FOR_LIMITS, LEAST_FOR_FIRM_LIMITS = 8, 13, 20


@dataclass(frozen=True)
class ProcessCharts:
    """``points``: one row per measure, department and period: ``value, n, status, phase, centre, low, high, baseline``
    (the centre of the time before, carried on), ``limits`` (none, trial, firm), ``rules`` (``shift_7:up`` ...), ``up``,
    ``down``, ``plain``, ``reading`` (better, worse, both, change, none). ``summary``: one row per measure and
    department (see ``summary``). ``notes``: ``measure, department, code``. ``rule_set``: name and version. ``plan``: what
    study.toml declares."""

    points: pd.DataFrame
    summary: pd.DataFrame
    notes: pd.DataFrame
    rule_set: str
    plan: Process


def process_charts(
    *, release: Release, plan: Process = Process(), measures: tuple[str, ...] = (), departments: tuple[str, ...] = (),
    rule_set: str | None = None,
) -> ProcessCharts:
    """Limits and signals for every released series (or those of ``measures`` and ``departments``).

    ``plan``: the ``[process]`` table of study.toml (``study.process``): chart kinds instead of the register's, targets,
    baseline, breaks, points left out, gaps; never found in the data. ``rule_set``: another than the plan's, a key of
    ``stats.spc_rules.RULE_SETS``. Moving ranges are screened with the ``mdc`` rules, as their authors do, where the plan
    does not say. Under 8
    points a phase has a median and no rules, under 13 a median only; under 20 its limits are on trial. Where events are rare
    the released periods are put together into quarters or years. Raises UsageError on an unknown name.
    """
    demand_release(release)
    chosen = _known("measure", measures, release.spec.measures) or release.spec.measures
    rules = rule_set or plan.rules
    _known("rule_set", (rules,), tuple(RULE_SETS))
    points, notes, calendar = [], [], Calendar(release)
    for name in chosen:
        kind = _kind(name, plan)
        for grid in grids(calendar=calendar, measure=name, kind=kind, plan=plan):
            part, remarks = _chart(grid, kind, rules, plan)
            points.append(part)
            notes += remarks
    frame = _together(points)
    if departments:
        _known("department", departments, (*release.register["department"], "*"))
        frame = frame[frame["department"].isin(departments)].reset_index(drop=True)
    remarks = pd.DataFrame(notes, columns=["measure", "department", "code"])
    remarks = remarks[remarks["department"].isin(frame["department"].unique())].reset_index(drop=True)
    return ProcessCharts(points=frame, summary=summary(points=frame, targets=_targets(plan)), notes=remarks, rule_set=rules, plan=plan)


def only(*, charts: ProcessCharts, departments: Collection[str], first: dt.date | None = None, last: dt.date | None = None) -> ProcessCharts:
    """The charts of ``departments`` (``"*"``: all together) out of ``charts``, with the periods that begin from ``first`` to ``last``.

    Every point keeps the limits and signals that its whole series gave it. What is said of a chart is what held at its
    last point left.
    """
    summaries, points, notes = (rows[rows["department"].isin(departments)].reset_index(drop=True)
                                for rows in (charts.summary, charts.points, charts.notes))
    if last is not None:
        points = points[points["period"].le(pd.Timestamp(last))].reset_index(drop=True)
        summaries = summary(points=points, targets=_targets(charts.plan))
    if first is not None:
        points = points[points["period"].ge(pd.Timestamp(first))].reset_index(drop=True)
        left = pd.MultiIndex.from_frame(points[["measure", "department"]])
        summaries = summaries[pd.MultiIndex.from_frame(summaries[["measure", "department"]]).isin(left)].reset_index(drop=True)
    return replace(charts, points=points, summary=summaries, notes=notes)


def _targets(plan: Process) -> dict[str, float]:
    return {name: one.target for name, one in plan.measures.items() if one.target is not None}


def _known(what: str, got: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    unknown = [name for name in got if name not in known]
    if unknown:
        raise UsageError(f"unknown_{what}", got=", ".join(unknown), expected=", ".join(known))
    return got


def _kind(name: str, plan: Process) -> str:
    kind = plan.measures.get(name, MeasureChart()).chart or measure_of(name).chart
    return kind if kind in CHARTS else "run"


def _together(points: list[dict[str, np.ndarray]]) -> pd.DataFrame:
    """The points of all grids as one frame: made at once, since a frame for each grid costs more than its limits."""
    if not points:
        return pd.DataFrame(columns=["measure", "department"])
    return pd.DataFrame({name: np.concatenate([part[name] for part in points]) for name in points[0]})


def _chart(grid: Grid, kind: str, rule_set: str, plan: Process) -> tuple[dict[str, np.ndarray], list[tuple]]:
    """Points of one grid, and what is to be said about its series."""
    values = grid.events if kind in SIZED else grid.value
    sizes = grid.sizes if kind in SIZED else None
    wrong = faults(kind=kind, values=values, sizes=sizes)
    broken = wrong["negative_count"] | wrong["above_one"]
    use = grid.use & ~broken[:, None]
    screen = rule_set.startswith("mdc") if plan.screen_ranges is None else plan.screen_ranges
    full = control_limits(kind=kind, values=values, sizes=sizes, phase=grid.phase, use=use, centre=plan.centre,
                          average=plan.centre, screen=screen)
    median = control_limits(kind="run", values=grid.value, phase=grid.phase, use=use)
    enough = _enough(grid, np.isfinite(full.value) & use)
    limits = _merged(full, median, enough >= LEAST_FOR_LIMITS)
    silent = broken[:, None] | (enough < LEAST_FOR_RULES)
    found = signals(limits=limits, phase=np.where(silent, -1, grid.phase), rule_set=rule_set)
    state = np.select([~np.isfinite(limits.high), enough < LEAST_FOR_FIRM_LIMITS], ["none", "trial"], "firm")
    frame = _points(grid, limits, found, state, kind)
    notes = [(code, bad) for code, bad in wrong.items()]
    short = (enough < LEAST_FOR_LIMITS).all(axis=1) & ~wrong["no_points"]
    notes += [("few_points", short), ("few_for_rules", short & (enough < LEAST_FOR_RULES).all(axis=1)), *_rare(grid, kind),
              ("overdispersed", _overdispersed(grid, kind, use)), *_gaps(grid, plan)]
    return frame, [(grid.measure, d, code) for code, bad in notes for d, hit in zip(grid.departments, bad, strict=True) if hit]


def _enough(grid: Grid, base: np.ndarray) -> np.ndarray:
    """How many points the limits of each point's phase rest on."""
    out = np.zeros(base.shape, dtype=int)
    for code in np.unique(grid.phase):
        inside = grid.phase == code
        out = np.where(inside, (base & inside).sum(axis=1, keepdims=True), out)
    return out


def _merged(full: Limits, median: Limits, long: np.ndarray) -> Limits:
    """Control limits where the phase is long enough, else the median of a run chart."""
    with_limits = {name: np.where(long, getattr(full, name), getattr(median, name)) for name in
                   ("centre", "low", "high", "z", "side", "dispersion")}
    return Limits(value=full.value, **with_limits)


def _rare(grid: Grid, kind: str) -> list[tuple[str, np.ndarray]]:
    """Rare events call for the time between them: dates of single events, which the gate never lets out."""
    events = grid.events if kind in SIZED else grid.value
    known = np.isfinite(events)
    total = np.where(known, events, 0).sum(axis=1)
    scarce = (total < RARE * known.sum(axis=1)) & (total > 0) & (kind in (*SIZED, "c"))
    return [("rare_grouped", np.full(len(scarce), grid.grouped)), ("rare_events", scarce & (not grid.grouped))]


def _gaps(grid: Grid, plan: Process) -> list[tuple[str, np.ndarray]]:
    zero = plan.measures.get(grid.measure, MeasureChart()).gaps == "zero"
    return [("gaps_as_zero" if zero else "missing_periods", grid.gaps)]


def _overdispersed(grid: Grid, kind: str, use: np.ndarray) -> np.ndarray:
    """Laney's sigma z above 1.5 in a p or u chart: its limits are too narrow, the primed kind fits better."""
    if kind not in ("p", "u"):
        return np.zeros(len(grid.departments), dtype=bool)
    primed = control_limits(kind=kind * 2 if kind == "p" else "up", values=grid.events, sizes=grid.sizes, phase=grid.phase, use=use)
    return (primed.dispersion > 1.5).any(axis=1)


def _points(grid: Grid, limits: Limits, found: Signals, state: np.ndarray, kind: str) -> dict[str, np.ndarray]:
    count, wide = grid.value.shape
    direction = measure_of(grid.measure).direction
    up, down, plain = found.up.any(axis=0), found.down.any(axis=0), found.plain.any(axis=0)
    first = grid.phase == grid.phase[:, :1]
    baseline = np.where(first, limits.centre, np.nan)
    baseline = np.broadcast_to(_first_known(baseline)[:, None], first.shape)
    measure, grain, same = (np.full(count * wide, text, dtype=object) for text in (grid.measure, grid.grain, kind))
    return {
        "measure": measure, "department": np.repeat(np.array(grid.departments, dtype=object), wide), "grain": grain,
        "period": np.tile(grid.periods, count), "kind": same, "phase": grid.name.ravel(), "segment": grid.phase.ravel(),
        "value": limits.value.ravel(), "n": grid.n.ravel(), "status": grid.status.ravel(), "centre": limits.centre.ravel(),
        "low": limits.low.ravel(), "high": limits.high.ravel(), "baseline": baseline.ravel(), "limits": state.ravel(),
        "rules": _told(found).ravel(), "up": up.ravel(), "down": down.ravel(), "plain": plain.ravel(),
        "reading": _reading(up, down, plain, direction).ravel(),
    }


def _first_known(values: np.ndarray) -> np.ndarray:
    known = np.isfinite(values)
    at = known.argmax(axis=1)
    return np.where(known.any(axis=1), values[np.arange(len(values)), at], np.nan)


def _told(found: Signals) -> np.ndarray:
    """``shift_7:up outside:down`` per point, empty without a hit."""
    out = np.full(found.any.shape, "", dtype=object)
    for i, rule in enumerate(found.rules):
        for what, hits in (("up", found.up[i]), ("down", found.down[i]), ("plain", found.plain[i])):
            out[hits] += f" {rule}:{what}"
    return np.array([text.strip() for text in out.ravel()], dtype=object).reshape(out.shape)


def _reading(up: np.ndarray, down: np.ndarray, plain: np.ndarray, direction: int) -> np.ndarray:
    good, bad = (up, down) if direction > 0 else (down, up)
    if direction == 0:
        return np.select([up & down, up | down | plain], ["both", "change"], "none")
    return np.select([good & bad, good, bad, plain], ["both", "better", "worse", "change"], "none")
