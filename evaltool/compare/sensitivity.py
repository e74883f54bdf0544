"""The same question asked in other ways: other wash-in, only those seen twice, gaps filled in, the mix held still."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..indicators.persons import count_persons
from ..result import ALL
from ..stats.estimate import NotEstimable
from ..stats.paired import paired_t
from ..stats.reweighted import reweighted
from ..stats.two_sample import welch
from .assemble import result, row
from .before_after import answers
from .estimator import ESTIMANDS
from .imputed import imputed
from .mixed import fit_departments
from .notes import note
from .phased import no_counts, phased, side_counts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..design import StudyDesign
    from ..measures import Measure
    from ..result import Provenance, Result

WASH_INS = ("none", "planned", "double")


def sensitivity(
    *, observations: pd.DataFrame, designs: Mapping[str, StudyDesign], measure: Measure, link: str, provenance: Provenance,
    covariates: pd.DataFrame | None = None, conf_level: float = 0.95, least: int = 0,
) -> Result:
    """Rows beside the main answer, per started department and ``*``; ``subgroup`` says which.

    ``wash_in:none``, ``wash_in:planned``, ``wash_in:double``: ``before_after`` (``*``: ``mixed``) with that wash-in
    (``designs``: the same register under the three). For scores: ``only:seen_twice`` (paired t) and ``only:seen_once``
    (Welch) where persons are partly linked, ``filled_in`` (``imputed``), and ``same_mix:<covariate>``: the plain change
    with the mix of respondents held as before. ``covariates``: as for ``respondents``.

    A row that differs from another by fewer than ``least`` persons (but by some) would tell about just those: it is
    given without number, with the note ``differs_by_few``; so are others where the difference could be worked out.
    """
    planned = designs["planned"]
    found = list(_wash_in_rows(observations, designs, measure, link, conf_level, least))
    if measure.kind == "mean_score":
        rows = phased(observations=observations, design=planned, kind=measure.kind)
        rows = rows[rows["phase"] != "not_started"]
        if link == "partly_linked":
            found += _linked_rows(rows, planned, measure, conf_level, least)
        if covariates is not None:
            found += _mix_rows(rows, covariates, planned, measure, conf_level)
    estimates, notes = [one for one, _ in found], [said for _, codes in found for said in codes]
    if measure.kind == "mean_score" and link != "repeated_cross_section":
        filled = imputed(observations=observations, design=planned, measure=measure, provenance=provenance, conf_level=conf_level)
        estimates += filled.estimates.assign(subgroup="filled_in").to_dict("records")
        notes += filled.notes.assign(subgroup="filled_in").to_dict("records")
    return result(
        estimates=estimates, notes=notes, design=planned, measures=(measure.id,), provenance=provenance, conf_level=conf_level,
    )


def _wash_in_rows(observations, designs, measure, link, conf_level, least) -> Iterator[tuple[dict, list[dict]]]:
    for name in WASH_INS:
        design, variant = designs[name], f"wash_in:{name}"
        rows = phased(observations=observations, design=design, kind=measure.kind)
        started = rows[rows["phase"] != "not_started"]
        counts = side_counts(rows=started, kind=measure.kind)
        kept_back = _differs_by_few(observations, designs["planned"], design, least)
        found = answers(rows=started, design=design, measure=measure, link=link, conf_level=conf_level)
        model = fit_departments(rows=rows, measure=measure, link=link, conf_level=conf_level)
        for department, (part, answer) in found.items():
            sides = counts.get(department, no_counts()) if answer.pairs is None else dict.fromkeys(no_counts(), float(answer.pairs))
            number, method, code = answer.found, answer.method, answer.stop
            if department == ALL and model.found is not None:
                number, method = model.found, model.method
            if department in kept_back:
                number, code = None, "differs_by_few"
            yield _row(measure, department, variant, part, method, number, sides, code, conf_level)


def _row(measure, department, variant, part, method, number, sides, code, conf_level) -> tuple[dict, list[dict]]:
    made = row(
        measure=measure, department=department, subgroup=variant, estimand=ESTIMANDS[measure.kind], conf_level=conf_level,
        counts=sides | {"departments": float(part["department"].nunique())}, method=method, found=number,
    )
    if code is None:
        return made, []
    return made, [note(measure=measure.id, department=department, subgroup=variant, code=code, value=float(len(part)))]


def _differs_by_few(observations: pd.DataFrame, planned: StudyDesign, other: StudyDesign, least: int) -> set[str]:
    """Departments whose rows under the two designs differ by some persons, but by fewer than ``least``; the next
    smallest with them until they are enough together, since ``*`` tells their sum; ``*`` itself where that fails."""
    seen = observations[observations["included"] & observations["date"].notna()]
    phases = [design.phase(department=seen["department"], date=seen["date"]) for design in (planned, other)]
    moved = seen[(phases[0] != phases[1]).to_numpy(dtype=bool)]
    persons = count_persons(observations=moved, by=["department"])
    persons = persons[persons > 0].sort_values(kind="stable")
    kept_back = list(persons.index[persons < least])
    for name in persons.index[persons >= least]:
        if not 0 < persons[kept_back].sum() < least:
            break
        kept_back.append(name)
    return set(kept_back) | ({ALL} if 0 < persons[kept_back].sum() < least else set())


def _linked_rows(rows, design, measure, conf_level, least) -> Iterator[tuple[dict, list[dict]]]:
    for department in (*design.started, ALL):
        part = rows if department == ALL else rows[rows["department"] == department]
        means = part.groupby(["unit", "after"])["value"].mean().unstack().reindex(columns=[False, True])
        both, once = means.dropna(), means[means.isna().any(axis=1)]
        single = side_counts(rows=part[part["unit"].isin(once.index)], kind=measure.kind)[ALL]
        few = any(0 < single[side] < least for side in ("persons_before", "persons_after"))
        sides = {"seen_twice": (both, paired_t, "paired_t", dict.fromkeys(no_counts(), float(len(both)))),
                 "seen_once": (once, welch, "welch", single)}
        for variant, (frame, kernel, method, counts) in sides.items():
            number, code = None, "differs_by_few"
            if not few:
                number, code = _tried(kernel, frame[False].dropna().to_numpy(), frame[True].dropna().to_numpy(), conf_level)
            yield _row(measure, department, f"only:{variant}", part, method, number, counts, code, conf_level)


def _tried(kernel, before: np.ndarray, after: np.ndarray, conf_level: float):
    try:
        return kernel(before=before, after=after, conf_level=conf_level), None
    except NotEstimable as reason:
        return None, reason.reason


def _mix_rows(rows, covariates, design, measure, conf_level) -> Iterator[tuple[dict, list[dict]]]:
    for name in covariates:
        known = rows.assign(group=covariates[name].to_numpy()[rows["row"].to_numpy()])
        known = known[known["group"].notna()]
        counts = side_counts(rows=known, kind=measure.kind)
        for department in (*design.started, ALL):
            part = known if department == ALL else known[known["department"] == department]
            number, code = None, "no_values"
            if len(part):
                try:
                    number, code = reweighted(
                        values=part["value"].to_numpy(dtype=float), after=part["after"].to_numpy(dtype=bool),
                        group=part["group"].to_numpy(dtype=object), conf_level=conf_level), None
                except NotEstimable as reason:
                    code = reason.reason
            yield _row(measure, department, f"same_mix:{name}", part, "reweighted", number, counts.get(department, no_counts()),
                       code, conf_level)
