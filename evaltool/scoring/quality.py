"""Does the scale hold here: reliability, items, gaps, departments and response shift, each per group."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..instruments import Instrument
from ..result import ALL
from ..stats.dif import dif_by_ordinal_logistic
from ..stats.estimate import NotEstimable
from ..stats.group_icc import group_icc
from ..stats.item_statistics import item_statistics
from ..stats.reliability import cronbach_alpha, omega_total
from .answers import read_answers
from .engine import score
from .points import ends, points_matrices, points_of

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

MINIMUM_ALPHA = 30
"""Complete forms below which reliability and item statistics say ``too_few``."""
MINIMUM_OMEGA = 100
MINIMUM_GROUPS = 5
"""Departments below which an ICC says ``too_few``."""


def scale_quality(*, answers: pd.DataFrame, instrument: Instrument, by: pd.Series | None = None,
                  already_reversed: bool | None = None, gaps: str = "complete", conf_level: float = 0.95) -> pd.DataFrame:
    """Reliability of each scale with at least two items, for all forms (group ``*``) and for each value of ``by``.

    ``by``: one label per row of ``answers`` (wave, role, department); None: all forms only. Returns ``scale, group, n,
    items, alpha, conf_low, conf_high, conf_level, mean_inter_item, omega_total, mean, sd, floor, ceiling, method,
    status``. ``gaps``: ``complete`` forms only, or ``pairwise`` where not applicable and don't know leave few complete
    ones (``n`` is then the smallest number behind a pair). Mean, sd and the shares at the lowest and highest possible
    score are of the scored forms. ``status``: ``ok``, ``too_few`` (n under 30; omega alone is NaN under 100) or
    ``zero_variance``.
    """
    import pandas as pd

    scores = score(answers=answers, instrument=instrument, already_reversed=already_reversed)
    matrices, rows = points_matrices(answers=answers, instrument=instrument, already_reversed=already_reversed), []
    for scale in instrument.scales:
        matrix = matrices[scale.id]
        if matrix.shape[1] < 2:
            continue
        values = scores.loc[scores["scale"] == scale.id, "score"].to_numpy()
        for group, chosen in _groups(by, len(answers)):
            rows.append({"scale": scale.id, "group": group, **_reliability(matrix[chosen], gaps, conf_level),
                         **_spread(values[chosen], scale.range)})
    columns = ["scale", "group", "n", "items", "alpha", "conf_low", "conf_high", "conf_level", "mean_inter_item",
               "omega_total", "mean", "sd", "floor", "ceiling", "method", "status"]
    return pd.DataFrame(rows, columns=columns).astype(dict.fromkeys(("scale", "group", "method", "status"), "str"))


def item_quality(*, answers: pd.DataFrame, instrument: Instrument, by: pd.Series | None = None,
                 already_reversed: bool | None = None, gaps: str = "complete") -> pd.DataFrame:
    """Item statistics within each scale (points after reversal), per group as in ``scale_quality``.

    ``scale, group, item, n, missing, mean, sd, floor, ceiling, item_rest, alpha_if_dropped, status``; the numbers are
    NaN where ``status`` is ``too_few`` (fewer than 30 forms) or ``zero_variance``.
    """
    import pandas as pd

    points = points_of(instrument, already_reversed)
    matrices, frames = points_matrices(answers=answers, instrument=instrument, already_reversed=already_reversed), []
    for scale in instrument.scales:
        if len(scale.items) < 2:
            continue
        matrix = matrices[scale.id]
        lowest, highest = ends(scale, points[scale.id])
        names = [instrument.item(number).column for number in scale.items]
        for group, chosen in _groups(by, len(answers)):
            frame = _items(matrix[chosen], names, lowest, highest, gaps)
            frame.insert(0, "group", group)
            frame.insert(0, "scale", scale.id)
            frames.append(frame)
    return pd.concat(frames, ignore_index=True).astype({"scale": "str", "group": "str", "item": "str", "status": "str"})


def answer_shares(*, answers: pd.DataFrame, instrument: Instrument, by: pd.Series | None = None) -> pd.DataFrame:
    """How each item is answered, per group (department): ``group, item, forms, answered, unanswered, not_applicable,
    dont_know, refused`` as shares of the forms. A large share of not applicable is a finding about the item."""
    import numpy as np
    import pandas as pd

    read = read_answers(answers, instrument)
    rows = []
    for group, chosen in _groups(by, len(answers)):
        for one in read.values():
            given = answers[one.item.column].notna().to_numpy()[chosen]
            answered, na, dk = (~np.isnan(one.values))[chosen], one.not_applicable[chosen], one.dont_know[chosen]
            shares = [part.mean() if len(part) else np.nan for part in (answered, ~given, na, dk, given & ~answered & ~na & ~dk)]
            rows.append((group, one.item.column, float(len(given)), *shares))
    columns = ["group", "item", "forms", "answered", "unanswered", "not_applicable", "dont_know", "refused"]
    return pd.DataFrame(rows, columns=columns).astype({"group": "str", "item": "str"})


def department_icc(*, answers: pd.DataFrame, instrument: Instrument, departments: pd.Series,
                   already_reversed: bool | None = None, conf_level: float = 0.95) -> pd.DataFrame:
    """How alike the forms of one department are, per scale: ``scale, n, departments, icc, conf_low, conf_high,
    conf_level, reliability, group_size, design_effect, effective_n, status``.

    ``design_effect``: how many times more persons are needed than if they were unrelated; ``effective_n``: what the
    sample is worth. ``status``: ``ok``, ``few_departments`` (under 5: read with care) or ``too_few`` (no number).
    """
    import pandas as pd

    scores = score(answers=answers, instrument=instrument, already_reversed=already_reversed)
    labels = departments.to_numpy()
    rows = []
    for scale in instrument.scales:
        values = scores.loc[scores["scale"] == scale.id, "score"].to_numpy()
        try:
            got = group_icc(values=values, groups=labels, conf_level=conf_level)
        except NotEstimable as none:
            rows.append({"scale": scale.id, "status": none.reason})
            continue
        rows.append({
            "scale": scale.id, "n": got.n, "departments": got.groups, "icc": got.icc, "conf_low": got.conf_low,
            "conf_high": got.conf_high, "conf_level": conf_level, "reliability": got.reliability,
            "group_size": got.group_size, "design_effect": got.design_effect, "effective_n": got.effective_n,
            "status": "ok" if got.groups >= MINIMUM_GROUPS else "few_departments",
        })
    columns = ["scale", "n", "departments", "icc", "conf_low", "conf_high", "conf_level", "reliability", "group_size",
               "design_effect", "effective_n", "status"]
    return pd.DataFrame(rows, columns=columns).astype({"scale": "str", "status": "str", "n": "float64", "departments": "float64"})


def response_shift(*, answers: pd.DataFrame, instrument: Instrument, by: pd.Series, already_reversed: bool | None = None,
                   scales: tuple[str, ...] = ()) -> pd.DataFrame:
    """Items that mean something else across the values of ``by`` (waves, roles): ``scale`` and the columns of
    ``stats.dif.dif_by_ordinal_logistic``. Scales with fewer than three items and continuous items are left out.
    ``scales``: these alone, else all."""
    import pandas as pd

    matrices, frames = points_matrices(answers=answers, instrument=instrument, already_reversed=already_reversed), []
    for scale in instrument.scales:
        if scales and scale.id not in scales:
            continue
        if len(scale.items) < 3 or any(instrument.item(number).continuous for number in scale.items):
            continue
        names = [instrument.item(number).column for number in scale.items]
        frame = dif_by_ordinal_logistic(items=matrices[scale.id], names=names, groups=by.to_numpy())
        frame.insert(0, "scale", scale.id)
        frames.append(frame)
    return pd.concat(frames, ignore_index=True).astype({"scale": "str"}) if frames else pd.DataFrame()


def _groups(by: pd.Series | None, n: int) -> Iterator[tuple[str, np.ndarray]]:
    """All rows first, then the rows of each label; rows without a label count only among all."""
    import numpy as np

    yield ALL, np.ones(n, dtype=bool)
    if by is not None:
        labels = by.to_numpy()
        for label in sorted(by.dropna().unique()):
            yield str(label), labels == label


def _reliability(matrix: np.ndarray, gaps: str, conf_level: float) -> dict[str, object]:
    row: dict[str, object] = {"n": float(_behind(matrix, gaps)), "items": float(matrix.shape[1]), "conf_level": conf_level}
    if row["n"] < MINIMUM_ALPHA:
        return {**row, "status": "too_few"}
    try:
        got = cronbach_alpha(items=matrix, conf_level=conf_level, gaps=gaps)
        enough = got.n >= MINIMUM_OMEGA and got.items >= 3
        omega = omega_total(items=matrix, gaps=gaps) if enough else float("nan")
    except NotEstimable as none:
        return {**row, "status": none.reason}
    return {**row, "alpha": got.alpha, "conf_low": got.conf_low, "conf_high": got.conf_high, "method": got.method,
            "mean_inter_item": got.mean_inter_item, "omega_total": omega, "status": "ok"}


def _behind(matrix: np.ndarray, gaps: str) -> int:
    """Forms that count: complete ones, or the smallest number that answered both items of a pair."""
    import numpy as np

    answered = ~np.isnan(matrix)
    return int(answered.all(axis=1).sum()) if gaps == "complete" else int((answered.T.astype(int) @ answered).min())


def _spread(values: np.ndarray, limits: tuple[float, float]) -> dict[str, float]:
    import numpy as np

    scored = values[~np.isnan(values)]
    if len(scored) < 2:
        return {}
    low, high = (np.isclose(scored, end) for end in limits)
    return {"mean": float(scored.mean()), "sd": float(scored.std(ddof=1)), "floor": float(low.mean()), "ceiling": float(high.mean())}


def _items(matrix: np.ndarray, names: list[str], lowest: np.ndarray, highest: np.ndarray, gaps: str) -> pd.DataFrame:
    import numpy as np
    import pandas as pd

    reason = "too_few" if _behind(matrix, gaps) < MINIMUM_ALPHA else ""
    if not reason:
        try:
            return item_statistics(items=matrix, names=names, lowest=lowest, highest=highest, gaps=gaps).assign(status="ok")
        except NotEstimable as none:
            reason = none.reason
    empty = dict.fromkeys(("n", "missing", "mean", "sd", "floor", "ceiling", "item_rest", "alpha_if_dropped"), np.nan)
    return pd.DataFrame({"item": names, **empty, "status": reason})
