"""Findings as a list: symbol, sentence, numbers, and what limits it."""

from __future__ import annotations

from html import escape

import streamlit as st

from ..findings import Finding
from .symbol import symbol


def finding_list(*, findings: list[Finding]) -> None:
    """Draw the findings in the order they come."""
    st.html(f'<ul class="ev-findings">{"".join(_item(one) for one in findings)}</ul>')


def _item(one: Finding) -> str:
    lines = [one.detail, *one.limits]
    how = "<br>".join(escape(line) for line in lines if line)
    return f'<li>{symbol(code=one.symbol, size=18)}<div><div class="what">{escape(one.text)}</div><div class="how">{how}</div></div></li>'
