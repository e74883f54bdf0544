"""The door: who may come in. Nothing of the study is read before it opens."""

from __future__ import annotations

import streamlit as st

from ..text import t
from .session import lang, study
from .visitor import is_logged_in, visitor


def door() -> None:
    """Go on for those who may; for the others a page that says what to do, and nothing else."""
    access = study().access
    if visitor(access=access) is not None:
        return
    st.title(t("page.door_title", lang()), anchor=False)
    if access.login == "oidc" and not is_logged_in(access=access):
        st.markdown(t("page.door_log_in", lang()))
        if st.button(t("page.log_in", lang()), type="primary"):
            st.login()
    else:
        st.markdown(t("page.door_closed", lang()))
        if access.login == "oidc" and st.button(t("page.log_out", lang())):
            st.logout()
    st.stop()
