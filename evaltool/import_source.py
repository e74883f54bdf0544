"""A source file into the store: read, map, check against the study, and take in all of it or nothing."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .check import Checked, check, context_of, item_answers, raise_for, summarise
from .contracts import ITEM, is_item
from .errors import CheckError, UsageError
from .intake import FileMapping, Source, read_mapping, read_source
from .indicators.clash_rows import OTHER, clash_rows
from .intake.pseudonyms import read_key
from .rules import Context
from .store import ImportReceipt, SourceFacts, current_table, import_table, load
from .store.registers import read_registers

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from .study import Study

MOST_REFUSED = 0.05
"""With more than this share of rows refused the file is not imported: what is left would no longer be the same sample.
Rows kept out because consent was not given, or was withdrawn, do not count."""


@dataclass(frozen=True)
class ImportOutcome:
    """``receipt``: what the store did, None for a dry run. ``checked``: what the check found (holds cell values)."""

    receipt: ImportReceipt | None
    checked: Checked


def import_source(
    *, study: Study, path: Path, table: str, mapping_path: Path | None = None, sheet: str | None = None, who: str,
    when: dt.datetime, dry_run: bool = False, drop: Iterable[str] = (),
) -> ImportOutcome:
    """Import the file at ``path`` into ``table``; with ``dry_run`` do everything but the writing. ``drop``: headings of
    columns that are not to be read.

    All or nothing. Raises CheckError when a fault concerns the whole file, when more than ``MOST_REFUSED`` of the rows
    break the contract or none is left; IntakeError, UsageError, PrivacyError and StoreError from the steps. After any
    error the store is as it was.
    """
    drop = tuple(drop)
    source, mapping, checked = _checked(study, path, table, mapping_path, sheet, drop)
    if mapping is not None and not mapping.reviewed:
        raise UsageError("mapping_not_reviewed", got=mapping_path)
    _refuse(checked, path.name)
    if dry_run:
        return ImportOutcome(receipt=None, checked=checked)
    receipt = import_table(
        study=study, table=table, frame=checked.valid, source=_facts(source, mapping, checked, drop), who=who, when=when
    )
    return ImportOutcome(receipt=receipt, checked=checked)


def check_source(
    *, study: Study | None, path: Path, table: str, mapping_path: Path | None = None, sheet: str | None = None,
    drop: Iterable[str] = (),
) -> Checked:
    """The check that an import would make of the file at ``path``, with all its problems and no verdict. Without a study
    the file is held against its contract and the shipped instruments alone: no register, no waves."""
    return _checked(study, path, table, mapping_path, sheet, tuple(drop))[2]


def _checked(
    study: Study | None, path: Path, table: str, mapping_path: Path | None, sheet: str | None, drop: tuple[str, ...]
) -> tuple[Source, FileMapping | None, Checked]:
    mapping = None if mapping_path is None else read_mapping(path=mapping_path)
    source = read_source(path=path, mapping=mapping, sheet=sheet)
    if study is None:
        return source, mapping, check(source=source, table=table, mapping=mapping, context=_alone(source, mapping), drop=drop)
    departments = read_registers(study=study)["departments"]
    persons = None if table == "persons" else current_table(study=study, table="persons")
    context = dataclasses.replace(context_of(study=study, departments=departments, persons=persons), clash=_clash(study, table))
    key = pseudonym_key(study=study) if mapping is not None and mapping.asks_for_pseudonyms() else None
    return source, mapping, check(source=source, table=table, mapping=mapping, context=context, drop=drop, key=key)


def _clash(study: Study, table: str) -> Callable[[pd.DataFrame], np.ndarray] | None:
    """What says where stays and monthly totals differ, once the other of the two is in the store."""
    if table not in OTHER or current_table(study=study, table=OTHER[table]) is None:
        return None
    dataset = load(study=study)
    return lambda frame: clash_rows(frame=frame, table=table, dataset=dataset, study=study)


def _alone(source: Source, mapping: FileMapping | None) -> Context:
    """What can be said of a file by itself: the answers that the shipped instruments allow."""
    from .instruments import available, instrument

    headings = [h.casefold() for h in source.headings if is_item(h.casefold())]
    named = set(mapping.items) if mapping else {ITEM.match(h)[1] for h in headings}
    return Context(items=item_answers(instruments=[instrument(form) for form in available() if form in named]))


def pseudonym_key(*, study: Study) -> bytes | None:
    """The key that study.toml names, None where it names none. Raises PrivacyError and UsageError as ``read_key``."""
    """The study's pseudonym key, read only where the mapping asks for it."""
    named = study.privacy.pseudonym_key_file
    return None if named is None else read_key(path=study.folder / Path(named).expanduser(), study=study.folder)


def would_refuse(*, checked: Checked, file: str) -> bool:
    """Would an import of what was ``checked`` be refused?"""
    try:
        _refuse(checked, file)
    except CheckError:
        return True
    return False


def _refuse(checked: Checked, file: str) -> None:
    raise_for(problems=checked.problems, file=file)
    refused = checked.n_refused - checked.n_withheld - checked.n_allowed
    if refused > MOST_REFUSED * checked.n_in:
        wrong = summarise(checked.problems[checked.problems["severity"] == "error"])
        rules = ", ".join(f"{one.rule} {one.source_column} ({one.count})" for one in wrong.itertuples(index=False))
        raise CheckError("import_refused", file=file, table=checked.table, refused=refused, rows=checked.n_in, rules=rules)
    if checked.valid.empty:
        raise CheckError("import_no_rows", file=file, table=checked.table)


def _facts(source: Source, mapping: FileMapping | None, checked: Checked, drop: tuple[str, ...]) -> SourceFacts:
    counts = summarise(checked.problems).groupby(["rule", "severity", "column"])["count"].sum()
    meaning = "" if mapping is None else json.dumps(_meaning(mapping), sort_keys=True, default=str)
    meaning += json.dumps(["drop", *sorted(drop)]) if drop else ""
    return SourceFacts(
        file_name=source.name, file_sha256=source.sha256, map_name=mapping.name if mapping else "",
        map_sha256=hashlib.sha256(meaning.encode()).hexdigest(), rows_in=checked.n_in, rows_refused=checked.n_refused,
        problems={key: int(n) for key, n in counts.items()},
    )


def _meaning(mapping: FileMapping) -> dict:
    """What the mapping does to a file, without whether somebody has looked at it."""
    return {name: value for name, value in dataclasses.asdict(mapping).items() if name != "reviewed"}
