"""What a study's own answers say about its scales: signs of a wrong key, and reliability per scale and wave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ..instruments import Instrument, instrument
from ..result import ALL
from .answer_warnings import answer_warnings
from .quality import scale_quality

if TYPE_CHECKING:
    import pandas as pd

    from ..study import Study

MOST_ROWS = 10_000
"""Of a larger table every second, third ... row is looked at: a wrong key shows in far fewer, and an import must not wait."""
SIGN_COLUMNS = ("form", "scale", "item", "other_item", "group", "code", "n", "value")
SCALE_COLUMNS = ("form", "scale", "label_nb", "label_en", "wave", "n", "items", "alpha", "conf_low", "conf_high", "omega_total", "status")


def survey_warnings(*, tables: Mapping[str, pd.DataFrame], study: Study) -> pd.DataFrame:
    """``answer_warnings`` for every survey of the study whose item columns are in ``tables``, compared across waves.

    ``tables``: validated frames by name, the rows of one file or of the whole study. Nothing is said about a form that
    is a slot, or whose columns are not all there.
    """
    import pandas as pd

    found = [answer_warnings(answers=rows, instrument=form, by=rows.get("wave"), already_reversed=False)
             for form, rows in ((form, _thinned(rows)) for form, rows in _forms(tables, study))]
    found = [frame for frame in found if len(frame)]
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=list(SIGN_COLUMNS))


def survey_scales(*, tables: Mapping[str, pd.DataFrame], study: Study, min_persons: int) -> pd.DataFrame:
    """``SCALE_COLUMNS``: reliability of each scale with several items, for all forms (wave ``*``) and per wave.

    ``status``: ``ok``, ``too_few`` (under 30 forms: no number is given) or ``zero_variance``. Forms with codes for not
    applicable or don't know use every pair of answered items (``n`` is the smallest number behind a pair), others the
    complete forms. ``n`` is missing where fewer than ``min_persons`` forms are behind it, and then for all waves
    together too, from which it could be worked out. Nothing by department.
    """
    import pandas as pd

    found = []
    for form, rows in _forms(tables, study):
        gaps = "pairwise" if any(item.missing for item in form.items) else "complete"
        made = scale_quality(answers=rows, instrument=form, by=rows.get("wave"), already_reversed=False, gaps=gaps)
        labels = {f"label_{lang}": made["scale"].map({scale.id: scale.label[lang] for scale in form.scales}) for lang in ("nb", "en")}
        found.append(made.assign(form=form.id, **labels).rename(columns={"group": "wave"}))
    if not found:
        return pd.DataFrame(columns=list(SCALE_COLUMNS))
    whole = pd.concat(found, ignore_index=True)[list(SCALE_COLUMNS)]
    few = whole["n"].between(1, min_persons - 1)
    touched = few.groupby([whole["form"], whole["scale"]]).transform("any") & whole["wave"].eq(ALL)
    return whole.assign(n=whole["n"].mask(few | touched))


def _forms(tables: Mapping[str, pd.DataFrame], study: Study) -> Iterator[tuple[Instrument, pd.DataFrame]]:
    """Each declared form that somebody has answered, with the rows that answered any of it."""
    declared = dict.fromkeys((survey.table, survey.instrument) for survey in study.surveys.values())
    for table, name in declared:
        form, frame = instrument(name, folder=study.instruments), tables.get(table)
        if frame is None or form.status == "slot" or not set(form.columns) <= set(frame.columns):
            continue
        rows = frame[frame[list(form.columns)].notna().any(axis=1)].reset_index(drop=True)
        if len(rows):
            yield form, rows


def _thinned(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.iloc[::-(-len(rows) // MOST_ROWS) or 1].reset_index(drop=True)
