"""What is told about stays beside the measures, as series rows for the gate: definitions, flow, length classes, time
to readmission. Every row carries the persons behind it, and behind the smallest piece it could be taken apart into."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..design import StudyDesign
from ..result import ALL, SERIES_COLUMNS, SERIES_TEXT, Dataset, canonical
from ..stats.proportions import wilson
from ..study import Study
from .definitions import ReadmissionDefinition
from .stays import CLASSES, length_of_stay
from .study_stays import deaths, study_episodes
from .return_series import DAYS
from .time_to_readmission import time_to_readmission

PHASES = ("before", "after")
MERGED = "over_30"
"""The two longest classes together, where the longest is of too few people."""
ORDER = (*(code for code, _, _ in CLASSES), MERGED)


def length_series(*, dataset: Dataset, study: Study, design: StudyDesign, conf_level: float = 0.95) -> pd.DataFrame:
    """Ended stays by class of length, and their geometric mean, before and after: ``result.SERIES_COLUMNS``.

    ``measure``: ``length_of_stay.class_<code>`` (codes of ``ORDER`` that occur; ``value``: share of the ended stays, Wilson's interval) and
    ``length_of_stay.geometric_mean`` (nights plus one, minus one). The classes of one place and phase add up to all,
    so each row counts the persons of the smallest one: they are shown together or not at all.
    """
    lengths = length_of_stay(
        episodes=study_episodes(dataset=dataset, study=study), as_of=study.as_of,
        count_same_day=study.stays.count_same_day, long_stay_months=study.stays.long_stay_months,
    )
    ended = lengths[~lengths["ongoing"]]
    phase = design.phase(department=ended["department"], date=ended["date"])
    ended = ended.assign(phase=phase)[phase.isin(PHASES)]
    if _few_very_long(ended, study.privacy.min_persons):
        ended = ended.assign(length_class=ended["length_class"].replace({"31-90": MERGED, "over_90": MERGED}))
    rows = [row for place, name, part in _places(ended) for row in _classes(place, name, part, conf_level)]
    return canonical(pd.DataFrame(rows), SERIES_COLUMNS, SERIES_TEXT)


def _few_very_long(ended: pd.DataFrame, min_persons: int) -> bool:
    """Are the stays over 90 nights of so few people, before or after, that they cannot be told apart from the next class?"""
    persons = ended[ended["length_class"] == "over_90"].groupby("phase")["person"].nunique()
    return bool((persons < min_persons).any())


def _places(rows: pd.DataFrame):
    """(department or ``*``, phase, its rows)."""
    for place, own in [*rows.groupby("department"), (ALL, rows)]:
        yield from ((place, phase, part) for phase, part in own.groupby("phase"))


def _classes(place: str, phase: str, part: pd.DataFrame, conf_level: float) -> list[dict]:
    inside = {code: part.loc[part["length_class"] == code, "person"] for code in ORDER if code in set(part["length_class"])}
    nights = part["nights"].to_numpy()
    return length_rows(
        department=place, phase=phase, classes=[(code, float(len(who)), float(who.nunique())) for code, who in inside.items()],
        persons=float(part["person"].nunique()), nights=nights.sum(), logs=np.log1p(nights).sum(), conf_level=conf_level)


def length_rows(
    *, department: str, phase: str, classes: list[tuple[str, float, float]], persons: float, nights: float, logs: float, conf_level: float,
) -> list[dict]:
    """The rows of ``length_series`` of one place and phase. ``classes``: code, stays and persons of those that occur; ``logs``: sum over
    the stays of the logarithm of nights plus one."""
    n, who = sum(stays for _, stays, _ in classes), {"department": department, "kind": "phase", "phase": phase}
    least = min((known for _, _, known in classes if known), default=0.0)
    rows = []
    for code, stays, _ in classes:
        low, high = wilson(events=stays, n=n, conf_level=conf_level)
        rows.append(who | {
            "measure": f"length_of_stay.class_{code}", "value": stays / n, "conf_low": low, "conf_high": high,
            "conf_level": conf_level, "numerator": stays, "denominator": n, "n": n, "persons": persons,
            "persons_numerator": least, "persons_complement": persons, "unit": "share", "method": "wilson",
        })
    return [*rows, who | {
        "measure": "length_of_stay.geometric_mean", "value": float(np.expm1(logs / n)), "numerator": nights,
        "denominator": n, "n": n, "persons": persons, "unit": "nights", "method": "geometric_mean",
    }]


def readmission_times(
    *, flags: pd.DataFrame, dataset: Dataset, study: Study, definition: ReadmissionDefinition,
) -> pd.DataFrame:
    """``time_to_readmission`` of the study's discharges under one definition, followed for a year at most."""
    return time_to_readmission(flags=flags, as_of=study.as_of, deaths=deaths(dataset=dataset), horizon_days=max(
        DAYS[-1], definition.window_days))
