"""schemas/tables/*.yaml keep their own format, and the fast rules agree with the pandera schema built from them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaltool import contracts
from evaltool.errors import ContractError, UsageError
from evaltool.rules import Context, find

TABLES = (
    "coded_themes", "components", "contacts", "departments", "invitations", "persons", "rollout", "service_counts", "sessions",
    "staff_survey", "stays", "user_survey", "values_exercise",
)


def raw(**more):
    both = {"nb": "x", "en": "x"}
    column = {"type": "id", "required": "filled", "label": both, "synonyms": {"nb": [], "en": []}}
    return {"version": 1, "label": both, "row": both, "about": "services", "key": ["a"], "columns": {"a": column}, "rules": {}} | more


def test_every_table_has_a_contract_that_reads():
    assert contracts.names() == TABLES
    for name in TABLES:
        assert contracts.contract(name).columns


def test_rule_codes_are_unique_across_tables_and_cells():
    codes = [code for name in TABLES for code in contracts.contract(name).rules] + list(contracts.cell_rules())
    assert len(codes) == len(set(codes))


def test_unknown_table_names_the_known_ones():
    with pytest.raises(UsageError) as caught:
        contracts.contract("stay")
    assert "stays" in caught.value.message("nb")


@pytest.mark.parametrize("broken", [
    raw(colour="red"),
    raw(key=["b"]),
    raw(about="cats"),
    raw(label={"nb": "x"}),
    raw(rules={"X01": {"kind": "odd", "columns": ["a"], "severity": "error", "text": {}}}),
    raw(columns={"a": {"type": "word", "required": "filled", "label": {"nb": "", "en": ""}, "synonyms": {"nb": [], "en": []}}}),
    raw(columns={"a": {"type": "code", "required": "filled", "label": {"nb": "", "en": ""}, "synonyms": {"nb": [], "en": []}}}),
])
def test_contract_with_unknown_words_is_refused(broken):
    with pytest.raises(ContractError) as caught:
        contracts.parse_contract(name="odd", raw=broken)
    assert "odd.yaml" in caught.value.message("nb")


def stays(n: int = 6) -> pd.DataFrame:
    """Six clean stays with canonical types."""
    days = pd.date_range("2024-01-01", periods=n, freq="10D").as_unit("us")
    frame = pd.DataFrame({
        "stay_id": [f"s{i}" for i in range(n)], "person": [f"p{i}" for i in range(n)], "department": ["a"] * n,
        "admitted": days, "discharged": days + pd.Timedelta(days=2), "admission_type": ["planned"] * n,
        "legal_basis": ["voluntary"] * n, "discharged_to": ["home"] * n, "died": [False] * n,
    })
    return frame.astype({c.name: c.dtype for c in contracts.contract("stays").columns.values()})


def pandera_rows(frame: pd.DataFrame, table: str) -> set[tuple[str, int]]:
    """(check, row) pairs of the pandera schema, in the fast rules' words."""
    import pandera.errors

    try:
        contracts.schema(contract=contracts.contract(table)).validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as error:
        cases = error.failure_cases.dropna(subset=["index"])
        unique = {r.columns: r.code for r in contracts.contract(table).rules.values() if r.kind == "unique"}
        words = {"not_nullable": "C01"} | {"unique " + " ".join(c): code for c, code in unique.items()}
        return {(words.get(check, check), int(row)) for check, row in zip(cases["check"], cases["index"], strict=True)}
    return set()


def fast_rows(frame: pd.DataFrame, table: str) -> set[tuple[str, int]]:
    """The same from the fast rules, without notes and without what needs other tables or other rows."""
    about = contracts.contract(table)
    skip = {r.code for r in about.rules.values() if r.severity == "note" or r.kind in ("alive", "overlap")}
    found = find(frame=frame, contract=about, context=Context())
    return {(code, int(i)) for code, _, positions in found for i in positions if code not in skip}


def test_clean_stays_pass_both():
    assert pandera_rows(stays(), "stays") == fast_rows(stays(), "stays") == set()


@pytest.mark.parametrize("column, row, value, rule", [
    ("department", 2, np.nan, "C01"),
    ("stay_id", 4, "s1", "S01"),
    ("admission_type", 0, "elective", "C07"),
    ("admitted", 3, pd.Timestamp("1822-01-01"), "C09"),
    ("discharged", 1, pd.Timestamp("2023-01-01"), "S07"),
])
def test_one_fault_is_the_same_fault_for_both(column, row, value, rule):
    frame = stays()
    frame.loc[row, column] = value
    assert fast_rows(frame, "stays") == pandera_rows(frame, "stays") == {(rule, row)}


def test_death_without_an_end_is_the_same_fault_for_both():
    frame = stays()
    frame.loc[5, "died"] = True
    frame.loc[5, "discharged"] = pd.NaT
    assert fast_rows(frame, "stays") == pandera_rows(frame, "stays") == {("S11", 5)}


def components() -> pd.DataFrame:
    about = contracts.contract("components")
    frame = pd.DataFrame({
        "department": list("abcdef"), "component": ["training"] * 6, "event_date": pd.Timestamp("2024-05-01"),
        "end_date": pd.Timestamp("2024-05-02"), "dose_value": 3.0, "dose_unit": "hours", "n_staff": [4, -1, 2.5, 9, np.nan, 1],
        "n_staff_eligible": [10, 10, 10, 8, 10, 200_000], "n_users": np.nan, "co_intervention": False,
    })
    return frame.astype({c.name: c.dtype for c in about.columns.values()})


def test_limits_and_whole_numbers_agree():
    expected = {("C04", 1), ("C03", 2), ("K03", 3), ("C05", 5)}
    assert fast_rows(components(), "components") == expected
    assert pandera_rows(components(), "components") == expected


ROWS = st.lists(st.integers(0, 11), max_size=4, unique=True)


@settings(max_examples=25, deadline=None)
@given(nobody=ROWS, elective=ROWS, again=ROWS, early=ROWS, undated=ROWS, dead=ROWS, ancient=ROWS, same=ROWS)
def test_any_faults_are_the_same_for_both(nobody, elective, again, early, undated, dead, ancient, same):
    """Whatever is wrong, in whatever combination, pandera says the same of each row as the fast rules. A cell that a cell
    rule has judged is judged once by the fast rules, and a row that stands there twice under one number is said once, so
    what pandera says more is about such cells and rows only."""
    frame = stays(12)
    frame.loc[same, ["person", "admitted", "discharged"]] = frame.loc[0, ["person", "admitted", "discharged"]].to_numpy()
    frame.loc[again, "stay_id"] = "s0"
    frame.loc[nobody, "person"] = np.nan
    frame.loc[elective, "admission_type"] = "elective"
    frame.loc[early, "discharged"] = frame.loc[early, "admitted"] - pd.Timedelta(days=1)
    frame.loc[undated, "discharged"] = pd.NaT
    frame.loc[dead, "died"] = True
    frame.loc[ancient, "admitted"] = pd.Timestamp("1822-01-01")
    fast, slow = fast_rows(frame, "stays"), pandera_rows(frame, "stays")
    judged = set(nobody) | set(ancient) | set(again)
    assert fast - slow <= {("S02", row) for row in judged}, fast - slow
    assert slow - fast <= {(code, row) for row in judged for code in ("S02", "S07")}, slow - fast
    assert {row for _, row in fast - {("S02", row) for row in judged}} <= {row for _, row in slow}
    assert {row for code, row in slow if code not in ("S02",)} <= {row for _, row in fast}


def test_schema_refuses_an_extra_column():
    import pandera.errors

    with pytest.raises(pandera.errors.SchemaErrors):
        contracts.schema(contract=contracts.contract("stays")).validate(stays().assign(name="x"), lazy=True)
