"""One line in the log per page a visitor opens; a store that cannot be written does not keep anybody out."""

from __future__ import annotations

import streamlit as st

from ..errors import StoreError
from ..store import record_visit
from .host import host
from .session import seen_by, study


def visits(*, page: str) -> None:
    """Log that this visitor opened ``page``, once until they go to another one."""
    if st.session_state.get("ev_page") == page:
        return
    st.session_state["ev_page"] = page
    who = seen_by()
    try:
        record_visit(store=study().store, at=host().clock(), who=who.who, role=who.role, page=page or "/",
                     keep_days=study().access.log_days)
    except StoreError as error:
        st.session_state["ev_log_fault"] = error.code
