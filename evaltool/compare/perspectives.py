"""Leaders, staff and users on the same construct: how each sees it, and the gap between them, in each phase."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..indicators.observations import observations
from ..indicators.persons import count_persons
from ..instruments import Instrument, instrument
from ..result import ALL
from ..scale_measure import scale_measure
from ..stats.clustered import ols_clustered
from ..stats.estimate import Estimate, NotEstimable, t_quantile
from ..stats.two_sample import welch
from .assemble import result
from .phased import phased
from .planned_design import planned_design

if TYPE_CHECKING:
    from ..measures import Measure
    from ..result import Dataset, Result
    from ..study import Study

VIEWS = ("leader", "staff", "user", "family", "clinician")
"""Who sees it. A staff form answered by somebody with the role of leader is a leader's view; where the same row holds
the leader form too, that one alone is."""
BESIDE = "leader_beside"
"""A leader's answers to the staff form, beside the leader form: no view of its own, but part of what others see whole."""


def perspectives(*, dataset: Dataset, study: Study, conf_level: float = 0.95) -> Result:
    """The scales that at least two of ``VIEWS`` have answered: parallel forms (``parallel`` in the instrument file, RSA
    or a site's own), or one staff form answered by leaders and staff.

    Series rows of kind ``phase`` (before, after, not started), no estimates:
    measure ``<parallel>.<scale>``, ``subgroup`` = the view, all departments: the mean with its t interval;
    the same measure, ``subgroup`` ``leader-staff``: the first mean less the second, with persons as clusters;
    measure ``<parallel>.<scale>.leader-staff``: that gap in each department, Welch's interval over persons (a known
    person's forms in the phase averaged). ``persons`` are those of the smaller side. Levels are not given by
    department: with a gap they would give away a level that is hidden to protect another department.
    """
    design = planned_design(dataset=dataset, study=study)
    found, counted = [], {}
    for measure, seen, forms in _constructs(dataset, study):
        rows = phased(observations=seen, design=design, kind=measure.kind)
        if rows.loc[rows["view"] != BESIDE, "view"].nunique() >= 2:
            found += [*_levels(rows, measure, conf_level), *_gaps(rows, measure, conf_level)]
            counted |= {row["measure"]: _counted(row["measure"], rows, forms) for row in found if row["measure"] not in counted}
    names = tuple(dict.fromkeys(row["measure"] for row in found))
    return result(
        estimates=[], notes=[], design=design, measures=names, provenance=dataset.provenance, conf_level=conf_level,
        series=pd.DataFrame(found), rows=counted,
    )


def _counted(name: str, rows: pd.DataFrame, forms: tuple[str, ...]) -> tuple[str, ...]:
    """Of ``forms`` those that a gap between two views rests on."""
    own = set(rows.loc[rows["view"].isin(name.rpartition(".")[2].split("-")), "form"])
    return tuple(form for form in forms if form.partition(".")[2] in own)


def construct_labels(*, study: Study) -> dict[str, dict[str, str]]:
    """``{measure: {"nb": ..., "en": ...}}`` for every scale of the study's forms, named as in ``perspectives``."""
    forms = [form for _, family in _families(study).items() for _, form in family]
    return {f"{form.parallel or form.id}.{scale.id}": dict(scale.label) for form in reversed(forms) for scale in form.scales}


def _families(study: Study) -> dict[str, list[tuple[str, Instrument]]]:
    """Parallel forms together: name -> (table, form); a form without parallels is a family of its own."""
    found: dict[str, list[tuple[str, Instrument]]] = {}
    for table, name in dict.fromkeys((survey.table, survey.instrument) for survey in study.surveys.values()):
        form = instrument(name, folder=study.instruments)
        if form.status != "slot":
            found.setdefault(form.parallel or form.id, []).append((table, form))
    return found


def _constructs(dataset: Dataset, study: Study) -> Iterator[tuple[Measure, pd.DataFrame, tuple[str, ...]]]:
    """(measure, observations of all forms of the family with ``view``, the forms as ``Measure.rows``) for each scale."""
    for family, forms in _families(study).items():
        there = [(table, form) for table, form in forms
                 if table in dataset.tables and set(form.columns) <= set(dataset.tables[table])]
        for scale in dict.fromkeys(scale.id for _, form in there for scale in form.scales):
            own = [(table, form) for table, form in there if scale in [one.id for one in form.scales]]
            measures = [scale_measure(instrument=form, scale=scale, table=table) for table, form in own]
            seen = pd.concat([_seen(dataset, study, m, form) for m, (_, form) in zip(measures, own, strict=True)], ignore_index=True)
            yield (dataclasses.replace(measures[0], id=f"{family}.{scale}"), _once(seen, {form.id: form.respondent for _, form in own}),
                   tuple(name for m in measures for name in m.rows))


def _seen(dataset: Dataset, study: Study, measure: Measure, form: Instrument) -> pd.DataFrame:
    rows = observations(dataset=dataset, study=study, measure=measure)
    table = dataset.tables[measure.source["table"]]
    rows = rows.assign(view=form.respondent, form=form.id)
    if form.respondent == "staff" and "role" in table:
        leads = table["role"].eq("leader").fillna(False).to_numpy(dtype=bool)[rows["row"].to_numpy()]
        rows["view"] = rows["view"].mask(leads, "leader")
    return rows


def _once(seen: pd.DataFrame, respondents: dict[str, str]) -> pd.DataFrame:
    """Leaders who answered their own form are not counted a second time by what they ticked on the staff form."""
    own = seen["form"].map(respondents).eq("leader")
    twice = seen["view"].eq("leader") & ~own & seen["row"].isin(seen.loc[own & seen["included"], "row"])
    return seen.assign(view=seen["view"].mask(twice, BESIDE))


def _levels(rows: pd.DataFrame, measure: Measure, conf_level: float) -> Iterator[dict]:
    """Each view in each phase over all departments. Leaders and staff who answered one form are two parts of a whole
    that is shown elsewhere: each is judged by the other too."""
    for (phase, view), part in rows[rows["view"] != BESIDE].groupby(["phase", "view"]):
        mean, n = part["value"].mean(), float(len(part))
        half = t_quantile(df=n - 1, conf_level=conf_level) * part["value"].std() / np.sqrt(n) if n > 1 else np.nan
        whole = rows[(rows["phase"] == phase) & rows["form"].isin(part["form"])]
        rest = whole[whole["view"] != view]
        persons = _persons(part)
        yield {
            "measure": measure.id, "department": ALL, "subgroup": view, "kind": "phase", "phase": phase, "value": mean,
            "conf_low": mean - half, "conf_high": mean + half, "conf_level": conf_level, "numerator": part["value"].sum(),
            "denominator": n, "n": n, "persons": persons, "persons_numerator": persons if len(rest) else np.nan,
            "persons_complement": _persons(rest) if len(rest) else np.nan, "unit": measure.unit, "method": "mean_t",
        }


def _persons(part: pd.DataFrame) -> float:
    return float(count_persons(observations=part, by=["form"]).max())


def _gaps(rows: pd.DataFrame, measure: Measure, conf_level: float) -> Iterator[dict]:
    present = [view for view in VIEWS if (rows["view"] == view).any()]
    for phase, now in rows.groupby("phase"):
        for first, second in combinations(present, 2):
            both = now[now["view"].isin([first, second])]
            pair = f"{first}-{second}"
            for department, part in [*both.groupby("department", sort=False), (ALL, both)]:
                gap = _gap(part, first, department, conf_level)
                if gap is not None:
                    place = {"measure": f"{measure.id}.{pair}"} if department != ALL else {"measure": measure.id, "subgroup": pair}
                    yield place | {
                        "department": department, "kind": "phase", "phase": phase, "value": gap.estimate, "conf_low": gap.conf_low, "conf_high": gap.conf_high,
                        "conf_level": conf_level, "denominator": float(len(part)), "n": float(len(part)),
                        "persons": float(count_persons(observations=part, by=["view"]).min()), "unit": measure.unit,
                        "method": gap.method,
                    }


def _gap(part: pd.DataFrame, first: str, department: str, conf_level: float) -> Estimate | None:
    """``first`` less the other view; None where there are too few."""
    try:
        if department != ALL:
            means = part.groupby(["view", "unit"], as_index=False)["value"].mean()
            sides = {name: own["value"].to_numpy(dtype=float) for name, own in means.groupby(means["view"] == first)}
            none = np.array([])
            return welch(before=sides.get(False, none), after=sides.get(True, none), conf_level=conf_level)
        is_first = (part["view"] == first).to_numpy(dtype=float)
        fit = ols_clustered(y=part["value"].to_numpy(dtype=float), x=np.column_stack([np.ones(len(part)), is_first]),
                            clusters=part["unit"].to_numpy())
        return fit.estimate(position=1, conf_level=conf_level)
    except NotEstimable:
        return None
