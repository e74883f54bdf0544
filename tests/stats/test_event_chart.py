"""Rare events choose the chart of what lies between them; frequent ones are counted by month."""

import numpy as np
import pytest

from evaltool.stats.estimate import NotEstimable
from evaltool.stats.event_chart import event_chart
from evaltool.stats.spc import control_limits

DAYS = np.array(["2025-01-03", "2025-02-12", "2025-02-12", "2025-05-01", "2025-06-30"], dtype="datetime64[D]")
ALL = np.ones(5, dtype=bool)


def test_dates_of_rare_events_become_days_between_them():
    got = event_chart(day=DAYS[::-1], outcome=ALL)
    assert (got.kind, got.values.tolist(), got.sizes) == ("t", [[40.0, 78.0, 60.0]], None)
    limits = control_limits(kind=got.kind, values=got.values)
    assert np.isfinite(limits.centre).all() and (limits.low < got.values).all() and (got.values < limits.high).all()


def test_rare_events_among_cases_become_cases_between_them():
    got = event_chart(day=DAYS, outcome=np.array([False, False, True, True, False]) | (DAYS == DAYS[-1]))
    assert (got.kind, got.values.tolist(), got.sizes) == ("g", [[2.0, 0.0, 0.0]], None)


def test_frequent_events_are_counted_by_month():
    day = np.repeat(np.arange("2025-01", "2025-04", dtype="datetime64[M]").astype("datetime64[D]"), [5, 0, 4])
    got = event_chart(day=day, outcome=np.ones(9, dtype=bool))
    assert (got.kind, got.values.tolist()) == ("c", [[5.0, 0.0, 4.0]])
    got = event_chart(day=day, outcome=np.arange(9) != 3)
    assert (got.kind, got.values.tolist()) == ("p", [[4.0, 0.0, 4.0]]) and np.isnan(got.sizes[0, 1]) and got.sizes[0, 2] == 4


@pytest.mark.parametrize(("day", "outcome", "code"), [
    ([*DAYS[:4], np.datetime64("NaT")], ALL, "no_values"), (DAYS, ~ALL, "too_few"), (DAYS[1:3], ALL[:2], "too_few"), ([], [], "too_few")])
def test_what_has_no_chart_says_why(day, outcome, code):
    with pytest.raises(NotEstimable) as caught:
        event_chart(day=np.array(day, dtype="datetime64[D]"), outcome=outcome)
    assert caught.value.reason == code
