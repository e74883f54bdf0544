import datetime as dt

import pytest

from evaltool.figures.axes import number_axis, time_axis


@pytest.mark.parametrize(("low", "high", "unit", "texts"), [
    (0, 0.23, "share", ["0\u00a0%", "5\u00a0%", "10\u00a0%", "15\u00a0%", "20\u00a0%", "25\u00a0%"]),
    (30.2, 47.9, "points", ["30", "35", "40", "45", "50"]),
    (3.1, 3.8, "points", ["3,0", "3,2", "3,4", "3,6", "3,8"]),
    (0, 1230, "bed_days", ["0", "500", "1\u00a0000", "1\u00a0500"]),
])
def test_round_steps_and_ready_texts(low, high, unit, texts):
    axis = number_axis(low=low, high=high, unit=unit, lang="nb")
    assert [x.text for x in axis.ticks] == texts
    assert axis.low <= low
    assert axis.high >= high


def test_never_outside_the_bounds():
    axis = number_axis(low=55, high=61, unit="points", lang="nb", bounds=(0, 60))
    assert axis.high == 60
    assert number_axis(low=0.0, high=0.0, unit="share", lang="nb", bounds=(0, 1)).low == 0


def test_one_value_still_gives_an_axis():
    axis = number_axis(low=4, high=4, unit="points", lang="nb")
    assert axis.low < 4 < axis.high


def test_years_when_long_months_when_short():
    long = time_axis(first=dt.date(2022, 7, 1), last=dt.date(2026, 6, 30), lang="nb")
    assert [x.text for x in long.ticks] == ["2023", "2024", "2025", "2026"]
    short = time_axis(first=dt.date(2026, 1, 1), last=dt.date(2026, 4, 30), lang="nb")
    assert [x.text for x in short.ticks] == ["jan 26", "feb 26", "mar 26", "apr 26"]
