"""Every method on every bad study: a row with a number, or a row (or a remark) that says why there is none."""

import warnings
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import evaltool as ev
from evaltool.compare.answer import compared
from evaltool.compare.assemble import EVENT_COLUMNS
from evaltool.compare.by_method import METHODS, Asked, by_method
from evaltool.errors import UsageError
from evaltool.result import ALL, Dataset, headline
from evaltool.text import catalogue
from evaltool.verdict import CLAIMS, VERDICTS

from .frames import BED_DAYS, NIGHTS, PROVENANCE, SCORE, SHARE, design, observations, small

BEFORE, AFTER = pd.date_range("2023-01-15", periods=6, freq="MS"), pd.date_range("2024-02-15", periods=6, freq="MS")
MEASURES = {m.kind: small(m) for m in (SCORE, SHARE, NIGHTS, BED_DAYS)}
TWO = {"a": "2024-01-01", "b": "2024-01-01", "c": None}


def rows(*, departments=("a", "b", "c"), persons=6, days=(*BEFORE[:3], *AFTER[:3]), value=lambda i, day: float(20 + 3 * (i % 4) + day.month % 3)):
    return [(d, f"{d}{i}", day, value(i, day), f"{day:%Y-%m}") for d in departments for i in range(persons) for day in days]


def share(yes):
    return lambda i, day: float(yes(i, day))


BAD = {
    "nothing": ([], TWO),
    "one department": (rows(departments=("a",)), {"a": "2024-01-01"}),
    "one person per side": ([("a", "p", BEFORE[0], 20.0, "w1"), ("a", "q", AFTER[0], 30.0, "w2")], TWO),
    "zero variance": (rows(value=lambda i, day: 1.0), TWO),
    "zero variance with a jump": (rows(value=lambda i, day: float(day > pd.Timestamp("2024-01-01"))), TWO),
    "all missing": (rows(value=lambda i, day: np.nan), TWO),
    "only after": (rows(days=AFTER), TWO),
    "duplicates": (rows() + rows(), TWO),
    "separation": (rows(value=share(lambda i, day: day > pd.Timestamp("2024-01-01") or (i == 0 and day == BEFORE[0]))), TWO),
    "zero events": (rows(value=lambda i, day: 0.0), TWO),
    "zero events before": (rows(value=share(lambda i, day: day > pd.Timestamp("2024-01-01") and i % 2 == 0)), TWO),
    "nobody known": ([(d, None, day, v, w) for d, _, day, v, w in rows()], TWO),
}


def asked(measure, given, starts):
    seen = observations(given)
    if measure.kind == "share":
        seen["value"] = (seen["value"] > 0).astype(float).mask(seen["value"].isna())
    seen["included"] = seen["value"].notna()
    seen["began"] = seen["date"] - pd.to_timedelta(seen["value"], unit="D") if measure.kind == "duration" else pd.NaT
    codes = seen["value"].clip(0, 4).round()
    table = pd.DataFrame({"department": seen["department"], "age_band": np.where(seen["row"] % 2, "18-29", "30-44"),
                          **{f"qpr15_{n:02d}": codes for n in range(1, 16)}})
    dataset = Dataset(tables={"user_survey": table}, registers={}, provenance=PROVENANCE)
    designs = {name: design(starts, months=1, wash_in=name) for name in ("none", "planned", "double")}
    return Asked(dataset, StubStudy, measure, seen, designs, "partly_linked", 0.95, 3)


class StubStudy:
    """What ``item_odds`` reads of a study."""

    instruments = None


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("method", METHODS)
def test_a_bad_study_gives_rows_with_reasons_and_nothing_worse(method, name):
    kinds, call = METHODS[method]
    for kind in kinds:
        if kind not in MEASURES:
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            found = call(asked(MEASURES[kind], *BAD[name]))
        assert len(found.estimates), "never a silent blank"
        honest(found)
        assert all(why and f"why.{why}" in catalogue("nb") for why in found.estimates["why"])


def honest(found):
    """Every row has finite numbers, or an open interval that is said to be open, or a reason why there is no number."""
    keys = ["measure", "department", "subgroup"]
    notes = found.notes.fillna({"subgroup": ""})
    said = {key: set(own["severity"]) | set(own["code"]) for key, own in notes.groupby(keys)}
    for row in found.estimates.fillna({"subgroup": ""}).itertuples(index=False):
        own = said.get((row.measure, row.department, row.subgroup), set())
        if np.isnan(row.estimate):
            assert "stop" in own, (row.measure, row.department, row.subgroup, row.method)
        elif row.estimand != "interaction":
            whole = np.isfinite([row.estimate, row.conf_low, row.conf_high]).all()
            assert whole or "open_interval" in own, row


WHOLE = sorted({(kind, name) for i, name in enumerate(BAD) for kind in ("mean_score", [*MEASURES][i % len(MEASURES)])})
"""Scores of every bad study, and each other kind of some: ``test_a_bad_study...`` takes the parts through all of them."""


@pytest.mark.parametrize(("kind", "name"), WHOLE)
def test_the_whole_answer_of_a_bad_study(kind, name):
    made = asked(MEASURES[kind], *BAD[name])
    events = pd.DataFrame(columns=list(EVENT_COLUMNS)).astype({"co_intervention": bool})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        estimates, series, notes = compared(
            seen=made.observations, measure=made.measure, link=made.link, designs=made.designs, events=events,
            covariates=made.dataset.tables["user_survey"][["age_band"]] if kind == "mean_score" else None, provenance=PROVENANCE, conf_level=0.95)
    honest(SimpleNamespace(estimates=estimates, notes=notes))
    assert set(estimates["department"]) == {*made.designs["planned"].started, ALL}
    assert estimates["verdict"].isin(VERDICTS).all() and estimates["claim"].isin(CLAIMS).all()
    assert estimates.loc[estimates["estimate"].isna(), "verdict"].isin(["cannot_tell", "not_rated"]).all()
    assert not np.isinf(series[["value", "conf_low", "conf_high", "n"]].to_numpy()).any()


def test_an_unknown_method_names_the_known_ones():
    with pytest.raises(UsageError, match="before_after, mixed, pooled"):
        by_method(dataset=None, study=None, method="magic")


def test_every_method_answers_on_the_sample_and_claims_no_more_than_the_answer(fjordvik):
    dataset = ev.load(study=fjordvik)
    answer = ev.answer(dataset=dataset, study=fjordvik)
    limits = answer.notes[answer.notes["code"].isin(["mix_moved", "trend_elsewhere", "co_intervention"])]
    capped = set(zip(limits["measure"], limits["department"], strict=True))
    for method in METHODS:
        if method in ("before_after", "mixed", "pooled"):
            continue  # They are the answer.
        found = by_method(dataset=dataset, study=fjordvik, method=method, whole=answer).estimates
        assert len(found) and found["why"].notna().all() and found["verdict"].notna().all()
        strong = found[(found["department"] != ALL) & (found["claim"] != "described")]
        assert not capped & set(zip(strong["measure"], strong["department"], strict=True)), method
    planned = found[(found["subgroup"] == "wash_in:planned") & (found["department"] != ALL)].set_index(["measure", "department"])
    own = headline(answer.estimates).set_index(["measure", "department"]).loc[planned.index]
    numbers = ["estimate", "conf_low", "conf_high"]
    pd.testing.assert_frame_equal(planned[numbers], own[numbers])
