"""A place on disk for parts of a large source that do not fit in memory together."""

from __future__ import annotations

from pathlib import Path

import numpy as np


class PersonShelf:
    """Arrays by part number, kept as plain files in ``folder`` (which must be there); what is taken is gone.

    For ``indicators.partitions``. The folder belongs to whoever made it, and so does removing it.
    """

    def __init__(self, *, folder: Path) -> None:
        self._folder = Path(folder)
        self._types: dict[str, np.dtype] = {}

    def put(self, number: int, piece: dict[str, np.ndarray]) -> None:
        """Add the arrays of ``piece`` to the end of part ``number``."""
        for name, values in piece.items():
            if self._types.setdefault(name, values.dtype) != values.dtype:
                raise ValueError(f"{name} came as {values.dtype} after {self._types[name]}")
            with self._path(number, name).open("ab") as file:
                np.ascontiguousarray(values).tofile(file)

    def take(self, number: int) -> dict[str, np.ndarray]:
        """All of part ``number`` in the order it was put; empty arrays where nothing was."""
        out = {}
        for name, kind in self._types.items():
            path = self._path(number, name)
            out[name] = np.fromfile(path, dtype=kind) if path.exists() else np.zeros(0, dtype=kind)
            path.unlink(missing_ok=True)
        return out

    def _path(self, number: int, name: str) -> Path:
        return self._folder / f"{number:06d}.{name}"
