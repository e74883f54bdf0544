"""Each single answer of a form: the odds of a higher answer after than before, item by item."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..instruments import instrument
from .assemble import result
from .ordinal import ordinal

if TYPE_CHECKING:
    from ..design import StudyDesign
    from ..measures import Measure
    from ..result import Dataset, Result
    from ..study import Study


def item_odds(
    *, dataset: Dataset, study: Study, measure: Measure, observations: pd.DataFrame, design: StudyDesign, conf_level: float = 0.95
) -> Result:
    """``ordinal`` for every item of the measure's scale; ``subgroup`` is the item column, turned so that a higher answer
    is more of what the scale measures.

    observations: those of the scale; a form that answered the item counts also where the scale cannot be scored.
    Continuous items are left out.
    """
    form = instrument(measure.source["instrument"], folder=study.instruments)
    scale = form.scale(measure.source["scale"])
    table = dataset.tables[measure.source["table"]].reset_index(drop=True)
    found = []
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
        seen = seen.assign(included=answered)
        found.append(ordinal(
            observations=seen, design=design, measure=measure, item=item.column, provenance=dataset.provenance,
            conf_level=conf_level,
        ))
    return result(
        estimates=[one for part in found for one in part.estimates.to_dict("records")],
        notes=[one for part in found for one in part.notes.to_dict("records")], design=design, measures=(measure.id,),
        provenance=dataset.provenance, conf_level=conf_level,
    )
