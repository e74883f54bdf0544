"""Rounded counts: right on average, always the same, and open to whoever has all that was published."""

import numpy as np
import pytest
from attack_counts import attack_counts, cells_result
from hypothesis import given, settings
from hypothesis import strategies as st
from small_result import small_result

from evaltool.count_tables import TOTAL, count_rows
from evaltool.disclosure import policy, refuse_exact, refuse_rounded, rounded, rounding_base
from evaltool.disclosure.exact_or_rounded import of_stays
from evaltool.errors import PrivacyError
from evaltool.measures import register
from evaltool.result import ALL

KEY, OTHER = b"k" * 32, b"o" * 32
RULES = policy()


def values(persons, key=KEY, rules=RULES):
    return rounded(result=cells_result(persons=np.asarray(persons)), policy=rules, key=key).series["value"].to_numpy()


def test_every_number_is_a_multiple_within_the_base_and_right_on_average():
    persons = np.tile(np.arange(8), (20, 3, 4)).reshape(20, 3, 32)
    off = values(persons) - persons.ravel()
    assert set(values(persons) % 5) == {0} and np.abs(off).max() == 4 and not off[persons.ravel() % 5 == 0].any()
    for x in range(8):
        mine = off[persons.ravel() == x]
        assert abs(mine.mean()) <= 4 * 2.5 / np.sqrt(len(mine))


def test_a_cell_is_drawn_once_whatever_else_changes():
    one = np.random.default_rng(1).integers(0, 12, (5, 3, 6))
    more = one.copy()
    more[0] += 3
    assert (values(one)[18:] == values(more)[18:]).all() and (values(more)[:18] >= values(one)[:18]).all()
    assert (values(one) != values(one, key=OTHER)).any()


def test_the_base_is_at_least_the_limit_and_the_numbers_are_alone():
    assert [rounding_base(policy=policy(min_persons=n)) for n in (3, 5, 6, 11)] == [5, 5, 10, 15]
    strict = rounded(result=cells_result(persons=np.full((2, 1, 1), 7)), policy=policy(name="strict"), key=KEY)
    assert strict.policy["rounded_to"] == 10 and set(strict.series["value"]) <= {0.0, 10.0}
    told = strict.series.drop(columns=["measure", "department", "subgroup", "kind", "grain", "period", "unit", "method", "status"]).dropna(axis=1, how="all")
    assert list(told) == ["value", "n"] and told["value"].equals(told["n"])
    with pytest.raises(PrivacyError, match="unrestricted"):
        rounded(result=cells_result(persons=np.ones((2, 1, 1))), policy=policy(name="unrestricted", reason="x", who="y"), key=KEY)
    with pytest.raises(PrivacyError, match="only counts"):
        rounded(result=small_result(persons={"a": (9, 9), "b": (9, 9)}), policy=RULES, key=KEY)


def test_sums_are_those_of_the_rounded_cells_at_every_level():
    release = rounded(result=cells_result(persons=np.random.default_rng(2).integers(0, 9, (3, 2, 6))), policy=RULES, key=KEY)
    fine = count_rows(release=release)
    for by, place in (("year", "department"), ("all", "service"), ("all", "all")):
        rows = count_rows(release=release, by=by, place=place)
        top = rows[rows["place"].eq(ALL) & rows["group"].eq(TOTAL)]
        assert top["persons_rounded"].sum() == release.series["value"].sum() and top["cells"].sum() == 36
    own = fine[fine["place"].eq("d1") & fine["group"].ne(TOTAL)]["persons_rounded"].to_numpy()
    assert (own == release.series.loc[release.series["department"].eq("d1")].sort_values(["period", "subgroup"], ascending=[True, False])["value"]).all()


TABLES = st.tuples(st.integers(2, 3), st.integers(1, 2), st.integers(1, 3)).flatmap(
    lambda shape: st.lists(st.integers(0, 11), min_size=int(np.prod(shape)), max_size=int(np.prod(shape))).map(lambda x: np.reshape(x, shape)))


@settings(max_examples=4, deadline=None)
@given(TABLES, st.binary(min_size=32, max_size=32))
def test_nothing_published_bounds_a_count_by_fewer_values_than_the_base(persons, key):
    release = rounded(result=cells_result(persons=persons), policy=RULES, key=key)
    assert attack_counts(releases=[release, release]) == []


def test_a_new_draw_in_the_next_extract_would_be_averaged_away():
    persons = np.random.default_rng(3).integers(1, 5, (2, 2, 2))
    twice = [rounded(result=cells_result(persons=persons), policy=RULES, key=key) for key in (KEY, OTHER)]
    assert attack_counts(releases=twice), "so the key is kept with the store and the draw rests on the name alone"


def test_exact_and_rounded_figures_of_stays_never_meet():
    services = [name for name, one in register().items() if one.side == "service"]
    assert all(of_stays(measures=[name]) for name in services) and not of_stays(measures=["qpr15_total", "respondents.staff_survey"])
    refuse_exact(measures=services, rounded=False)
    refuse_exact(measures=["qpr15_total"], rounded=True)
    with pytest.raises(PrivacyError, match="rounded counts only"):
        refuse_exact(measures=["qpr15_total", "bed_days"], rounded=True)
    plain = {"what": "admitted", "base": 5, "rounded": [], "exact": []}
    given = {"counted": "admitted", "rounded_to": 5}
    refuse_rounded(**plain | {"rounded": [given], "exact": [{"measures": ["qpr15_total"]}]})
    for change, words in (({"exact": [{"measures": ["length_of_stay"]}]}, "already been shown"), ({"exact": [{}]}, "already been shown"),
                          ({"rounded": [given | {"counted": "readmitted"}]}, "same stays"), ({"rounded": [given | {"rounded_to": 10}]}, "multiples of 10")):
        with pytest.raises(PrivacyError, match=words):
            refuse_rounded(**plain | change)
