"""Bytes -> UTF-8 by a fixed ladder: byte order mark, strict UTF-8, CP1252, Latin-1. No statistical guessing.

What is in UTF-8 already is looked at, not copied: a file of ten million rows is in memory once.
"""

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

_SINGLE_BYTE = ("cp1252", "latin-1", "mac-roman", "cp865")


def decode(*, data: bytes, encoding: str | None, name: str) -> tuple[bytes, str]:
    """``data`` as UTF-8 and the encoding that was used. ``encoding``: declared one, tried alone.

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
        return _utf8(data), "utf-8"
    except UnicodeDecodeError:
        return _windows(data)


def _utf8(data: bytes) -> bytes:
    """``data`` itself; UnicodeDecodeError when it is not UTF-8."""
    read = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(data)
    for start in range(0, len(data), _CHUNK):
        read.decode(view[start:start + _CHUNK])
    read.decode(b"", final=True)
    return data


def _windows(data: bytes) -> tuple[bytes, str]:
    """CP1252, else Latin-1. The two differ in 32 bytes only; where none of them occurs the fast one is both."""
    if not _holds_c1(data):
        return _single_byte(data, "latin-1"), "cp1252"
    try:
        return _single_byte(data, "cp1252"), "cp1252"
    except UnicodeDecodeError:
        return _single_byte(data, "latin-1"), "latin-1"


def _single_byte(data: bytes, encoding: str) -> bytes:
    """From an encoding where every byte is a letter, a part at a time."""
    return b"".join(data[i:i + _CHUNK].decode(encoding).encode("utf-8") for i in range(0, len(data), _CHUNK))


def _holds_c1(data: bytes) -> bool:
    """Is there a byte 0x80-0x9f?"""
    import numpy as np

    letters = np.frombuffer(data, dtype="uint8")
    return any(((letters[i:i + _CHUNK] & 0xE0) == 0x80).any() for i in range(0, len(letters), _CHUNK))


def _strict(data: bytes, encoding: str, name: str) -> bytes:
    try:
        text = _as_utf8(data, encoding.lower().replace("_", "-"))
    except (UnicodeError, LookupError) as error:
        raise IntakeError("wrong_encoding", file=name, got=encoding, expected=", ".join(ENCODINGS)) from error
    if b"\x00" in text:
        raise IntakeError("not_text", file=name)
    return text


def _as_utf8(data: bytes, encoding: str) -> bytes:
    if encoding in ("utf-8", "utf-8-sig"):
        return _utf8(data.removeprefix(codecs.BOM_UTF8) if encoding == "utf-8-sig" else data)
    if encoding in _SINGLE_BYTE:
        return _single_byte(data, "latin-1" if encoding == "cp1252" and not _holds_c1(data) else encoding)
    return data.decode(encoding).encode("utf-8")


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
