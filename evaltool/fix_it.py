"""Check one source file against its contract and write the fix-it list; nothing is imported."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from .receipts import Request, answer_signs, problem_counts

if TYPE_CHECKING:
    from .study import Study


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
        rows_in=checked.n_in, coverage=checked.coverage)
    return {
        "file": request.path.name, "table": request.table, "rows": checked.n_in, "refused": checked.n_refused,
        "problems": counts, "signs": [] if study is None else answer_signs(checked=checked, study=study),
        "faults": sum(1 for one in counts if one["severity"] != "note"),
        "report": [str(path) for path in written],
    }
