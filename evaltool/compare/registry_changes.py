"""Change of a share from before to after in a registry, from sums over persons: one row per started department and for all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from ..indicators.registry_counts import side_names
from ..measures import measure
from ..result import ALL
from ..stats.clustered_difference import clustered_difference
from ..stats.estimate import NotEstimable
from ..stats.proportions import newcombe
from .assemble import row
from .estimator import METHOD, Answer
from .notes import note

if TYPE_CHECKING:
    from ..design import StudyDesign


def registry_changes(
    *, name: str, sides: pd.DataFrame, persons: Mapping[tuple[str, str], float], design: StudyDesign, conf_level: float,
) -> tuple[list[dict], list[dict]]:
    """Estimates and notes of the measure ``name`` as ``before_after`` gives them: risk difference clustered on persons, Newcombe's
    interval where a side has no spread or nobody comes twice.

    ``sides``: by ``department`` (names, ``*`` for all that have started) the columns ``registry_counts.side_names``;
    ``persons``: by department and phase.
    """
    sides, told = sides.set_index("department"), measure(name)
    with_rows = [place for place in design.started if sides.at[place, "persons"]]
    estimates, notes = [], []
    for place in [*design.started, ALL]:
        sums = sides.loc[place, list(side_names())].to_dict()
        counts = {"n_before": sums["m"], "n_after": sums["n"], "persons_before": float(persons.get((place, "before"), 0.0)),
                  "persons_after": float(persons.get((place, "after"), 0.0))}
        answer = _answer(sums, counts, conf_level)
        estimates.append(row(
            measure=told, department=place, estimand="risk_difference", conf_level=conf_level, method=answer.method, found=answer.found,
            counts=counts | {"departments": float(len(with_rows) if place == ALL else place in with_rows)}))
        codes = dict(answer.notes)
        if answer.stop is not None:
            codes[answer.stop] = sums["m"] + sums["n"]
        elif min(sums["m"], sums["n"]) < told.minimum_n:
            codes["below_minimum_n"] = float(told.minimum_n)
        notes += [note(measure=name, department=place, code=code, value=value) for code, value in codes.items()]
    return estimates, notes


def _answer(sums: Mapping[str, float], counts: Mapping[str, float], conf_level: float) -> Answer:
    """The choices of ``estimator`` for shares."""
    answer = Answer(method=METHOD["share"])
    sizes = (counts["persons_before"], counts["persons_after"])
    if not sums["m"] or not sums["n"]:
        answer.stop = "no_values" if sums["m"] + sums["n"] == 0 else "no_before" if not sums["m"] else "no_after"
        return answer
    if min(sizes) < 2:
        answer.stop = "too_few"
        return answer
    repeats = sums["persons"] < sums["m"] + sums["n"]
    flat = any(events in (0, rows) for events, rows in ((sums["b"], sums["m"]), (sums["a"], sums["n"])))
    try:
        if repeats and not flat:
            answer.found = clustered_difference(sums=sums, conf_level=conf_level)
            return answer
        answer.notes |= {"few_events": sums["b"] + sums["a"]} if flat else {}
        answer.method = "newcombe_persons" if repeats else "newcombe"
        answer.found = newcombe(
            events_before=sums["b"] / sums["m"] * sizes[0], n_before=sizes[0], events_after=sums["a"] / sums["n"] * sizes[1],
            n_after=sizes[1], conf_level=conf_level)
    except NotEstimable as reason:
        answer.stop = reason.reason
    return answer
