"""Each group by itself: the same numbers as the plain comparison of its own rows, told as described, small ones together."""

from dataclasses import replace

import pandas as pd

from evaltool.compare.answer import answer
from evaltool.compare.before_after import before_after
from evaltool.compare.by_group import by_group
from evaltool.compare.everybody import everybody
from evaltool.contracts import contract
from evaltool.result import ALL
from evaltool.verdict import judge

from .frames import PROVENANCE, SCORE, design, observations
from .small_study import answers, dataset, study

STARTS = {"a": "2024-01-01", "b": "2024-01-01", "c": None}
DAYS = [pd.Timestamp(day) for day in ("2023-03-01", "2023-09-01", "2024-06-01", "2024-12-01")]
GROUPS = {0: "young", 1: "young", 2: "old", 3: "old", 4: "old", 5: "rare"}


def table():
    rows = [(d, f"{d}{p}", day, 20.0 + 3 * p + 2 * i + (d == "a") * (i > 1) * p, f"w{i}")
            for d in STARTS for p in range(6) for i, day in enumerate(DAYS)]
    return observations(rows), pd.DataFrame({"age_band": pd.Series([GROUPS[p % 6] for _ in STARTS for p in range(6) for _ in DAYS], dtype="str")})


def run(least=0):
    seen, covariates = table()
    return by_group(observations=seen, covariates=covariates, design=design(STARTS), measure=SCORE, link="repeated_cross_section",
                    provenance=PROVENANCE, least=least)


def test_a_groups_numbers_are_those_of_its_own_rows():
    seen, covariates = table()
    made = run()
    own = before_after(observations=seen[covariates["age_band"].eq("old").to_numpy()], design=design(STARTS), measure=SCORE,
                       link="repeated_cross_section", provenance=PROVENANCE).estimates
    mine = made.estimates[made.estimates["subgroup"] == "age_band=old"].reset_index(drop=True)
    compared = ["department", "estimate", "conf_low", "conf_high", "n_before", "n_after", "persons_before"]
    pd.testing.assert_frame_equal(mine[compared], own[compared])
    levels = made.series[(made.series["subgroup"] == "age_band=old") & (made.series["department"] == "a")].set_index("phase")
    change = levels.loc["after", "value"] - levels.loc["before", "value"]
    assert abs(change - mine.set_index("department").loc["a", "estimate"]) < 1e-9
    assert set(made.series["kind"]) == {"phase"}


def test_nobody_claims_more_than_described_for_a_group():
    made = run()
    judged = judge(estimates=made.estimates, measures={SCORE.id: SCORE}, notes=made.notes)
    assert judged["verdict"].eq("better").any() and set(judged["claim"]) == {"described"}
    assert made.estimates["p_value"].isna().all() and ALL in set(made.estimates["department"])


def test_groups_too_small_stand_together():
    """Two of the rare group, fewer than three: the smallest of the others joins them."""
    assert set(run(least=3).estimates["subgroup"]) == {"age_band=old", "age_band=smaller_groups"}


def test_small_professions_stand_together_as_their_group_and_both_levels_add_up():
    """Two physicians beside six nurses, two of each social profession: under three they stand as their groups, under five all as
    one; with nobody too few each stands by itself, and its group too."""
    known = {0: "nurse", 1: "nurse", 2: "nurse", 3: "social_worker", 4: "child_welfare", 5: "physician"}
    seen, _ = table()
    covariates = pd.DataFrame({"profession": pd.Series([known[p % 6] for _ in STARTS for p in range(6) for _ in DAYS], dtype="str")})
    groups = {"profession": contract("staff_survey").columns["profession"].coarser}

    def persons(least):
        made = by_group(observations=seen, covariates=covariates, design=design(STARTS), measure=SCORE, link="repeated_cross_section",
                        provenance=PROVENANCE, least=least, coarser=groups).estimates
        return made[made["department"] == ALL].set_index("subgroup")["persons_before"].to_dict()

    both = {"health_professions": 8, "social_professions": 4}
    over = {f"profession_group={name}": n for name, n in both.items()}
    apart = {"profession=nurse": 6, "profession=physician": 2, "profession=social_worker": 2, "profession=child_welfare": 2}
    assert persons(2) == apart | over
    assert persons(3) == {f"profession={name}": n for name, n in both.items()} | over
    assert persons(5) == {"profession=smaller_groups": 12, "profession_group=smaller_groups": 12}


def test_everybody_is_the_same_with_and_without_the_comparisons(tmp_path):
    rows = [(d, w, day, 1 + i % 4) for d in "abc" for w, day in (("u1", "2023-02-01"), ("u2", "2023-06-01"), ("u3", "2024-03-01")) for i in range(6)]
    given = dataset(user_survey=answers("qpr15", 15, rows, person=[f"p{i}" for i in range(len(rows))]))
    log = pd.DataFrame({"department": pd.Series(dtype="str"), "event_date": pd.Series(dtype="datetime64[us]"), "co_intervention": pd.Series(dtype="boolean")})
    given = replace(given, registers={**given.registers, "components": log})
    one = study(tmp_path)
    chosen = [m for m in one.measures() if m.id == "qpr15_total"]
    whole = answer(dataset=given, study=one, measures=("qpr15_total",))
    pd.testing.assert_frame_equal(everybody(dataset=given, study=one, measures=chosen).series, whole.series)
