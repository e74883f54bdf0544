"""The series through the gate: phases, then grains, then everything that is shown of a measure looked at together."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import replace

import numpy as np
import pandas as pd

from ..result import ALL, SERIES_COLUMNS, SERIES_TEXT, Result, canonical
from .audit import unsafe
from .block import GRAINS, LAYERS, TOTAL, Block, blocks
from .coarser import coarser
from .grains import COST, TOTAL_WEIGHT, Grains, shown_grains
from .groups import hidden_groups
from .memory import differs_little
from .phases import Cell, hidden_phases, loss
from .policies import Policy
from .possible import Rollout, possible, rollout
from .primary import primary
from .reasons import told
from .same_rows import is_closed, same_rows
from .solved import solved

LADDER = (*GRAINS, None)
MOST_DARK = 2
NOT_SPLIT = "not_split"
"""Reason of an empty group in a department that is too small to be split: that it is empty would tell of the others."""
INTERNAL = ["persons_numerator", "persons_complement", "persons_top_share"]
COUNTS = ["numerator", "denominator", "n", "persons"]
KEPT_WHEN_HIDDEN = (
    "measure", "department", "subgroup", "kind", "phase", "grain", "period", "contrast", "unit", "status", "reason",
)


def release_series(
    *, result: Result, policy: Policy, seen: pd.DataFrame, before: pd.DataFrame,
    closed: Set[tuple[str, str, str]] = frozenset(),
) -> tuple[pd.DataFrame, set[tuple[str, str, str]], np.ndarray]:
    """Series rows with ``status`` and ``reason``, the hidden (measure, department, phase), and the exact reasons.

    seen: cells of these very data that the reader has been shown before; before: cells of other data (both as
    ``memory.shown_cells``); closed: as ``same_rows.closed_by``, and stays hidden. A series that is not shown keeps its years,
    marked hidden; the grains that were not chosen are not in the answer.
    """
    series = result.series.reset_index(drop=True)
    reasons = primary(rows=series, policy=policy, nested=result.spec.nested)
    if policy.hides:
        reasons[differs_little(series=series, before=before, policy=policy) & (reasons == "")] = "differs_little"
        shut = is_closed(rows=series, spec=result.spec, closed=closed) & ~series["kind"].isin(["part", "period"]).to_numpy()
        reasons[shut & (reasons == "")] = "protects_another"
    keep = series["kind"].ne("part").to_numpy(copy=True)
    hidden: set[tuple[str, str, str]] = set()
    found = list(blocks(series=series, reasons=reasons, register=result.register)) if policy.hides else []
    together = _together(found, result, policy, seen)
    services: list[dict] = []
    for block in found:
        phases, grains, known = _measure(block, result, policy, seen[seen["measure"] == block.measure], *together.get(block.measure, ()))
        _mark(block, phases, grains, reasons, keep)
        services += coarser(series=series, block=block, grains=known, hidden=phases, policy=policy, result=result)
        hidden |= {(block.measure, _name(block, place), block.names[phase]) for place, phase in phases if phase >= 0}
    if policy.hides:
        _whole_of_hidden(series, reasons, hidden)
        _groups(series, reasons, policy)
    whole = canonical(pd.DataFrame(services), SERIES_COLUMNS, SERIES_TEXT)
    whole = whole[~differs_little(series=whole, before=before, policy=policy)]
    out = pd.concat([series[keep], whole], ignore_index=True) if len(whole) else series[keep]
    reasons = np.concatenate([reasons[keep], np.full(len(whole), "", dtype=object)])
    return _finished(out, reasons, policy), hidden, reasons


def _together(found: list[Block], result: Result, policy: Policy, seen: pd.DataFrame) -> dict[str, tuple[set[Cell], Grains]]:
    """Measure -> phases that are hidden, and grains that are the finest, in every measure of the same rows."""
    return {block.measure: chosen for group, rows in same_rows(found=found, spec=result.spec, policy=policy)
            for chosen in [_measure(rows, result, policy, seen[seen["measure"] == rows.measure])[:2]] for block in group}


def _whole_of_hidden(series: pd.DataFrame, reasons: np.ndarray, hidden: set[tuple[str, str, str]]) -> None:
    """All phases together go where one of them is hidden: the rest would be what is left."""
    whole = series["kind"].eq("whole").to_numpy() & (reasons == "") & series["subgroup"].isna().to_numpy()
    partly = {(measure, place) for measure, place, _ in hidden}
    for at in np.flatnonzero(whole):
        if (series["measure"].iat[at], series["department"].iat[at]) in partly:
            reasons[at] = "protects_another"


def _groups(series: pd.DataFrame, reasons: np.ndarray, policy: Policy) -> None:
    """Write the reason of every row of a group that is hidden to protect another. Phases first, then what sums them."""
    split = series["subgroup"].notna().to_numpy()
    for wholes in (False, True):
        table = series["kind"].ne("period").to_numpy() & series["kind"].ne("part").to_numpy() & (series["kind"].eq("whole").to_numpy() == wholes)
        at = np.flatnonzero(table & np.isin(series["measure"], series["measure"][split].unique()))
        rows = series.iloc[at]
        key = rows["measure"] + "|" + rows["kind"] + "|" + rows["phase"].fillna("").astype("str")
        hide = hidden_groups(rows=rows.assign(table=key), own=reasons[at] != "", fixed=~split[at],
                             persons=rows[list(LAYERS)].to_numpy(dtype=float), least=(1.0, 0.0, 0.0), policy=policy)
        empty = np.nan_to_num(rows[list(LAYERS)].to_numpy(dtype=float)).sum(axis=1) == 0
        reasons[at[hide & (reasons[at] == "")]] = "protects_another"
        reasons[at[hide & empty]] = NOT_SPLIT
        if not wholes:
            keys = ["measure", "department", "subgroup"]
            gone = set(series.loc[(reasons != "") & split & series["kind"].ne("period"), keys].itertuples(index=False, name=None))
            for i in np.flatnonzero(split & series["kind"].eq("whole").to_numpy() & (reasons == "")):
                if tuple(series.loc[i, keys]) in gone:
                    reasons[i] = "protects_another"


def _name(block: Block, place: int) -> str:
    return ALL if place == TOTAL else block.places[place]


def _measure(
    block: Block, result: Result, policy: Policy, seen: pd.DataFrame, closed: Set[Cell] = frozenset(), floor: Grains | None = None,
) -> tuple[set[Cell], Grains, Grains]:
    """``_chosen``; what was worked out before for the same numbers, wherever they stand in the series, is not worked out again."""
    given = (rollout(result=result), policy, seen, frozenset(closed), floor)
    rows = {name: replace(getattr(block, name), at=np.zeros(0, dtype=int)) for name in ("phases", "periods", "parts")}
    hidden, grains, known = solved(about=(replace(block, **rows), *given), make=lambda: _chosen(block, *given))
    return set(hidden), dict(grains), dict(known)


def _chosen(
    block: Block, plan: Rollout, policy: Policy, seen: pd.DataFrame, closed: Set[Cell], floor: Grains | None,
) -> tuple[set[Cell], Grains, Grains]:
    """Hidden phases, shown grains and the grains the reader then knows; ``closed`` phases are hidden and no grain is finer
    than ``floor``. While something hidden could be bounded from all that is known together, the cheapest of these is given
    up: the rest of a department that is hidden in part, or a finer grain of the total."""
    old_phases, old_grains = _seen(block, seen)
    shut = [key in closed for key in zip(block.phases.place.tolist(), block.phases.phase.tolist(), strict=True)]
    block = replace(block, phases=replace(block.phases, risky=block.phases.risky | np.array(shut, dtype=bool)))
    dark: set[int] = set()
    coarsest, can_be = 0, None
    while True:
        hidden = hidden_phases(block=block, policy=policy, dark=frozenset(dark), seen=old_phases)
        if not len(block.periods):
            return hidden, {}, {}
        grains, known = shown_grains(block=block, blocked={p for p, _ in hidden}, policy=policy,
                                     coarsest_total=LADDER[coarsest], seen=old_grains, floor=floor)
        if known.get(TOTAL) is None or set(known.values()) == {"month"} or grains.get(TOTAL) is None and not dark:
            return hidden, grains, known
        can_be = possible(block=block, rollout=plan) if can_be is None else can_be
        if not unsafe(block=block, grains=known, hidden=hidden, possible=can_be, policy=policy):
            return hidden, grains, known
        partly = {p: loss(block=block, place=p, hidden=hidden) for p, _ in hidden if p != TOTAL and p not in dark}
        cheapest = min(partly, key=partly.__getitem__, default=None)
        coarsest = max(coarsest, LADDER.index(grains[TOTAL]))
        dark_costs = partly[cheapest] if cheapest is not None and len(dark) < MOST_DARK else np.inf
        if LADDER[coarsest] is not None and dark_costs < TOTAL_WEIGHT * COST[LADDER[coarsest]]:
            dark.add(cheapest)
        else:
            coarsest, dark = min(coarsest + 1, len(LADDER) - 1), set()


def _seen(block: Block, seen: pd.DataFrame) -> tuple[frozenset[Cell], Grains]:
    """Phases and the finest grain of each series that the reader has been shown before, in codes of the block."""
    codes = {name: code for code, name in enumerate(block.places)} | {ALL: TOTAL}
    rows = seen[seen["department"].isin(codes) & seen["subgroup"].eq("")]
    phases = rows[rows["kind"].eq("phase") & rows["phase"].isin(block.names)]
    periods = rows[rows["kind"].eq("period")].drop_duplicates(["department", "grain"])
    grains: Grains = {}
    for grain in reversed(GRAINS):
        grains |= {codes[d]: grain for d in periods.loc[periods["grain"] == grain, "department"]}
    return frozenset((codes[d], block.names.index(f)) for d, f in zip(phases["department"], phases["phase"], strict=True)), grains


def _mark(block: Block, hidden: set[Cell], grains: Grains, reasons: np.ndarray, keep: np.ndarray) -> None:
    """Write the reason of every hidden row of one measure and drop the grains that were not chosen."""
    rows = block.phases
    for i in range(len(rows)):
        if (int(rows.place[i]), int(rows.phase[i])) in hidden and not reasons[rows.at[i]]:
            reasons[rows.at[i]] = "protects_another"
    rows, blocked = block.periods, {place for place, _ in hidden}
    for place, grain in grains.items():
        mine = rows.where(rows.place == place)
        keep[mine.at] = mine.grain == (grain or "year")
        if grain is None:
            why = "phase_hidden" if place in blocked else "few_in_a_period" if mine.risky.any() else "protects_another"
            free = reasons[mine.at] == ""
            reasons[mine.at[free]] = why


def _finished(rows: pd.DataFrame, reasons: np.ndarray, policy: Policy) -> pd.DataFrame:
    """Status and reason; hidden rows emptied, intervals on few rows gone, and what only the gate may know dropped."""
    rows = rows.reset_index(drop=True)
    empty = (rows["persons"].fillna(0).eq(0) & rows["value"].isna()).to_numpy()
    hide = (reasons != "") & ~empty | (reasons == NOT_SPLIT)
    status = pd.Series(np.select([empty & ~hide, hide], ["no_data", "suppressed"], "shown"), dtype="str")
    out = emptied(rows.assign(status=status, reason=pd.Series(np.where(hide, told(reasons), None), dtype="str")))
    if policy.hides:
        median = out["kind"].eq("phase_median")
        thin = out["n"].lt(median.map({True: policy.min_n_points, False: policy.min_n_spread}))
        out[["conf_low", "conf_high", "conf_level"]] = out[["conf_low", "conf_high", "conf_level"]].mask(thin, axis=0)
        # Stays by the day they began, beside stays by the day they ended: the difference is who is still there.
        out[COUNTS] = out[COUNTS].mask(median, axis=0)
    return out.drop(columns=INTERNAL)


def emptied(frame: pd.DataFrame) -> pd.DataFrame:
    """Hidden rows keep their names only; every number and judgement in them is gone."""
    out = frame.copy()
    gone = out["status"].eq("suppressed")
    if gone.any():
        columns = out.columns.difference(KEPT_WHEN_HIDDEN)
        for column in columns:
            out[column] = out[column].mask(gone)
    return out
