"""One formatter: decimal comma, true minus, non-breaking spaces, no minus before zero."""

import datetime as dt
import math

import pytest

from evaltool.text import t
from evaltool.text.formats import change, date, interval, moment, month, number, percent, period, quantity, signed


@pytest.mark.parametrize(("value", "decimals", "nb", "en"), [
    (1234.5, 1, "1\u00a0234,5", "1,234.5"), (-0.004, 2, "0,00", "0.00"), (-3.26, 1, "\u22123,3", "\u22123.3"),
    (math.nan, 1, "–", "–"), (None, 0, "–", "–"), (1234567, 0, "1\u00a0234\u00a0567", "1,234,567"),
])
def test_number(value, decimals, nb, en):
    assert number(value, "nb", decimals) == nb and number(value, "en", decimals) == en


def test_signs_shares_and_intervals():
    assert signed(0.004, "nb", 1) == "0,0" and signed(2.5, "nb", 1) == "+2,5"
    assert percent(0.4, "nb") == "40\u00a0%" and percent(0.4, "en") == "40%"
    assert quantity(0.153, "share", "nb", 1) == "15,3\u00a0%" and change(-0.08, "share", "nb", 1) == "\u22128,0"
    assert interval(3.52, 3.86, "points", "nb", 2) == "3,52 til 3,86"


def test_dates():
    day = dt.date(2026, 6, 3)
    assert date(day, "nb") == "03.06.2026" and date(day, "en") == "3 June 2026" and date(None, "nb") == "–"
    assert month(day, "nb") == "juni 2026" and month(day, "nb", short=True) == "jun 26"
    assert moment(dt.datetime(2026, 6, 3, 14, 5), "nb") == "03.06.2026 14:05 UTC"
    assert period(day, "quarter", "nb") == "2. kvartal 2026" and period(day, "year", "en") == "2026"


@pytest.mark.parametrize("lang, one, many", [("nb", "1 rad, ingen feil", "2 rader, ingen feil"), ("en", "1 row, no faults", "2 rows, no faults")])
def test_one_is_not_many(lang, one, many):
    for rows, words in (("1", one), ("2", many)):
        assert words in t("cli.checked_ok", lang, file="a", table="b", rows=rows)
