"""The glossary: verdicts, claims, phases and statuses, and the definition of every measure in the Release."""

from __future__ import annotations

from html import escape
from importlib.metadata import version
from platform import python_version

import pandas as pd
import streamlit as st

from ..contracts import contract
from ..figures.symbols import ROLES
from ..result import STATUSES, Release
from ..studied import studied
from ..tables import method_name
from ..text import t
from ..text.formats import date
from ..verdict import CLAIMS
from .chart_card import plain
from .session import lang
from .symbol import symbol
from .text_table import remembered_table

WORDS = ("recovery", "interval", "n", "important", "trend", "usual", "wash_in", "readmission", "bed_days", "hidden", "snapshot", "score")
LIBRARIES = ("pandas", "scipy", "statsmodels", "streamlit", "plotly")
PHASES = ("before", "wash_in", "after", "paused", "not_started")


def verdicts() -> None:
    """What each verdict means, with its symbol."""
    _words([(symbol(code=code, size=18), t(f"verdict.{code}", lang()), t(f"about_verdict.{code}", lang())) for code in ROLES])


def claims() -> None:
    """How strongly something is said."""
    _words([("", t(f"claim.{code}", lang()), t(f"about_claim.{code}", lang())) for code in CLAIMS])


def phases() -> None:
    """The phases of a department."""
    _words([("", t(f"phase.{code}", lang()), t(f"about_phase.{code}", lang())) for code in PHASES])


def statuses() -> None:
    """Why a number may be missing."""
    signs = [(symbol(code=code, size=18), t(f"status.{code}", lang()), t(f"about_status.{code}", lang())) for code in STATUSES[1:]]
    _words([*signs, ("", "0", t("export_sheet.zero", lang()))])


def glossary() -> None:
    """Words that the pages use, in the order of the alphabet."""
    words = sorted((t(f"glossary.{word}", lang()), t(f"glossary.{word}_about", lang())) for word in WORDS)
    _words([("", word, text) for word, text in words])


def methods_explained(*, release: Release) -> None:
    """Which methods the numbers on the pages are made with, and why each was taken."""
    def frame() -> pd.DataFrame:
        rows = release.estimates[["method", "why"]].dropna().drop_duplicates()
        return pd.DataFrame([{t("column.method", lang()): method_name(method=row.method, lang=lang()), t("about.why", lang()): t(f"why.{row.why}", lang())}
                             for row in rows.itertuples(index=False)])

    remembered_table(make=frame, about=("methods",), caption=t("page.about_methods", lang()))


def versions_explained(*, release: Release) -> None:
    """What the numbers rest on: program, libraries, data, rules for tables and for privacy."""
    remembered_table(make=lambda: _versions(release), about=("versions",), caption=t("page.about_versions", lang()))


def _versions(release: Release) -> pd.DataFrame:
    p = release.provenance
    facts = [("evaltool", p.version), ("Python", python_version()), *((name, version(name)) for name in LIBRARIES),
             (t("about.snapshot", lang()), p.snapshot[:12]), (t("about.as_of", lang()), date(p.as_of, lang())),
             (t("about.policy", lang()), str(release.policy["name"])),
             *((t("about.contract", lang(), table=contract(name).label[lang()]), str(number)) for name, number in p.contracts.items())]
    return pd.DataFrame(facts, columns=[t("about.what", lang()), t("about.version", lang())])


def _words(rows: list[tuple[str, str, str]]) -> None:
    items = "".join(f'<li><span>{mark}</span><div><div class="what">{escape(word)}</div><div class="how">{escape(text)}</div></div></li>'
                    for mark, word, text in rows)
    st.html(f'<ul class="ev-findings">{items}</ul>')


def measures_explained(*, release: Release) -> None:
    """Definition and smallest important change of each measure, folded in."""
    for name in release.spec.measures:
        m = studied(release=release, name=name)
        with st.expander(m.text("label", lang())):
            st.markdown(f"**{t('page.definition', lang())}** {plain(m.text('definition', lang()))}")
            st.markdown(f"**{t('page.important_change', lang())}** {plain(m.text('important_source', lang()))}")
            st.markdown(f"**{t('page.how_to_read', lang())}** {plain(m.text('reading', lang()))}")
