"""Answer columns as code positions: checked once, then every scale only looks its points up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import ScoringError
from ..instruments import Instrument, Item

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


@dataclass(frozen=True)
class Answers:
    """One item's answers. ``values``: float64 (n,), NaN where there is no valid answer; ``position``: index of the
    code in ``item.codes``, ``len(codes)`` where there is none; the masks say why (n,)."""

    item: Item
    values: np.ndarray
    position: np.ndarray
    not_applicable: np.ndarray
    dont_know: np.ndarray


def read_answers(answers: pd.DataFrame, instrument: Instrument) -> dict[int, Answers]:
    """Item number -> ``Answers``. Raises ScoringError for missing columns and, with counts, for unknown codes."""
    if missing := [column for column in instrument.columns if column not in answers]:
        raise ScoringError("item_columns", instrument=instrument.id, missing=", ".join(missing), expected=len(instrument.items))
    counts: dict[str, int] = {}
    read: dict[int, Answers] = {}
    for item in instrument.items:
        read[item.number], unknown = _one(answers[item.column].to_numpy(dtype="float64", na_value=float("nan")), item)
        if unknown:
            counts[item.column] = unknown
    if counts:
        first = instrument.item_range()[next(iter(counts))]
        codes = sorted(first["codes"]) if first["codes"] else (first["low"], "...", first["high"])
        raise ScoringError(
            "out_of_range", instrument=instrument.id, counts=", ".join(f"{name}: {n}" for name, n in counts.items()),
            expected=", ".join(f"{code:g}" if isinstance(code, float) else str(code) for code in codes),
        )
    return read


def _one(raw: np.ndarray, item: Item) -> tuple[Answers, int]:
    import numpy as np

    given = ~np.isnan(raw)
    codes = np.asarray(item.codes)
    position = np.minimum(np.searchsorted(codes, raw), len(codes) - 1)
    valid = (raw >= codes[0]) & (raw <= codes[-1]) if item.continuous else codes[position] == raw
    reasons = {name: np.zeros(len(raw), dtype=bool) for name in ("not_applicable", "dont_know", "refused")}
    if item.missing and not valid.all():
        for code, reason in item.missing.items():
            reasons[reason] |= raw == code
    known = valid | reasons["not_applicable"] | reasons["dont_know"] | reasons["refused"]
    answers = Answers(
        item=item, values=np.where(valid, raw, np.nan), position=np.where(valid, position, len(codes)).astype("int8"),
        not_applicable=reasons["not_applicable"], dont_know=reasons["dont_know"],
    )
    return answers, int((given & ~known).sum())
