from __future__ import annotations

import pytest

from evaltool.errors import IntakeError
from evaltool.intake.decode import decode

TEXT = "Åsen;ærlig – «blåbær»\n"


@pytest.mark.parametrize("encoding, found", [
    ("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("cp1252", "cp1252"), ("utf-16", "utf-16"),
    ("utf-16-le", "utf-16-le"), ("utf-16-be", "utf-16-be"), ("utf-32", "utf-32"),
])
def test_ladder_finds_the_encoding(encoding, found):
    text = decode(data=TEXT.encode(encoding), encoding=None, name="f")
    assert (text.data.decode(text.codec), text.encoding) == (TEXT, found)


def test_latin1_is_the_last_rung():
    text = decode(data=b"\x81\xe5", encoding=None, name="f")
    assert text.encoding == "latin-1" and text.data.decode(text.codec)[1] == "å"


def test_declared_mac_roman_is_used():
    text = decode(data="blåbær".encode("mac-roman"), encoding="mac-roman", name="f")
    assert text.data.decode(text.codec) == "blåbær"


@pytest.mark.parametrize("data, encoding", [("å".encode("cp1252"), "utf-8"), (b"a\x8db", "cp1252"), (b"abc", "utf-16"), (b"a", "klingon")])
def test_declared_encoding_that_does_not_fit_is_refused(data, encoding):
    with pytest.raises(IntakeError) as caught:
        decode(data=data, encoding=encoding, name="f")
    assert caught.value.code == "wrong_encoding"


@pytest.mark.parametrize("encoding", [None, "utf-8"])
def test_null_characters_are_no_text(encoding):
    with pytest.raises(IntakeError) as caught:
        decode(data=b"a;b\n\x00\x00\x001;2", encoding=encoding, name="f")
    assert caught.value.code == "not_text"
