"""Who is looking, and what they may see. Decided here and used where data are loaded, never in a page."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from ..settings import ROLES, Access
from .host import host


@dataclass(frozen=True)
class Visitor:
    """``departments``: those they may see; empty is all. A ``role`` is one of ``settings.ROLES``."""

    who: str
    role: str
    departments: tuple[str, ...] = ()


def visitor(*, access: Access) -> Visitor | None:
    """The one behind this session; None for somebody who is not in ``access`` or has not logged in.

    Without a login the dashboard answers this machine only, and whoever sits at it is the owner of the study.
    """
    if access.login == "none":
        return Visitor(who=host().who, role=ROLES[-1])
    who = _name(access)
    for person in access.persons:
        if who and person.who.casefold() == who.casefold():
            return Visitor(who=person.who, role=person.role, departments=person.departments)
    return None


def is_logged_in(*, access: Access) -> bool:
    """Has somebody come through the login, whether or not they may see anything?"""
    return access.login == "none" or (bool(st.user.is_logged_in) if access.login == "oidc" else bool(_name(access)))


def _name(access: Access) -> str:
    """The verified address of the person: from the login service, or from the header the proxy sets."""
    if access.login == "oidc" and not st.user.is_logged_in:
        return ""
    if access.login == "oidc" and st.user.get("email_verified") is False:
        return ""
    return str(st.user.get("email") or "")
