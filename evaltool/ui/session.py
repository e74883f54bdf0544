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
from .memory import Memory
from .visitor import Visitor, visitor

if TYPE_CHECKING:
    import pandas as pd

    from ..result import Release
    from ..study import Study

Made = TypeVar("Made")
DATA, FILES = "ev_data", "ev_files"
PIECES = Memory(most=4000)
"""Texts, tables and figures ready to send: some ten kilobytes each."""
FRAMES = Memory(most=60)
"""Releases and what is as large as they are."""


def begin() -> None:
    """Find out, once per run of a page, which data it rests on; parts that run again by themselves stay with the page."""
    folder = host().folder
    files = _fingerprint(folder)
    st.session_state[FILES] = (str(folder), *files)
    st.session_state[DATA] = (str(folder), _basis(str(folder), files))


def study() -> Study:
    """The study that ``evaltool dashboard`` was started for, as it is declared now."""
    return _study(*as_written())


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
    return _seen(_data(), seen_by().departments)


def study_quality() -> dict[str, pd.DataFrame]:
    """Tables, response and problem counts for the whole study (no values, nothing by department)."""
    data = _data()
    return FRAMES.get(("quality", *data), lambda: study_status(folder=Path(data[0])))


def remembered(what: str, *about: object, make: Callable[[], Made], memory: Memory = PIECES) -> Made:
    """``make()``, kept in memory for as long as the data, the visitor's departments and ``about`` are the same.

    ``about`` must name everything that the result depends on beside the Release. The result is shared: never change it.
    ``memory``: ``FRAMES`` for a Release or another thing with frames in it.
    """
    return memory.get((*_data(), seen_by().departments, what, about), make)


def as_written() -> tuple:
    """Names the state of the ledger and the declarations as this run of the page found them: for what a decision changes."""
    _data()
    return st.session_state[FILES]


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
def _study(folder: str, *files: tuple) -> Study:
    """By its files and not by what answers rest on: who is taken off the list of visitors is out at once."""
    return open_study(folder=Path(folder))


def _released(data: tuple[str, str]) -> Release:
    return FRAMES.get(("released", *data), lambda: study_release(
        folder=Path(data[0]), who=host().who, when=host().clock(), purpose="dashboard"))


def _seen(data: tuple[str, str], departments: tuple[str, ...]) -> Release:
    whole = _released(data)
    if not departments:
        return whole
    return FRAMES.get(("seen", *data, departments), lambda: within(release=whole, departments=departments))
