import numpy as np
import pandas as pd
import pytest

from evaltool.compare.subgroups import subgroups
from evaltool.result import ALL

from .frames import PROVENANCE, SCORE, design, observations

STARTS = {f"d{i}": f"2024-{m:02d}-01" for i, m in enumerate((1, 3, 5, 7, 9, 11))} | {"d6": None}
WAVES = pd.date_range("2023-03-01", periods=10, freq="QS")


def run(gains: dict[str, float], seed: int = 1, only_after: tuple[str, ...] = ()):
    rng = np.random.default_rng(seed)
    rows, groups = [], []
    for d, start in STARTS.items():
        level = rng.normal(35, 4)
        for p in range(18):
            group = list(gains)[p % len(gains)]
            own = rng.normal(0, 4)
            for day in WAVES:
                after = start is not None and day >= pd.Timestamp(start)
                if group in only_after and not after:
                    continue
                rows.append((d, f"{d}p{p}", day, level + own + gains[group] * after + rng.normal(0, 4), str(day.date())))
                groups.append(group)
    return subgroups(
        observations=observations(rows), groups=pd.Series(groups, dtype="str"), covariate="age_band", design=design(STARTS),
        measure=SCORE, link="partly_linked", provenance=PROVENANCE,
    )


def codes(result, subgroup):
    return set(result.notes.loc[result.notes["subgroup"] == subgroup, "code"])


def test_a_planted_difference_between_groups_is_found_and_each_change_lies_in_its_interval():
    result = run({"young": 6, "middle": 2, "old": 2})
    rows = result.estimates.set_index("subgroup")
    assert list(rows.index) == ["age_band", "age_band=middle", "age_band=old", "age_band=young"]
    assert rows.loc["age_band", "p_value"] < 0.01
    assert rows.loc["age_band", "estimand"] == "interaction"
    for name, gain in {"young": 6, "middle": 2, "old": 2}.items():
        assert rows.loc[f"age_band={name}", "conf_low"] < gain < rows.loc[f"age_band={name}", "conf_high"]
    assert codes(result, "age_band") == set()


def test_groups_never_carry_a_p_value_of_their_own_and_alike_groups_are_called_alike():
    result = run({"young": 3, "old": 3}, seed=2)
    rows = result.estimates.set_index("subgroup")
    assert rows.drop("age_band")["p_value"].isna().all()
    assert codes(result, "age_band") == {"subgroups_alike"}
    assert set(rows["department"]) == {ALL}


def test_a_group_seen_on_one_side_only_has_a_row_and_a_reason():
    result = run({"young": 3, "old": 3, "new": 0}, only_after=("new",))
    rows = result.estimates.set_index("subgroup")
    assert np.isnan(rows.loc["age_band=new", "estimate"])
    assert codes(result, "age_band=new") == {"no_before"}
    assert rows.loc["age_band=young", "estimate"] == pytest.approx(3, abs=1.5)


def test_one_group_has_no_interaction():
    result = run({"young": 3})
    assert codes(result, "age_band") == {"one_group"}
