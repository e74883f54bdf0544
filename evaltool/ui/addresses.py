"""The pages, their addresses and who may open them. Addresses are the same in both languages, so that a shared link
survives the language switch. No imports from Streamlit: the server reads this list before there is a page."""

from __future__ import annotations

from dataclasses import dataclass

from ..settings import ROLES

EVERYBODY = ROLES
MAKERS = ("advisor", "researcher", "administrator")


@dataclass(frozen=True)
class Address:
    """One page: ``key`` names its file in ``dashboards/views`` and its texts, ``path`` stands in the address bar.

    ``group``: pages with the same group share a menu; the empty one stands in the bar itself.
    """

    key: str
    path: str
    group: str = ""
    roles: tuple[str, ...] = EVERYBODY


ADDRESSES = (
    Address("overview", ""),
    Address("department", "avdeling"),
    Address("users", "brukere"),
    Address("staff", "ansatte"),
    Address("services", "tjenester"),
    Address("implementation", "innforing"),
    Address("decisions", "beslutninger"),
    Address("statistics", "statistikk", "more", ("advisor", "researcher", "administrator")),
    Address("process", "variasjon", "more"),
    Address("data_quality", "datakvalitet", "more"),
    Address("import_file", "import", "more", ("administrator",)),
    Address("report", "rapport", "more", MAKERS),
    Address("about", "om", "more"),
)
DEPARTMENT_PATH, ABOUT_PATH = (next(a.path for a in ADDRESSES if a.key == key) for key in ("department", "about"))
