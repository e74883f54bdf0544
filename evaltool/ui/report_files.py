"""Report and export made for one visitor, in a folder of its own that is gone when the bytes are in hand."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from ..export.export_csv import export_csv
from ..export.export_xlsx import workbook
from ..report.write_report import write_report
from ..result import ALL, Release
from ..stay_tables import OWN
from ..study_readmission import study_readmission
from ..text import t
from .decision_list import visible
from .session import FRAMES, lang, released, remembered, study, study_quality
from .views_part import seen_view

TYPES = {".pdf": "application/pdf", ".html": "text/html", ".zip": "application/zip",
         ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
PREVIEW_PX = 900


def report_files(*, release: Release, department: str, lang: str) -> dict[str, bytes]:
    """File name -> content of the report in each format."""
    with tempfile.TemporaryDirectory() as folder:
        paths = write_report(release=release, views=seen_view("perspectives"), stays=_stays(), quality=study_quality(), out=Path(folder),
                             lang=lang, name=study().name[lang], plan=study().process, decisions=visible(release=release), rounded=study().privacy.counts == "round",
                             department=None if department == ALL else department)
        return {path.name: path.read_bytes() for path in paths}


def _stays() -> Release | None:
    """Readmission by the study's own definition, all departments: the report tells no single one of it."""
    if "readmission_30d_unplanned" not in released().spec.measures or "stays" not in set(study_quality()["tables"]["table"]):
        return None
    folder = study().folder
    return remembered("readmission_whole", OWN, memory=FRAMES, make=lambda: study_readmission(folder=folder, definition=OWN))


def show_report(*, files: Mapping[str, bytes] | None) -> None:
    """Buttons for what was made, and the HTML one to look at."""
    if not files:
        return
    with st.container(horizontal=True):
        for name, content in files.items():
            st.download_button(t("page.download_file", lang(), name=name), content, name, TYPES[Path(name).suffix],
                               on_click="ignore", key=f"get_{name}")
    page = next((content for name, content in files.items() if name.endswith(".html")), None)
    if page is not None:
        st.header(t("page.report_preview", lang()), anchor=False)
        st.iframe(page.decode("utf8"), height=PREVIEW_PX)


def export_files(*, release: Release) -> None:
    """All released frames with codebook, as CSV files packed together or as one workbook, made when somebody takes it."""
    language = lang()  # The file is made when there is no page any more to ask.
    with st.container(horizontal=True):
        st.download_button(t("page.export_get", lang()), lambda: _zipped(release, language), "evaltool-export.zip", TYPES[".zip"], on_click="ignore")
        st.download_button(t("page.export_workbook", lang()), lambda: workbook(release=release, lang=language), "evaltool-export.xlsx", TYPES[".xlsx"], on_click="ignore")


def _zipped(release: Release, lang: str) -> bytes:
    out = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for path in export_csv(release=release, folder=Path(folder), lang=lang):
            pack.write(path, path.name)
    return out.getvalue()
