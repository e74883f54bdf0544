"""The sample study with answers in its departments of few staff that nobody else gives, so that whatever is hidden there is
unmistakable wherever it would turn up: means close to 1 where all others lie above 3."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from hidden_truth import Truth

FEW = {"Skogly": "skogly", "Åsen bofellesskap": "asen"}
"""Name in the file -> id: a department of four staff, and the one that is hidden with it."""
HEAD = 3


def planted_study(*, folder: Path):
    """The study in ``folder``, with everything imported."""
    from openpyxl import load_workbook

    from evaltool.demo import copy_sample
    from evaltool.import_source import import_source
    from evaltool.receipts import listed

    study = copy_sample(folder=folder)
    path = folder / "raw" / "ansatte.xlsx"
    book = load_workbook(path)
    rows = book.active.iter_rows(min_row=HEAD)
    head = [cell.value for cell in next(rows)]
    items = [i for i, name in enumerate(head) if str(name).startswith("P")]
    place = head.index("Avdeling")
    for k, row in enumerate(one for one in rows if one[place].value in FEW):
        for i in items:
            if row[i].value is not None:
                row[i].value = "Uenig" if i - items[0] < k % 3 else "Helt uenig"
    book.save(path)
    for one in listed(study=study):
        import_source(study=study, path=one.path, table=one.table, mapping_path=one.mapping_path, sheet=one.sheet, who="test",
                      when=dt.datetime(2026, 7, 1, tzinfo=dt.UTC), dry_run=False)
    return study


def unmistakable(*, truth: Truth) -> Truth:
    """The planted means alone, known by three figures wherever they stand."""
    planted = [one for one in truth.secrets if one.place in FEW.values() and one.what.startswith("value of rsa_r_total") and one.value < 1.2]
    return Truth(secrets=planted, shown=_shown(truth), names=truth.names, digits=3)


def _shown(truth: Truth) -> Iterable[tuple[str, float]]:
    return [(place, float(value)) for place, values in truth.shown.items() for value in values]


