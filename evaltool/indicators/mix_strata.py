"""Which people are alike: strata for indirect standardisation, none of them of a few people."""

from __future__ import annotations

import pandas as pd

from ..result import Dataset
from ..study import Study
from .study_stays import study_episodes

LEAST_ROWS, LEAST_PERSONS = 20, 10
"""A stratum with fewer is put together with the other small ones: its rate would be a few people's."""


def mix_strata(*, rows: pd.DataFrame, dataset: Dataset, study: Study, names: tuple[str, ...]) -> pd.Series:
    """The stratum of each row as text, from ``row``, ``person`` and ``side`` of ``rows``.

    names: of ``born`` (decade of birth), ``group`` (user group, of the persons table or else of the last form the person
    answered) and ``acute`` (began as unplanned); what is not known about a person is a group of its own. The small strata
    of a side are one together, and with the largest where that is small too.
    """
    facts = pd.DataFrame(index=rows.index)
    persons = dataset.tables.get("persons")
    if persons is not None and "birth_year_band" in persons:
        facts["born"] = rows["person"].map(persons.set_index("person")["birth_year_band"]).fillna("unknown")
    if (group := _user_group(dataset)) is not None:
        facts["group"] = rows["person"].map(group).fillna("unknown")
    chained = study_episodes(dataset=dataset, study=study).drop_duplicates("row").set_index("row")
    facts["acute"] = rows["row"].map(chained["admission_type"]).eq("unplanned").map({True: "acute", False: "other"})
    used = [name for name in names if name in facts]
    told = pd.Series("all", index=rows.index)
    if used:
        told = facts[used[0]].str.cat([facts[name] for name in used[1:]], sep=" ")
    told = told.mask(_small(rows, told), "small")
    largest = told.groupby(rows["side"]).agg(lambda part: part.mode().iloc[0])
    return told.mask(_small(rows, told), rows["side"].map(largest))


def _small(rows: pd.DataFrame, told: pd.Series) -> pd.Series:
    groups = rows.groupby([rows["side"], told])["person"]
    return (groups.transform("size") < LEAST_ROWS) | (groups.transform("nunique") < LEAST_PERSONS)


def _user_group(dataset: Dataset) -> pd.Series | None:
    """User group by person, None where no table knows any."""
    for name in ("persons", "user_survey"):
        source = dataset.tables.get(name)
        if source is not None and {"person", "user_group"} <= set(source) and source["user_group"].notna().any():
            known = source.dropna(subset=["person", "user_group"])
            known = known.sort_values("answered_on", kind="stable") if "answered_on" in known else known
            return known.drop_duplicates("person", keep="last").set_index("person")["user_group"]
    return None
