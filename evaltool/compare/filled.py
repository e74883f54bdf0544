"""How much is filled in: each column of each table about persons, by department and wave (or year)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..contracts import contract
from ..intake.coverage import places, variables
from ..result import ALL
from .assemble import result
from .behind import Behind
from .planned_design import planned_design

if TYPE_CHECKING:
    from ..result import Dataset, Result
    from ..study import Study

PREFIX = "filled"
KIND, BAND, TOTAL_BAND = "filled", "filled_band", "filled_band_total"
BANDS = (0.0, 0.5, 0.8)
"""Where the bands of a department's share begin."""

WIDE = 4
"""Times the limit of persons that must be behind a band: the narrowest band is then wide enough for the few who lack it."""

_WHO = ("person", "respondent")


def filled(*, dataset: Dataset, study: Study, least: int | None = None) -> Result:
    """Series only, measure ``filled.<table>.<column>``, ``phase`` the wave or year, of the columns that may be empty; the items of
    a form are one column (items answered over items asked).

    Kind ``filled``, all departments: filled cells over rows. Kind ``filled_band``, a department: where the band of its share
    begins (``BANDS``), because the exact share would count the few who lack it, and one of 100 % would speak of everybody;
    under ``WIDE`` times ``least`` persons (default the study's ``min_persons``) it has no ``persons`` and the gate hides it. Kind
    ``filled_band_total``, all departments where fewer than ``least`` persons lack it or have it: a band, without numbers of rows. Left
    out: a column that nobody has filled in anywhere, and tables that are not about persons.
    """
    least = study.privacy.min_persons if least is None else least
    rows = [row for table, frame in dataset.tables.items() if contract(table).about == "persons" and len(frame)
            for row in _table(table, frame.reset_index(drop=True), WIDE * least)]
    forms = {survey.table: () for survey in study.surveys.values()}
    for survey in study.surveys.values():
        forms[survey.table] += (f"{survey.table}.{survey.instrument}",)
    return result(
        estimates=[], notes=[], rows={row["measure"]: forms.get(row["measure"].split(".")[1], ()) for row in rows},
        series=pd.DataFrame(rows) if rows else None, design=planned_design(dataset=dataset, study=study),
        measures=tuple(dict.fromkeys(row["measure"] for row in rows)), provenance=dataset.provenance, conf_level=0.95,
    )


def _table(table: str, frame: pd.DataFrame, enough: int) -> Iterator[dict]:
    where, about = places(frame=frame), contract(table)
    if len(where) < 2:
        return
    department, period = (where[by].to_numpy(dtype=object, na_value=None) for by in ("department", "period"))
    person = next((frame[name] for name in _WHO if name in frame), pd.Series(pd.NA, index=frame.index, dtype="str"))
    behind = Behind(person=person, wave=where["period"])
    for name, columns in variables(frame=frame, contract=about).items():
        if name in about.columns and about.columns[name].required == "filled":
            continue
        hits, of = frame[columns].notna().sum(axis=1).to_numpy(), np.full(len(frame), len(columns))
        for one in sorted({p for p in period if p is not None}):
            here = {"measure": f"{PREFIX}.{table}.{name}", "phase": one}
            inside = period == one
            yield here | {"department": ALL} | _together(behind, inside, hits, of, enough)
            for place in sorted({d for d in department[inside] if d is not None}):
                yield here | {"department": place, "kind": BAND} | _band(behind, inside & (department == place), hits, of, enough)


def _together(behind: Behind, here: np.ndarray, hits: np.ndarray, of: np.ndarray, enough: int) -> dict:
    """The exact share, or its band where the gate would hide the exact one for the few on one side of it."""
    exact = behind.share(here=here, hits=hits, of=of, method="share_of_rows")
    if WIDE * min(exact["persons_numerator"], exact["persons_complement"]) >= enough:
        return {"kind": KIND} | exact
    return {"kind": TOTAL_BAND} | _band(behind, here, hits, of, enough) | {"n": np.nan, "denominator": np.nan}


def _band(behind: Behind, here: np.ndarray, hits: np.ndarray, of: np.ndarray, enough: int) -> dict:
    share, persons, rows = hits[here].sum() / of[here].sum(), behind.persons(here), float(here.sum())
    return {"value": max(band for band in BANDS if band <= share), "n": rows, "denominator": rows, "unit": "share", "method": "band",
            "persons": persons if persons >= enough else np.nan, "persons_top_share": behind.top_share(here.astype(float))}
