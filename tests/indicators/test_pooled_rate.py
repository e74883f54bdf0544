"""Admissions per 1 000 bed-days over a whole phase: an interval where nothing happened, from stays and from totals, one gate."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from evaltool.compare.answer import answer
from evaltool.disclosure import policy, release
from evaltool.indicators.pooled_rate import KIND
from evaltool.tables import levels

from .test_stay_facts import data, stay, study  # noqa: F401

NOTHING_DONE = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in (
    ("department", "str"), ("component", "str"), ("event_date", "datetime64[us]"), ("end_date", "datetime64[us]"), ("co_intervention", "boolean"),
    ("dose_value", "float64"), ("dose_unit", "str"))})
NAME = "admissions_per_1000_bed_days"


def rows(result, department):
    own = result.series[result.series["measure"].eq(NAME) & result.series["department"].eq(department)]
    return own.set_index(["kind", "phase"])


def answered(study, **tables):  # noqa: F811
    both = data(ward(), **tables)
    both = dataclasses.replace(both, registers={**both.registers, "components": NOTHING_DONE})
    return answer(dataset=both, study=study, measures=(NAME,))


def ward():
    """Twelve who came in January 2023 and stayed until the end of 2024: nobody is admitted after the start, 12 a night are there."""
    stays = [stay(0, "early", "ward", "2022-12-01", "2023-01-02")]
    return [*stays, *(stay(i, f"p{i}", "ward", "2023-01-10", "2025-01-01") for i in range(1, 13))]


def test_no_admission_has_an_upper_end(study):  # noqa: F811
    found = answered(study)
    after = rows(found, "ward").loc[(KIND, "after")]
    nights = 12 * 184
    # R: poisson.test(0, T = 2.208)$conf.int[2]
    assert (after["value"], after["conf_low"]) == (0, 0) and after["conf_high"] == pytest.approx(3.688879 / nights * 1000, rel=1e-6)
    before = rows(found, "ward").loc[(KIND, "before")]
    # 22 nights of 12 in January, then 12 a night, and the one night of the first: 12 admissions that the data cover.
    assert before["value"] == pytest.approx(12 / (12 * (22 + 28 + 31 + 30 + 31 + 30 + 31 + 31 + 30 + 31 + 30 + 31 + 182) + 1) * 1000)
    same = ["numerator", "denominator", "n", "persons", "persons_top_share"]
    assert before[same].equals(rows(found, "ward").loc[("phase", "before")][same]), "hidden with the row it stands beside"


def test_totals_give_the_same_and_the_table_tells_both(study):  # noqa: F811
    months = pd.date_range("2023-01-01", "2025-12-01", freq="MS").astype("datetime64[us]")
    totals = pd.DataFrame({"department": pd.Series("home", index=range(36), dtype="str"), "month": months, "measure": pd.Series(NAME, index=range(36), dtype="str"),
                           "numerator": np.r_[np.full(18, 3.0), np.zeros(18)], "denominator": 200.0})
    people = totals.assign(measure=pd.Series("persons", index=range(36), dtype="str"), numerator=9.0, denominator=np.nan)
    found = answered(study, service_counts=pd.concat([totals, people], ignore_index=True))
    home = rows(found, "home")
    assert home.loc[(KIND, "before"), "value"] == pytest.approx(15) and home.loc[(KIND, "after"), "value"] == 0
    assert home.loc[(KIND, "after"), "conf_high"] == pytest.approx(3.688879 / 3600 * 1000, rel=1e-6)
    table = levels(release=release(result=found, policy=policy()), measure_id=NAME, lang="nb")
    home = table[table.iloc[:, 0] == "Home"]
    assert home.iloc[:, 1].tolist() == ["før", "før, alle måneder samlet", "etter", "etter, alle måneder samlet"]
    # Months that are all alike have no interval over months; over all of them together there is one. R: poisson.test(54, T = 3.6)
    assert home.iloc[:, 3].tolist() == ["", "11,3 til 19,6", "", "0,0 til 1,0"]
