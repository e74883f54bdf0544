"""Rows of a file whose department and month say another number than the other source: stays against monthly totals."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd

from ..measures import measure
from ..result import Dataset
from ..study import Study
from .clash_report import clash_report

OTHER = {"stays": "service_counts", "service_counts": "stays"}
"""The two tables that can speak of the same department and month."""


def clashing(*, frame: pd.DataFrame, table: str, dataset: Dataset, study: Study) -> pd.DataFrame:
    """``clash_report`` as it would be were ``frame`` the table ``table`` of ``dataset``, the months that differ only."""
    tables = {**dataset.tables, table: frame.reset_index(drop=True)}
    report = clash_report(dataset=dataclasses.replace(dataset, tables=tables), study=study)
    return report[report["clash"]].reset_index(drop=True)


def clash_rows(*, frame: pd.DataFrame, table: str, dataset: Dataset, study: Study) -> np.ndarray:
    """(n,) bool, True where to look in ``frame`` (valid rows of ``stays`` or ``service_counts``).

    Of totals: the row that differs. Of stays: in each month that differs the first stay that lay in the department then,
    and the department's first stay where none did.
    """
    wrong = clashing(frame=frame, table=table, dataset=dataset, study=study)
    hit = np.zeros(len(frame), dtype=bool)
    if table == "service_counts":
        named = wrong["measure"].map(lambda name: measure(name).source["indicator"])
        keys = pd.MultiIndex.from_arrays([named, wrong["department"], wrong["month"]])
        return np.asarray(pd.MultiIndex.from_frame(frame[["measure", "department", "month"]]).isin(keys))
    order = np.argsort(frame["admitted"].to_numpy(), kind="stable")
    place, begin = frame["department"].to_numpy()[order], frame["admitted"].to_numpy()[order]
    end = frame["discharged"].fillna(pd.Timestamp.max.floor("us")).to_numpy()[order]
    for department, month in wrong[["department", "month"]].drop_duplicates().itertuples(index=False):
        own = np.flatnonzero(place == department)
        there = own[(begin[own] < month + pd.DateOffset(months=1)) & (end[own] >= month)]
        hit[order[[*there, *own][0]]] = True
    return hit
