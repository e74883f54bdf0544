"""Axes with round steps and ready tick texts, for numbers and for calendar time."""

from __future__ import annotations

import datetime as dt
import math

from ..text import formats
from .chart import Axis, Tick

_STEPS = (1.0, 2.0, 5.0, 10.0)


def number_axis(
    *, low: float, high: float, unit: str, lang: str, title: str = "", bounds: tuple[float, float] | None = None,
    target: int = 5,
) -> Axis:
    """Axis over at least ``low`` to ``high`` with about ``target`` round steps; never outside ``bounds``.

    ``unit`` decides the text of a tick (a share as per cent).
    """
    floor, ceiling = bounds or (-math.inf, math.inf)
    if not high > low:
        pad = abs(low) * 0.1 or 1.0
        low, high = max(floor, low - pad), min(ceiling, high + pad)
    step = _step((high - low) / target)
    start, stop = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    start, stop = max(start, floor), min(stop, ceiling)
    first, count = math.ceil(start / step - 1e-9), math.floor((stop - start) / step + 1e-9)
    places = _places(step * (100 if unit == "share" else 1))
    at = [(first + i) * step for i in range(count + 1)]
    ticks = tuple(Tick(v, formats.quantity(v, unit, lang, places)) for v in at if start - 1e-9 <= v <= stop + 1e-9)
    return Axis(low=start, high=stop, ticks=ticks, title=title)


def time_axis(*, first: dt.date, last: dt.date, lang: str, title: str = "") -> Axis:
    """Calendar axis from ``first`` to ``last``: years when it is long, months or quarters when it is short."""
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    every = 12 if months > 18 else 3 if months > 6 else 1
    starts = [d for d in _month_starts(first, last)]
    ticks = tuple(
        Tick(d.toordinal(), str(d.year) if every == 12 else formats.month(d, lang, short=True))
        for d in starts if (d.month - 1) % every == 0
    )
    minor = tuple(float(d.toordinal()) for d in starts if (d.month - 1) % 3 == 0)
    return Axis(low=first.toordinal(), high=last.toordinal(), ticks=ticks, title=title, minor=minor, grid=False)


def _month_starts(first: dt.date, last: dt.date):
    day = first.replace(day=1)
    while day <= last:
        if day >= first:
            yield day
        day = (day + dt.timedelta(days=32)).replace(day=1)


def _step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    return next(s * power for s in _STEPS if s * power >= rough * (1 - 1e-9))


def _places(step: float) -> int:
    return next(p for p in range(10) if abs(round(step, p) - step) < 1e-9 * max(1.0, step))
