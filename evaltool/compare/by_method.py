"""The study's measures by one named method: what ``evaltool compare --method`` and the statistics page ask for."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pandas as pd

from ..contracts import contract
from ..errors import UsageError
from ..indicators.observations import measurable, observations
from ..result import ALL, NOTE_COLUMNS, NOTE_TEXT, canonical
from ..verdict import judge
from .adjusted import adjusted
from .answer import answer, link_of
from .assemble import result, row
from .before_after import before_after
from .by_group import by_group
from .counts import counts
from .equivalence import equivalence
from .everybody import everybody
from .estimator import ESTIMANDS
from .families import with_families
from .imputed import imputed
from .item_odds import item_odds
from .mixed import mixed
from .notes import note
from .paired_items import paired_items
from .paired_shares import paired_shares
from .phased import phased, side_counts
from .planned_design import planned_design
from .pooled import pooled
from .respondents import described
from .sensitivity import WASH_INS, sensitivity
from .effect_sizes import effect_sizes
from .subgroups import subgroups

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..design import StudyDesign
    from ..measures import Measure
    from ..result import Dataset, Result
    from ..study import Study

GROUPS = {"user_survey": ("age_band", "user_group"), "staff_survey": ("role", "profession", "years_band")}
"""Groups of people a change may differ between, per survey table."""

CARRIED = ("co_intervention", "trend_elsewhere", "trend_explains", "mix_moved", "depends_on_wash_in", "few_departments",
           "no_comparison_in_time", "below_minimum_n", "ceiling")
"""What limits the reading of a place limits it by every method."""

ALONE = ("by_group",)
"""Methods that only describe: what limits the study's own answer is not carried over, so that answer is not needed."""

SCORES, ANY = ("mean_score",), ("mean_score", "share", "duration", "count", "rate")


@dataclasses.dataclass(frozen=True)
class Asked:
    """One measure of one study, ready for an estimator. ``designs``: by wash-in."""

    dataset: Dataset
    study: Study
    measure: Measure
    observations: pd.DataFrame
    designs: Mapping[str, StudyDesign]
    link: str
    conf_level: float
    least: int

    def plain(self, *names: str) -> dict:
        """The arguments every estimator takes, and ``names`` beside them."""
        own = {"observations": self.observations, "design": self.designs["planned"], "measure": self.measure,
               "provenance": self.dataset.provenance, "conf_level": self.conf_level}
        return own | {name: getattr(self, name) for name in names}


def by_method(
    *, dataset: Dataset, study: Study, method: str, whole: Result | None = None, conf_level: float = 0.95,
    least: int | None = None,
) -> Result:
    """Estimates of every measure that ``method`` fits, all departments, with verdict, claim and remarks.

    method: one of ``METHODS``. whole: the ``answer`` of the same dataset where it is at hand; its series (for the gate)
    and what it found to limit each place (a moved mix, a trend, a merger) hold for every method and are handed on.
    least: persons by which two answers must differ, default the study's ``min_persons``. Raises UsageError for an
    unknown method and for one that fits none of the study's measures, naming those that can be had.
    """
    if method not in METHODS:
        raise UsageError("unknown_method", got=method, expected=", ".join(METHODS))
    kinds, call = METHODS[method]
    chosen = [m for m in study.measures() if m.kind in kinds and measurable(dataset=dataset, measure=m)]
    if not chosen:
        raise UsageError("method_fits_nothing", got=method, expected=", ".join(kinds))
    if method in ALONE:
        whole = everybody(dataset=dataset, study=study, measures=chosen, conf_level=conf_level)
    whole = whole or answer(dataset=dataset, study=study, conf_level=conf_level)
    designs = {name: planned_design(dataset=dataset, study=study, wash_in=name) for name in WASH_INS}
    least = study.privacy.min_persons if least is None else least
    parts = [
        call(Asked(dataset, study, m, observations(dataset=dataset, study=study, measure=m), designs, link_of(study, m),
                   conf_level, least)) for m in chosen
    ]
    notes = pd.concat([*(part.notes for part in parts), _carried(whole, parts)], ignore_index=True).drop_duplicates(
        ["measure", "department", "subgroup", "code"])
    estimates = pd.concat([part.estimates for part in parts], ignore_index=True)
    known = {m.id: m for m in chosen}
    estimates = with_families(estimates=judge(estimates=estimates, measures=known, notes=notes), study=study)
    series = [whole.series, *(part.series for part in parts if len(part.series))]
    return result(
        estimates=estimates.to_dict("records"), notes=notes.to_dict("records"), design=designs["planned"],
        series=pd.concat(series, ignore_index=True) if len(series) > 1 else whole.series,
        events=whole.events, measures=tuple(known), provenance=dataset.provenance, conf_level=conf_level,
        important=whole.spec.important, rows={m.id: m.rows for m in chosen},
    )


def _carried(whole: Result, parts: list[Result]) -> pd.DataFrame:
    """The remarks of ``CARRIED`` on places that have rows here."""
    places = pd.concat([part.estimates[["measure", "department"]] for part in parts]).drop_duplicates()
    mine = whole.notes[whole.notes["code"].isin(CARRIED) & whole.notes["subgroup"].isna()]
    return canonical(mine.merge(places, on=["measure", "department"]), NOTE_COLUMNS, NOTE_TEXT)


def _or_why_not(asked: Asked, found: Result, method: str, code: str) -> Result:
    """``found``, or where it has no row at all one without number and the reason ``code``: nobody should look for a blank."""
    if len(found.estimates):
        return found
    measure, rows = asked.measure, phased(observations=asked.observations, design=asked.designs["planned"], kind=asked.measure.kind)
    counts = side_counts(rows=rows[rows["phase"] != "not_started"], kind=measure.kind)[ALL]
    made = row(measure=measure, department=ALL, estimand=ESTIMANDS[measure.kind], conf_level=asked.conf_level, method=method, found=None,
               counts=counts | {"departments": float(rows["department"].nunique())})
    said = note(measure=measure.id, department=ALL, code=code, value=float(len(rows)))
    return result(
        estimates=[made], notes=[*found.notes.to_dict("records"), said], design=asked.designs["planned"], measures=(measure.id,),
        provenance=asked.dataset.provenance, conf_level=asked.conf_level,
    )


def _groups(asked: Asked) -> Result:
    known = described(dataset=asked.dataset, measure=asked.measure, names=GROUPS[asked.measure.source["table"]])
    above = _coarser(asked)
    parts = [subgroups(**asked.plain("link", "least"), groups=known[name], covariate=name, coarser=above[name]) for name in known]
    return result(
        estimates=[one for part in parts for one in part.estimates.to_dict("records")],
        notes=[one for part in parts for one in part.notes.to_dict("records")], design=asked.designs["planned"],
        measures=(asked.measure.id,), provenance=asked.dataset.provenance, conf_level=asked.conf_level,
    )


def _by_group(asked: Asked) -> Result:
    known = described(dataset=asked.dataset, measure=asked.measure, names=GROUPS[asked.measure.source["table"]])
    return by_group(**asked.plain("link", "least"), covariates=known, coarser=_coarser(asked))


def _coarser(asked: Asked) -> dict[str, Mapping[str, str]]:
    """Covariate -> group -> group of groups, empty where the contract has none."""
    columns = contract(asked.measure.source["table"]).columns
    return {name: columns[name].coarser for name in GROUPS[asked.measure.source["table"]]}


def _sensitivity(asked: Asked) -> Result:
    given = asked.plain("link", "least", "designs")
    del given["design"]
    return sensitivity(**given, covariates=described(dataset=asked.dataset, measure=asked.measure))


def _items(asked: Asked) -> Result:
    return item_odds(
        dataset=asked.dataset, study=asked.study, measure=asked.measure, observations=asked.observations,
        design=asked.designs["planned"], conf_level=asked.conf_level,
    )


def _pairs(asked: Asked) -> Result:
    return paired_items(
        dataset=asked.dataset, study=asked.study, measure=asked.measure, observations=asked.observations,
        design=asked.designs["planned"], conf_level=asked.conf_level, least=asked.least,
    )


METHODS = {
    "before_after": (ANY, lambda a: before_after(**a.plain("link"))),
    "mixed": (ANY, lambda a: _or_why_not(a, mixed(**a.plain("link")), "mixed", "not_identified")),
    "pooled": (("mean_score", "share", "duration"),
               lambda a: _or_why_not(a, pooled(**a.plain("link")), "pooled_reml_hartung_knapp", "too_few_departments")),
    "subgroups": (SCORES, _groups),
    "by_group": (SCORES, _by_group),
    "ordinal": (SCORES, _items),
    "counts": (("share", "count"), lambda a: counts(**a.plain())),
    "paired_shares": (("share",), lambda a: paired_shares(**a.plain("least"))),
    "paired_items": (SCORES, _pairs),
    "effect_sizes": (("mean_score", "duration"), lambda a: effect_sizes(**a.plain("link"))),
    "equivalence": (ANY, lambda a: equivalence(**a.plain("link"))),
    "ancova": (SCORES, lambda a: adjusted(**a.plain())),
    "imputed": (SCORES, lambda a: imputed(**a.plain())),
    "sensitivity": (ANY, _sensitivity),
}
"""Name -> kinds of measure it fits, and what it calls."""
