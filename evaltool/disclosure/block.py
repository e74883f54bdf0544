"""One measure of a Result as plain arrays: what the rules about totals, series and phases read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .. import measures
from ..result import ALL

TOTAL = -1
"""Code of ``*`` in ``Rows.place``."""
GRAINS = ("month", "quarter", "year")
MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}
LAYERS = ("persons", "persons_numerator", "persons_complement")
SPLIT = "split"
"""The phase of a month in which the phase changes, where months are not split (``indicators.aggregate``)."""


@dataclass(frozen=True)
class Rows:
    """Some rows as arrays (n,). ``at``: position in the series frame; ``place``: department code or ``TOTAL``;
    ``phase``: phase code; ``kind`` and ``grain``: as in the Result; ``month``: months since 1970 of the first day;
    ``persons`` (n, 3): in the order of ``LAYERS``; ``n``: rows or months; ``amount``: the numerator; ``top``: share of
    the heaviest person; ``risky``: may not be shown for its own sake."""

    at: np.ndarray
    place: np.ndarray
    phase: np.ndarray
    kind: np.ndarray
    grain: np.ndarray
    month: np.ndarray
    persons: np.ndarray
    n: np.ndarray
    amount: np.ndarray
    top: np.ndarray
    risky: np.ndarray

    def where(self, keep: np.ndarray) -> Rows:
        """The rows that ``keep`` (booleans or positions) chooses."""
        return Rows(**{name: value[keep] for name, value in vars(self).items()})

    def __len__(self) -> int:
        return len(self.at)


@dataclass(frozen=True)
class Block:
    """One measure without subgroups: ``phases``, calendar ``periods`` and the ``parts`` both are sums of.

    ``places``: department names by code; ``services``: the service of each; ``names``: phase names by code; ``monthly``: the amount of a month is what
    is added up (bed-days), not rows.
    """

    measure: str
    places: tuple[str, ...]
    services: tuple[str, ...]
    names: tuple[str, ...]
    monthly: bool
    phases: Rows
    periods: Rows
    parts: Rows


def blocks(*, series: pd.DataFrame, reasons: np.ndarray, register: pd.DataFrame) -> Iterator[Block]:
    """One block per measure of ``series`` (a Result's, with its part rows); ``reasons`` as ``primary``, row by row;
    ``register``: the Result's, for the services."""
    places = tuple(name for name in series["department"].unique() if name != ALL)
    served = register.drop_duplicates("department").set_index("department")["service"].reindex(list(places)).fillna("")
    names = tuple(series["phase"].dropna().unique())
    rows = Rows(
        at=np.arange(len(series)), place=pd.Index(places).get_indexer(series["department"]),
        phase=pd.Index(names).get_indexer(series["phase"]), kind=series["kind"].to_numpy(dtype=object),
        grain=series["grain"].to_numpy(dtype=object),
        month=series["period"].to_numpy(dtype="datetime64[M]").astype(np.int64),
        persons=series[list(LAYERS)].to_numpy(dtype=float), n=series["denominator"].to_numpy(dtype=float),
        amount=series["numerator"].to_numpy(dtype=float), top=series["persons_top_share"].to_numpy(dtype=float),
        risky=reasons != "",
    )
    known = measures.register()
    code, found = pd.factorize(series["measure"])
    plain = series["subgroup"].isna().to_numpy()
    for number, measure in enumerate(found):
        mine = (code == number) & plain
        part, period = rows.kind == "part", rows.kind == "period"
        yield Block(
            measure=measure, places=places, services=tuple(served), names=names,
            monthly=measure in known and known[measure].kind in ("count", "rate"),
            phases=rows.where(mine & ~part & ~period), periods=rows.where(mine & period), parts=rows.where(mine & part),
        )


def few(persons: np.ndarray, limit: int) -> np.ndarray:
    """At least one person, and fewer than the limit."""
    return (persons > 0) & (persons < limit)
