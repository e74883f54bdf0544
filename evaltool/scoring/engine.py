"""The scoring engine: sums, means, 0-100 scores, conversions, skips and conditions, for every form alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..instruments import Instrument, Scale
from .answers import Answers, read_answers
from .points import points_of, worth

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


@dataclass(frozen=True)
class _Tally:
    """One scale over n respondents, arrays of shape (n,). ``counted``: answered, or skipped and worth 0 points."""

    points: np.ndarray
    counted: np.ndarray
    answered: np.ndarray
    applicable: np.ndarray
    not_applicable: np.ndarray
    dont_know: np.ndarray


def score(*, answers: pd.DataFrame, instrument: Instrument, already_reversed: bool | None = None) -> pd.DataFrame:
    """Scores of every scale for every row of ``answers``.

    ``answers`` holds the item columns ``<form>_<nn>`` as numbers (other columns are ignored); NaN is no answer, the
    codes the form declares for not applicable, don't know and refused count as unanswered. ``already_reversed``: the
    codes of reversed items stand as they count, not as ticked; it must be said for a form that prints reversed
    numbers, else False. Returns ``row, scale, score, n_items, n_answered, n_na, n_dk, scored, reason``: ``row`` is
    the position in ``answers``, ``n_items`` the items that apply, ``score`` is in the scale's own unit and NaN where
    not ``scored``, ``reason`` then ``too_few_items`` or ``nothing_applicable``. Scale by scale, rows in order.

    Raises ScoringError: a slot without a key, missing columns, codes out of range (counts per column), undeclared
    reversal.
    """
    points = points_of(instrument, already_reversed)
    read = read_answers(answers, instrument)
    blocks: dict[str, dict[str, np.ndarray]] = {}
    for scale in instrument.scales:
        if scale.rule == "mean_of_scales":
            blocks[scale.id] = _of_scales(scale, blocks)
        else:
            blocks[scale.id] = _of_items(scale, _tally(scale, read, points[scale.id], len(answers)), points[scale.id])
    return _frame(blocks, len(answers))


def _tally(scale: Scale, read: dict[int, Answers], points: dict[int, np.ndarray], n: int) -> _Tally:
    import numpy as np

    total = np.zeros(n)
    counted, answered, applicable, na, dk = (np.zeros(n, dtype="int16") for _ in range(5))
    for number in scale.items:
        one = read[number]
        has = ~np.isnan(one.values)
        applies = np.ones(n, dtype=bool)
        if one.item.asked_if is not None:
            other, codes = one.item.asked_if
            asked = np.isin(read[other].values, codes)
            applies = asked | np.isnan(read[other].values)
            has = has & asked
        if scale.not_applicable == "excluded":
            applies &= ~one.not_applicable
        skipped = _skipped(scale, number, read, n) & ~has
        total += np.where(has, worth(one, points[number]), 0.0)
        counted += has | skipped
        answered += has
        applicable += applies
        na += one.not_applicable | skipped | ~applies
        dk += one.dont_know
    return _Tally(total, counted, answered, applicable, na, dk)


def _skipped(scale: Scale, number: int, read: dict[int, Answers], n: int) -> np.ndarray:
    import numpy as np

    out = np.zeros(n, dtype=bool)
    for skip in scale.skips:
        if number in skip.items:
            out |= np.logical_and.reduce([read[zero].values == 0 for zero in skip.when_zero])
    return out


def _of_items(scale: Scale, tally: _Tally, points: dict[int, np.ndarray]) -> dict[str, np.ndarray]:
    import numpy as np

    if scale.max_missing is not None:
        enough = tally.applicable - tally.counted <= scale.max_missing
    else:
        enough = tally.counted >= np.ceil(scale.min_share * tally.applicable - 1e-9)
    scored = enough & (tally.counted > 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        if scale.rule == "sum":
            raw = tally.points * (tally.applicable / tally.counted)
        else:
            raw = tally.points / tally.counted
    if scale.rule == "pomp":
        low, high = (float(np.mean([end(worth) for worth in points.values()])) for end in (np.min, np.max))
        raw = (raw - low) / (high - low) * 100
    value = np.where(scored, raw * scale.multiply, np.nan)
    if scale.convert is not None:
        value = _converted(value, scale.convert)
    return {
        "score": value, "n_items": tally.applicable, "n_answered": tally.answered, "n_na": tally.not_applicable,
        "n_dk": tally.dont_know, "scored": scored,
        "reason": np.select([scored, tally.applicable == 0], [0, 2], default=1),
    }


def _converted(value: np.ndarray, table: dict[float, float]) -> np.ndarray:
    """Raw sums through the conversion table; NaN stays NaN."""
    import numpy as np

    raw = np.array(sorted(table))
    metric = np.array([table[key] for key in raw])
    position = np.minimum(np.searchsorted(raw, value), len(raw) - 1)
    return np.where(raw[position] == value, metric[position], np.nan)


def _of_scales(scale: Scale, blocks: dict[str, dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    import numpy as np

    parts = [blocks[part] for part in scale.parts]
    gaps = np.sum([~part["scored"] for part in parts], axis=0)
    scored = (gaps <= (scale.max_missing or 0)) & (gaps < len(parts))
    summed = np.sum([np.where(part["scored"], part["score"], 0.0) for part in parts], axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.where(scored, summed / (len(parts) - gaps) * scale.multiply, np.nan)
    counts = {key: np.sum([part[key] for part in parts], axis=0) for key in ("n_items", "n_answered", "n_na", "n_dk")}
    return {"score": value, **counts, "scored": scored, "reason": np.where(scored, 0, 1)}


def _frame(blocks: dict[str, dict[str, np.ndarray]], n: int) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    def joined(key: str) -> np.ndarray:
        return np.concatenate([block[key] for block in blocks.values()]) if blocks else np.array([])

    scales = pd.Categorical.from_codes(np.repeat(np.arange(len(blocks)), n), categories=list(blocks))
    reason = pd.Categorical.from_codes(joined("reason").astype(int) - 1, categories=["too_few_items", "nothing_applicable"])
    return pd.DataFrame({
        "row": np.tile(np.arange(n, dtype="int64"), len(blocks)), "scale": pd.Series(scales).astype("str"),
        "score": joined("score"),
        **{key: joined(key).astype("int64") for key in ("n_items", "n_answered", "n_na", "n_dk")},
        "scored": joined("scored").astype(bool), "reason": pd.Series(reason).astype("str"),
    })
