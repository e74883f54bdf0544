"""Groups of people on two levels, professions and groups of professions: what is shown together bounds nothing hidden."""

from dataclasses import replace

import numpy as np
import pandas as pd
from attacker import Sums
from group_table import group_result
from hypothesis import given, settings
from hypothesis import strategies as st

from evaltool.contracts import coarser_groups
from evaltool.disclosure import policy, release
from evaltool.finest_shown import finest_shown, finest_table
from evaltool.result import ALL, SERIES_COLUMNS, SERIES_TEXT, canonical

FINE = ("profession=nurse", "profession=physician", "profession=social_worker", "profession=child_welfare")
UPPER = coarser_groups()
RULES = policy()


def two_levels(persons, phases=1):
    """A Result by profession (persons: departments, four professions, the same in each phase), with the rows of their groups."""
    each = np.repeat(np.asarray(persons)[:, :, None], phases, axis=2)
    made = group_result(persons=each, inside=each)
    rows = made.series.assign(measure="rsa_r_total", unit="points", numerator=3 * made.series["numerator"], value=3 * made.series["value"], persons_numerator=np.nan, persons_complement=np.nan)
    rows["subgroup"] = rows["subgroup"].replace({f"role=r{i}": name for i, name in enumerate(FINE)})
    split = rows[rows["subgroup"].notna()]
    coarse = split.assign(subgroup=split["subgroup"].map(UPPER)).groupby(["department", "subgroup", "phase"], sort=False, as_index=False).agg(
        {"numerator": "sum", "denominator": "sum", "n": "sum", "persons": "sum"} | dict.fromkeys(("measure", "kind", "unit"), "first"))
    coarse = coarse.assign(value=coarse["numerator"] / coarse["denominator"], persons_top_share=1 / coarse["persons"].replace(0, np.nan))
    return replace(made, series=canonical(pd.concat([rows, coarse], ignore_index=True), SERIES_COLUMNS, SERIES_TEXT))


def attacked(persons):
    """What is released, and its hidden numbers of fewer than five persons, on either level, that the equations of both levels
    bound too closely."""
    out = release(result=two_levels(persons), policy=RULES).series
    atoms = pd.DataFrame([(f"d{i}", f) for i in range(len(persons)) for f in FINE], columns=["department", "subgroup"])
    known, masks = Sums(atoms=atoms), []
    everybody = out[out["subgroup"].isna()].set_index("department")
    # Marked hidden for the sake of the sum alone: such a group may be empty.
    may_be_empty = {d for d in everybody.index if not everybody.loc[d, "denominator"] >= RULES.min_persons + len(FINE) - 1}
    for row in out.itertuples():
        mine = np.ones(len(atoms), dtype=bool) if row.department == ALL else atoms["department"].eq(row.department).to_numpy()
        if isinstance(row.subgroup, str):
            mine = mine & (atoms["subgroup"].eq(row.subgroup) | atoms["subgroup"].map(UPPER).eq(row.subgroup)).to_numpy()
        masks.append(mine)
        if row.status == "suppressed":
            known.add(mine, 0 if isinstance(row.subgroup, str) and row.department in may_be_empty else 1, np.inf)
        else:
            count = row.denominator if row.status == "shown" else 0
            known.add(mine, count, count)
    found = []
    for at in np.flatnonzero(out["subgroup"].notna() & out["status"].eq("suppressed")):
        true = np.asarray(persons).ravel()[masks[at]].sum()
        if 0 < true < RULES.min_persons and (ends := known.narrow(masks[at], RULES.min_persons)):
            found.append((out["department"].iat[at], out["subgroup"].iat[at], ends))
    return out, found


def statuses(out, group):
    return out[out["subgroup"].eq(group)].set_index("department")["status"].to_dict()


def test_a_group_of_professions_is_shown_where_its_professions_are_not():
    out, found = attacked([[20, 3, 12, 9], [18, 22, 30, 14], [25, 4, 16, 21]])
    assert found == [] and statuses(out, "profession=physician")["d0"] == "suppressed"
    assert statuses(out, "profession_group=health_professions") == dict.fromkeys(("d0", "d1", "d2", ALL), "shown")


def test_a_group_is_hidden_where_it_would_tell_the_one_profession_that_is_hidden_in_it():
    out, found = attacked([[20, 3, 12, 9]])
    assert found == []
    for level in ("health_professions", "social_professions"):
        hidden = [name for name in FINE if UPPER[name].endswith(level) and statuses(out, name)["d0"] == "suppressed"]
        assert len(hidden) != 1 or statuses(out, f"profession_group={level}")["d0"] == "suppressed"


def test_the_ladder_goes_from_the_profession_to_its_group_and_from_the_department_to_all():
    made = two_levels([[20, 3, 12, 9], [18, 22, 30, 14], [25, 4, 16, 21]], phases=2)
    out = release(result=replace(made, spec=replace(made.spec, measures=("rsa_r_total",))), policy=RULES)
    rows = finest_shown(release=out, department="d0", group="profession=physician", by_group=out).set_index("keeps")
    assert rows.loc["department", ["place", "group", "n_before"]].tolist() == ["d0", "profession_group=health_professions", 23.0]
    assert rows.loc["group", ["place", "group", "n_before"]].tolist() == [ALL, "profession=physician", 29.0] and not rows["as_asked"].any()
    asked = finest_shown(release=out, department="d1", group="profession=physician", by_group=out)
    assert asked["as_asked"].all() and set(asked["grain"]) == {"phase"}
    words = finest_table(rows=rows.reset_index(), release=out, lang="nb").to_numpy().ravel().tolist()
    assert "Yrke: Helsefag med høyere utdanning" in words and "Alle avdelinger samlet" in words


@settings(max_examples=8, deadline=None)
@given(st.lists(st.lists(st.integers(0, 16), min_size=4, max_size=4), min_size=1, max_size=4))
def test_nothing_hidden_is_bounded_on_either_level(persons):
    assert attacked(persons)[1] == [], persons
