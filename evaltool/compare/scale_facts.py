"""Do the scales hold in this study: reliability, items, departments and response shift, shaped for the gate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..result import ALL
from ..scoring.quality import department_icc, item_quality, response_shift, scale_quality
from .answers_given import forms_answered
from .assemble import result
from .planned_design import planned_design

if TYPE_CHECKING:
    from ..instruments import Instrument
    from ..result import Dataset, Result
    from ..study import Study

SCALE = ("alpha", "omega_total", "mean_inter_item")
ITEM = ("item_rest", "alpha_if_dropped")
SHIFT_BY = ("wave", "role")
SHIFT = "ordinal_logistic"
SHIFT_MINIMUM = 50


def scale_facts(*, dataset: Dataset, study: Study, conf_level: float = 0.95) -> Result:
    """Estimates, all departments. ``subgroup``: missing for all forms together, ``wave=<id>`` for one wave.

    Measure ``scale.<form>.<scale>``, estimand ``alpha`` (Feldt's interval), ``omega_total``, ``mean_inter_item``, ``icc``
    (how alike the forms of one department are) and ``design_effect`` (how many times more persons that calls for);
    measure ``item.<column>.<scale>``, estimand ``item_rest``, ``alpha_if_dropped``, and ``shift_wave`` or ``shift_role``
    (pseudo R-squared of ordinal logistic DIF) for the items where it is more than small; on the scale the largest. ``n_before`` and ``n_after``
    are both the forms behind the number. Rows that rest on too few forms (30; omega 100) are not there: a note
    ``too_few_forms`` says so. Response shift needs a wave or role with enough forms on both sides.
    """
    design = planned_design(dataset=dataset, study=study)
    rows, notes = [], []
    for table, form in forms_answered(dataset, study):
        answers = dataset.tables[table].reset_index(drop=True)
        answers = answers[answers[list(form.columns)].notna().any(axis=1).to_numpy()].reset_index(drop=True)
        if len(answers):
            most = _persons(answers)
            found = [*_scales(answers, form), *_items(answers, form), *_departments(answers, form), *_shift(answers, form)]
            rows += [r | {side: min(r["n_before"], most) for side in ("persons_before", "persons_after")} for r in found]
            notes += [{"measure": f"scale.{form.id}", "department": ALL, "subgroup": None, "code": "too_few_forms",
                       "severity": "info", "value": np.nan}] if not any(r["measure"].startswith(f"scale.{form.id}.") for r in rows) else []
    names = tuple(dict.fromkeys([*(r["measure"] for r in rows), *(n["measure"] for n in notes)]))
    return result(estimates=[r | {"conf_level": conf_level} for r in rows], notes=notes, design=design, measures=names,
                  provenance=dataset.provenance, conf_level=conf_level)


def _persons(answers: pd.DataFrame) -> float:
    """Known persons once, forms without one as the most of them in any wave."""
    who = answers.get("person", answers.get("respondent", pd.Series(None, index=answers.index, dtype="str")))
    nameless = answers.loc[who.isna(), "wave"].value_counts()
    return float(who.nunique() + (nameless.max() if len(nameless) else 0))


def _gaps(form: Instrument) -> str:
    return "pairwise" if any(item.missing for item in form.items) else "complete"


def _scales(answers: pd.DataFrame, form: Instrument) -> Iterator[dict]:
    made = scale_quality(answers=answers, instrument=form, by=answers["wave"], already_reversed=False, gaps=_gaps(form))
    for r in made[made["status"] == "ok"].itertuples(index=False):
        for name in SCALE:
            value = getattr(r, name)
            if not np.isnan(value):
                ends = (r.conf_low, r.conf_high) if name == "alpha" else (np.nan, np.nan)
                yield _row(f"scale.{form.id}.{r.scale}", name, value, r.n, ends, r.method if name == "alpha" else name, r.group)


def _items(answers: pd.DataFrame, form: Instrument) -> Iterator[dict]:
    made = item_quality(answers=answers, instrument=form, already_reversed=False, gaps=_gaps(form))
    for r in made[made["status"] == "ok"].itertuples(index=False):
        for name in ITEM:
            if not np.isnan(getattr(r, name)):
                yield _row(f"item.{r.item}.{r.scale}", name, getattr(r, name), r.n, (np.nan, np.nan), name)


def _departments(answers: pd.DataFrame, form: Instrument) -> Iterator[dict]:
    made = department_icc(answers=answers, instrument=form, departments=answers["department"], already_reversed=False)
    for r in made[made["status"] == "ok"].itertuples(index=False):
        yield _row(f"scale.{form.id}.{r.scale}", "icc", r.icc, r.n, (r.conf_low, r.conf_high), "icc_oneway")
        yield _row(f"scale.{form.id}.{r.scale}", "design_effect", r.design_effect, r.n, (np.nan, np.nan), "icc_oneway")


def _shift(answers: pd.DataFrame, form: Instrument) -> Iterator[dict]:
    """Within the first scale only: one item has one meaning. Only where every wave, or every role, has enough forms."""
    for name in (by for by in SHIFT_BY if by in answers):
        sizes = answers[name].value_counts()
        if len(sizes) < 2 or sizes.min() < SHIFT_MINIMUM:
            continue
        found = response_shift(answers=answers, instrument=form, by=answers[name], already_reversed=False)
        found = found[found["scale"].eq(form.scales[0].id) & found["r2_change"].notna()] if len(found) else found
        if not len(found):
            continue
        top = found.loc[found["r2_change"].idxmax()]
        yield _row(f"scale.{form.id}.{top['scale']}", f"shift_{name}", top["r2_change"], top["n"], (np.nan, np.nan), SHIFT)
        for r in found[found["status"].isin(["notable", "large"])].itertuples(index=False):
            yield _row(f"item.{r.item}.{r.scale}", f"shift_{name}", r.r2_change, r.n, (np.nan, np.nan), SHIFT)


def _row(measure: str, estimand: str, value: float, n: float, ends: tuple, method: str, group: str = ALL) -> dict:
    return {
        "measure": measure, "department": ALL, "subgroup": None if group == ALL else f"wave={group}", "estimand": estimand,
        "estimate": value, "conf_low": ends[0], "conf_high": ends[1], "n_before": n, "n_after": n, "unit": "coefficient", "method": method,
    }
