"""The answers to each single item of a scale, as observations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..instruments import instrument

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from ..instruments import Item
    from ..measures import Measure
    from ..result import Dataset
    from ..study import Study


def item_answers(*, dataset: Dataset, study: Study, measure: Measure, observations: pd.DataFrame) -> Iterator[tuple[Item, pd.DataFrame]]:
    """Each item of the measure's scale with ``observations`` of its codes, turned so that a higher one is more of what the
    scale measures.

    observations: those of the scale; a form that answered the item counts also where the scale cannot be scored.
    Continuous items are left out.
    """
    form = instrument(measure.source["instrument"], folder=study.instruments)
    scale = form.scale(measure.source["scale"])
    table = dataset.tables[measure.source["table"]].reset_index(drop=True)
    for number in scale.items:
        item = form.item(number)
        if item.continuous:
            continue
        codes = table[item.column].astype("float64")
        codes = codes.mask(codes.isin([*item.missing]))
        if number in scale.reverse:
            codes = item.codes[0] + item.codes[-1] - codes
        seen = observations.assign(value=codes.to_numpy()[observations["row"].to_numpy()])
        answered = seen["value"].notna() & (seen["included"] | seen["reason"].eq("too_few_items").fillna(False))
        yield item, seen.assign(included=answered)
