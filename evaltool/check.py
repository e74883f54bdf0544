"""A source against its contract, all faults in one pass: which rows may come in, and what is wrong with the others."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from . import contracts
from .contracts import Contract
from .errors import CheckError, UsageError
from .intake.convert import Plan, Typed, convert, different_texts, plan
from .intake.coverage import Coverage, coverage
from .intake.distinct import Distinct, throughout
from .intake.mapping import FileMapping
from .intake.source import Source
from .intake.words import folded, is_personal_heading, known
from .privacy import refuse, scan
from .rules import Answers, Context, Found, Window, find

if TYPE_CHECKING:
    from .instruments import Instrument
    from .study import Study

PROBLEM_COLUMNS = ("rule", "severity", "table", "column", "source_column", "row", "value")
"""One row per fault. ``row``: row number in the user's spreadsheet, missing for a whole column. ``value``: the cell as
it stood; personal data, only for the fix-it file."""

STOP_SHARE = 0.5
STOP_ROWS = 20
"""A fault in more than this share of at least so many rows is no slip in the rows: the import stops."""

_GATE_ROWS = 20_000


@dataclass(frozen=True)
class Checked:
    """``valid``: the rows that keep the contract, canonical types. ``problems``: ``PROBLEM_COLUMNS``.

    ``n_in`` rows were read, ``n_refused`` stay out; ``n_withheld`` of them because consent was not given or withdrawn,
    ``n_allowed`` for breaks that study.toml allows.
    ``decisions``: how the file was read. ``coverage``: how full the columns are and where the faults lie, in counts.
    """

    table: str
    valid: pd.DataFrame
    problems: pd.DataFrame
    n_in: int
    n_refused: int
    n_withheld: int
    n_allowed: int
    decisions: Mapping[str, object]
    version: int
    coverage: Coverage


def item_answers(
    *, instruments: Iterable[Instrument], already_reversed: Mapping[str, bool | None] | None = None
) -> dict[str, Answers]:
    """``Context.items`` from instrument files: what each item column may hold. ``already_reversed``: by instrument id,
    what study.toml says of the files."""
    said = already_reversed or {}
    return {
        item.column: Answers(
            codes=tuple(map(float, item.codes)), missing=tuple(float(c) for c in item.missing),
            continuous=item.continuous, reverse=item.reverse, prints_reversed=instrument.prints_reversed,
            already_reversed=said.get(instrument.id),
        )
        for instrument in instruments for item in instrument.items
    }


def context_of(
    *, study: Study, departments: pd.DataFrame | None = None, persons: pd.DataFrame | None = None
) -> Context:
    """What a study's tables are checked against: its waves, instruments and ``as_of``, with the register given."""
    from .instruments import instrument

    waves: dict[str, tuple[Window, ...]] = {}
    for survey in study.surveys.values():
        own = tuple(Window(w.id, w.opens, w.closes) for w in survey.waves)
        waves[survey.table] = waves.get(survey.table, ()) + own
    forms = {s.instrument: s.already_reversed for s in study.surveys.values()}
    items = item_answers(
        instruments=[instrument(form, folder=study.instruments) for form in forms], already_reversed=forms)
    return Context(departments=departments, waves=waves, as_of=study.as_of, items=items, persons=persons, limits=study.rules)


def check(
    *, source: Source, table: str, mapping: FileMapping | None = None, context: Context | None = None,
    drop: Iterable[str] = (), key: bytes | None = None,
) -> Checked:
    """Read ``source`` as ``table`` and hold every row against the contract.

    ``drop``: headings not to be read at all. ``key``: of the pseudonyms (``intake.pseudonyms.read_key``). Raises
    IntakeError (missing columns), UsageError (the mapping is for another table, or asks for pseudonyms and there is no
    key; a column to drop is not in the file) and PrivacyError (a column that would be read holds personal details);
    everything else is a row of ``problems``.
    """
    contract = contracts.contract(table)
    if mapping is not None and mapping.table != table:
        raise UsageError("mapping_other_table", file=mapping.name, got=mapping.table, expected=table)
    source, mapping = _without(source, mapping, tuple(drop))
    planned = plan(source=source, contract=contract, mapping=mapping)
    texts = different_texts(source=source, plan=planned)
    _refuse_personal(source, contract, planned, texts)
    typed = convert(source=source, contract=contract, mapping=mapping, plan=planned, texts=texts, key=key)
    context = context or Context()
    typed.frame = _as_answered(typed.frame, mapping, context, source.name)
    n = len(typed.frame)
    unread = _unread(typed, n)
    found = typed.faults + find(frame=typed.frame, contract=contract, context=context, unread=unread)
    if source.ragged:
        found.append(("C14", contract.key[0], np.array(source.ragged)))
    found = _example_first(found, typed.frame, contract)
    refused, withheld, allowed = _kept_out(found, table, n, context)
    covered = coverage(frame=typed.frame, contract=contract, found=found)
    problems = _problems(found, source, contract, planned, n, context)
    valid = _taken(typed, refused)
    if len(valid) <= _GATE_ROWS:
        _gate(valid, contract)
    return Checked(
        table=table, valid=valid, problems=problems, n_in=n, n_refused=int(refused.sum()),
        n_withheld=int(withheld.sum()), n_allowed=int(allowed.sum()), decisions=source.decisions, version=contract.version,
        coverage=covered,
    )


def summarise(problems: pd.DataFrame) -> pd.DataFrame:
    """Counts per rule and column, worst first; no row numbers and no values.

    Columns ``rule, severity, table, column, source_column, count``.
    """
    keys = ["rule", "severity", "table", "column", "source_column"]
    counts = problems.groupby(keys, dropna=False, sort=False).size().rename("count").reset_index()
    rank = counts["severity"].map({name: i for i, name in enumerate(contracts.SEVERITIES)})
    return counts.assign(_rank=rank).sort_values(["_rank", "count"], ascending=[True, False], kind="stable").drop(
        columns="_rank").reset_index(drop=True)


def raise_for(*, problems: pd.DataFrame, file: str) -> None:
    """Raise CheckError naming rules, columns and counts when a fault stops the import."""
    stops = summarise(problems[problems["severity"] == "stop"])
    if len(stops):
        said = ", ".join(f"{r.rule} {r.source_column or r.column} ({r.count})" for r in stops.itertuples(index=False))
        raise CheckError("import_stopped", file=file, got=said)


def _without(source: Source, mapping: FileMapping | None, drop: tuple[str, ...]) -> tuple[Source, FileMapping | None]:
    """Source and mapping as if the dropped headings had never been in the file."""
    gone = {folded(d) for d in drop}
    if not gone:
        return source, mapping
    unknown = [d for d in drop if folded(d) not in {folded(h) for h in source.headings}]
    if unknown:
        raise UsageError("no_column_to_drop", file=source.name, got=", ".join(unknown), expected=", ".join(source.headings[:40]))
    kept = [h for h in source.headings if folded(h) not in gone]
    source = replace(source, columns={h: source.columns[h] for h in kept}, decisions={**source.decisions, "dropped": tuple(drop)})
    if mapping is not None:
        mapping = replace(mapping, columns={n: c for n, c in mapping.columns.items() if folded(c.source or "") not in gone})
    return source, mapping


def _refuse_personal(source: Source, contract: Contract, planned: Plan, texts: Mapping[str, Distinct]) -> None:
    """Judge every column that would be read as it stands."""
    kinds = {h: contract.columns[c].type if c in contract.columns else "number" for c, h in planned.sources.items()}
    hidden = planned.hidden()
    findings = scan(
        columns={h: found.texts for h, found in texts.items() if h not in hidden}, about_persons=contract.about == "persons",
        prose=[h for h, kind in kinds.items() if kind == "text"],
        figures=[h for h, kind in kinds.items() if kind not in ("id", "text", "code")],
    )
    refuse(findings=findings, file=source.name)


def _as_answered(frame: pd.DataFrame, mapping: FileMapping | None, context: Context, file: str) -> pd.DataFrame:
    """The store holds answers: where the file holds the points of reversed items they are turned back, once, here.

    Raises UsageError for a form that prints the points, when neither mapping nor survey says which of the two the file
    holds.
    """
    turned, blocks = {}, mapping.items if mapping else {}
    for name, a in context.items.items():
        if not a.reverse or name not in frame:
            continue
        form = name.rpartition("_")[0]
        own = blocks[form].already_reversed if form in blocks else None
        already = a.already_reversed if own is None else own
        if already is None and a.prints_reversed and form in blocks:
            raise UsageError("reversal_in_mapping", file=mapping.name, key=f"items.{form}.already_reversed", instrument=form)
        if already is None and a.prints_reversed:
            raise UsageError("reversal_in_survey", file=file, instrument=form)
        if already:
            answer = frame[name].notna() & ~frame[name].isin(a.missing)
            turned[name] = frame[name].where(~answer, a.codes[0] + a.codes[-1] - frame[name])
    return frame.assign(**turned)


def _unread(typed: Typed, n: int) -> dict[str, np.ndarray]:
    """Cells that held something unreadable, per column."""
    out: dict[str, np.ndarray] = {}
    for code, column, positions in typed.faults:
        if code != "C11":
            out.setdefault(column, np.zeros(n, dtype=bool))[positions] = True
    return out


def _example_first(found: Found, frame: pd.DataFrame, contract: Contract) -> Found:
    """An example row that still stands in the sheet is said as that, and nothing else is said of it."""
    name = contract.key[0]
    words = {form for word in known("examples") for form in (word, word.upper(), word.capitalize())}
    example = frame[name].isin(words) if frame[name].dtype == "str" else pd.Series(False, index=frame.index)
    if not example.any():
        return found
    rows = np.flatnonzero(example)
    rest = [(code, column, positions[~np.isin(positions, rows)]) for code, column, positions in found]
    return [("C15", name, rows), *((code, column, positions) for code, column, positions in rest if len(positions))]


def _kept_out(found: Found, table: str, n: int, context: Context) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rows (n,) that stay out; of them those without consent; of them those whose every fault is within its limit."""
    refused, withheld, beyond = (np.zeros(n, dtype=bool) for _ in range(3))
    for code, _, positions in found:
        one = contracts.rule(table, code)
        if one.refuses:
            refused[positions] = True
        if one.withhold:
            withheld[positions] = True
        elif one.refuses and code not in context.limits:
            beyond[positions] = True
    return refused, withheld, refused & ~withheld & ~beyond


def _taken(typed: Typed, refused: np.ndarray) -> pd.DataFrame:
    """The rows that may come in. The columns leave ``typed`` one by one, so that two whole tables never stand side by side."""
    if not refused.any():
        return typed.frame
    keep, frame = ~refused, typed.frame
    return pd.DataFrame({name: frame.pop(name)[keep].reset_index(drop=True) for name in list(frame)}, copy=False)


def _problems(found: Found, source: Source, contract: Contract, planned: Plan, n: int, context: Context) -> pd.DataFrame:
    broken: dict[str, int] = {}
    for code, _, positions in found:
        broken[code] = broken.get(code, 0) + len(positions)
    stopping = {code for code, count in broken.items() if code in context.limits and not context.limits[code].allows(count, n)}
    parts = [_one(code, column, positions, source, contract, planned, n, context, code in stopping) for code, column, positions in found]
    parts += _unused(source, contract, planned)
    if not parts:
        return _frame(dict.fromkeys(PROBLEM_COLUMNS), 0)
    whole = [list(same) for _, same in itertools.groupby(sorted(parts, key=_place), key=_place)]
    in_order = [same[0] if len(same) == 1 else pd.concat(same).sort_values("row", kind="stable") for same in whole]
    return pd.concat(in_order, ignore_index=True)


def _place(part: pd.DataFrame) -> tuple[int, str, str]:
    """By severity, rule and column, which are one in all rows of the part: never all rows of all parts are sorted."""
    severity, rule, column = part.iloc[0][["severity", "rule", "column"]]
    return contracts.SEVERITIES.index(severity), rule, column


def _one(code, column, positions, source, contract, planned, n, context, beyond) -> pd.DataFrame:
    one = contracts.rule(contract.name, code)
    heading = planned.sources.get(column, "")
    many = one.refuses and not one.withhold and len(positions) >= STOP_ROWS and len(positions) > STOP_SHARE * n
    stops = beyond if code in context.limits else many
    values = source.columns[heading].texts_of(positions) if heading else None
    if code == "C14":
        heading, column, values = "", "", None
    if heading in planned.hidden():
        values = None
    return _frame({
        "rule": code, "severity": "stop" if stops else one.severity, "table": contract.name, "column": column,
        "source_column": heading, "row": source.row_numbers[positions], "value": values,
    }, len(positions))


def _unused(source: Source, contract: Contract, planned: Plan) -> list[pd.DataFrame]:
    """Columns that nobody reads: said when the heading is personal, or when the file has no mapping."""
    personal = [h for h in planned.unused if is_personal_heading(h)]
    unknown = [h for h in planned.unused if h not in personal and not h.startswith("#")] if planned.plain else []
    return [_frame({
        "rule": code, "severity": "note", "table": contract.name, "column": "", "source_column": heading, "row": np.nan, "value": None,
    }, 1) for code, headings in (("C13", personal), ("C12", unknown)) for heading in headings]


def _frame(columns: Mapping[str, str | np.ndarray | pd.Series | float | None], n: int) -> pd.DataFrame:
    """What is one text in all n rows is kept once: ten million rows with a note each are no ten million words."""
    return pd.DataFrame({
        name: pd.Series(columns[name], index=range(n), dtype="Int64") if name == "row"
        else columns[name] if isinstance(columns[name], pd.Series) else throughout(columns[name], n)
        for name in PROBLEM_COLUMNS
    })


def _gate(valid: pd.DataFrame, contract: Contract) -> None:
    """Every table passes its pandera schema before it leaves; the fast rules have said all there is to say, so a
    failure here is a fault in evaltool, not in the file."""
    items = [c for c in valid.columns if contracts.is_item(c) and c not in contract.columns]
    contracts.schema(contract=contract, items=items).validate(valid)
