"""The whole answer of a study: every measure, every department, with verdicts, in one Result."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..components import dose_units
from ..errors import UsageError
from ..indicators.aggregate import aggregate
from ..indicators.expected import expected_rows
from ..indicators.observations import measurable, observations
from ..indicators.pooled_rate import pooled_rate_rows
from ..result import (
    ALL, ESTIMATE_COLUMNS, ESTIMATE_TEXT, NOTE_COLUMNS, NOTE_TEXT, SERIES_COLUMNS, SERIES_TEXT, Result, canonical, headline,
)
from ..verdict import excludes_no_change, judge
from .assemble import EVENT_COLUMNS, result
from .before_after import before_after
from .families import with_families
from .mixed import mixed
from .notes import note
from .phased import MONTHLY
from .pooled import pool_rows
from .planned_design import planned_design
from .respondents import described, mix_notes, respondents
from .wash_in import wash_in_verdicts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..design import StudyDesign
    from ..measures import Measure
    from ..result import Dataset, Provenance
    from ..study import Study

CO_INTERVENTION_MONTHS = 6
"""A co-intervention this near a start, on either side, cannot be told from it."""


def answer(
    *, dataset: Dataset, study: Study, measures: tuple[str, ...] | None = None,
    departments: tuple[str, ...] | None = None, conf_level: float = 0.95,
) -> Result:
    """Before and after for the study's measures (or ``measures``), with verdict and claim.

    All departments are always used; ``departments`` chooses the rows that are handed back. Every comparison is also
    made without wash-in and with twice the wash-in; where the verdict changes a note says so. Raises UsageError for
    an unknown measure or department (naming the known ones), DesignError where link type and data disagree.
    """
    chosen = _measures(study, measures)
    designs = {name: planned_design(dataset=dataset, study=study, wash_in=name) for name in ("planned", "none", "double")}
    design = designs["planned"]
    places = _departments(design, departments)
    events = _events(dataset.registers["components"])
    parts = [_measure(dataset, study, m, designs, events, conf_level) for m in chosen]
    estimates, series, notes = (pd.concat([p[i] for p in parts], ignore_index=True) for i in range(3))
    estimates = with_families(estimates=estimates, study=study)
    notes = pd.concat([notes, canonical(pd.DataFrame(_correction(estimates)), NOTE_COLUMNS, NOTE_TEXT)], ignore_index=True)
    return result(
        estimates=_only(estimates, places).to_dict("records"), notes=_only(notes, places).to_dict("records"),
        series=_only(series, places), design=design, events=events, measures=tuple(m.id for m in chosen),
        provenance=dataset.provenance, conf_level=conf_level,
        important={m.id: m.important for m in chosen if m.important_certainty == "study"}, rows={m.id: m.rows for m in chosen},
    )


def _measures(study: Study, wanted: tuple[str, ...] | None) -> list[Measure]:
    known = {m.id: m for m in study.measures()}
    unknown = [name for name in wanted or () if name not in known]
    if unknown:
        raise UsageError("unknown_measure", got=", ".join(unknown), expected=", ".join(known))
    return [m for name, m in known.items() if wanted is None or name in wanted]


def _departments(design: StudyDesign, wanted: tuple[str, ...] | None) -> set[str]:
    known = [*design.register["department"], ALL]
    unknown = [name for name in wanted or () if name not in known]
    if unknown:
        raise UsageError("unknown_department", got=", ".join(unknown), expected=", ".join(known[:-1]))
    return set(known if wanted is None else wanted)


def _events(components: pd.DataFrame) -> pd.DataFrame:
    """The components log without its counts of people; a dose in a unit nobody listed may be one."""
    log = components.reindex(columns=list(EVENT_COLUMNS)).reset_index(drop=True)
    known = log["dose_unit"].isin(dose_units())
    return log.assign(dose_value=log["dose_value"].astype("float64").where(known), dose_unit=log["dose_unit"].astype("str").where(known))


def link_of(study: Study, measure: Measure) -> str:
    """The declared link of the survey behind a score; other kinds know their persons themselves."""
    for survey in study.surveys.values():
        if (survey.table, survey.instrument) == (measure.source.get("table"), measure.source.get("instrument")):
            return survey.link
    return "repeated_cross_section"


def _measure(dataset, study, measure, designs, events, conf_level) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    if not measurable(dataset=dataset, measure=measure):
        return _no_table(measure)
    seen = observations(dataset=dataset, study=study, measure=measure)
    estimates, series, notes = compared(
        seen=seen, measure=measure, link=link_of(study, measure), designs=designs, events=events,
        covariates=described(dataset=dataset, measure=measure), provenance=dataset.provenance, conf_level=conf_level,
    )
    about = {"series": series, "dataset": dataset, "study": study, "measure": measure, "design": designs["planned"]}
    beside = [rows for rows in (expected_rows(observations=seen, **about), pooled_rate_rows(**about, conf_level=conf_level)) if len(rows)]
    return estimates, pd.concat([series, *beside], ignore_index=True) if beside else series, notes


def compared(
    *, seen: pd.DataFrame, measure: Measure, link: str, designs: Mapping[str, StudyDesign], events: pd.DataFrame,
    covariates: pd.DataFrame | None, provenance: Provenance, conf_level: float,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Judged estimates, series and notes of one measure from its observations. ``designs``: planned, none and double
    wash-in; ``covariates``: what is known about who answered (``respondents``), None where nobody is asked."""
    estimates, notes = _compare(seen, designs["planned"], measure, link, provenance, conf_level)
    known = {measure.id: measure}
    judged = headline(judge(estimates=estimates, measures=known, notes=notes))
    others = [
        wash_in_verdicts(observations=seen, design=designs[name], planned=designs["planned"], measure=measure, link=link, conf_level=conf_level)
        for name in ("none", "double")
    ]
    mixes = [] if covariates is None else mix_notes(
        mixes=respondents(observations=seen, covariates=covariates, design=designs["planned"], measure=measure), measure=measure)
    more = [
        *_trend(estimates, measure), *_turned(judged, seen, designs["planned"], measure),
        *_wash_in(judged, others, measure), *_co_interventions(designs["planned"], events, measure),
        *_wording(judged, measure), *mixes,
    ]
    notes = pd.concat([notes, canonical(pd.DataFrame(more), NOTE_COLUMNS, NOTE_TEXT)], ignore_index=True)
    series = aggregate(observations=seen, measure=measure, design=designs["planned"], conf_level=conf_level)
    return judge(estimates=estimates, measures=known, notes=notes), series, notes


def _no_table(measure: Measure) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Nothing was imported for this measure yet: only a note."""
    said = [note(measure=measure.id, department=ALL, code="no_table")]
    return (
        canonical(pd.DataFrame(), ESTIMATE_COLUMNS, ESTIMATE_TEXT), canonical(pd.DataFrame(), SERIES_COLUMNS, SERIES_TEXT),
        canonical(pd.DataFrame(said), NOTE_COLUMNS, NOTE_TEXT),
    )


def _compare(seen, design, measure, link, provenance, conf_level) -> tuple[pd.DataFrame, pd.DataFrame]:
    given = {"observations": seen, "design": design, "measure": measure, "link": link, "provenance": provenance}
    parts = [call(**given, conf_level=conf_level) for call in (before_after, mixed)]
    frames, notes = [p.estimates for p in parts], [p.notes for p in parts]
    if measure.kind not in MONTHLY:
        # Bed-days of large and small departments are no draws from one distribution.
        rows, said = pool_rows(estimates=parts[0].estimates, measure=measure, conf_level=conf_level)
        frames.append(canonical(pd.DataFrame(rows), ESTIMATE_COLUMNS, ESTIMATE_TEXT))
        notes.append(canonical(pd.DataFrame(said), NOTE_COLUMNS, NOTE_TEXT))
    return pd.concat(frames, ignore_index=True), pd.concat(notes, ignore_index=True)


def _trend(estimates: pd.DataFrame, measure: Measure) -> list[dict]:
    """The plain comparison moves, the model that carries calendar time does not: the trend explains it, and each
    department's own plain comparison may be that trend too."""
    overall = estimates[estimates["department"] == ALL]
    modelled = overall["method"].str.startswith("mixed")
    crude, model = overall[~modelled], overall[modelled]
    if not len(model) or not model["estimate"].notna().all():
        return []
    moved = [excludes_no_change(low=f["conf_low"].iloc[0], high=f["conf_high"].iloc[0]) for f in (crude, model)]
    if moved != [True, False]:
        return []
    places = estimates.loc[estimates["department"] != ALL, "department"].unique()
    return [note(measure=measure.id, department=ALL, code="trend_explains"),
            *(note(measure=measure.id, department=name, code="trend_elsewhere") for name in places)]


def _turned(judged: pd.DataFrame, seen: pd.DataFrame, design: StudyDesign, measure: Measure) -> list[dict]:
    """The model says the opposite of the departments it is made of, and nobody is left who has not started: an effect that
    grows with time looks like a trend then, and takes the sign with it (Goodman-Bacon, J Econom 2021;225:254)."""
    if not set(seen.loc[seen["included"], "department"]) <= set(design.started):
        return []
    sides = judged.assign(side=(judged["conf_low"] > 0).astype(int) - (judged["conf_high"] < 0).astype(int)).set_index("department")["side"]
    model, places = sides.get(ALL, 0), sides.drop(index=ALL, errors="ignore")
    turned = model != 0 and not (places == model).any() and (places == -model).sum() > 1
    return [note(measure=measure.id, department=ALL, code="sign_turned")] if turned else []


def _wash_in(judged: pd.DataFrame, others: list[dict[str, tuple]], measure: Measure) -> list[dict]:
    """Departments (and ``*``) whose verdict changes without wash-in or with twice the wash-in."""
    planned = {
        r.department: (r.verdict, int(r.conf_low > 0) - int(r.conf_high < 0))
        for r in judged.itertuples(index=False) if r.estimate == r.estimate
    }
    return [
        note(measure=measure.id, department=name, code="depends_on_wash_in")
        for name, own in planned.items() if any(other.get(name, own) != own for other in others)
    ]


def _co_interventions(design: StudyDesign, events: pd.DataFrame, measure: Measure) -> list[dict]:
    """Departments where something else (a merger, a new team) happened within six months of the start."""
    other = events[events["co_intervention"].fillna(False).astype(bool)]
    started = design.register[design.register["department"].isin(design.started)]
    near = other.merge(started[["department", "start"]], on="department")
    near = near[near["event_date"].notna()]
    reach = pd.DateOffset(months=CO_INTERVENTION_MONTHS)
    hit = near[(near["event_date"] >= near["start"] - reach) & (near["event_date"] <= near["start"] + reach)]
    return [note(measure=measure.id, department=name, code="co_intervention") for name in hit["department"].unique()]


def _wording(judged: pd.DataFrame, measure: Measure) -> list[dict]:
    """What the words must not hide: no sourced limit, or a change that may be smaller than what matters."""
    out = []
    for r in judged[judged["verdict"].isin(["better", "worse"])].itertuples(index=False):
        if measure.important is None:
            out.append(note(measure=measure.id, department=r.department, code="direction_only"))
        elif min(abs(r.conf_low), abs(r.conf_high)) < measure.important:
            out.append(note(measure=measure.id, department=r.department, code="change_may_be_small", value=measure.important))
    return out


def _correction(estimates: pd.DataFrame) -> list[dict]:
    """Rows that leave out no change by themselves, but not when the whole family is looked at."""
    alone = estimates[(estimates["p_value"] < 1 - estimates["conf_level"])]
    lost = alone[alone["p_adjusted"] >= 1 - alone["conf_level"]]
    return [
        note(measure=r.measure, department=r.department, code="not_after_correction", value=r.p_adjusted)
        for r in lost.itertuples(index=False)
    ]


def _only(frame: pd.DataFrame, departments: set[str]) -> pd.DataFrame:
    return frame[frame["department"].isin(departments)]
