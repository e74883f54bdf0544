"""Do the scales hold in this study: reliability, items, ends, gaps, departments and response shift, shaped for the gate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..result import ALL
from ..scoring.answers import read_answers
from ..scoring.engine import score
from ..scoring.quality import department_icc, item_quality, response_shift, scale_quality
from ..stats.group_icc import needed_persons
from .answers_given import GAPS, METHOD, forms_answered
from .assemble import result
from .behind import Behind
from .notes import note
from .planned_design import planned_design

if TYPE_CHECKING:
    from ..instruments import Instrument
    from ..result import Dataset, Result
    from ..study import Study

SCALE = ("alpha", "omega_total", "mean_inter_item")
ITEM = ("item_rest", "alpha_if_dropped")
SPLIT_BY = ("wave", "role", "user_group")
SHIFT_BY = ("wave", "role")
SHIFT = "ordinal_logistic"
SHIFT_MINIMUM = 50


@dataclass(frozen=True)
class _Form:
    """The rows of one form that somebody answered, the groups they are split in (booleans, everybody first), and who is
    behind them."""

    form: Instrument
    answers: pd.DataFrame
    groups: dict[str | None, np.ndarray]
    behind: Behind


def scale_facts(*, dataset: Dataset, study: Study, conf_level: float = 0.95) -> Result:
    """Estimates and shares, all departments. ``subgroup``: missing for all forms together, ``wave=<id>``,
    ``role=<role>`` or ``user_group=<group>`` for a part of them.

    Measure ``scale.<form>.<scale>``, estimand ``alpha`` (Feldt's interval), ``omega_total``, ``mean_inter_item``, ``icc``
    (how alike the forms of one department are), ``design_effect`` (how many times more answers that calls for in one wave
    with ``group_size`` per department, the mean here);
    measure ``item.<column>.<scale>``, estimand ``item_rest``, ``alpha_if_dropped``, and ``shift_wave`` or ``shift_role``
    (pseudo R-squared of ordinal logistic DIF) for the items where it is more than small; on the scale the largest.
    ``n_before`` and ``n_after`` are both the forms behind the number. Series, kind ``whole``: ``floor.<form>.<scale>`` and
    ``ceiling.<form>.<scale>``, the share of the scored forms at the lowest and the highest possible score, and
    ``gaps.<form>.<scale>.<why>``, the share of the scale's answers that did not apply, were not known, or were left.

    Under 30 forms (omega: 100) alpha has its n and no number. Of a form that has no scale with enough: only a note
    ``too_few_forms``. Response shift needs a wave or role with enough forms on both sides.
    """
    design = planned_design(dataset=dataset, study=study)
    rows, series, notes, counted = [], [], [], {}
    for table, form in forms_answered(dataset, study):
        one = _read(dataset.tables[table].reset_index(drop=True), form)
        if not len(one.answers):
            continue
        found = [*_scales(one), *_items(one), *_departments(one), *_shift(one)]
        if not any(r["estimate"] == r["estimate"] for r in found):
            notes.append(note(measure=f"scale.{form.id}", department=ALL, code="too_few_forms"))
            continue
        rows += [r | {side: min(r["n_before"], r["persons"]) for side in ("persons_before", "persons_after")} for r in found]
        ends = [*_ends(one), *_gaps(one)]
        series += ends
        counted |= {r["measure"]: (f"{table}.{form.id}",) for r in (*found, *ends)}
    names = tuple(dict.fromkeys([*(r["measure"] for r in (*rows, *series)), *(n["measure"] for n in notes)]))
    return result(estimates=[r | {"conf_level": conf_level} for r in rows], notes=notes, design=design, measures=names,
                  provenance=dataset.provenance, conf_level=conf_level, series=pd.DataFrame(series), rows=counted)


def _read(answers: pd.DataFrame, form: Instrument) -> _Form:
    answers = answers[answers[list(form.columns)].notna().any(axis=1).to_numpy()].reset_index(drop=True)
    groups: dict[str | None, np.ndarray] = {None: np.ones(len(answers), dtype=bool)}
    for name in (name for name in SPLIT_BY if name in answers and answers[name].nunique() > 1):
        for label in sorted(answers[name].dropna().unique()):
            groups[f"{name}={label}"] = answers[name].eq(label).fillna(False).to_numpy(dtype=bool)
    nobody = pd.Series(None, index=answers.index, dtype="str")
    behind = Behind(person=answers.get("person", answers.get("respondent", nobody)), wave=answers["wave"])
    return _Form(form, answers, groups, behind)


def _pairs(form: Instrument) -> str:
    return "pairwise" if any(item.missing for item in form.items) else "complete"


def _scales(one: _Form) -> Iterator[dict]:
    """Everybody once, then the groups of each covariate."""
    covariates = [None, *dict.fromkeys(name.partition("=")[0] for name in one.groups if name)]
    for covariate in covariates:
        made = scale_quality(answers=one.answers, instrument=one.form, already_reversed=False, gaps=_pairs(one.form),
                             by=one.answers[covariate] if covariate else None)
        for r in (made[made["group"] != ALL] if covariate else made).itertuples(index=False):
            subgroup = f"{covariate}={r.group}" if covariate else None
            about = {"subgroup": subgroup, "persons": one.behind.persons(one.groups[subgroup])}
            for name in SCALE:
                value = getattr(r, name)
                if name == "alpha" or not np.isnan(value):
                    ends = (r.conf_low, r.conf_high) if name == "alpha" else (np.nan, np.nan)
                    method = r.method if name == "alpha" and r.status == "ok" else name
                    yield _row(one, r.scale, name, value, r.n, ends, method) | about


def _items(one: _Form) -> Iterator[dict]:
    made = item_quality(answers=one.answers, instrument=one.form, already_reversed=False, gaps=_pairs(one.form))
    for r in made[made["status"] == "ok"].itertuples(index=False):
        for name in ITEM:
            if not np.isnan(getattr(r, name)):
                yield _row(one, r.scale, name, getattr(r, name), r.n) | {"measure": f"item.{r.item}.{r.scale}"}


def _departments(one: _Form) -> Iterator[dict]:
    """How many times more answers a survey of one wave needs, with as many per department as the waves here have had."""
    size = float(one.answers.groupby(["department", "wave"]).size().mean())
    made = department_icc(answers=one.answers, instrument=one.form, departments=one.answers["department"], already_reversed=False)
    for r in made[made["status"] == "ok"].itertuples(index=False):
        effect = needed_persons(unrelated=1, icc=r.icc, group_size=size)
        yield _row(one, r.scale, "icc", r.icc, r.n, (r.conf_low, r.conf_high), "icc_oneway")
        yield _row(one, r.scale, "design_effect", effect, r.n, method="icc_oneway")
        yield _row(one, r.scale, "group_size", size, r.n, method="icc_oneway")


def _shift(one: _Form) -> Iterator[dict]:
    """Within the first scale only: one item has one meaning. Only where every wave, or every role, has enough forms."""
    first = one.form.scales[0].id
    for name in (by for by in SHIFT_BY if by in one.answers):
        sizes = one.answers[name].value_counts()
        if len(sizes) < 2 or sizes.min() < SHIFT_MINIMUM:
            continue
        found = response_shift(answers=one.answers, instrument=one.form, by=one.answers[name], already_reversed=False,
                               scales=(first,))
        found = found[found["r2_change"].notna()] if len(found) else found
        if not len(found):
            continue
        top = found.loc[found["r2_change"].idxmax()]
        yield _row(one, first, f"shift_{name}", top["r2_change"], top["n"], method=SHIFT)
        for r in found[found["status"].isin(["notable", "large"])].itertuples(index=False):
            yield _row(one, first, f"shift_{name}", r.r2_change, r.n, method=SHIFT) | {"measure": f"item.{r.item}.{r.scale}"}


def _row(one: _Form, scale: str, estimand: str, value: float, n: float, ends: tuple = (np.nan, np.nan), method: str = "") -> dict:
    return {
        "measure": f"scale.{one.form.id}.{scale}", "department": ALL, "subgroup": None, "estimand": estimand, "estimate": value,
        "conf_low": ends[0], "conf_high": ends[1], "n_before": n, "n_after": n, "persons": one.behind.persons(one.groups[None]),
        "unit": "coefficient", "method": method or estimand,
    }


def _ends(one: _Form) -> Iterator[dict]:
    """Floor and ceiling of each scale: a scale at its end cannot show more change that way."""
    scores = score(answers=one.answers, instrument=one.form, already_reversed=False)
    for scale in one.form.scales:
        values = scores.loc[scores["scale"] == scale.id, "score"].to_numpy()
        scored = ~np.isnan(values)
        for name, end in zip(("floor", "ceiling"), scale.range, strict=True):
            yield from _shares(one, f"{name}.{one.form.id}.{scale.id}", np.isclose(values, end).astype(int), scored.astype(int), name)


def _gaps(one: _Form) -> Iterator[dict]:
    read = read_answers(one.answers, one.form)
    for scale in one.form.scales:
        items = [read[number] for number in scale.items]
        why = {
            "not_applicable": [item.not_applicable for item in items], "dont_know": [item.dont_know for item in items],
            "unanswered": [one.answers[item.item.column].isna().to_numpy() for item in items],
        }
        asked = np.full(len(one.answers), len(items))
        for name in GAPS:
            if items and (name == "unanswered" or any(name in item.item.missing.values() for item in items)):
                yield from _shares(one, f"gaps.{one.form.id}.{scale.id}.{name}", np.sum(why[name], axis=0), asked, METHOD)


def _shares(one: _Form, measure: str, hits: np.ndarray, of: np.ndarray, method: str) -> Iterator[dict]:
    for subgroup, chosen in one.groups.items():
        here = chosen & (of > 0)
        if here.any():
            yield one.behind.share(here=here, hits=hits, of=of, method=method) | {
                "measure": measure, "department": ALL, "subgroup": subgroup, "kind": "whole"}
