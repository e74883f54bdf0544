"""The worked examples of an instrument file, run through the engine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..instruments import Instrument
from .engine import score

if TYPE_CHECKING:
    import pandas as pd

TOLERANCE = 5e-6
"""Examples are computed by hand to six decimals."""


def check_examples(*, instrument: Instrument) -> pd.DataFrame:
    """One row per expected number: ``example, scale, field, expected, got, agrees``.

    An example's ``answers`` are ``{all: 3, 1: null, 2: 97}``: one answer for every item, then the exceptions by item
    number. ``scores`` names the expected fields per scale; a ``score`` of null means not scored.
    """
    import pandas as pd

    rows = []
    for example in instrument.examples:
        got = score(answers=example_answers(instrument=instrument, answers=example["answers"]), instrument=instrument,
                    already_reversed=False).set_index("scale")
        for scale, fields in example["scores"].items():
            for field, expected in fields.items():
                value = got.at[scale, field]
                rows.append((example["name"], scale, field, expected, value, _agrees(expected, value)))
    return pd.DataFrame(rows, columns=["example", "scale", "field", "expected", "got", "agrees"])


def example_answers(*, instrument: Instrument, answers: Mapping) -> pd.DataFrame:
    """One row of item columns (float64) from ``{all: 3, 1: null}``."""
    import pandas as pd

    values = {item.column: answers.get(item.number, answers.get("all")) for item in instrument.items}
    return pd.DataFrame([values]).astype("float64")


def _agrees(expected: object, got: object) -> bool:
    if expected is None:
        return got != got
    if isinstance(expected, str):
        return got == expected
    return abs(float(got) - float(expected)) <= TOLERANCE
