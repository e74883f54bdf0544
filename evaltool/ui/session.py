"""What every page needs: the study, the language, the theme, the visitor and the Release that this visitor may see.

Everything is read through here. What is kept in memory is shared by all sessions, so the departments a visitor may
see are part of every key.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import streamlit as st

from ..disclosure import within
from ..store import rests_on
from ..study import open_study
from ..study_release import study_release, study_status
from ..text import LANGUAGES
from .host import host
from .visitor import Visitor, visitor

if TYPE_CHECKING:
    import pandas as pd

    from ..result import Release
    from ..study import Study

Made = TypeVar("Made")
DATA = "ev_data"


def begin() -> None:
    """Find out, once per run of a page, which data it rests on; parts that run again by themselves stay with the page."""
    folder = host().folder
    st.session_state[DATA] = (str(folder), _basis(str(folder), _fingerprint(folder)))


def study() -> Study:
    """The study that ``evaltool dashboard`` was started for, as it is declared now."""
    return _study(*_data())


def lang() -> str:
    """``nb`` or ``en``: chosen in the header, else what the address says, else the study's own language."""
    chosen = st.session_state.get("lang") or st.query_params.get("lang")
    return chosen if chosen in LANGUAGES else study().language


def theme() -> str:
    """``light`` or ``dark``, as the browser shows the page."""
    return "dark" if st.context.theme.type == "dark" else "light"


def seen_by() -> Visitor:
    """The visitor of this session; the page stops where there is none."""
    found = visitor(access=study().access)
    if found is None:
        st.stop()
    return found


def released() -> Release:
    """The Release this visitor may see; computed anew only when the store, study.toml or a register file changes."""
    return _seen(*_data(), seen_by().departments)


def study_quality() -> dict[str, pd.DataFrame]:
    """Tables, response and problem counts for the whole study (no values, nothing by department)."""
    return _quality(*_data())


def remembered(what: str, *about: object, make: Callable[[], Made]) -> Made:
    """``make()``, kept in memory for as long as the data, the visitor's departments and ``about`` are the same.

    ``about`` must name everything that the result depends on beside the Release. The result is shared: never change it.
    """
    return _made((*_data(), seen_by().departments), what, about, make)


def _data() -> tuple[str, str]:
    if DATA not in st.session_state:
        begin()
    return st.session_state[DATA]


@lru_cache(maxsize=4)
def _basis(folder: str, fingerprint: tuple) -> str:
    """Names what the answers rest on. A decision or a line in the log changes the files, and not this."""
    return rests_on(study=open_study(folder=Path(folder)), request={})


def _fingerprint(folder: Path) -> tuple:
    """Changes when any file of the study changes that an answer could rest on."""
    files = [folder / "study.toml", *sorted((folder / "register").glob("*")), *sorted((folder / "store").glob("ledger*"))]
    return tuple((f.name, f.stat().st_mtime_ns, f.stat().st_size) for f in files if f.exists() and not f.name.endswith("-shm"))


@lru_cache(maxsize=4)
def _study(folder: str, basis: str) -> Study:
    return open_study(folder=Path(folder))


@st.cache_resource(show_spinner=False, max_entries=4)
def _released(folder: str, basis: str) -> Release:
    return study_release(folder=Path(folder), who=host().who, when=host().clock(), purpose="dashboard")


@st.cache_resource(show_spinner=False, max_entries=64)
def _seen(folder: str, basis: str, departments: tuple[str, ...]) -> Release:
    whole = _released(folder, basis)
    return within(release=whole, departments=departments) if departments else whole


@st.cache_resource(show_spinner=False, max_entries=4)
def _quality(folder: str, basis: str) -> dict[str, pd.DataFrame]:
    return study_status(folder=Path(folder))


@st.cache_resource(show_spinner=False, max_entries=4000)
def _made(key: tuple, what: str, about: tuple, _make: Callable) -> object:
    return _make()
