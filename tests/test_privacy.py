"""Identity numbers are made here, with month + 80 (the synthetic series), never real ones."""

from __future__ import annotations

import numpy as np
import pyarrow as arrow
import pytest

from evaltool.errors import PrivacyError
from evaltool.intake.words import is_personal_heading
from evaltool.privacy import is_identity_number, refuse, scan


def make(front: str, remainder: int = 0) -> str | None:
    """Nine digits and the two check digits; ``remainder`` 0 is the old rule, 1-3 the rule of 2032."""
    n = [int(d) for d in front]
    k1 = (remainder - sum(a * b for a, b in zip(n, (3, 7, 6, 1, 8, 9, 4, 5, 2), strict=True))) % 11
    if k1 == 10:
        return None
    n.append(k1)
    k2 = -sum(a * b for a, b in zip(n, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=True)) % 11
    return None if k2 == 10 else front + str(k1) + str(k2)


def some(day="15", month="87", year="68", remainder=0) -> str:
    return next(n for i in range(100, 999) if (n := make(f"{day}{month}{year}{i}", remainder)))


@pytest.mark.parametrize("remainder", [0, 1, 2, 3])
def test_old_rule_and_rule_of_2032(remainder):
    assert is_identity_number(some(remainder=remainder))


@pytest.mark.parametrize("day, month", [("15", "87"), ("55", "87"), ("15", "47"), ("15", "72"), ("55", "47"), ("29", "82")])
def test_offsets_of_day_and_month(day, month):
    assert is_identity_number(some(day, month))


@pytest.mark.parametrize("day, month", [("32", "87"), ("00", "87"), ("15", "93"), ("15", "20"), ("72", "87"), ("31", "84")])
def test_impossible_dates(day, month):
    assert not is_identity_number(some(day, month))


def test_a_wrong_check_digit():
    good = some()
    assert not is_identity_number(good[:-1] + str((int(good[-1]) + 1) % 10))
    assert not is_identity_number(some(remainder=4))
    assert not is_identity_number("1234567890") and not is_identity_number("abcdefghijk")


def texts(cells):
    return arrow.array(cells, type=arrow.large_string())


def kinds(cells, **more) -> set[str]:
    return {f.kind for f in scan(columns={"x": texts(cells)}, **more)}


@pytest.mark.parametrize("shape", ["{a}{b}", "{a} {b}", "{a}-{b}", "Pasient {a}{b} innlagt", "nr:{a}.{b};"])
def test_one_number_in_a_column_of_text_is_found(shape):
    number = some()
    assert kinds(["P1", "P2", shape.format(a=number[:6], b=number[6:])]) == {"identity_number"}


def test_leading_zero_lost_in_the_spreadsheet():
    numbers = [make(f"0{d}8768{i}") for d in range(1, 10) for i in range(100, 130)]
    assert kinds([n[1:] for n in numbers if n][:60]) == {"identity_number"}


def test_long_case_numbers_are_not_identity_numbers():
    rng = np.random.default_rng(1)
    assert kinds([str(n) for n in rng.integers(10**10, 10**11, 3000)]) == set()
    assert kinds([str(n) for n in range(20240100000, 20240103000)]) == set()
    assert kinds([str(n) for n in range(1_000_000_000, 1_000_003_000)]) == set()


def test_a_column_where_a_tenth_are_identity_numbers():
    rng = np.random.default_rng(2)
    real = [n for i in range(100, 200) if (n := make(f"158768{i}"))][:30]
    assert kinds([str(n) for n in rng.integers(10**10, 10**11, 270)] + real) == {"identity_number"}


@pytest.mark.parametrize("text", ["ola@eksempel.no", "Kontakt: o.n+x@a-b.example.org."])
def test_email(text):
    assert kinds(["a", text]) == {"email"}


@pytest.mark.parametrize("text", ["912 34 567", "+47 91234567", "0047 22 33 44 55", "22 33 44 55", "ring +4741234567"])
def test_phone(text):
    assert kinds(["a", text]) == {"phone"}


@pytest.mark.parametrize("text", [
    "91234567", "20240131", "1 234 567", "12 345 678", "2024-01-31 10:00", "01.02.2024", "30 45 60", "P-91234567", "18-29",
    "100 200 300", "@",
])
def test_plain_numbers_are_no_phones(text):
    assert kinds(["a", text]) == set()


def test_bare_mobile_number_counts_in_running_text():
    assert kinds(["ring 91234567 i dag"], prose=["x"]) == {"phone"}
    assert kinds(["ring 91234567 i dag"]) == set()


@pytest.mark.parametrize("heading", [
    "Navn", "Pasientens navn", "FNR.", "Fødselsnummer", "E-post", "Mobil", "Fritekst", "Kommentar:", "Name", "D-nummer",
    "Bruker fornavn", "respnokk",
])
def test_personal_headings(heading):
    assert is_personal_heading(heading)


@pytest.mark.parametrize("heading", ["Avdelingsnavn", "PasientID", "Personkode", "Dato", "Målepunkt", "Unit name", "P01"])
def test_other_headings(heading):
    assert not is_personal_heading(heading)


def test_headings_do_not_count_where_rows_are_services():
    columns = {"Navn": texts(["Havna"])}
    assert scan(columns=columns, about_persons=False) == []
    assert [f.kind for f in scan(columns=columns)] == ["heading"]


def test_refusal_names_the_column_and_never_the_value():
    number = some()
    findings = scan(columns={"Løpenr": texts([number, "x"])})
    with pytest.raises(PrivacyError) as caught:
        refuse(findings=findings, file="a.csv")
    error = caught.value
    assert error.exit_code == 3
    for lang in ("nb", "en"):
        assert "Løpenr" in error.message(lang) and number not in error.message(lang)
    assert number not in repr(error.__dict__) and number not in repr(findings)
    refuse(findings=[], file="a.csv")
