"""The process charts of a study by its own rules, kept in the store beside the release they are drawn from."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from ..disclosure import demand_release
from .charts import ProcessCharts, process_charts

if TYPE_CHECKING:
    from ..result import Release
    from ..study import Study


def study_charts(*, study: Study, release: Release) -> ProcessCharts:
    """``process_charts(release=release, plan=study.process)``, read from the store where they were made before of the same
    series by the same program. Raises UsageError on anything but a Release."""
    import pandas as pd

    from ..store import keep, kept, rests_on

    cells = pd.util.hash_pandas_object(demand_release(release).series, index=False).to_numpy().tobytes()
    asked = {"what": "charts", "series": hashlib.sha256(cells).hexdigest()}
    name = f"charts-{rests_on(study=study, request=asked)[:24]}"
    if found := kept(store=study.store, name=name):
        return ProcessCharts(**found[0], rule_set=study.process.rules, plan=study.process)
    made = process_charts(release=release, plan=study.process)
    keep(store=study.store, name=name, frames={part: getattr(made, part) for part in ("points", "summary", "notes")}, facts={})
    return made
