"""How many persons changed more than measurement error can explain, per department and phase."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..indicators.observations import observations
from ..instruments import instrument
from ..result import ALL
from ..scoring.change_inputs import ChangeInputs, change_inputs
from ..stats.change_class import change_class, important_change_class
from ..stats.estimate import NotEstimable
from ..stats.proportions import wilson
from ..stats.reliable_change import reliable_change
from .assemble import result
from .change_formulas import clinical_shares, formula_shares, nested_measures
from .notes import note
from .phased import phased
from .planned_design import planned_design

if TYPE_CHECKING:
    from ..measures import Measure
    from ..result import Dataset, Result
    from ..stats.reliable_change import ReliableChange
    from ..study import Study

CLASSES = ("improved", "unchanged", "deteriorated")
RULES = ("reliable", "improved", "important")


def persons_changed(*, dataset: Dataset, study: Study, measure: Measure, conf_level: float = 0.95) -> Result:
    """Shares of linked persons who improved, are unchanged or deteriorated on a score ``measure`` of one instrument.

    Each person is judged by Jacobson and Truax's reliable change between two forms: phase ``after``: the last before
    the start and the last after the wash-in; ``before``: the first and the last before the start (what happens in that
    time without the new practice); ``not_started``: the first and the last. The reliability is the published one
    (test-retest where there is one), the SD that of everyone's first form here; both and the limit in points stand in
    the notes. Forms without a person count nothing.

    Series rows with Wilson intervals. ``<measure>.reliable``, kinds ``phase_improved``, ``phase_unchanged`` and
    ``phase_deteriorated``: three shares that add up, so the gate shows or hides them together. ``<measure>.improved``,
    kind ``phase``: the first alone, for places where the others are few. ``<measure>.important``: three kinds again, by
    the smallest important change for one person, all departments only; ``clinical`` and ``recovered`` by a cut-off, and
    the formulas side by side, as in ``change_formulas``. No estimates. Raises StudyError when the measure's table is
    not in the dataset.
    """
    design = planned_design(dataset=dataset, study=study)
    form = instrument(measure.source["instrument"], folder=study.instruments)
    inputs = change_inputs(instrument=form, scale=measure.source["scale"])
    seen = observations(dataset=dataset, study=study, measure=measure)
    rows = phased(observations=seen, design=design, kind=measure.kind)
    rows = rows[rows["person"].notna()].sort_values(["date", "row"], kind="stable")
    pairs = _pairs(rows)
    judged, notes, change = _judged(pairs, rows, inputs, measure)
    series = _series(judged, measure, conf_level)
    if change is not None:
        more = [*formula_shares(pairs=pairs, forms=rows, inputs=inputs, sd=change.sd, measure=measure, conf_level=conf_level)]
        if inputs.cutoff is not None:
            more += clinical_shares(pairs=pairs, change=change, inputs=inputs, measure=measure, conf_level=conf_level)
        series = pd.concat([series, pd.DataFrame(more)], ignore_index=True)
    names = dict.fromkeys([*(f"{measure.id}.{name}" for name in RULES), *series.get("measure", ())])
    return result(
        estimates=[], notes=notes, design=design, measures=tuple(names), provenance=dataset.provenance,
        conf_level=conf_level, series=series, nested=nested_measures(measure=measure),
    )


def _pairs(rows: pd.DataFrame) -> pd.DataFrame:
    """``department, person, phase, first, last``: one row per person, department and phase with two forms to compare."""
    keys = ["department", "person"]
    ends = rows.groupby([*keys, "phase"])["value"].agg(["first", "last", "size"]).reset_index()
    within = ends[(ends["size"] >= 2) & ends["phase"].isin(["before", "not_started"])]
    was, now = (ends.loc[ends["phase"] == name, [*keys, "last"]] for name in ("before", "after"))
    across = was.rename(columns={"last": "first"}).merge(now, on=keys).assign(phase="after")
    return pd.concat([within, across], ignore_index=True)[[*keys, "phase", "first", "last"]]


def _judged(pairs: pd.DataFrame, rows: pd.DataFrame, inputs: ChangeInputs, measure: Measure,
            ) -> tuple[pd.DataFrame, list[dict], ReliableChange | None]:
    """``pairs`` with ``reliable`` and ``important`` (class, or missing where there is no honest limit), the notes, and
    the reliable change behind the classes."""
    first, last = pairs["first"].to_numpy(dtype=float), pairs["last"].to_numpy(dtype=float)
    out, notes, change = pairs.assign(reliable=None, important=None), [], None

    def say(code: str, value: float) -> None:
        notes.append(note(measure=measure.id, department=ALL, code=code, value=value))

    if not measure.direction or inputs.reliability is None:
        say("no_reliability", float(len(pairs)))
    else:
        spread = float(rows.drop_duplicates("person")["value"].std())
        try:
            change = reliable_change(before=first, after=last, reliability=inputs.reliability.value, sd=spread,
                                     reliability_name=inputs.reliability.method, sd_name="own_first")
        except NotEstimable as reason:
            say(reason.reason, float(len(pairs)))
        else:
            out["reliable"] = change_class(change=change, direction=measure.direction)
            say("change_reliability", change.reliability)
            say("change_sd", change.sd)
            say("change_threshold", change.threshold)
            if inputs.cutoff is not None:
                say("change_cutoff", inputs.cutoff.value)
    if measure.direction and inputs.important_person is not None:
        important = inputs.important_person.value
        out["important"] = important_change_class(before=first, after=last, direction=measure.direction, important=important)
        say("change_important", important)
    return out, notes, change


def _series(judged: pd.DataFrame, measure: Measure, conf_level: float) -> pd.DataFrame:
    found = []
    for department, own in [*judged.groupby("department", sort=False), (ALL, judged)]:
        for phase, part in own.groupby("phase", sort=False):
            place = {"department": department, "phase": phase, "unit": "share", "conf_level": conf_level, "method": "wilson"}
            for rule in ("reliable", "important") if department == ALL else ("reliable",):
                shares = _shares(part, rule, conf_level)
                found += [place | one | {"measure": f"{measure.id}.{rule}"} for one in shares]
                if rule == "reliable" and shares:
                    found.append(place | shares[0] | {"measure": f"{measure.id}.improved", "kind": "phase"})
    return pd.DataFrame(found)


def _shares(part: pd.DataFrame, rule: str, conf_level: float) -> list[dict]:
    """One row per class, in the order of ``CLASSES``."""
    known = part[part[rule].notna() & part[rule].ne("")]
    if not len(known):
        return []
    n, rows = float(len(known)), []
    for name in CLASSES:
        inside = known[rule] == name
        low, high = wilson(events=float(inside.sum()), n=n, conf_level=conf_level)
        rows.append({
            "kind": f"phase_{name}", "value": inside.sum() / n, "conf_low": low, "conf_high": high,
            "numerator": float(inside.sum()), "denominator": n, "n": n, "persons": float(known["person"].nunique()),
            "persons_numerator": float(known.loc[inside, "person"].nunique()),
            "persons_complement": float(known.loc[~inside, "person"].nunique()),
            "persons_top_share": float(known["person"].value_counts().iloc[0]) / n,
        })
    return rows
