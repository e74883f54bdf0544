"""Which groups of people the data of a study can tell apart, kept in the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def study_groups(*, folder: Path) -> pd.DataFrame:
    """``table`` and ``covariate`` (text), one row for each column of ``by_method.GROUPS`` in which anybody has said
    something. Whether somebody is in a certain group is not told."""
    import pandas as pd

    from .compare.by_method import GROUPS
    from .store import keep, kept, rests_on
    from .study import open_study
    from .study_data import study_data

    study = open_study(folder=folder)
    name = f"groups-{rests_on(study=study, request={'what': 'groups'})[:24]}"
    if found := kept(store=study.store, name=name):
        return found[0]["groups"]
    tables = study_data(study=study).tables
    rows = [(table, one) for table, names in GROUPS.items() for one in names
            if table in tables and one in tables[table] and tables[table][one].notna().any()]
    made = pd.DataFrame(rows, columns=["table", "covariate"]).astype("str")
    keep(store=study.store, name=name, frames={"groups": made}, facts={})
    return made
