"""A file somebody chose, in a folder of this session that goes when the session does."""

from __future__ import annotations

import tempfile
from pathlib import Path

import streamlit as st

from ..intake import KINDS
from ..text import t
from .session import lang

FOLDER = "ev_upload_folder"


def uploaded() -> tuple[Path | None, str]:
    """The file as a path with its own name, and what names this upload; None while nothing is chosen."""
    said = t("page.import_file_help", lang(), kinds=", ".join(sorted(KINDS)), limit=st.get_option("server.maxUploadSize"))
    st.html(f'<p class="ev-note">{said}</p>')
    file = st.file_uploader(t("page.import_upload", lang()), type=[kind.lstrip(".") for kind in KINDS], key="upload")
    if file is None:
        return None, ""
    if FOLDER not in st.session_state:
        st.session_state[FOLDER] = tempfile.TemporaryDirectory()
    path = Path(st.session_state[FOLDER].name) / Path(file.name).name
    if st.session_state.get("ev_upload") != file.file_id:
        path.write_bytes(file.getvalue())
        st.session_state["ev_upload"] = file.file_id
        for made in ("ev_checked", "ev_read", "ev_proposed", "ev_imported"):
            st.session_state.pop(made, None)
    return path, file.file_id
