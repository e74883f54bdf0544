"""Signs in the answers that a key, a coding or a reversal is wrong: codes to look into, never a correction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..instruments import Instrument
from ..stats.estimate import NotEstimable
from ..stats.reliability import cronbach_alpha
from .answer_profile import swapped_items
from .answers import Answers, read_answers
from .points import matrix_column, points_of

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

MINIMUM_USE = 100
"""Answers an item needs before an unused lowest or highest code says anything."""
NEIGHBOUR = 0.15
"""Share of the answers on the code beside an unused end: answers tail off, they do not stop short."""
MINIMUM_PAIRS = 50
"""Persons a correlation needs."""
MARGIN = 0.15
"""How much higher the correlation with another scale must be, both corrected for the scales' reliability."""


def answer_warnings(*, answers: pd.DataFrame, instrument: Instrument, by: pd.Series | None = None,
                    already_reversed: bool | None = None) -> pd.DataFrame:
    """``form, scale, item, other_item, group, code, n, value``, one row per sign; empty when there is none.

    ``by``: wave or source file of each row, if the pattern of the items should be compared across them.

    Codes: ``never_lowest`` / ``never_highest`` (an item of at least 100 answers never uses that code although the
    code beside it holds ``NEIGHBOUR`` of them), ``form_never_lowest`` / ``form_never_highest`` (no item of the form uses
    it: coded one too high or too low?),
    ``item_against_scale`` (correlates negatively with the rest of its scale, beyond chance: reversed twice, or not at
    all?), ``item_fits_other_scale`` (clearly closer to another scale of the form: two items swapped?) and
    ``items_swapped_in_group`` (``item`` and ``other_item`` changed places in this ``group``). ``value``: the
    correlation with the own scale, else NaN. Thresholds: constants of this module. Same errors as ``score``.
    """
    import pandas as pd

    points = points_of(instrument, already_reversed)
    read = read_answers(answers, instrument)
    rows = [*_unused(read), *_correlations(instrument, read, points)]
    frame = pd.DataFrame(rows, columns=["scale", "item", "code", "n", "value"])
    if by is not None:
        swapped = pd.DataFrame(_swapped(read, by), columns=["item", "other_item", "group", "code", "n"])
        frame = pd.concat([frame, swapped], ignore_index=True) if len(swapped) else frame
    frame["form"] = instrument.id
    frame = frame.reindex(columns=["form", "scale", "item", "other_item", "group", "code", "n", "value"])
    numbers, texts = ("item", "other_item", "n", "value"), ("form", "scale", "group", "code")
    return frame.astype({**dict.fromkeys(numbers, "float64"), **dict.fromkeys(texts, "str")})


def _swapped(read: dict[int, Answers], by: pd.Series) -> list[tuple]:
    """Items with the same response scale, compared across the values of ``by``."""
    import numpy as np

    alike: dict[tuple, list[int]] = {}
    for number, one in read.items():
        alike.setdefault(one.item.codes, []).append(number)
    rows = []
    for numbers in alike.values():
        values = np.column_stack([read[number].values for number in numbers])
        for group, i, j, n in swapped_items(values=values, groups=by.to_numpy()):
            rows.append((numbers[i], numbers[j], str(group), "items_swapped_in_group", n))
    return rows


def _unused(read: dict[int, Answers]) -> list[tuple]:
    import numpy as np

    rows = []
    # The very end of a line is rarely marked: only codes can be shifted.
    coded = {number: one for number, one in read.items() if not one.item.continuous}
    enough = {number: n for number, one in coded.items() if (n := int((~np.isnan(one.values)).sum())) >= MINIMUM_USE}
    for name, end, beside in (("lowest", 0, 1), ("highest", -1, -2)):
        unused = [number for number in enough if not (read[number].values == read[number].item.codes[end]).any()]
        if len(unused) > 1 and len(unused) == len(enough):
            rows.append(("", np.nan, f"form_never_{name}", max(enough.values()), np.nan))
        for number in unused:
            one = read[number]
            if (one.values == one.item.codes[beside]).sum() >= NEIGHBOUR * enough[number]:
                rows.append(("", number, f"never_{name}", enough[number], np.nan))
    return rows


def _correlations(instrument: Instrument, read: dict[int, Answers], points: dict[str, dict[int, np.ndarray]]) -> list[tuple]:
    import numpy as np

    matrices = {
        scale.id: np.column_stack([matrix_column(read, number, points[scale.id][number]) for number in scale.items])
        for scale in instrument.scales if len(scale.items) >= 3
    }
    wholes = {name: _whole(matrix) for name, matrix in matrices.items()}
    rows = []
    for name, matrix in matrices.items():
        numbers = instrument.scale(name).items
        rivals = [whole for other, whole in wholes.items() if not set(instrument.scale(other).items) & set(numbers)]
        for position, number in enumerate(numbers):
            rows += _of_item(name, number, matrix[:, position], _whole(np.delete(matrix, position, axis=1)), rivals)
    return rows


def _of_item(scale: str, number: int, item: np.ndarray, own: _Whole, rivals: list[_Whole]) -> list[tuple]:
    import numpy as np

    r, n = _correlation(item, own.mean)
    if n < MINIMUM_PAIRS or np.isnan(r):
        return []
    rows = []
    if np.arctanh(np.clip(r, -0.999999, 0.999999)) < -1.96 / np.sqrt(n - 3):
        rows.append((scale, number, "item_against_scale", n, r))
    if n >= MINIMUM_USE and any(
        # a longer scale is more reliable and draws every item: compare what is left when that is evened out
        _correlation(item, other.mean)[0] / other.root > max(r, 0) / own.root + MARGIN
        and _clearly_closer(item, other.mean, own.mean) for other in rivals
    ):
        rows.append((scale, number, "item_fits_other_scale", n, r))
    return rows


@dataclass(frozen=True)
class _Whole:
    """Mean of some items (n,) and the root of its reliability."""

    mean: np.ndarray
    root: float


def _whole(matrix: np.ndarray) -> _Whole:
    try:
        alpha = cronbach_alpha(items=matrix, gaps="pairwise").alpha
    except NotEstimable:
        alpha = float("nan")
    # NaN or no reliability: no comparison can be made with it, and none will be flagged
    return _Whole(mean=_row_means(matrix), root=alpha**0.5 if alpha > 0 else float("nan"))


def _clearly_closer(item: np.ndarray, other: np.ndarray, own: np.ndarray) -> bool:
    """Williams' t for two correlations that share the item, beyond 3 (Steiger, Psychological Bulletin 1980)."""
    import numpy as np

    both = ~np.isnan(item) & ~np.isnan(other) & ~np.isnan(own)
    n = int(both.sum())
    r = np.corrcoef([item[both], other[both], own[both]])
    a, b, c = r[0, 1], r[0, 2], r[1, 2]
    determinant = 1 - a * a - b * b - c * c + 2 * a * b * c
    mean = (a + b) / 2
    spread = 2 * (n - 1) / (n - 3) * determinant + mean**2 * (1 - c) ** 3
    return bool((a - b) * np.sqrt((n - 1) * (1 + c) / spread) > 3)


def _row_means(matrix: np.ndarray) -> np.ndarray:
    import numpy as np

    answered = ~np.isnan(matrix)
    count = answered.sum(axis=1)
    return np.where(count > 0, np.where(answered, matrix, 0.0).sum(axis=1) / np.maximum(count, 1), np.nan)


def _correlation(x: np.ndarray, y: np.ndarray) -> tuple[float, int]:
    """Pearson's r of the complete pairs and their number; NaN without variance."""
    import numpy as np

    both = ~np.isnan(x) & ~np.isnan(y)
    n = int(both.sum())
    if n < 3 or x[both].std() == 0 or y[both].std() == 0:
        return float("nan"), n
    return float(np.corrcoef(x[both], y[both])[0, 1]), n
