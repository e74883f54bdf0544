"""Each single answer of a form: the odds of a higher answer after than before, item by item."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from .assemble import result
from .item_answers import item_answers
from .ordinal import ordinal

if TYPE_CHECKING:
    from ..design import StudyDesign
    from ..measures import Measure
    from ..result import Dataset, Result
    from ..study import Study


def item_odds(
    *, dataset: Dataset, study: Study, measure: Measure, observations: pd.DataFrame, design: StudyDesign, conf_level: float = 0.95
) -> Result:
    """``ordinal`` for every item of the measure's scale; ``subgroup`` is the item column. Answers as ``item_answers`` gives them."""
    found = [
        ordinal(observations=seen, design=design, measure=measure, item=item.column, provenance=dataset.provenance, conf_level=conf_level)
        for item, seen in item_answers(dataset=dataset, study=study, measure=measure, observations=observations)
    ]
    return result(
        estimates=[one for part in found for one in part.estimates.to_dict("records")],
        notes=[one for part in found for one in part.notes.to_dict("records")], design=design, measures=(measure.id,),
        provenance=dataset.provenance, conf_level=conf_level,
    )
