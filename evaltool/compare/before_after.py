"""Before and after in each department that has started, and in all of them together, without a model of time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..errors import DesignError
from ..result import ALL
from .assemble import result, row
from .estimator import ESTIMANDS, Answer, estimate
from .notes import note
from .phased import model_rows, no_counts, phased, side_counts
from .second_opinion import second_opinion

if TYPE_CHECKING:
    from ..design import StudyDesign
    from ..measures import Measure
    from ..result import Provenance, Result

LINKS = ("same_people", "repeated_cross_section", "partly_linked")
CEILING_SHARE = 0.15
"""More than 15 % at the best possible score is a ceiling (Terwee et al., J Clin Epidemiol 2007;60:34)."""


def before_after(
    *, observations: pd.DataFrame, design: StudyDesign, measure: Measure, link: str, provenance: Provenance,
    conf_level: float = 0.95,
) -> Result:
    """The change from before to after the start: one row per started department, and ``*`` for all of them.

    observations: as in ARCHITECTURE.md section 2. link: how persons are known across waves (scores only; the other
    kinds carry persons or months): ``repeated_cross_section`` (Welch), ``same_people`` (paired t) or
    ``partly_linked`` (random intercept per person). Shares and stays: standard errors clustered on persons; months:
    autocorrelation-robust. The ``*`` row is crude: it knows no trend and no departments. Thin data give a row
    without number and a note that says why. Raises DesignError when ``same_people`` does not fit the persons.
    """
    rows = phased(observations=observations, design=design, kind=measure.kind)
    rows = rows[rows["phase"] != "not_started"]
    counts = side_counts(rows=rows, kind=measure.kind)
    estimates, notes = [], _ongoing(observations, design, measure)
    for department, (part, answer) in answers(rows=rows, design=design, measure=measure, link=link, conf_level=conf_level).items():
        sides = _used(counts.get(department, no_counts()), answer.pairs)
        estimates.append(row(
            measure=measure, department=department, estimand=ESTIMANDS[measure.kind], conf_level=conf_level,
            counts=sides | {"departments": float(part["department"].nunique())}, method=answer.method, found=answer.found,
        ))
        codes = answer.notes | _limits(part, measure, sides, answer.stop)
        if measure.kind in ("mean_score", "duration"):
            codes |= second_opinion(rows=part, answer=answer)
        notes += [note(measure=measure.id, department=department, code=c, value=v) for c, v in codes.items()]
    return result(
        estimates=estimates, notes=notes, design=design, measures=(measure.id,), provenance=provenance,
        conf_level=conf_level,
    )


def answers(
    *, rows: pd.DataFrame, design: StudyDesign, measure: Measure, link: str, conf_level: float
) -> dict[str, tuple[pd.DataFrame, Answer]]:
    """Started department (and ``*``) -> the rows used and what they say. ``rows``: phased rows of started departments."""
    if measure.kind == "mean_score":
        check_link(rows=rows, link=link, measure=measure)
    used = model_rows(rows=rows, kind=measure.kind)
    by_department = dict(tuple(used.groupby("department", sort=False)))
    parts = {name: by_department.get(name, used.iloc[:0]) for name in design.started} | {ALL: used}
    return {
        name: (part, estimate(rows=part, measure=measure, link=link, conf_level=conf_level)) for name, part in parts.items()
    }


def check_link(*, rows: pd.DataFrame, link: str, measure: Measure) -> None:
    """The declared link against phased rows. Raises DesignError with counts where they do not fit."""
    if link not in LINKS:
        raise DesignError("link_unknown", measure=measure.id, got=link, expected=", ".join(LINKS))
    if link != "same_people":
        return
    missing = int(rows["person"].isna().sum())
    if missing:
        raise DesignError("link_persons_missing", measure=measure.id, missing=missing, n=len(rows))
    twice = int(rows.duplicated(["person", "wave"]).sum()) if rows["wave"].notna().any() else int(
        rows.duplicated(["person", "after"]).sum()
    )
    if twice:
        raise DesignError("link_persons_twice", measure=measure.id, twice=twice, n=len(rows))


def _used(sides: dict[str, float], pairs: int | None) -> dict[str, float]:
    """When paired, n and persons are those seen on both sides."""
    return sides if pairs is None else dict.fromkeys(sides, float(pairs))


def _limits(part: pd.DataFrame, measure: Measure, sides: dict[str, float], stop: str | None) -> dict[str, float]:
    """Why there is no number, or what limits it: code -> number."""
    codes = {}
    if stop is not None:
        codes[stop] = float(len(part))
    elif min(sides["n_before"], sides["n_after"]) < measure.minimum_n:
        codes["below_minimum_n"] = float(measure.minimum_n)
    share = _at_best(part, measure)
    if share > CEILING_SHARE:
        codes["ceiling"] = share
    return codes


def _ongoing(observations: pd.DataFrame, design: StudyDesign, measure: Measure) -> list[dict]:
    """How many stays have not ended, per started department and in all: a mean of ended stays leaves out the longest."""
    if measure.kind != "duration":
        return []
    open_ones = observations.loc[~observations["event"] & observations["department"].isin(design.started), "department"]
    counts = open_ones.value_counts(sort=False).to_dict() | ({ALL: len(open_ones)} if len(open_ones) else {})
    return [
        note(measure=measure.id, department=d, code="ongoing_left_out", value=float(n)) for d, n in counts.items()
    ]


def _at_best(part: pd.DataFrame, measure: Measure) -> float:
    """Share of the before values at the best end of the scale, 0 where there is no scale or no better end."""
    if measure.scale is None or not measure.direction:
        return 0.0
    before = part["value"].to_numpy(dtype=float)[~part["after"].to_numpy(dtype=bool)]
    if not len(before):
        return 0.0
    best = measure.scale[1] if measure.direction > 0 else measure.scale[0]
    return float((before == best).mean())
