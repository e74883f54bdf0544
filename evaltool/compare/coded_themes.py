"""What people say, counted: themes by who said it, and whether the coders agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..errors import StudyError
from ..result import ALL
from ..stats.agreement import Agreement, cohen_kappa, krippendorff_alpha
from ..stats.estimate import NotEstimable
from .assemble import result
from .planned_design import planned_design

if TYPE_CHECKING:
    from ..result import Dataset, Result
    from ..study import Study

TABLE = "coded_themes"


def coded_themes(*, dataset: Dataset, study: Study, conf_level: float = 0.95) -> Result:
    """Theme x group, all departments, and the agreement of the coders.

    Series rows: measure ``themes.<theme>``, ``subgroup`` = the group that spoke; ``kind`` ``phase`` with phase ``before``
    or ``after`` where wave and department tell, and ``kind`` ``whole`` for everything. ``numerator``: excerpts that at
    least half of their coders gave the theme; ``denominator``: excerpts of the group. Shares of excerpts are no shares
    of persons and have no interval. Who spoke is not in the data: ``persons`` is the largest number of different
    departments in any one wave, which is surely not too high.

    Estimates: one row per theme with ``estimand`` ``agreement``: Cohen's kappa for two coders, Krippendorff's alpha for
    more, over the excerpts that several have coded (``n_before``). Raises StudyError when there are no coded themes.
    """
    if TABLE not in dataset.tables:
        raise StudyError("measure_without_table", got="themes", expected=TABLE)
    design = planned_design(dataset=dataset, study=study)
    codes = dataset.tables[TABLE].reset_index(drop=True)
    opens = {wave.id: wave.opens for survey in study.surveys.values() for wave in survey.waves}
    codes = codes.reindex(columns=["excerpt", "department", "wave", "source_group", "theme", "coder"])
    codes = codes.assign(coder=codes["coder"].fillna("-"), date=pd.to_datetime(codes["wave"].map(opens)).astype("datetime64[us]"))
    codes["phase"] = pd.Series(None, index=codes.index, dtype="str")
    known = codes["department"].notna() & codes["date"].notna()
    codes.loc[known, "phase"] = design.phase(department=codes.loc[known, "department"], date=codes.loc[known, "date"])
    themes = sorted(codes["theme"].unique())
    return result(
        estimates=[row for theme in themes for row in _agreement(codes, theme, conf_level)], notes=[], design=design,
        measures=tuple(f"themes.{theme}" for theme in themes), provenance=dataset.provenance, conf_level=conf_level,
        series=_counts(codes, themes),
    )


def _counts(codes: pd.DataFrame, themes: list[str]) -> pd.DataFrame:
    found = []
    whole = codes.assign(kind="whole", phase=None)
    apart = codes[codes["phase"].isin(["before", "after"])].assign(kind="phase")
    for frame in (whole, apart):
        for (group, kind, phase), part in frame.groupby(["source_group", "kind", "phase"], dropna=False):
            coders = part.groupby("excerpt")["coder"].nunique()
            for theme in themes:
                gave = part[part["theme"] == theme].groupby("excerpt")["coder"].nunique().reindex(coders.index, fill_value=0)
                hit = gave >= coders / 2
                said = part[part["excerpt"].isin(coders.index[hit])]
                found.append({
                    "measure": f"themes.{theme}", "department": ALL, "subgroup": group, "kind": kind, "phase": phase,
                    "value": float(hit.mean()), "numerator": float(hit.sum()), "denominator": float(len(coders)),
                    "n": float(len(coders)), "persons": _persons(part), "persons_numerator": _persons(said),
                    "unit": "share", "method": "share_of_excerpts",
                })
    return pd.DataFrame(found)


def _persons(part: pd.DataFrame) -> float:
    """Different departments in the wave with most of them; excerpts of no department count as one more place."""
    places = part.assign(department=part["department"].fillna("-"), wave=part["wave"].fillna("-"))
    return float(places.groupby("wave")["department"].nunique().max()) if len(part) else 0.0


def _agreement(codes: pd.DataFrame, theme: str, conf_level: float) -> list[dict]:
    """No row where nobody coded the same excerpt, or where all always agree because the theme is never, or always, given."""
    seen = codes.assign(hit=(codes["theme"] == theme).astype(float)).groupby(["coder", "excerpt"])["hit"].max().unstack()
    seen = seen.loc[:, seen.notna().sum() >= 2].dropna(how="all")
    if seen.shape[0] < 2:
        return []
    try:
        found = _coefficient(seen, conf_level)
    except NotEstimable:
        return []
    return [{
        "measure": f"themes.{theme}", "department": ALL, "estimand": "agreement", "estimate": found.estimate,
        "conf_low": found.conf_low, "conf_high": found.conf_high, "conf_level": conf_level, "std_error": found.std_error,
        "n_before": float(found.n), "n_after": float(found.n), "persons_before": float(found.n),
        "persons_after": float(found.n), "unit": "coefficient", "method": found.method,
    }]


def _coefficient(seen: pd.DataFrame, conf_level: float) -> Agreement:
    ratings = seen.to_numpy(dtype=float)
    if len(ratings) == 2:
        return cohen_kappa(first=ratings[0], second=ratings[1], conf_level=conf_level)
    return krippendorff_alpha(ratings=ratings, conf_level=conf_level)
