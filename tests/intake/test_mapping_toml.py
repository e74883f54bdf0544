from __future__ import annotations

import tomllib

from hypothesis import given, settings
from hypothesis import strategies as st

from evaltool.intake.mapping import ColumnMap, FileMapping, ItemMap, RowFilter, parse_mapping
from evaltool.intake.mapping_toml import mapping_toml

TEXT = st.text(st.characters(blacklist_categories=("Cs",)), min_size=1, max_size=12)


@settings(deadline=None)
@given(heading=TEXT, word=TEXT, codes=st.dictionaries(TEXT, st.sampled_from(["planned", "unplanned"]), min_size=1, max_size=4), remark=TEXT)
def test_what_is_written_is_read_back(heading, word, codes, remark):
    mapping = FileMapping(
        name="m", table="stays", delimiter=";", header_row=2, sheet=word, filters=(RowFilter(heading, keep=(word, "")),),
        columns={"stay_id": ColumnMap(source=heading, missing=(word,)), "admission_type": ColumnMap(source=heading, codes=codes),
                 "department": ColumnMap(constant=word), "admitted": ColumnMap(source=word, format="%d.%m.%Y")},
    )
    text = mapping_toml(mapping=mapping, remarks={"": [remark], "columns.stay_id": [f"{remark}\n{remark}"]})
    assert parse_mapping(name="m", raw=tomllib.loads(text)) == mapping


def test_numbered_headings_become_a_pattern():
    for sources in (("P01", "P02", "P03"), ("q5", "q6"), ("a{1}", "a{2}"), ("x_1_rad", "x_2_rad"), ("b", "a"), ("q08", "q09", "q10")):
        mapping = FileMapping(name="m", table="user_survey", items={"qpr15": ItemMap(sources, codes={"Enig": 3.0}, already_reversed=True)})
        text = mapping_toml(mapping=mapping, remarks={})
        assert parse_mapping(name="m", raw=tomllib.loads(text)) == mapping
    assert 'from = "q{n:02d}"' in text and "first = 8" in text
