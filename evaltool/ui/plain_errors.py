"""What went wrong in plain words: a study file that no longer can be read, a store that is locked. Never a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from ..errors import EvaltoolError
from ..text import LANGUAGES, t
from .host import host


@contextmanager
def plain_errors() -> Iterator[None]:
    """Run a page; an error of ours becomes its one line, with what it got, what is expected and how to mend it."""
    try:
        yield
    except EvaltoolError as error:
        asked = st.session_state.get("lang") or st.query_params.get("lang")
        lang = asked if asked in LANGUAGES else LANGUAGES[0]
        st.title(t("page.fault_title", lang), anchor=False)
        st.error(error.message(lang).replace(f"{host().folder}/", ""))
        st.html(f'<p class="ev-note">{t("page.fault_what_now", lang)}</p>')
