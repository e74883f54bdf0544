"""The fix-it list for whoever owns the file: what is wrong, where in their file, how to mend it, does it block.

The only output that quotes cells. HTML to read, XLSX to work through.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .. import resources
from ..contracts import SEVERITIES, Column, Contract, contract, is_item, rule
from ..errors import StoreError
from ..text import t
from ..text.formats import number
from ..whole_file import write_whole

from .fixit_coverage import Grid, changes_grid, clashes_grid, coverage_grids, effects_grid

if TYPE_CHECKING:
    import pandas as pd

    from ..intake.coverage import Coverage

SHOWN_ROWS = 200
"""Rows listed per fault on the page."""

SHEET_ROWS = 5_000
"""And in the spreadsheet: a fault in more rows than that is mended in the column, not row by row."""


@dataclass(frozen=True)
class Fault:
    """One kind of fault in one column, words chosen. ``rows``: (row number, cell) as in the user's file."""

    code: str
    severity: str
    severity_word: str
    heading: str
    what: str
    mend: str
    allowed: str
    effect: str
    count: int
    count_word: str
    rows: tuple[tuple[str, str], ...]
    more: str


def write_fixit(
    *, problems: pd.DataFrame, table: str, source_name: str, out: Path, lang: str, rows_in: int | None = None,
    coverage: Coverage | None = None, changes: Mapping[str, int] | None = None, clashes: pd.DataFrame | None = None,
    effects: tuple[pd.DataFrame | None, str] = (None, ""),
) -> list[Path]:
    """Write ``<source>_fixit.html`` and ``.xlsx`` to the folder ``out``; returns the two paths.

    ``problems`` and ``coverage`` as from ``check``; ``rows_in``: rows read, for the opening lines; ``changes``: rows ``new``,
    ``changed``, ``gone`` and ``unchanged`` since the last extract; ``effects``: what that does to each measure, released
    and in words, and a note; ``clashes``: measure, department and month where stays and monthly totals differ. Most
    important first. Raises StoreError when ``out``
    cannot be written.
    """
    from xlsxwriter.exceptions import XlsxWriterException

    faults = _faults(problems, contract(table), lang)
    words = _words(problems, table, source_name, lang, rows_in)
    grids = [] if changes is None else [changes_grid(changes=changes, lang=lang)]
    grids += [effects_grid(effects=effects[0], note=effects[1], lang=lang)] if effects[1] else []
    grids += [] if clashes is None else [clashes_grid(clashes=clashes, lang=lang)]
    grids += [] if coverage is None else coverage_grids(coverage=coverage, about=contract(table), lang=lang)
    stem = Path(source_name).stem.replace(" ", "_")
    paths = [Path(out) / f"{stem}_fixit.html", Path(out) / f"{stem}_fixit.xlsx"]
    try:
        write_whole(path=paths[0], content=_html(faults, words, grids, lang).encode("utf8"))
        write_whole(path=paths[1], content=_xlsx(problems, table, faults, words, grids, lang))
    except (OSError, XlsxWriterException) as error:
        raise StoreError("fixit_not_written", got=out) from error
    return paths


def _faults(problems: pd.DataFrame, about: Contract, lang: str) -> list[Fault]:
    rank = {name: i for i, name in enumerate(SEVERITIES)}
    groups = problems.groupby(["rule", "severity", "column", "source_column"], sort=False, dropna=False)
    faults = [_fault(key, rows, about, lang) for key, rows in groups]
    return sorted(faults, key=lambda f: (rank[f.severity], -f.count, f.code))


def _fault(key: tuple[str, str, str, str], rows: pd.DataFrame, about: Contract, lang: str) -> Fault:
    code, severity, column, heading = key
    one = rule(about.name, code)
    declared = about.columns.get(column)
    whole_column = rows["row"].isna().all()
    effect = "withheld" if one.withhold else {"stop": "stops", "error": "refused", "note": "kept"}[severity]
    shown = tuple(
        (_row(row), _cell(value)) for row, value in zip(rows["row"][:SHOWN_ROWS], rows["value"][:SHOWN_ROWS], strict=True)
    )
    return Fault(
        code=code, severity=severity, severity_word=t(f"severity.{severity}", lang), heading=_heading(column, heading, declared, lang),
        what=one.text[lang]["what"], mend=one.text[lang]["mend"], allowed=_allowed(code, column, declared, lang),
        effect=t(f"fixit.{'unread' if whole_column else effect}", lang), count=len(rows), count_word=number(len(rows), lang),
        rows=() if whole_column else shown,
        more=_more(len(rows), lang),
    )


def _more(count: int, lang: str) -> str:
    """How many rows of a fault the page leaves out, and whether the spreadsheet has them."""
    if count <= SHOWN_ROWS:
        return ""
    if count <= SHEET_ROWS:
        return t("fixit.more", lang, count=number(count - SHOWN_ROWS, lang))
    return t("fixit.more_than_sheet", lang, count=number(count - SHOWN_ROWS, lang), listed=number(SHEET_ROWS, lang))


def _row(value: object) -> str:
    import pandas as pd

    return "" if pd.isna(value) else str(value)


def _cell(value: object) -> str:
    return value if isinstance(value, str) else ""


def _heading(column: str, heading: str, declared: Column | None, lang: str) -> str:
    """The column by the name it has in their file; a column that is not in the file by our label."""
    return heading or (declared.label[lang] if declared else column) or t("fixit.whole_row", lang)


def _allowed(code: str, column: str, declared: Column | None, lang: str) -> str:
    """What may stand in the cell, where the contract says so."""
    if declared is None or is_item(column):
        return ""
    if code == "C07" and declared.allowed:
        return t("fixit.allowed", lang, values=", ".join(v[lang] for v in declared.allowed.values()))
    if code in ("C04", "C05"):
        ends = {"low": declared.min, "high": declared.max}
        return t("fixit.limits", lang, **{k: "–" if v is None else number(v, lang) for k, v in ends.items()})
    return ""


def _words(problems: pd.DataFrame, table: str, source_name: str, lang: str, rows_in: int | None) -> dict[str, str]:
    refusing = problems[(problems["severity"] != "note") & problems["row"].notna()]
    stops = int((problems["severity"] == "stop").any())
    key = "verdict_stop" if stops else "verdict_rows" if len(refusing) else "verdict_notes"
    count = number(refusing["row"].nunique(), lang)
    return {
        "title": t("fixit.title", lang, file=source_name), "table": contract(table).label[lang],
        "row": contract(table).row[lang], "verdict": t(f"fixit.{key}", lang, count=count),
        "rows_in": t("fixit.rows_in", lang, count=number(rows_in, lang)) if rows_in is not None else "",
        "private": t("fixit.private", lang),
        **{name: t(f"fixit.{name}", lang) for name in
           ("overview", "details", "what", "where", "mend", "count", "effect", "row_number", "cell", "column", "rule",
            "severity", "empty_cell")},
    }


def _html(faults: list[Fault], words: dict[str, str], grids: list[Grid], lang: str) -> str:
    from jinja2 import Environment, StrictUndefined

    template = resources.report_template("fixit.html").read_text(encoding="utf8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(template).render(faults=faults, w=words, grids=grids, lang=lang)


def _xlsx(
    problems: pd.DataFrame, table: str, faults: list[Fault], words: dict[str, str], grids: list[Grid], lang: str
) -> bytes:
    import io

    import xlsxwriter

    safe = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(made := io.BytesIO(), safe) as book:
        styles = {
            "head": book.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": "#005F87", "text_wrap": True, "valign": "top"}),
            "body": book.add_format({"text_wrap": True, "valign": "top", "font_color": "#1B2733"}),
            "title": book.add_format({"bold": True, "font_size": 14, "font_color": "#1B2733"}),
        }
        _overview(book.add_worksheet(words["overview"][:31]), faults, words, styles)
        _details(book.add_worksheet(words["details"][:31]), problems, contract(table), faults, words, lang, styles)
        for number_of, grid in enumerate(grids, start=1):
            _grid(book.add_worksheet(f"{number_of} {grid.short}"[:31]), grid, styles)
    return made.getvalue()


def _overview(sheet, faults: list[Fault], words: dict[str, str], styles: dict) -> None:
    sheet.write(0, 0, words["title"], styles["title"])
    sheet.write(1, 0, words["verdict"])
    sheet.write(2, 0, words["private"])
    columns = [("rule", 8), ("severity", 12), ("column", 26), ("count", 10), ("what", 48), ("mend", 60), ("effect", 32)]
    _head(sheet, 4, columns, words, styles["head"])
    for i, f in enumerate(faults, start=5):
        cells = [f.code, f.severity_word, f.heading, f.count, f.what, f"{f.mend} {f.allowed}".strip(), f.effect]
        sheet.write_row(i, 0, cells, styles["body"])


def _details(sheet, problems: pd.DataFrame, about: Contract, faults: list[Fault], words: dict, lang: str, styles: dict) -> None:
    columns = [("row_number", 10), ("column", 26), ("cell", 30), ("what", 48), ("mend", 60), ("effect", 32), ("rule", 8)]
    _head(sheet, 0, columns, words, styles["head"])
    sheet.freeze_panes(1, 0)
    by_key = {(f.code, f.severity, f.heading): f for f in faults}
    key = ["rule", "severity", "column", "source_column"]
    listed = problems[problems.groupby(key, dropna=False).cumcount() < SHEET_ROWS]
    last = 0
    for rule_, severity, column, heading, row, cell in zip(*(listed[c].tolist() for c in (*key, "row", "value")), strict=True):
        f = by_key[rule_, severity, _heading(column, heading, about.columns.get(column), lang)]
        last += 1
        _texts(sheet, last, [_row(row), f.heading, _cell(cell)[:32_000], f.what, f"{f.mend} {f.allowed}".strip(), f.effect, f.code], styles)
    sheet.autofilter(0, 0, max(1, last), len(columns) - 1)
    for f in faults:
        if f.count > SHEET_ROWS:
            last += 1
            left = t("fixit.not_listed", lang, count=number(f.count - SHEET_ROWS, lang))
            _texts(sheet, last, ["", f.heading, left, f.what, f"{f.mend} {f.allowed}".strip(), f.effect, f.code], styles)


def _texts(sheet, row: int, cells: list[str], styles: dict) -> None:
    for place, text in enumerate(cells):
        if text:
            sheet.write_string(row, place, text, styles["body"])
        else:
            sheet.write_blank(row, place, None, styles["body"])


def _grid(sheet, grid: Grid, styles: dict) -> None:
    sheet.write(0, 0, grid.title, styles["title"])
    sheet.set_column(0, 0, 34)
    sheet.write_row(2, 0, ["", *grid.columns], styles["head"])
    for i, (name, cells) in enumerate(grid.rows, start=3):
        sheet.write_row(i, 0, [name, *(cell.text for cell in cells)], styles["body"])
    if grid.note:
        sheet.write(4 + len(grid.rows), 0, grid.note)


def _head(sheet, row: int, columns: list[tuple[str, int]], words: dict[str, str], style) -> None:
    for i, (name, width) in enumerate(columns):
        sheet.set_column(i, i, width)
        sheet.write(row, i, words[name], style)
