"""Answers as the points they are worth in a scale: what the engine adds up and what the reliability is of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import ScoringError
from ..instruments import Instrument, Scale
from .answers import Answers, read_answers
from .table import scoring_table

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


def points_matrix(*, answers: pd.DataFrame, instrument: Instrument, scale: str, already_reversed: bool | None = None) -> np.ndarray:
    """Points of every item of one scale, (rows of ``answers``, items of the scale), NaN where unanswered or not asked.

    Same arguments and errors as ``score``. A scale made of other scales has no items of its own: (n, 0).
    """
    return points_matrices(answers=answers, instrument=instrument, already_reversed=already_reversed)[scale]


def points_matrices(*, answers: pd.DataFrame, instrument: Instrument, already_reversed: bool | None = None) -> dict[str, np.ndarray]:
    """``points_matrix`` of every scale by its id; the answers are read once."""
    import numpy as np

    points, read = points_of(instrument, already_reversed), read_answers(answers, instrument)
    out = {}
    for scale in instrument.scales:
        columns = [matrix_column(read, number, points[scale.id][number]) for number in scale.items]
        out[scale.id] = np.column_stack(columns) if columns else np.empty((len(answers), 0))
    return out


def matrix_column(read: dict[int, Answers], number: int, points: np.ndarray) -> np.ndarray:
    """Points of one item (n,), NaN where it is unanswered, or was not to be asked."""
    import numpy as np

    one = read[number]
    out = worth(one, points)
    if one.item.asked_if is not None:
        other, codes = one.item.asked_if
        out = np.where(np.isin(read[other].values, codes), out, np.nan)
    return out


def points_of(instrument: Instrument, already_reversed: bool | None) -> dict[str, dict[int, np.ndarray]]:
    """Scale -> item -> points in the order of the item's codes. Refuses a slot and an undeclared reversal."""
    if instrument.status == "slot":
        raise ScoringError("instrument_slot", instrument=instrument.id, lacks=", ".join(instrument.lacks))
    if already_reversed is None and instrument.prints_reversed:
        raise ScoringError("reversal_undeclared", instrument=instrument.id)
    table = scoring_table(instrument=instrument, already_reversed=bool(already_reversed))
    out: dict[str, dict[int, np.ndarray]] = {scale.id: {} for scale in instrument.scales}
    for (scale, item), rows in table.groupby(["scale", "item"], sort=False):
        out[scale][int(item)] = rows["coefficient"].to_numpy()
    return out


def worth(one: Answers, points: np.ndarray) -> np.ndarray:
    """Points (n,) of one item's answers, NaN where there is no valid answer."""
    import numpy as np

    if one.item.continuous:
        return np.interp(one.values, one.item.codes, points)
    return np.append(points, np.nan)[one.position]


def ends(scale: Scale, points: dict[int, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Fewest and most points of each item of a scale, two arrays (k,)."""
    import numpy as np

    return (np.array([points[n].min() for n in scale.items]), np.array([points[n].max() for n in scale.items]))
