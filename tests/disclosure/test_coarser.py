"""The rung above a hidden department: its service as a whole, where that tells nothing about anybody."""

from dataclasses import replace

import numpy as np
import pandas as pd
from attacker import Sums
from hypothesis import given, settings
from hypothesis import strategies as st
from small_result import small_result

from evaltool.finest_shown import shown_instead
from evaltool.disclosure import SERVICE, policy, release, within
from evaltool.result import ALL


def released(persons, services):
    result = small_result(persons=persons)
    register = result.register.assign(service=pd.Series([services[d] for d in result.register["department"]], dtype="str"))
    return release(result=replace(result, register=register), policy=policy())


def rows(out):
    return out.series[out.series["kind"].eq("service")].set_index(["department", "phase"])


FIVE = {"a": (3, 30), "b": (20, 20), "c": (30, 30), "d": (40, 40), "e": (50, 50)}
IN = dict.fromkeys("abc", "Bolig") | dict.fromkeys("de", "Rus")


def test_the_service_is_shown_where_a_department_is_hidden_and_says_so_on_its_page():
    out = released(FIVE, IN)
    found = rows(out)
    assert set(found.index) == {(f"{SERVICE}Bolig", "before"), (f"{SERVICE}Bolig", "after")}
    assert found.loc[f"{SERVICE}Bolig", "before"]["n"] == 53 and found.loc[f"{SERVICE}Bolig", "before"]["value"] == 30.0
    table = shown_instead(release=out, department="a", lang="nb")
    assert table.iloc[0].tolist()[1:4] == ["Tjenesten samlet: Bolig", "30,0", "53"]
    assert shown_instead(release=out, department="e", lang="nb").empty
    assert len(rows(within(release=out, departments=("a",)))) == 2 and rows(within(release=out, departments=("e",))).empty


def test_all_departments_are_the_next_rung():
    out = released(FIVE, dict.fromkeys("a", "Alene") | dict.fromkeys("bcde", "Rus"))
    assert rows(out).empty, "the sum of one department is the department, and what is left would tell its companion"
    assert shown_instead(release=out, department="a", lang="en").iloc[0, 1] == "All departments together"


def test_a_service_of_small_departments_alone_is_not_shown():
    out = released({"a": (3, 30), "b": (4, 30), "c": (20, 30), "d": (40, 40)}, dict.fromkeys("ab", "Bolig") | dict.fromkeys("cd", "Rus"))
    assert rows(out).empty


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 25), min_size=3, max_size=7), st.integers(0, 2**7 - 1))
def test_services_bound_nothing_hidden(sizes, which):
    persons = {f"d{i}": (n, 30) for i, n in enumerate(sizes)}
    services = {d: "AB"[which >> i & 1] for i, d in enumerate(persons)}
    out = released(persons, services).series
    out = out[out["phase"].eq("before")].set_index(["kind", "department"])
    known, names = Sums(atoms=pd.DataFrame({"department": list(persons)})), np.array(list(persons))
    for d in persons:
        row = out.loc["phase", d]
        known.add(names == d, *((row["n"], row["n"]) if row["status"] == "shown" else (0, 0) if row["status"] == "no_data" else (1, np.inf)))
    for name, members in [(ALL, set(names)), *((f"{SERVICE}{s}", {d for d in names if services[d] == s}) for s in "AB")]:
        row = out.loc[("phase" if name == ALL else "service", name)] if (("phase" if name == ALL else "service", name)) in out.index else None
        if row is not None and row["status"] == "shown":
            known.add(np.isin(names, list(members)), row["n"], row["n"])
    for d, n in zip(names, sizes, strict=True):
        if 0 < n < 5:
            assert known.narrow(names == d, 5) is None, (d, persons, services)
