"""Identity numbers and other real ids -> pseudonyms, by a key that lies outside the study.

HMAC-SHA256 (RFC 2104) of the id: the same person gets the same pseudonym in every file read with the same key, and
without the key nobody can go back, nor try all numbers there are.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import stat
from pathlib import Path

import pyarrow as arrow

from ..errors import PrivacyError, UsageError
from .words import folded

SHORTEST_KEY = 32
"""Bytes. A key made with ``secrets.token_hex(32)`` has 64."""

_LETTERS = 20


def read_key(*, path: Path, study: Path) -> bytes:
    """The key in the file ``path``, surrounding white space left out.

    Raises PrivacyError when the file lies inside the folder ``study`` or others than its owner may read it, UsageError
    when it is missing or shorter than ``SHORTEST_KEY`` bytes. Windows keeps no such rights in the file mode: not checked.
    """
    path, study = Path(path).expanduser().resolve(), Path(study).resolve()
    if path.is_relative_to(study):
        raise PrivacyError("key_in_study", got=path, study=study)
    try:
        mode = path.stat().st_mode
        key = path.read_bytes().strip()
    except OSError as error:
        raise UsageError("no_key_file", got=path) from error
    if os.name == "posix" and mode & (stat.S_IRGRP | stat.S_IROTH):
        raise PrivacyError("key_open_to_others", got=path)
    if len(key) < SHORTEST_KEY:
        raise UsageError("key_too_short", got=path, expected=SHORTEST_KEY)
    return key


def pseudonyms(*, texts: arrow.LargeStringArray, key: bytes) -> arrow.LargeStringArray:
    """A pseudonym of 21 characters for each of k ids (80 bits: a million persons collide with probability 4e-13).

    Spaces, dots, dashes and case do not count, and a ten-digit number is read as eleven with its zero lost.
    """
    return arrow.array([_pseudonym(text, key) for text in texts.to_pylist()], type=arrow.large_string())


def _pseudonym(text: str, key: bytes) -> str:
    bare = "".join(c for c in folded(text) if c.isalnum())
    if bare.isdigit() and len(bare) == 10:
        bare = "0" + bare
    return "p" + hmac.new(key, bare.encode("utf8"), hashlib.sha256).hexdigest()[:_LETTERS]
