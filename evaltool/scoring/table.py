"""``Instrument`` -> the long scoring table: what each answer is worth in each scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..instruments import Instrument, Item, Scale

if TYPE_CHECKING:
    import pandas as pd


def scoring_table(*, instrument: Instrument, already_reversed: bool = False) -> pd.DataFrame:
    """One row per scale, item and answer code: ``form, scale, item, value, coefficient``.

    A reversed item gives ``lowest + highest - value`` points, every other item its value; with ``already_reversed``
    the codes stand as they count. A continuous item has its two ends; between them the coefficient is linear.
    Scales made of other scales have no rows.
    """
    import pandas as pd

    rows = [
        (instrument.id, scale.id, number, value, coefficient)
        for scale in instrument.scales
        for number in scale.items
        for value, coefficient in coefficients(instrument.item(number), scale, already_reversed).items()
    ]
    frame = pd.DataFrame(rows, columns=["form", "scale", "item", "value", "coefficient"])
    return frame.astype({"form": "str", "scale": "str", "item": "int64", "value": "float64", "coefficient": "float64"})


def coefficients(item: Item, scale: Scale, already_reversed: bool) -> dict[float, float]:
    """Answer code -> points of this item in this scale."""
    turned = item.number in scale.reverse and not already_reversed
    ends = item.codes[0] + item.codes[-1]
    return {code: ends - code if turned else code for code in item.codes}
