"""What every page needs: the study, the language, the theme and the Release, computed once per snapshot and policy."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from ..study import open_study
from ..study_release import study_release, study_status
from .serve import STUDY_VARIABLE

if TYPE_CHECKING:
    from ..result import Release

DEPARTMENT_PATH, QUALITY_PATH = "avdeling", "datakvalitet"
"""Addresses of the pages; the same in both languages, so that a shared link survives the language switch."""


def study_folder() -> Path:
    """The folder that ``evaltool dashboard`` was started for."""
    return Path(os.environ[STUDY_VARIABLE])


def lang() -> str:
    """``nb`` or ``en``: chosen in the header, else what the address says, else the study's own language."""
    chosen = st.session_state.get("lang") or st.query_params.get("lang")
    return chosen if chosen in ("nb", "en") else _study_language(str(study_folder()), _fingerprint(study_folder()))


def theme() -> str:
    """``light`` or ``dark``, as the browser shows the page."""
    return "dark" if st.context.theme.type == "dark" else "light"


def released() -> Release:
    """The study's Release; computed anew only when the store, study.toml or a register file changes."""
    folder = study_folder()
    return _released(str(folder), _fingerprint(folder))


def study_quality() -> dict:
    """Tables, waves, response and problem counts (no values) for the data-quality page."""
    folder = study_folder()
    return _quality(str(folder), _fingerprint(folder))


def _fingerprint(folder: Path) -> tuple:
    """Changes when anything the answers rest on changes."""
    files = [folder / "study.toml", *sorted((folder / "register").glob("*")), *sorted((folder / "store").glob("ledger*"))]
    return tuple((f.name, f.stat().st_mtime_ns, f.stat().st_size) for f in files if f.exists() and not f.name.endswith("-shm"))


@st.cache_data(show_spinner=False, max_entries=4)
def _study_language(folder: str, fingerprint: tuple) -> str:
    return open_study(folder=Path(folder)).language


@st.cache_resource(show_spinner=False, max_entries=4)
def _released(folder: str, fingerprint: tuple) -> Release:
    return study_release(folder=Path(folder))


@st.cache_data(show_spinner=False, max_entries=4)
def _quality(folder: str, fingerprint: tuple) -> dict:
    return study_status(folder=Path(folder))
