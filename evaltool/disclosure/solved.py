"""What the gate has found before in this process: another method shows the same series, and the same question has the same
answer."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import TypeVar

import numpy as np
import pandas as pd

Found = TypeVar("Found")
MOST = 500
"""Answers that are remembered, a few kilobytes each; the oldest go."""
SMALL = 2000
"""Values of a frame up to which writing them out is quicker than hashing its rows."""

_known: OrderedDict[str, object] = OrderedDict()
_turn = threading.Lock()


def solved(*, about: tuple[object, ...], make: Callable[[], Found]) -> Found:
    """``make()``, or what it gave when all of ``about`` was the same to the last bit. The answer is shared: never change it.

    about: everything that ``make`` reads, as dataclasses, arrays, frames, sets, dicts, tuples and plain values.
    """
    digest = hashlib.sha256()
    _tell(digest, about)
    key = digest.hexdigest()
    with _turn:
        if key in _known:
            _known.move_to_end(key)
            return _known[key]
    found = make()
    with _turn:
        _known[key] = found
        while len(_known) > MOST:
            _known.popitem(last=False)
    return found


def _tell(digest, value: object) -> None:
    """Add ``value`` with its type and length, so that no two values are told alike."""
    if isinstance(value, np.ndarray) and value.dtype != object:
        digest.update(f"{value.dtype.str}{value.shape}".encode() + np.ascontiguousarray(value).tobytes())
    elif isinstance(value, np.ndarray):
        digest.update(f"objects{value.shape}{value.tolist()!r}".encode())
    elif isinstance(value, pd.DataFrame) and value.size <= SMALL:
        _tell(digest, ("frame", *map(str, value.columns), value.to_numpy(dtype=object)))
    elif isinstance(value, pd.DataFrame):
        _tell(digest, (*map(str, value.columns), pd.util.hash_pandas_object(value, index=False).to_numpy()))
    elif is_dataclass(value):
        _tell(digest, (type(value).__name__, *(getattr(value, field.name) for field in fields(value))))
    elif isinstance(value, tuple):
        digest.update(f"tuple{len(value)}".encode())
        for one in value:
            _tell(digest, one)
    elif isinstance(value, (set, frozenset)):
        digest.update(f"set{sorted(value)!r}".encode())
    elif isinstance(value, dict):
        digest.update(f"dict{sorted(value.items())!r}".encode())
    else:
        digest.update(f"{type(value).__name__}{value!r};".encode())
