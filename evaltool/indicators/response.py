"""Who answered, of those who were asked."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ..result import ALL, Dataset

POPULATIONS = {"staff_survey": "staff", "user_survey": "users"}
"""The population in ``invitations`` that a survey table's forms come from."""

KEYS = ["population", "wave", "department"]
COLUMNS = ("department", "wave", "population", "invited", "answered", "rate", "reason")

_EMPTY = pd.DataFrame({name: pd.Series(dtype="str") for name in KEYS}).assign(invited=pd.Series(dtype="float64"))


def response_rates(*, dataset: Dataset, tables: Mapping[str, str] = POPULATIONS) -> pd.DataFrame:
    """One row per population, wave and department, and per wave for all departments (``*``).

    ``rate``: forms answered over persons invited. It is missing with a ``reason`` where nobody was recorded as
    invited (``not_invited``: forms without an invitation, or 0 invited) and where more forms came back than were
    invited (``more_than_invited``): a rate over 1 says that the register of invitations is wrong. The row for all
    departments counts only departments with a rate, so that both sides come from the same places.
    """
    asked = dataset.tables.get("invitations", _EMPTY)
    asked = asked[asked["population"].isin(tables.values())]
    forms = [
        dataset.tables[table].assign(population=population)[KEYS]
        for table, population in tables.items() if table in dataset.tables
    ]
    forms = pd.concat([_EMPTY[KEYS], *forms], ignore_index=True)
    both = asked.groupby(KEYS, as_index=False)["invited"].sum().merge(
        forms.groupby(KEYS, as_index=False).size().rename(columns={"size": "answered"}), on=KEYS, how="outer",
    ).astype({"invited": "float64", "answered": "float64"})
    both["answered"] = both["answered"].fillna(0.0)
    both["reason"] = pd.Series(
        np.select([~(both["invited"] > 0), both["answered"] > both["invited"]], ["not_invited", "more_than_invited"], ""),
        dtype="str",
    ).replace("", np.nan)
    usable = both[both["reason"].isna()]
    total = usable.groupby(["population", "wave"], as_index=False)[["invited", "answered"]].sum()
    out = pd.concat([both, total.assign(department=ALL)], ignore_index=True)
    out["rate"] = (out["answered"] / out["invited"]).mask(out["reason"].notna())
    return out[list(COLUMNS)]
