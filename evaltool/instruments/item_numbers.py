"""``"1-5, 9"`` in an instrument file -> ``(1, 2, 3, 4, 5, 9)``."""

from __future__ import annotations

import re


def numbers_of(value: object) -> tuple[int, ...]:
    """Item numbers of a number, a list, or a text such as ``1-5, 9``; ValueError for anything else."""
    if isinstance(value, int):
        return (value,)
    if isinstance(value, (list, tuple)):
        return tuple(int(number) for number in value)
    out: list[int] = []
    for part in str(value).split(","):
        found = re.fullmatch(r"\s*(\d+)(?:\s*-\s*(\d+))?\s*", part)
        if found is None:
            raise ValueError(part)
        first, last = int(found[1]), int(found[2] or found[1])
        out.extend(range(first, last + 1))
    return tuple(out)
