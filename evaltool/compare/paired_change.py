"""How many of the same people went one way and how many the other: McNemar on yes and no, or why it is not told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..stats.estimate import Estimate, NotEstimable
from ..stats.two_by_two import mcnemar

if TYPE_CHECKING:
    import numpy as np

METHOD = "mcnemar_exact"


def paired_change(
    *, was: np.ndarray, now: np.ndarray, least: int = 0, conf_level: float = 0.95
) -> tuple[Estimate | None, dict[str, float]]:
    """``was``, ``now`` (n,) bool of the same persons -> the difference of the shares with an exact p, and note codes.

    Nobody: ``nobody_twice``; nobody changed: ``zero_variance``. With the difference and its p one can work out how many went
    each way: where that is fewer than ``least``, but somebody, there is no number and the note ``few_changed``.
    """
    if not len(was):
        return None, {"nobody_twice": 0.0}
    gained, lost = int((now & ~was).sum()), int((was & ~now).sum())
    if any(0 < n < least for n in (gained, lost)):
        return None, {"few_changed": float(len(was))}
    try:
        return mcnemar(gained=gained, lost=lost, n=len(was), conf_level=conf_level), {}
    except NotEstimable as reason:
        return None, {reason.reason: float(len(was))}
