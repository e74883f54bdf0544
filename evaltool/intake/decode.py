"""In what letters a file is written, by a fixed ladder: byte order mark, strict UTF-8, CP1252, Latin-1. No statistical guessing.

What is in UTF-8, or in an encoding where every byte is a letter, is looked at and not copied: a file of ten million rows is in
memory once, and only its different texts are decoded.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from ..errors import IntakeError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHUNK = 1 << 22
ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16", "utf-16-le", "utf-16-be", "mac-roman", "cp865")
"""What a mapping may declare; ``mac-roman`` and ``cp865`` (old DOS) are never found, only declared."""

_SINGLE_BYTE = ("cp1252", "latin-1", "mac-roman", "cp865")


@dataclass(frozen=True)
class Letters:
    """``data``: the text in ``codec``, in which delimiters, quotes and line ends are single ASCII bytes. ``encoding``: what was
    found or declared."""

    data: bytes
    encoding: str
    codec: str = "utf-8"


def decode(*, data: bytes, encoding: str | None, name: str) -> Letters:
    """``data`` as text. ``encoding``: declared one, tried alone.

    Raises IntakeError when the declared encoding does not fit or the content is not text (NUL bytes).
    """
    if encoding is not None:
        return _strict(data, encoding, name)
    found = next((e for mark, e in _MARKS if data.startswith(mark)), None) or _utf16_without_mark(data)
    if found is not None:
        return _strict(data, found, name)
    if b"\x00" in data:
        raise IntakeError("not_text", file=name)
    try:
        return Letters(_utf8(data), "utf-8")
    except UnicodeDecodeError:
        used = "latin-1" if _undefined(data) else "cp1252"
        return Letters(data, used, used)


def _utf8(data: bytes) -> bytes:
    """``data`` itself; UnicodeDecodeError when it is not UTF-8."""
    read = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(data)
    for start in range(0, len(data), _CHUNK):
        read.decode(view[start:start + _CHUNK])
    read.decode(b"", final=True)
    return data


def _undefined(data: bytes) -> bool:
    """Is there a byte that means nothing in CP1252?"""
    return any(byte in data for byte in (b"\x81", b"\x8d", b"\x8f", b"\x90", b"\x9d"))


def _strict(data: bytes, encoding: str, name: str) -> Letters:
    try:
        text = _as_declared(data, encoding, encoding.lower().replace("_", "-"))
    except (UnicodeError, LookupError) as error:
        raise IntakeError("wrong_encoding", file=name, got=encoding, expected=", ".join(ENCODINGS)) from error
    if b"\x00" in text.data:
        raise IntakeError("not_text", file=name)
    return text


def _as_declared(data: bytes, said: str, encoding: str) -> Letters:
    if encoding in ("utf-8", "utf-8-sig"):
        return Letters(_utf8(data.removeprefix(codecs.BOM_UTF8) if encoding == "utf-8-sig" else data), said)
    if encoding in _SINGLE_BYTE:
        if encoding == "cp1252" and _undefined(data):
            raise UnicodeError(encoding)
        return Letters(data, said, encoding)
    return Letters(data.decode(encoding).encode("utf-8"), said)


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
