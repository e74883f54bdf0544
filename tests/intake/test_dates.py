from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as arrow
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaltool.intake.dates import days


def one(text: str, format: str | None) -> object:
    return days(texts=arrow.array([text], type=arrow.large_string()), format=format)[0]


@pytest.mark.parametrize("text, format, expected", [
    ("01.02.2024", "%d.%m.%Y", "2024-02-01"),
    ("1.2.2024", "%d.%m.%Y", "2024-02-01"),
    ("01.02.2024 23:59", "%d.%m.%Y %H:%M", "2024-02-01T23:59"),
    ("2024-02-01", "%d.%m.%Y", "2024-02-01"),
    ("2024-02-01", None, "2024-02-01"),
    ("2024-02-01T10:30", None, "2024-02-01T10:30"),
    ("2024-02-01 10:30:15", None, "2024-02-01T10:30:15"),
    ("2024-02-01T10:30:15.123+01:00", None, "2024-02-01T10:30:15"),
    ("45292", "excel", "2024-01-01"),
    ("45292,5", "excel", "2024-01-01T12:00"),
    (" 29.02.2024 ", "%d.%m.%Y", "2024-02-29"),
])
def test_declared_format_reads(text, format, expected):
    assert one(text, format) == np.datetime64(expected, "us")


@pytest.mark.parametrize("text, format", [
    ("31.02.2024", "%d.%m.%Y"), ("29.02.2023", "%d.%m.%Y"), ("02/01/2024", "%d.%m.%Y"), ("01.02.24", "%d.%m.%Y"),
    ("01.02.2024", None), ("01.02.2024 10:00", "%d.%m.%Y"), ("1", "excel"), ("99999999", "excel"), ("0", "excel"), ("x", None),
    ("2024-13-01", None), ("2024-02-30", None), ("13.14.2024", "%d.%m.%Y"),
])
def test_what_is_no_such_date_is_missing(text, format):
    assert np.isnat(one(text, format))


@settings(deadline=None)
@given(st.dates(min_value=dt.date(1900, 3, 1), max_value=dt.date(2100, 12, 31)))
def test_every_date_round_trips_and_never_swaps(day):
    assert one(f"{day:%d.%m.%Y}", "%d.%m.%Y") == np.datetime64(day, "us")
    assert one(str((day - dt.date(1899, 12, 30)).days), "excel") == np.datetime64(day, "us")
