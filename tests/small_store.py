"""Six-row tables and an empty study for tests of the store."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd

from evaltool.store import SourceFacts, current_table, import_table
from evaltool.store.snapshots import content
from evaltool.study import Study, open_study

WHEN = dt.datetime(2026, 7, 1, 12, 0, tzinfo=dt.UTC)
SMALLEST = '[study]\nid = "x"\nname = { nb = "X", en = "X" }\nas_of = 2026-06-30\n'


def empty_study(folder: Path) -> Study:
    (folder / "study.toml").write_text(SMALLEST)
    return open_study(folder=folder)


def stays(ids=(1, 2, 3, 4, 5, 6), department="a"):
    ids = list(ids)
    return pd.DataFrame({
        "stay_id": pd.Series([f"s{i}" for i in ids], dtype="str"),
        "person": pd.Series([f"p{i // 2}" for i in ids], dtype="str"),
        "department": pd.Series(department, index=range(len(ids)), dtype="str"),
        "admitted": pd.to_datetime([f"2025-01-{1 + i % 28:02d} 10:30" for i in ids]).as_unit("us"),
        "discharged": pd.Series(pd.NaT, index=range(len(ids)), dtype="datetime64[us]"),
        "died": pd.Series(pd.NA, index=range(len(ids)), dtype="boolean"),
    })


def forms(*rows):
    frame = pd.DataFrame(list(rows), columns=["person", "department", "wave", "qpr15_01"])
    return frame.astype({"person": "str", "department": "str", "wave": "str", "qpr15_01": "float64"})


def facts(name="a.csv", **more):
    return SourceFacts(**{"file_name": name, "file_sha256": f"sha-{name}", "map_name": "m.toml", "map_sha256": "m1",
                          "rows_in": 6, "rows_refused": 0, **more})


def put(study, frame, *, table="stays", name="a.csv", **more):
    return import_table(study=study, table=table, frame=frame, source=facts(name, **more), who="kari", when=WHEN)


def now(study, table="stays"):
    return current_table(study=study, table=table)


def same_rows(left, right):
    pd.testing.assert_frame_equal(*(
        frame.take(content(frame).order).reset_index(drop=True) for frame in (left, right)))


def files(study):
    return sorted(p.name for p in (study.store / "snapshots").iterdir())
