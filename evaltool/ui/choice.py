"""Choosing one or some of a list, with the choice in the address by its code, so that a link survives the language
switch, and kept when the visitor goes to another page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import streamlit as st

Option = TypeVar("Option")


def choice(
    *, label: str, options: Sequence[Option], key: str, text: Callable[[Option], str] = str, anything: str | None = None,
    box=st,
) -> Option | None:
    """One of ``options``; with ``anything`` (the text for no choice) None until one is chosen. ``key``: its name in the
    address. ``box``: the container it stands in."""
    codes = {str(one): one for one in options}
    asked = st.query_params.get_all(key)
    if asked and asked != st.session_state.get(f"asked_{key}") and asked[0] in codes:
        st.session_state[f"choice_{key}"] = codes[asked[0]]
    elif st.session_state.get(f"choice_{key}") not in codes.values():
        st.session_state.pop(f"choice_{key}", None)
    found = box.selectbox(label, options, key=f"choice_{key}", format_func=text, index=None if anything else 0,
                          placeholder=anything, persist_state="session")
    _tell(key, [] if found is None or (not anything and found == options[0]) else [str(found)])
    return found


def choices(
    *, label: str, options: Sequence[Option], key: str, anything: str, text: Callable[[Option], str] = str, box=st,
) -> tuple[Option, ...]:
    """Some of ``options``, none of them while nothing is chosen (shown as ``anything``)."""
    codes = {str(one): one for one in options}
    asked = st.query_params.get_all(key)
    if asked and asked != st.session_state.get(f"asked_{key}"):
        st.session_state[f"choice_{key}"] = [codes[one] for one in asked if one in codes]
    elif f"choice_{key}" in st.session_state:
        st.session_state[f"choice_{key}"] = [one for one in st.session_state[f"choice_{key}"] if one in codes.values()]
    found = box.multiselect(label, options, key=f"choice_{key}", format_func=text, placeholder=anything, select_all=False,
                            persist_state="session")
    _tell(key, [str(one) for one in found])
    return tuple(found)


def is_chosen(*, keys: Sequence[str]) -> bool:
    """Has the visitor, or the address, chosen anything under ``keys``?"""
    return any(st.session_state.get(f"choice_{key}") or st.query_params.get(key) for key in keys)


def forget(*, keys: Sequence[str], many: Sequence[str] = ()) -> None:
    """Back to no choice, in a callback. ``many``: those of ``keys`` that hold several."""
    for key in keys:
        st.session_state[f"choice_{key}"] = [] if key in many else None
        st.query_params.pop(key, None)


def _tell(key: str, codes: list[str]) -> None:
    """Write the choice into the address, and remember that it is ours."""
    if st.query_params.get_all(key) != codes:
        if codes:
            st.query_params[key] = codes
        else:
            st.query_params.pop(key, None)
    st.session_state[f"asked_{key}"] = codes
