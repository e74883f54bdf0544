"""SPSS and Stata -> codes as text, with the value labels and the codes the file itself calls missing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from ..errors import IntakeError


@dataclass(frozen=True)
class Labelled:
    """``frame`` of text; ``labels[column][code]``; ``user_missing[column]``: (low, high) ranges or single texts;
    ``column_labels[column]``: the variable label."""

    frame: pd.DataFrame
    labels: dict[str, dict[str, str]]
    user_missing: dict[str, tuple[tuple[float | str, float | str], ...]]
    column_labels: dict[str, str]


def read_labelled(*, path: Path) -> Labelled:
    """A ``.sav``, ``.zsav`` or ``.dta`` file; IntakeError when it cannot be read."""
    import pyreadstat

    reader = pyreadstat.read_dta if path.suffix.lower() == ".dta" else pyreadstat.read_sav
    try:
        frame, meta = reader(str(path), user_missing=True)
    except (pyreadstat.ReadstatError, pyreadstat.PyreadstatError, ValueError, OSError) as error:
        raise IntakeError("unreadable_file", file=path.name) from error
    labels = {
        column: {as_text(code): str(label).strip() for code, label in entry.items()}
        for column, entry in meta.variable_value_labels.items()
    }
    ranges = {
        column: tuple((r["lo"], r["hi"]) for r in entry) for column, entry in (meta.missing_ranges or {}).items()
    }
    text = pd.DataFrame({c: text_column(frame[c]) for c in frame.columns}, index=range(len(frame)))
    named = {c: str(label).strip() for c, label in (meta.column_names_to_labels or {}).items() if label}
    return Labelled(text, labels, ranges, named)


def as_text(value: object) -> str:
    """A code as it stands in a cell: ``3`` for 3.0."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def text_column(values: pd.Series) -> pd.Series:
    """Any typed column as text: whole numbers without decimals, moments as ISO 8601, missing stays missing."""
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        out = values.dt.strftime("%Y-%m-%d %H:%M:%S")
    elif pd.api.types.is_bool_dtype(values.dtype):
        out = values.map({True: "TRUE", False: "FALSE"})
    elif pd.api.types.is_numeric_dtype(values.dtype):
        codes, distinct = pd.factorize(values)
        texts = np.array([as_text(float(v)) for v in distinct] + [None], dtype=object)
        out = pd.Series(texts[codes])
    else:
        out = values.map(lambda v: None if v is None or v != v else str(v))
    return pd.Series(out.to_numpy(), dtype="str")
