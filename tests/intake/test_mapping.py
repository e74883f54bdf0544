from __future__ import annotations

import pytest

from evaltool.errors import UsageError
from evaltool.intake.mapping import parse_mapping, read_mapping


def refused(raw: dict) -> UsageError:
    with pytest.raises(UsageError) as caught:
        parse_mapping(name="m.toml", raw=raw)
    assert "m.toml" in caught.value.message("nb")
    return caught.value


def test_full_mapping_reads():
    mapping = parse_mapping(name="m.toml", raw={
        "version": 1, "table": "staff_survey", "file": {"sheet": "Svar", "header_row": 3},
        "columns": {"department": {"from": "Enhet"}, "wave": {"constant": "2024H1"}, "answered_on": {"from": "Dato", "format": "%d.%m.%Y"}},
        "items": {"rsa_r_provider": {"from": "P{n:02d}", "count": 2, "codes": {"Helt uenig": 1}, "missing": {"Vet ikke": 98}}},
    })
    assert mapping.headings() == ("Enhet", "Dato", "P01", "P02")
    assert mapping.items["rsa_r_provider"].codes == {"Helt uenig": 1.0}
    assert mapping.columns["wave"].constant == "2024H1" and mapping.header_row == 3


def base(**more) -> dict:
    return {"version": 1, "table": "stays", **more}


@pytest.mark.parametrize("raw, nearest", [
    (base(colums={}), "columns"),
    (base(file={"encodng": "utf-8"}), "encoding"),
    (base(columns={"admited": {"from": "x"}}), "admitted"),
    (base(columns={"admitted": {"fromm": "x"}}), "from"),
])
def test_unknown_key_names_the_nearest(raw, nearest):
    error = refused(raw)
    assert error.code == "mapping_unknown_key" and error.fields["expected"] == nearest


@pytest.mark.parametrize("raw", [
    {"table": "stays"},
    base(table="beds"),
    base(file={"encoding": "klingon"}),
    base(file={"delimiter": "#"}),
    base(file={"header_row": 0}),
    base(file={"header_row": True}),
    base(file="x"),
    base(columns={"admitted": {}}),
    base(columns={"admitted": {"from": "a", "constant": "b"}}),
    base(columns={"admitted": {"from": 3}}),
    base(columns={"stay_id": {"from": "a", "format": "%d"}}),
    base(columns={"admission_type": {"from": "a", "codes": {"Planlagt": "elective"}}}),
    base(columns={"stay_id": {"from": "a", "missing": "-"}}),
    base(columns={"stay_id": {"from": "a", "decimal": ";"}}),
    base(filter={"a": ["x"]}),
    base(filter={"a": {"keep": ["x"], "drop": ["y"]}}),
    base(filter={"a": {"keep": "x"}}),
    {"version": 1, "table": "user_survey", "items": {"qpr15": {"from": "q{n}", "count": 2, "already_reversed": "yes"}}},
    base(items={"qpr15": {"from": "q{n}", "count": 15}}),
    {"version": 1, "table": "user_survey", "items": {"qpr15": {"from": "q{x}", "count": 15}}},
    {"version": 1, "table": "user_survey", "items": {"qpr15": {"from": "q", "count": 15}}},
    {"version": 1, "table": "user_survey", "items": {"qpr15": {"from": "q{n}"}}},
    {"version": 1, "table": "user_survey", "items": {"qpr15": {"from": "q{n}", "count": 2, "codes": {"a": "b"}}}},
    {"version": 1, "table": "user_survey", "items": {"QPR": {"from": "q{n}", "count": 2}}},
])
def test_wrong_value_is_refused(raw):
    refused(raw)


def test_missing_and_broken_files_are_one_line(tmp_path):
    with pytest.raises(UsageError) as caught:
        read_mapping(path=tmp_path / "no.toml")
    assert caught.value.code == "no_mapping"
    (tmp_path / "bad.toml").write_text("version = = 1")
    with pytest.raises(UsageError) as caught:
        read_mapping(path=tmp_path / "bad.toml")
    assert caught.value.code == "mapping_not_toml" and "\n" not in caught.value.message("nb")
