"""Where people went after a stay beyond the calendar-month limit, as series rows for the gate."""

from __future__ import annotations

import pandas as pd

from ..result import ALL, SERIES_COLUMNS, SERIES_TEXT, canonical
from ..stats.proportions import wilson
from .length_summary import destinations

MEASURE = "stays.after_limit"
REST = "rest"
"""All ways out of few people together."""


def left_after_limit(*, lengths: pd.DataFrame, min_persons: int, conf_level: float = 0.95) -> pd.DataFrame:
    """Ended stays beyond the limit by ``discharged_to``, all departments and the whole period: ``result.SERIES_COLUMNS``.

    ``lengths`` as ``length_of_stay`` makes them. ``measure``: ``stays.after_limit``, kind ``to_<code>`` (phase ``whole``),
    ``value``: share of the ended stays beyond the limit with Wilson's interval. Ways out of fewer than ``min_persons``
    persons are ``to_rest`` together, with the next smallest until they are enough; the rows add up to all, so each
    counts the persons of the smallest.
    """
    long = lengths[lengths["over_limit"] & ~lengths["ongoing"]]
    if long.empty:
        return canonical(pd.DataFrame(), SERIES_COLUMNS, SERIES_TEXT)
    where = destinations(lengths=long.assign(place=ALL), by=["place"]).sort_values(["persons", "discharged_to"], kind="stable")
    code = long["discharged_to"].fillna("unknown")
    few = int((where["persons"] < min_persons).sum())
    while 0 < few < len(where) and (few < 2 or long["person"][code.isin(where["discharged_to"].iloc[:few])].nunique() < min_persons):
        few += 1
    code = code.where(~code.isin(where["discharged_to"].iloc[:few]), REST)
    n, persons = float(len(long)), float(long["person"].nunique())
    least = float(long.groupby(code)["person"].nunique().min())
    rows = []
    for name, own in sorted(long.groupby(code), key=lambda one: (one[0] == REST, -len(one[1]), one[0])):
        low, high = wilson(events=float(len(own)), n=n, conf_level=conf_level)
        rows.append({
            "measure": MEASURE, "department": ALL, "kind": f"to_{name}", "phase": "whole", "value": len(own) / n, "conf_low": low,
            "conf_high": high, "conf_level": conf_level, "numerator": float(len(own)), "denominator": n, "n": n,
            "persons": persons, "persons_numerator": least, "persons_complement": float(long["person"][code != name].nunique()), "unit": "share", "method": "wilson"})
    return canonical(pd.DataFrame(rows), SERIES_COLUMNS, SERIES_TEXT)
