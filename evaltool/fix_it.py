"""Check one source file against its contract and write the fix-it list; nothing is imported."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from .receipts import Request, answer_signs, problem_counts

if TYPE_CHECKING:
    import pandas as pd

    from .check import Checked
    from .study import Study


def _changes(study: Study, checked: Checked) -> Mapping[str, int] | None:
    """What the valid rows would change in the table as it is; None for a register and for a first import."""
    from dataclasses import asdict

    from .contracts import contract
    from .store import current_table
    from .store.merge import difference, merge

    old = current_table(study=study, table=checked.table)
    if old is None or checked.valid.empty:
        return None
    whole = merge(old=old, new=checked.valid, table=checked.table)
    return asdict(difference(old=old, new=whole, key=contract(checked.table).key))


def _clashes(study: Study | None, checked: Checked) -> pd.DataFrame | None:
    """Where the valid rows and the other of the two sources of stays differ; None where no rule says that they do."""
    from .contracts import rule

    told = {rule(checked.table, code).kind for code in checked.problems["rule"].unique()}
    if study is None or "clash" not in told:
        return None
    from .indicators.clash_rows import clashing
    from .store import load

    return clashing(frame=checked.valid, table=checked.table, dataset=load(study=study), study=study)


def fix_it(*, study: Study | None, request: Request, out: Path, lang: str) -> Mapping[str, object]:
    """Check ``request`` and, where something is wrong, write HTML and XLSX to ``out``; returns the facts in counts. Without
    a study the file is checked by itself."""
    from .import_source import check_source
    from .report.fixit import write_fixit

    checked = check_source(
        study=study, path=request.path, table=request.table, mapping_path=request.mapping_path,
        sheet=request.sheet, drop=request.drop)
    counts = problem_counts(checked)
    written = [] if not counts else write_fixit(
        problems=checked.problems, table=request.table, source_name=request.path.name, out=out, lang=lang,
        rows_in=checked.n_in, coverage=checked.coverage, changes=None if study is None else _changes(study, checked),
        clashes=_clashes(study, checked))
    return {
        "file": request.path.name, "table": request.table, "rows": checked.n_in, "refused": checked.n_refused,
        "problems": counts, "signs": [] if study is None else answer_signs(checked=checked, study=study),
        "faults": sum(1 for one in counts if one["severity"] != "note"),
        "report": [str(path) for path in written],
    }
