from __future__ import annotations

import pytest

from evaltool.intake.words import folded, is_broken, is_error_value, yes_no


@pytest.mark.parametrize("text, value", [
    ("Ja", True), ("NEI", False), (" x ", True), ("1", True), ("0", False), ("SANN", True), ("false", False),
    ("kanskje", None), ("", None), ("2", None),
])
def test_yes_and_no(text, value):
    assert yes_no(text) is value


@pytest.mark.parametrize("text", ["#REF!", "#I/T", "#N/A", "#VERDI!", "#DIV/0!", "#NAVN?"])
def test_error_values_of_spreadsheets(text):
    assert is_error_value(text)


@pytest.mark.parametrize("text", ["#1", "REF", "# kommentar", ""])
def test_other_hashes_are_no_error_values(text):
    assert not is_error_value(text)


def test_broken_letters_are_seen_and_good_ones_are_not():
    assert is_broken("ø".encode().decode("cp1252"))
    assert is_broken("å".encode().decode("cp1252"))
    assert not any(map(is_broken, ("Åse Ærlig", "blåbær–øl", "Ã", "naïve")))


def test_composed_and_decomposed_letters_are_one_word():
    assert folded("A\u030asen \n bofellesskap") == folded("Åsen bofellesskap")
