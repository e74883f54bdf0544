"""Signals on process charts: which rule says so, at which point, in which direction. Arrays, many series at once.

Sources: NHS England, Making Data Count (rules as NHSRplotthedots 0.2.2 has them); Anhøj and Olesen, PLoS ONE
2014;9:e113825 (longest run and crossings); Western Electric, Statistical Quality Control Handbook, 1956; Nelson,
Journal of Quality Technology 1984;16:237.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from .spc import Limits

RULE_SETS = {
    "mdc_1": ("outside", "shift_7", "trend_7", "near_2_of_3"),
    "anhoej_1": ("outside", "longest_run", "crossings"),
    "western_electric_1": ("outside", "beyond2_2_of_3", "beyond1_4_of_5", "shift_8"),
    "nelson_1": (
        "outside", "shift_9", "trend_6", "alternating_14", "beyond2_2_of_3", "beyond1_4_of_5", "within1_15",
        "without1_8",
    ),
}
"""Name and version of a rule set -> its rules. A rule set never changes under its name."""


@dataclass(frozen=True)
class Signals:
    """``rules``: names. ``up``, ``down``, ``plain`` (no direction): bool, (rules, series, points)."""

    rules: tuple[str, ...]
    up: np.ndarray
    down: np.ndarray
    plain: np.ndarray

    @property
    def any(self) -> np.ndarray:
        """Points that signal by some rule, bool (series, points)."""
        return (self.up | self.down | self.plain).any(axis=0)


@dataclass(frozen=True)
class Runs:
    """Runs analysis of one phase: float (series,) each, NaN without useful points (points off the centre line)."""

    useful: np.ndarray
    longest: np.ndarray
    longest_max: np.ndarray
    crossings: np.ndarray
    crossings_min: np.ndarray


def signals(*, limits: Limits, phase: np.ndarray, rule_set: str) -> Signals:
    """Every hit of every rule of ``rule_set`` (a key of RULE_SETS).

    ``limits``: of the chart. ``phase``: int, as its arrays, -1 = no rules here. A pattern never runs across a phase or
    (except ``longest_run`` and ``crossings``, which by definition look at the points that are there) across a gap. All
    points that make up a pattern are marked. Rules that need sigmas are silent where there are no limits.
    """
    rules = RULE_SETS[rule_set]
    live = np.where(np.isfinite(limits.side) & (phase >= 0), phase, -1)
    hits = [_rule(name, limits, live) for name in rules]
    up, down, plain = (np.stack([hit[i] for hit in hits]) for i in range(3))
    return Signals(rules=rules, up=up, down=down, plain=plain)


def runs(*, side: np.ndarray, inside: np.ndarray) -> Runs:
    """Longest run and crossings of the points ``inside`` (bool) by ``side`` of the centre line, both (series, points)."""
    from scipy.stats import binom

    useful, number, length = _runs(side, inside)
    n = useful.sum(axis=1).astype(float)
    longest = np.where(useful, length, 0).max(axis=1, initial=0)
    crossings = np.where(useful, number, 0).max(axis=1, initial=0) - 1
    with np.errstate(divide="ignore"):
        longest_max = np.round(np.log2(n)) + 3
    parts = (n, longest, longest_max, crossings, binom.ppf(0.05, np.maximum(n - 1, 0), 0.5))
    return Runs(*(np.where(n > 0, part, np.nan) for part in parts))


def _rule(name: str, limits: Limits, live: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Up, down and plain hits of one rule; the numbers in its name are its limits."""
    value, z, side = limits.value, limits.z, limits.side
    none = np.zeros(z.shape, dtype=bool)
    kind, _, rest = name.partition("_")
    numbers = [int(part) for part in rest.split("_of_")] if rest and kind != "longest" else []
    on = live >= 0
    if kind == "outside":
        return on & (z > 3), on & (z < -3), none
    if kind == "shift":
        return (*(_streak(on & (side == sign), live) >= numbers[0] for sign in (1, -1)), none)
    if kind == "trend":
        return (*(_trend(sign * value, live) >= numbers[0] for sign in (1, -1)), none)
    if kind == "near":
        return (*(_near(sign * z, sign * side, live, *numbers) for sign in (1, -1)), none)
    if kind in ("beyond1", "beyond2"):
        return (*(_window(on & (sign * z > int(kind[-1])), live, *numbers) for sign in (1, -1)), none)
    if kind in ("within1", "without1"):
        close = np.abs(z) < 1 if kind == "within1" else np.abs(z) > 1
        return none, none, _streak(on & close, live) >= numbers[0]
    if kind == "alternating":
        return none, none, _alternating(value, live) >= numbers[0]
    return _anhoej(kind, side, live)


def _joined(live: np.ndarray) -> np.ndarray:
    """True where a point follows its neighbour within one phase, bool (series, points), first column False."""
    out = np.zeros(live.shape, dtype=bool)
    out[:, 1:] = (live[:, 1:] >= 0) & (live[:, 1:] == live[:, :-1])
    return out


def _streak(mark: np.ndarray, live: np.ndarray) -> np.ndarray:
    """Length of the unbroken streak of marked points that each marked point is part of, 0 elsewhere."""
    follows = np.zeros(mark.shape, dtype=bool)
    follows[:, 1:] = mark[:, 1:] & mark[:, :-1]
    return np.where(mark, _lengths(follows & _joined(live)), 0)


def _lengths(follows: np.ndarray) -> np.ndarray:
    """Length of the chain each element is part of; ``follows``: the element continues the one before it."""
    at = np.broadcast_to(np.arange(follows.shape[1]), follows.shape)
    first = np.maximum.accumulate(np.where(follows, 0, at), axis=1)
    ends = np.ones(follows.shape, dtype=bool)
    ends[:, :-1] = ~follows[:, 1:]
    last = np.minimum.accumulate(np.where(ends, at, follows.shape[1])[:, ::-1], axis=1)[:, ::-1]
    return last - first + 1


def _trend(value: np.ndarray, live: np.ndarray) -> np.ndarray:
    """Points in the longest rising stretch that each point is part of."""
    rising = np.zeros(value.shape, dtype=bool)
    rising[:, 1:] = value[:, 1:] > value[:, :-1]
    return _lengths(rising & _joined(live))


def _alternating(value: np.ndarray, live: np.ndarray) -> np.ndarray:
    """Points in the longest stretch of steps that go up and down in turn."""
    joined = _joined(live)
    step = np.zeros(value.shape)
    step[:, 1:] = np.where(joined[:, 1:], np.sign(np.diff(value, axis=1)), 0)
    turns = np.zeros(value.shape, dtype=bool)
    turns[:, 1:] = step[:, 1:] * step[:, :-1] < 0
    length = np.where(step != 0, _lengths(turns) + 1, 0)
    ahead = np.zeros_like(length)
    ahead[:, :-1] = length[:, 1:]
    return np.maximum(length, ahead)


def _window(mark: np.ndarray, live: np.ndarray, least: int, wide: int, extra: np.ndarray | None = None) -> np.ndarray:
    """Marked points in some window of ``wide`` neighbours of one phase with at least ``least`` marked ones.

    ``extra``: must hold at every point of the window.
    """
    out = np.zeros(mark.shape, dtype=bool)
    if mark.shape[1] < wide:
        return out
    view = np.lib.stride_tricks.sliding_window_view
    whole = view(_joined(live)[:, 1:], wide - 1, axis=1).all(axis=2) if wide > 1 else live >= 0
    hit = whole & (view(mark, wide, axis=1).sum(axis=2) >= least)
    if extra is not None:
        hit &= view(extra, wide, axis=1).all(axis=2)
    for shift in range(wide):
        out[:, shift:shift + hit.shape[1]] |= hit
    return out & mark


def _near(z: np.ndarray, side: np.ndarray, live: np.ndarray, least: int, wide: int) -> np.ndarray:
    """Making Data Count: between two and three sigmas, all points of the window on that side of the centre."""
    return _window((live >= 0) & (z > 2) & (z <= 3), live, least, wide, extra=side > 0)


def _anhoej(kind: str, side: np.ndarray, live: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    up, down, plain = (np.zeros(side.shape, dtype=bool) for _ in range(3))
    for code in np.unique(live[live >= 0]):
        inside = live == code
        found = runs(side=side, inside=inside)
        if kind == "crossings":
            plain |= inside & (found.crossings < found.crossings_min)[:, None]
            continue
        useful, _, length = _runs(side, inside)
        long = useful & (length > found.longest_max[:, None])
        up |= long & (side > 0)
        down |= long & (side < 0)
    return up, down, plain


def _runs(side: np.ndarray, inside: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Useful points (off the centre line), the number of the run each is in (from 1), and that run's length."""
    side = np.where(inside & np.isfinite(side), side, 0)
    useful = side != 0
    at = np.where(useful, np.arange(side.shape[1]), -1)
    before = np.full(side.shape, -1)
    before[:, 1:] = np.maximum.accumulate(at, axis=1)[:, :-1]
    previous = np.where(before >= 0, np.take_along_axis(side, np.maximum(before, 0), axis=1), 0)
    number = np.cumsum(useful & (side != previous), axis=1)
    wide = side.shape[1] + 1
    flat = number + np.arange(len(side))[:, None] * wide
    sizes = np.bincount(flat[useful], minlength=wide * len(side))
    return useful, number, sizes[flat]
