"""Who answered? Response before and after, the mix of those who did, and who left or came, for each survey."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..indicators.observations import observations
from ..indicators.response import POPULATIONS, response_rates
from ..result import ALL
from ..stats.proportions import wilson
from .assemble import result
from .notes import note
from .phased import no_counts, phased, side_counts
from .planned_design import planned_design
from .respondents import described, respondents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..design import StudyDesign
    from ..measures import Measure
    from ..result import Dataset, Result
    from ..study import Study

PREFIX = "respondents"


def who_answered(*, dataset: Dataset, study: Study, least: int | None = None, conf_level: float = 0.95) -> Result:
    """One pseudo-measure ``respondents.<table>`` per survey table, departments and ``*``.

    Series, kind ``phase``: forms answered over persons invited in the waves that opened in the phase (Wilson interval;
    only waves with a known number of invited). Estimates: ``standardised_difference`` of the mix per covariate
    (``subgroup``; unit ``sd``, with ``mix_moved`` where it moved), and among linked persons ``share`` of those before who
    did not answer after (``leavers``) and of those after who had not answered before (``joiners``). A share that rests on
    fewer than ``least`` persons inside or outside it is not given.
    """
    least = study.privacy.min_persons if least is None else least
    design = planned_design(dataset=dataset, study=study)
    first = {m.source.get("table"): m for m in reversed(study.measures()) if m.source.get("table") in POPULATIONS}
    estimates, notes, series, names = [], [], [], []
    for table, measure in sorted(first.items(), reverse=True):
        if table not in dataset.tables:
            continue
        name = f"{PREFIX}.{table}"
        names.append(name)
        series += _response(dataset, study, design, table, name, conf_level)
        seen = observations(dataset=dataset, study=study, measure=measure)
        rows = phased(observations=seen, design=design, kind=measure.kind)
        rows = rows[rows["phase"] != "not_started"]
        for made, said in (*_mix(dataset, seen, rows, design, measure, name), *_turnover(rows, design, name, least)):
            estimates.append(made)
            notes += said
    return result(
        estimates=estimates, notes=notes, series=pd.DataFrame(series), design=design, measures=tuple(names),
        provenance=dataset.provenance, conf_level=conf_level, rows={f"{PREFIX}.{table}": m.rows for table, m in first.items()},
    )


def _response(dataset, study, design, table, name, conf_level) -> Iterator[dict]:
    opens = {w.id: pd.Timestamp(w.opens) for s in study.surveys.values() if s.table == table for w in s.waves}
    rates = response_rates(dataset=dataset)
    rates = rates[(rates["population"] == POPULATIONS[table]) & (rates["department"] != ALL) & rates["rate"].notna()]
    rates = rates.assign(date=pd.to_datetime(rates["wave"].map(opens))).dropna(subset=["date"])
    rates = rates[rates["department"].isin(design.register["department"])]
    if not len(rates):
        return
    rates = rates.assign(phase=design.phase(department=rates["department"], date=rates["date"]).to_numpy(), silent=rates["invited"] - rates["answered"])
    rates["period"] = rates["date"].dt.to_period("M").dt.start_time.dt.as_unit("us")
    for (department, phase, month), part in rates.groupby(["department", "phase", "period"]):
        yield _share(part, name, department, phase, conf_level) | {"kind": "part", "period": month, "grain": "month"}
    for (department, month), part in [*rates.groupby(["department", "period"]), *(((ALL, month), part) for month, part in rates.groupby("period"))]:
        # Departments answer the same wave: the people asked add up.
        whole = part.groupby("wave")[["invited", "answered", "silent"]].sum()
        yield _share(whole, name, department, None, conf_level) | {"kind": "period", "period": month, "grain": "month"}
    for (department, phase), part in rates.groupby(["department", "phase"]):
        yield _share(part, name, department, phase, conf_level)
    for phase, part in rates.groupby("phase"):
        yield _share(part.groupby("wave")[["invited", "answered", "silent"]].sum(), name, ALL, phase, conf_level)


def _share(part: pd.DataFrame, name: str, department: str, phase: str | None, conf_level: float) -> dict:
    """Forms over invitations; persons are those of the fullest wave, since the same are asked again."""
    asked, answered = float(part["invited"].sum()), float(part["answered"].sum())
    low, high = wilson(events=answered, n=asked, conf_level=conf_level)
    return {
        "measure": name, "department": department, "kind": "phase", "phase": phase, "value": answered / asked, "conf_low": low,
        "conf_high": high, "conf_level": conf_level, "numerator": answered, "denominator": asked, "n": asked, "unit": "share",
        "persons": float(part["invited"].max()), "persons_numerator": float(part["answered"].max()),
        "persons_complement": float(part["silent"].max()), "method": "wilson",
    }


def _row(name: str, department: str, subgroup: str, estimand: str, unit: str, value: float, counts: dict, **more) -> dict:
    return {"measure": name, "department": department, "subgroup": subgroup, "estimand": estimand, "contrast": "after-before",
            "estimate": value, "unit": unit, "departments": 1.0, "method": more.pop("method"), **counts, **more}


def _mix(dataset, seen, rows, design: StudyDesign, measure: Measure, name: str) -> Iterator[tuple[dict, list[dict]]]:
    known = described(dataset=dataset, measure=measure)
    counts = side_counts(rows=rows, kind=measure.kind)
    for one in respondents(observations=seen, covariates=known, design=design, measure=measure).itertuples(index=False):
        made = _row(name, one.department, one.covariate, "standardised_difference", "sd", one.difference,
                    counts.get(one.department, no_counts()), method="mix", why="mix_compared", p_value=one.p_value)
        codes = {"mix_moved": one.difference} if one.moved else {} if one.difference == one.difference else {"too_few": np.nan}
        yield made, [note(measure=name, department=one.department, subgroup=one.covariate, code=c, value=v) for c, v in codes.items()]


def _turnover(rows: pd.DataFrame, design: StudyDesign, name: str, least: int) -> Iterator[tuple[dict, list[dict]]]:
    linked = rows[rows["person"].notna()]
    for department in (*design.started, ALL):
        part = linked if department == ALL else linked[linked["department"] == department]
        before, after = (set(part.loc[part["after"] == side, "person"]) for side in (False, True))
        if not before or not after:
            continue
        stayed = before & after
        counts = dict.fromkeys(("n_before", "persons_before"), float(len(before))) | dict.fromkeys(
            ("n_after", "persons_after"), float(len(after)))
        for what, side in (("leavers", before), ("joiners", after)):
            gone = len(side) - len(stayed)
            few = any(0 < n < least for n in (gone, len(stayed)))
            made = _row(name, department, what, "share", "share", np.nan if few else gone / len(side), counts,
                        method="share_of_persons", why="who_stayed")
            yield made, [note(measure=name, department=department, subgroup=what, code="differs_by_few")] if few else []
