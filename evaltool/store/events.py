"""What has happened in a study, in order: imports, releases, decisions, removals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from .decisions import entries
from .records import history
from .releases import release_history
from .removals import removals

if TYPE_CHECKING:
    from ..study import Study

EVENT_COLUMNS = ("at", "who", "event", "what", "snapshot", "policy", "reason", "shown", "hidden", "rows", "sha256")


def events(*, study: Study) -> pd.DataFrame:
    """One row per event (``EVENT_COLUMNS``, missing where it does not apply), the oldest first.

    ``event``: ``import`` (``what``: table and file; ``rows`` kept), ``release`` (``what``: purpose; ``shown`` and
    ``hidden`` rows; ``sha256`` of what was released), ``decision`` (``what``: measure, department and state, never the
    text), ``forget`` and ``purge`` (``what``: table and rows that went, never whose). Times are ISO texts in UTC.
    """
    taken = removals(study=study)
    past = history(study=study)
    imports = pd.DataFrame({"at": past["at"], "who": past["who"], "event": "import", "what": past["table"] + ": " + past["file"],
                            "snapshot": past["snapshot"], "rows": past["rows_kept"], "sha256": past["file_sha256"]})
    out = release_history(study=study)
    releases = out[["at", "who", "snapshot", "policy", "reason", "shown", "hidden", "sha256"]].assign(event="release", what=out["purpose"])
    said = entries(study=study)
    words = [" · ".join(part for part in row if part) for row in said[["measure", "department", "state"]].itertuples(index=False)]
    decided = pd.DataFrame({"at": said["at"].dt.strftime("%Y-%m-%dT%H:%M:%S+00:00"), "who": said["who"], "event": "decision", "what": words})
    gone = pd.DataFrame({"at": taken["at"], "who": taken["who"], "event": taken["kind"],
                         "what": [f"{table}: −{rows}" if table else "" for table, rows in zip(taken["table"], taken["rows"], strict=True)]})
    frames = [frame.astype("object") for frame in (imports, releases, decided, gone) if len(frame)]
    whole = pd.concat(frames or [pd.DataFrame()], ignore_index=True).reindex(columns=list(EVENT_COLUMNS))
    return whole.sort_values("at", kind="stable").reset_index(drop=True)

