"""Many findings: the most important first, the others in a drawer, none lost and none twice."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest


def page(many):
    import streamlit as st

    from evaltool.findings import Finding
    from evaltool.ui import finding_list

    finding_list.lang = lambda: "nb"
    finding_list.remembered = lambda *about, make: make()
    finding_list.symbol = lambda *, code, size: ""
    sides = ("user", "staff", "service")
    found = [Finding(measure=f"m{i}", department="a", side=sides[i % 3], verdict="cannot_tell", symbol="worse" if i == many - 1 else "cannot_tell", text=f"Funn {i:02d}.",
                     detail="", limits=(), claim="described") for i in range(many)]
    finding_list.finding_list(findings=found, about=("a",))
    st.write("end")


@pytest.mark.parametrize(("many", "drawn", "rest"), [(12, 12, None), (20, 12, "Vis 8 funn til")])
def test_the_most_important_stand_first_and_the_others_in_a_drawer(monkeypatch, many, drawn, rest):
    from evaltool.ui import finding_list

    for name in ("lang", "remembered", "symbol"):
        monkeypatch.setattr(finding_list, name, getattr(finding_list, name))
    app = AppTest.from_function(page, args=(many,)).run()
    assert not app.exception
    text = " ".join(one.proto.body for one in app.get("html"))
    assert text.count("Funn ") == drawn and f"Funn {many - 1:02d}." in text, "the one that got worse is among the first"
    assert [one.label for one in app.expander] == ([rest] if rest else [])
