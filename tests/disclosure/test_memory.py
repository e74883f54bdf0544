"""What a reader has been shown before: the same data cut another way, and the next extract."""

from dataclasses import replace

import pytest
from small_result import small_result

from evaltool.disclosure import policy, release, release_facts, shown_cells
from evaltool.errors import PrivacyError

LARGE = {"a": (20, 20), "b": (30, 30), "c": (40, 40)}


def seen(persons, snapshot="0" * 12, definition="x"):
    made = release(result=small_result(persons=persons), policy=policy(), definition=definition)
    return shown_cells(series=made.series).assign(snapshot=snapshot, definition=definition)


def test_a_choice_that_singles_out_three_persons_is_refused_with_counts_only():
    with pytest.raises(PrivacyError) as refused:
        release(result=small_result(persons={**LARGE, "b": (27, 30)}), policy=policy(), seen=seen(LARGE), definition="x")
    assert refused.value.exit_code == 3 and "5" in refused.value.message("nb")
    assert "27" not in refused.value.message("en") and "30" not in refused.value.message("en")


def test_a_choice_that_differs_by_enough_is_answered():
    out = release(result=small_result(persons={**LARGE, "b": (20, 20)}), policy=policy(), seen=seen(LARGE), definition="x")
    assert out.series["status"].eq("shown").all()


def test_three_more_persons_in_the_next_extract_are_hidden_and_no_error():
    out = release(result=small_result(persons={**LARGE, "b": (33, 30)}), policy=policy(), seen=seen(LARGE, snapshot="1" * 12), definition="x")
    status = out.series.set_index(["department", "phase"])["status"]
    assert status["b", "before"] == "suppressed" and status["b", "after"] == "shown"
    assert out.policy["hidden"]["differs_little"]["phases"] >= 1


def test_the_same_again_is_the_same_again():
    first = release(result=small_result(persons={**LARGE, "d": (3, 30)}), policy=policy(), definition="x")
    known = shown_cells(series=first.series).assign(snapshot="0" * 12, definition="x")
    again = release(result=small_result(persons={**LARGE, "d": (3, 30)}), policy=policy(), seen=known, definition="x")
    assert release_facts(release=first)["sha256"] == release_facts(release=again)["sha256"]


def test_what_was_seen_under_one_policy_is_not_undone_by_another():
    """Department d is small; after the default the reader knows a to c or their companions, and strict may not tell more."""
    table = {**LARGE, "d": (3, 30), "e": (8, 30)}
    first = release(result=small_result(persons=table), policy=policy(), definition="x")
    known = shown_cells(series=first.series).assign(snapshot="0" * 12, definition="x")
    second = release(result=small_result(persons=table), policy=policy(name="strict"), seen=known, definition="x")
    both = set(shown_cells(series=first.series)[["department", "phase"]].itertuples(index=False, name=None)) | set(
        shown_cells(series=second.series)[["department", "phase"]].itertuples(index=False, name=None))
    hidden = [d for d in table if (d, "before") not in both]
    assert "d" in hidden and len(hidden) >= 2


def test_a_number_without_an_amount_is_the_same_again():
    """A gap between two views adds nothing up: two readers at once were refused what both had been shown."""
    result = small_result(persons=LARGE)
    result.series["numerator"] = float("nan")
    known = shown_cells(series=release(result=result, policy=policy(), definition="x").series).assign(snapshot="0" * 12, definition="x")
    assert release(result=result, policy=policy(), seen=known, definition="x").series["status"].eq("shown").all()


def test_what_was_shown_under_another_name_is_known():
    """Response as a measure of its own beside who answered: the second name may hide nobody else, and no few more."""
    table = {**LARGE, "d": (3, 30), "e": (8, 30), "f": (60, 60)}
    first = release(result=small_result(persons=table, measure="respondents.staff_survey"), policy=policy(), definition="x")
    known = shown_cells(series=first.series).assign(snapshot="0" * 12, definition="x")
    under = small_result(persons={**table, "f": (63, 60)}, measure="response")
    status = release(result=under, policy=policy(), seen=known, definition="x").series.set_index(["department", "phase"])["status"]
    assert status["f", "before"] == "suppressed", "63 less 60 shown under the other name are three persons"
    assert status["f", "after"] == "shown"
    alone = release(result=under, policy=policy(), definition="x").series.set_index(["department", "phase"])["status"]
    assert alone["f", "before"] == "shown", "else nothing is tested"


def test_another_measure_is_not_another_name():
    """Only a measure that is gone, or new, can be a second name: two scales that are always shown together are two measures."""
    one, two = (small_result(persons=p, measure=m) for p, m in ((LARGE, "rsa_r_total"), ({**LARGE, "b": (33, 30)}, "rki_total")))
    known = shown_cells(series=release(result=one, policy=policy()).series).assign(snapshot="0" * 12, definition="x")
    twice = replace(two, series=two.series.merge(one.series, how="outer"))
    out = release(result=twice, policy=policy(), seen=known, definition="x").series
    assert out["status"].eq("shown").all()
