"""The menu: the pages this visitor's role may open, in their language."""

from __future__ import annotations

import streamlit as st

from ..text import t
from .addresses import ADDRESSES
from .session import lang, seen_by


def menu() -> st.Page:
    """Streamlit's navigation with the allowed pages only; a page that is left out cannot be reached by its address."""
    role = seen_by().role
    groups: dict[str, list] = {}
    for one in ADDRESSES:
        if role in one.roles:
            heading = t(f"page.{one.group}", lang()) if one.group else ""
            groups.setdefault(heading, []).append(st.Page(
                f"views/{one.key}.py", title=t(f"page.{one.key}", lang()), url_path=one.path, default=not one.path))
    return st.navigation(groups, position="top")
