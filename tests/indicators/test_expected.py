"""The expected number of the adjusted funnel: the same sum as was observed, and never out where its share is hidden."""

from __future__ import annotations

import pandas as pd
import pytest

from evaltool.compare.planned_design import planned_design
from evaltool.indicators.aggregate import aggregate
from evaltool.indicators.expected import expected_rows
from evaltool.indicators.mix_strata import LEAST_PERSONS, LEAST_ROWS
from evaltool.indicators.observations import observations
from evaltool.measures import measure
from evaltool.store import load

NAME = "readmission_30d_unplanned"
KEYS = ["measure", "department", "phase"]


@pytest.fixture(scope="module")
def parts(fjordvik):
    dataset = load(study=fjordvik)
    seen = observations(dataset=dataset, study=fjordvik, measure=measure(NAME))
    design = planned_design(dataset=dataset, study=fjordvik)
    return {"observations": seen, "dataset": dataset, "study": fjordvik, "measure": measure(NAME), "design": design,
            "series": aggregate(observations=seen, measure=measure(NAME), design=design)}


def _by_person(stays: pd.DataFrame) -> dict[str, list[tuple]]:
    told = sorted(zip(stays["person"], stays["admitted"], stays["discharged"], stays["admission_type"], stays.index, strict=True),
                  key=lambda stay: stay[1])
    out: dict[str, list[tuple]] = {}
    for stay in told:
        out.setdefault(stay[0], []).append(stay)
    return out


def _first_kind(stays: list[tuple], row: int) -> str:
    """How the chain of stays that ended with ``row`` began."""
    at = next(i for i, stay in enumerate(stays) if stay[4] == row)
    while at and stays[at][1] - stays[at - 1][2] < pd.Timedelta(hours=8):
        at -= 1
    return "acute" if stays[at][3] == "unplanned" else "other"


def plain(parts) -> pd.DataFrame:
    """Expected by department and phase, row by row: the rate of everybody alike on the same side of the start."""
    rows = parts["observations"][parts["observations"]["included"]].copy()
    rows["phase"] = parts["design"].phase(department=rows["department"], date=rows["date"])
    rows["side"] = rows["phase"].map({"before": "before", "not_started": "before", "after": "after"})
    rows = rows[rows["side"].notna()]
    born = parts["dataset"].tables["persons"].set_index("person")["birth_year_band"]
    rows["kind"] = [_first_kind(part, row) for row, part in zip(
        rows["row"], map(_by_person(parts["dataset"].tables["stays"]).get, rows["person"]), strict=True)]
    rows["stratum"] = rows["person"].map(born).fillna("unknown") + " " + rows["kind"]
    size = rows.groupby(["side", "stratum"])["person"].agg(["size", "nunique"])
    small = set(size.index[(size["size"] < LEAST_ROWS) | (size["nunique"] < LEAST_PERSONS)])
    rows["stratum"] = ["small" if key in small else key[1] for key in zip(rows["side"], rows["stratum"], strict=True)]
    rows["due"] = rows.groupby(["side", "stratum"])["value"].transform("mean")
    return rows.groupby(["department", "phase"])["due"].sum().reset_index()


def test_agrees_with_a_count_row_by_row_and_sums_to_what_was_observed(parts):
    got = expected_rows(**parts)
    both = got.merge(plain(parts), on=["department", "phase"])
    assert len(both) == len(got) >= 10
    assert both["value"].to_numpy() == pytest.approx(both["due"].to_numpy(), abs=0.051)
    after = got[got["phase"] == "after"]
    assert after["value"].sum() == pytest.approx(after["numerator"].sum(), abs=0.05 * len(after))


def test_is_shown_exactly_where_its_share_is(fjordvik_release):
    rows = fjordvik_release.series[fjordvik_release.series["measure"] == NAME]
    due = rows[rows["kind"] == "expected"].set_index(KEYS)
    share = rows[rows["kind"] == "phase"].set_index(KEYS).loc[due.index]
    assert due["status"].tolist() == share["status"].tolist() and {"shown", "suppressed"} <= set(due["status"])
    assert due.loc[due["status"] == "suppressed", ["value", "numerator", "n"]].isna().all().all()


def test_a_measure_without_a_mix_has_none(parts):
    assert expected_rows(**parts | {"measure": measure("user_controlled_share")}).empty
