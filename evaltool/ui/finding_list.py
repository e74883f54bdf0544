"""Findings as a list: symbol, sentence, numbers, and what limits it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from ..findings import SIDE_ORDER, Finding, department_by_department, findings
from ..result import ALL, Release
from ..text import t
from .session import lang, remembered, seen_by
from .symbol import symbol

COUNT = re.compile(r"n = [\d\u00a0,]+")
AT_ONCE = 12
"""Findings that are read before the first figure; a study of more measures has the others in a drawer."""
FIRST = ("worse", "better", "not_rated", "no_important_change", "cannot_tell")


def finding_list(*, findings: Sequence[Finding], about: tuple, release: Callable[[], Release] | None = None) -> None:
    """Draw the findings in the order they come; with a ``release`` each about all departments says in how many it holds,
    to those who see all of them. Of more than ``AT_ONCE`` the most important stand first and the others in a drawer.
    ``about``: which findings these are, for the memory."""
    first = most_important(findings=findings, count=AT_ONCE) if len(findings) > AT_ONCE else findings
    _listed(first, about, release)
    if len(first) < len(findings):
        drawer = st.expander(t("page.more_findings", lang(), count=len(findings) - len(first)), on_change="rerun", key="more_findings")
        if drawer.open:
            with drawer:
                _listed([one for one in findings if one not in first], (*about, "others"), release)


def _listed(findings: Sequence[Finding], about: tuple, release: Callable[[], Release] | None) -> None:
    def make() -> str:
        whole = release() if release is not None and not seen_by().departments else None
        where = [department_by_department(release=whole, measure_id=one.measure, lang=lang()) if whole and one.department == ALL else ""
                 for one in findings]
        note = f'<p class="ev-note" style="margin-top:.5rem">{escape(t("page.what_n", lang()))}</p>'
        return f'<ul class="ev-findings">{"".join(map(_item, findings, where))}</ul>{note}'

    st.html(remembered("finding_list", lang(), about, release is not None, make=make))


def told(*, release: Callable[[], Release], about: tuple, department: str = ALL) -> list[Finding]:
    """``findings`` of ``release``, kept in memory; ``about``: what the release was narrowed to."""
    return remembered("findings", lang(), about, department, make=lambda: findings(release=release(), lang=lang(), department=department))


def most_important(*, findings: Sequence[Finding], count: int) -> list[Finding]:
    """At most ``count``: each side's clearest one first, then the next clearest; shown users first, as they came."""
    order = {code: i for i, code in enumerate(FIRST)}
    turns = []
    for side in SIDE_ORDER:
        mine = sorted((f for f in findings if f.side == side), key=lambda f: order.get(f.symbol, len(order)))
        turns += [(turn, one) for turn, one in enumerate(mine)]
    chosen = [one for _, one in sorted(turns, key=lambda pair: pair[0])[:count]]
    return [one for one in findings if one in chosen]


def _item(one: Finding, where: str) -> str:
    how = "<br>".join(_kept(escape(line)) for line in (_standing(one), one.detail, where, *one.limits) if line)
    return (f'<li>{symbol(code=one.symbol, size=18)}<div><div class="what">{escape(one.text)}</div>'
            f'<div class="how">{how}</div></div></li>')


def _kept(line: str) -> str:
    """``line`` with ``n = 12`` never broken over two lines."""
    return COUNT.sub(r'<span class="ev-kept">\g<0></span>', line)


def _standing(one: Finding) -> str:
    """Where something changed: the verdict in a word, and its rung on the claim ladder. Elsewhere the sentence says it."""
    if one.symbol not in ("better", "worse"):
        return ""
    return f"{t(f'verdict.{one.symbol}', lang())} · {t(f'claim.{one.claim}', lang())}".capitalize()
