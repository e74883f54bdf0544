"""Was the person met soon after discharge? From a table of contacts, where one exists."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd

from ..result import Dataset
from ..stay_codes import MEETINGS
from ..study import Study
from .chaining import DAY
from .episodes import seconds
from .readmission import readmission
from .study_stays import deaths, starts, study_definition, study_episodes

DAYS = 7


def followed_up(*, dataset: Dataset, study: Study, days: int = DAYS) -> pd.DataFrame:
    """Discharges with a contact from the day after to day ``days``: columns ``row, person, department, date, value, reason``.

    The day of discharge does not count: that talk belongs to the stay. All kinds of stay are followed; out of the
    denominator are those of ``readmission`` (ongoing, died, transferred out, ``leave_out``, not covered to day
    ``days``), and people who were back in a bed, or dead, before anybody could meet them and before a contact
    (``back_first``, ``died_first``). Contacts of any department count.
    """
    definition = dataclasses.replace(
        study_definition(study=study, window_days=max(days, study.readmission.lower_gap_days), everything=True),
        window_days=days, lower_gap_days=0, lower_gap_hours=0, look="any", where="any", unit="episode", drop_deaths=False,
        drop_crossing=False,
    )
    dead = deaths(dataset=dataset)
    found = readmission(
        episodes=study_episodes(dataset=dataset, study=study), definition=definition, as_of=study.as_of,
        starts=starts(dataset=dataset), deaths=dead,
    )
    day = seconds(found["date"]) // DAY
    met = _first_contact(found=found, day=day, contacts=dataset.tables["contacts"], days=days)
    back = found["gap_days"].fillna(np.inf).to_numpy()
    when = pd.to_datetime(found["person"].map(dead))
    died = np.where(when.notna(), seconds(when) // DAY - day, np.inf)
    reason = found["reason"].copy()
    open_row = reason.isna().to_numpy()
    reason = reason.mask(open_row & (died <= days) & (died < met) & (died <= back), "died_first")
    reason = reason.mask(open_row & (back <= days) & (back < met) & (back < died), "back_first")
    return found[["row", "person", "department", "date"]].assign(value=(met <= days).astype("float64"), reason=reason)


def _first_contact(*, found: pd.DataFrame, day: np.ndarray, contacts: pd.DataFrame, days: int) -> np.ndarray:
    """Days from each discharge to the first meeting after its day, infinite where there is none within ``days``."""
    kind = contacts["kind"].fillna("unknown") if "kind" in contacts else pd.Series("unknown", index=contacts.index)
    used = contacts[kind.isin(MEETINGS) & contacts["person"].notna() & contacts["contacted_on"].notna()]
    people = pd.Index(used["person"].unique())
    own, of = people.get_indexer(used["person"]), people.get_indexer(found["person"])
    on = seconds(used["contacted_on"]) // DAY
    if not len(on):
        return np.full(len(found), np.inf)
    # An ongoing stay has no day of discharge: any will do, it is out of the denominator.
    day = np.where(found["date"].notna(), day, on.min())
    low = min(on.min(), day.min(initial=on.min()))
    span = int(max(on.max(), day.max(initial=on.max())) - low) + days + 3
    keys = np.sort(own * span + on - low)
    at = np.searchsorted(keys, of * span + day - low, side="right")
    later = np.append(keys, np.iinfo(np.int64).max)[at] - (of * span + day - low)
    return np.where((of >= 0) & (later <= days), later, np.inf)
