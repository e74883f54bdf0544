from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaltool.intake.numbers import number


@pytest.mark.parametrize("text, value", [
    ("1 234,5", 1234.5), ("1\u00a0234,5", 1234.5), ("1\u202f234,5", 1234.5), ("1\u2009234\u2009567", 1234567),
    ("1.234,5", 1234.5), ("1,234.5", 1234.5), ("1.234.567", 1234567), ("1'234.5", 1234.5), ("-3,5", -3.5), ("\u22123", -3),
    ("+7", 7), (",5", 0.5), (" 12 ", 12), ("1e-05", 1e-05), ("0,0", 0),
])
def test_numbers_as_people_write_them(text, value):
    assert number(text) == value


@pytest.mark.parametrize("text", [
    "", "-", "abc", "12 34", "1 2345", "1,2,3", "4 %", "1..2", "#REF!", "nan", "inf", "1e999", "12a", "1 234.567.8", "²", "١٢x",
])
def test_no_number_is_none(text):
    assert number(text) is None


@pytest.mark.parametrize("text, decimal, value", [
    ("1.234", ",", 1234), ("1,234", ".", 1234), ("1.5", ",", None), ("1,5", ".", None), ("1,234.5", ",", None),
    ("1.234,5", ",", 1234.5),
])
def test_declared_decimal_mark_decides(text, decimal, value):
    assert number(text, decimal=decimal) == value


@settings(deadline=None)
@given(st.decimals(min_value=-10**9, max_value=10**9, places=2, allow_nan=False))
def test_norwegian_spelling_round_trips(value):
    text = f"{value:,.2f}".replace(",", "\u00a0").replace(".", ",").replace("-", "\u2212")
    assert number(text) == float(value)
