"""Process charts as an Excel workbook: overview, every point with its limits and signals, and the notes."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pandas as pd

from ..disclosure import demand_release
from ..measures import measure as measure_of
from ..process.declared import left_out
from ..process.overview import overview
from ..process.words import rules_told, series_place
from ..tables import marks
from ..text import t
from ..text.formats import period

if TYPE_CHECKING:
    from ..process.charts import ProcessCharts
    from ..result import Release

OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "nan_inf_to_errors": False}
SIGNS = {
    "better_high": "▲", "better_low": "▲", "worse_high": "▼", "worse_low": "▼", "change_high": "◇", "change_low": "◇",
    "change": "◇", "both": "◆", "common": "∼", "too_few": "…", "hidden": "▒", "no_data": "∅",
}
"""Letters for the icons of a spreadsheet, where no drawing stays with its row; the word stands beside each."""

NUMBERS = ("value", "n", "centre", "low", "high", "baseline")


def process_workbook(*, charts: ProcessCharts, release: Release, lang: str) -> bytes:
    """The workbook as bytes; headings and words in ``lang``, numbers as numbers. Icons stand as a
    letter and their word; the notes hold reason codes in words and why points are left out.

    Raises UsageError on anything but a Release.
    """
    demand_release(release)
    out = io.BytesIO()
    sheets = {
        t("process_sheet.overview", lang): _overview(charts, release, lang), t("process_sheet.points", lang): _points(charts, release, lang),
        t("process_sheet.notes", lang): _notes(charts, release, lang), t("export_sheet.marks", lang): marks(lang=lang),
    }
    with pd.ExcelWriter(out, engine="xlsxwriter", engine_kwargs={"options": OPTIONS}) as writer:
        for title, frame in sheets.items():
            frame.to_excel(writer, sheet_name=title, index=False)
            writer.sheets[title].autofit()
            writer.sheets[title].freeze_panes(1, 0)
    return out.getvalue()


def _overview(charts: ProcessCharts, release: Release, lang: str) -> pd.DataFrame:
    table = overview(charts=charts, release=release, lang=lang)
    names = {"name": "department", "label": "measure", "variation_word": "variation", "assurance_word": "assurance",
             "latest": "latest", "mean": "mean", "limits": "limits", "since": "since"}
    table = table.assign(sign=[SIGNS[code] for code in table["variation"]])[["name", "label", "sign", *list(names)[2:]]]
    return table.rename(columns={old: t(f"process_column.{new}", lang) for old, new in (names | {"sign": "sign"}).items()})


def _points(charts: ProcessCharts, release: Release, lang: str) -> pd.DataFrame:
    rows = charts.points
    frame = pd.DataFrame({
        "department": [series_place(release=release, department=d, lang=lang) for d in rows["department"]],
        "measure": [measure_of(name).text("short", lang) for name in rows["measure"]],
        "period": [period(day, grain, lang) for day, grain in zip(rows["period"], rows["grain"], strict=True)],
        **{name: rows[name].to_numpy() for name in NUMBERS},
        "status": [t(f"point_status.{code}", lang) for code in rows["status"]],
        "rules": [rules_told(rules=told, lang=lang).replace("\n", "; ") for told in rows["rules"]],
    })
    return frame.rename(columns={name: t(f"process_column.{name}", lang) for name in frame.columns})


def _notes(charts: ProcessCharts, release: Release, lang: str) -> pd.DataFrame:
    rows = charts.notes
    head = {"department": [series_place(release=release, department=d, lang=lang) for d in rows["department"]],
            "measure": [measure_of(name).text("short", lang) for name in rows["measure"]],
            "note": [t(f"chart_note.{code}", lang) for code in rows["code"]]}
    told = [(series_place(release=release, department=one.department, lang=lang), measure_of(one.measure).text("short", lang), line)
            for one in charts.summary.itertuples()
            for line in left_out(plan=charts.plan, measure=one.measure, department=one.department, lang=lang)]
    rows = pd.concat([pd.DataFrame(head), pd.DataFrame(told, columns=list(head))], ignore_index=True)
    return rows.rename(columns={name: t(f"process_column.{name}", lang) for name in head})
