"""Bytes -> text by a fixed ladder: byte order mark, strict UTF-8, CP1252, Latin-1. No statistical guessing."""

from __future__ import annotations

import codecs

from ..errors import IntakeError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHUNK = 1 << 22
ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16", "utf-16-le", "utf-16-be", "mac-roman", "cp865")
"""What a mapping may declare; ``mac-roman`` and ``cp865`` (old DOS) are never found, only declared."""


def decode(*, data: bytes, encoding: str | None, name: str) -> tuple[str, str]:
    """``data`` as text and the encoding that was used. ``encoding``: declared one, tried alone.

    Raises IntakeError when the declared encoding does not fit or the content is not text (NUL bytes).
    """
    if encoding is not None:
        return _strict(data, encoding, name), encoding
    found = next((e for mark, e in _MARKS if data.startswith(mark)), None) or _utf16_without_mark(data)
    if found is not None:
        return _strict(data, found, name), found
    if b"\x00" in data:
        raise IntakeError("not_text", file=name)
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _windows(data)


def _windows(data: bytes) -> tuple[str, str]:
    """CP1252, else Latin-1. The two differ in 32 bytes only; where none of them occurs the fast one is both."""
    if not _holds_c1(data):
        return data.decode("latin-1"), "cp1252"
    try:
        return data.decode("cp1252"), "cp1252"
    except UnicodeDecodeError:
        return data.decode("latin-1"), "latin-1"


def _holds_c1(data: bytes) -> bool:
    """Is there a byte 0x80-0x9f?"""
    import numpy as np

    letters = np.frombuffer(data, dtype="uint8")
    return any(((letters[i:i + _CHUNK] & 0xE0) == 0x80).any() for i in range(0, len(letters), _CHUNK))


def _strict(data: bytes, encoding: str, name: str) -> str:
    if encoding == "cp1252" and not _holds_c1(data):
        encoding = "latin-1"
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise IntakeError("wrong_encoding", file=name, got=encoding, expected=", ".join(ENCODINGS)) from error
    if "\x00" in text:
        raise IntakeError("not_text", file=name)
    return text


def _utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 without a mark has a zero in nearly every second byte; nothing else that is text does."""
    head = data[:4000]
    if len(head) < 4 or len(data) % 2:
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > 0.7 * half and even == 0:
        return "utf-16-le"
    if even > 0.7 * half and odd == 0:
        return "utf-16-be"
    return None
