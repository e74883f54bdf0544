"""Check one source file against its contract and write the fix-it list; nothing is imported."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from .receipts import Request, answer_signs, problem_counts
from .text import t

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


def _effects(study: Study, checked: Checked, blocked: bool, who: str | None, lang: str) -> tuple[pd.DataFrame | None, str]:
    """What the file would do to each measure, as words: the table or None, and what is to be said below it."""
    from .errors import EvaltoolError
    from .extract_effects import effects_table, ever_shown, extract_effects
    from .study_trial import study_trial

    if blocked:
        return None, t("fixit.effects_blocked", lang)
    if not ever_shown(study=study):
        return None, t("page.extract_first", lang)
    try:
        found = extract_effects(study=study, release=study_trial(study=study, table=checked.table, frame=checked.valid, who=who))
    except EvaltoolError as error:
        return None, t("fixit.effects_failed", lang, why=error.message(lang))
    words = {t("page.effect_now", lang): t("fixit.effects_would", lang)}
    return effects_table(effects=found, lang=lang).rename(columns=words), t("fixit.effects_note", lang)


def fix_it(*, study: Study | None, request: Request, out: Path, lang: str, who: str | None = None) -> Mapping[str, object]:
    """Check ``request`` and, where something is wrong, write HTML and XLSX to ``out``; returns the facts in counts.
    ``blocked``: an import of the file as it is would be refused. Without a study the file is checked by itself. ``who``
    asks, for the log: the list says what the file would do to each measure, and that is a release."""
    from .import_source import check_source, would_refuse
    from .report.fixit import write_fixit

    checked = check_source(
        study=study, path=request.path, table=request.table, mapping_path=request.mapping_path,
        sheet=request.sheet, drop=request.drop)
    counts = problem_counts(checked)
    blocked = would_refuse(checked=checked, file=request.path.name)
    changes = None if study is None or not counts else _changes(study, checked)
    effects = (None, "") if changes is None else _effects(study, checked, blocked, who, lang)
    written = [] if not counts else write_fixit(
        problems=checked.problems, table=request.table, source_name=request.path.name, out=out, lang=lang,
        rows_in=checked.n_in, coverage=checked.coverage, changes=changes, effects=effects,
        clashes=_clashes(study, checked))
    return {
        "file": request.path.name, "table": request.table, "rows": checked.n_in, "refused": checked.n_refused,
        "problems": counts, "signs": [] if study is None else answer_signs(checked=checked, study=study),
        "blocked": blocked, "faults": sum(1 for one in counts if one["severity"] != "note"),
        "report": [str(path) for path in written],
    }
