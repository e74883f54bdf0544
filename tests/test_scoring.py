"""The scoring engine: hand-computed examples of every form, and what it refuses."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from evaltool.errors import ScoringError
from evaltool.instruments import available, instrument
from evaltool.scoring import check_examples, score, scoring_table

COLUMNS = ["row", "scale", "score", "n_items", "n_answered", "n_na", "n_dk", "scored", "reason"]


def filled(name: str, rows: list[float]) -> pd.DataFrame:
    """One respondent per value, every item answered with it."""
    return pd.DataFrame({column: rows for column in instrument(name).columns}, dtype="float64")


@pytest.mark.parametrize("name", [name for name in available() if instrument(name).status != "slot"])
def test_worked_examples(name):
    result = check_examples(instrument=instrument(name))
    assert len(result) and result["agrees"].all(), result[~result["agrees"]].to_string()


@pytest.mark.parametrize("name", [name for name in available() if instrument(name).status != "slot"])
def test_every_scale_stands_in_an_example_and_in_its_range(name):
    form = instrument(name)
    covered = {scale for example in form.examples for scale in example["scores"]}
    assert covered == {scale.id for scale in form.scales}
    for example in form.examples:
        for scale, fields in example["scores"].items():
            value = fields.get("score")
            low, high = form.scale(scale).range
            assert value is None or low <= value <= high


def test_the_frame_has_the_canonical_columns_and_types():
    out = score(answers=filled("qpr15", [0, 4]), instrument=instrument("qpr15"))
    assert list(out.columns) == COLUMNS
    assert out["scale"].dtype == "str" and out["reason"].dtype == "str"
    assert out["row"].tolist() == [0, 1] and out["score"].tolist() == [0, 60]
    assert out["reason"].isna().all()


def test_row_is_the_position_whatever_the_index_and_extra_columns_are_ignored():
    answers = filled("qpr15", [1, 2, 3])
    answers.index = [30, 10, 20]
    answers.insert(0, "department", ["a", "b", "c"])
    before = answers.copy(deep=True)
    out = score(answers=answers, instrument=instrument("qpr15"))
    assert out["row"].tolist() == [0, 1, 2] and out["score"].tolist() == [15, 30, 45]
    pd.testing.assert_frame_equal(answers, before)


def test_no_rows_give_no_scores():
    out = score(answers=filled("rsa_r_provider", []), instrument=instrument("rsa_r_provider"))
    assert list(out.columns) == COLUMNS and out.empty


def test_out_of_range_is_an_error_with_counts_and_without_values():
    answers = filled("qpr15", [1, 2, 3])
    answers.loc[[0, 1], "qpr15_03"] = [5, 8]
    answers.loc[2, "qpr15_07"] = 2.5
    with pytest.raises(ScoringError) as caught:
        score(answers=answers, instrument=instrument("qpr15"))
    assert caught.value.code == "out_of_range"
    assert caught.value.fields["counts"] == "qpr15_03: 2, qpr15_07: 1"
    assert "8" not in caught.value.message("nb") and "2.5" not in caught.value.message("en")


def test_missing_columns_are_an_error():
    with pytest.raises(ScoringError) as caught:
        score(answers=filled("qpr15", [1]).drop(columns=["qpr15_09"]), instrument=instrument("qpr15"))
    assert "qpr15_09" in caught.value.message("en")


def test_nullable_and_integer_columns_score_alike():
    answers = filled("rsa_r_provider", [3, 5])
    want = score(answers=answers, instrument=instrument("rsa_r_provider"))
    for dtype in ("Int64", "int8", "Float64"):
        pd.testing.assert_frame_equal(score(answers=answers.astype(dtype), instrument=instrument("rsa_r_provider")), want)


def test_long_table_holds_every_answer_code():
    table = scoring_table(instrument=instrument("rsa_r_provider"))
    assert list(table.columns) == ["form", "scale", "item", "value", "coefficient"]
    assert len(table) == (32 + 32) * 5
    assert (table["coefficient"] == table["value"]).all()


def test_a_million_forms_in_seconds():
    import time

    rng = np.random.default_rng(3)
    answers = pd.DataFrame(rng.integers(0, 5, (200_000, 15)).astype(float), columns=instrument("qpr15").columns)
    start = time.perf_counter()
    out = score(answers=answers, instrument=instrument("qpr15"))
    assert time.perf_counter() - start < 4
    assert len(out) == 200_000 and np.array_equal(out["score"].to_numpy(), answers.sum(axis=1).to_numpy())


def test_a_slot_is_refused_and_says_what_is_missing():
    with pytest.raises(ScoringError) as caught:
        score(answers=pd.DataFrame(), instrument=instrument("rsa_n_20"))
    assert caught.value.code == "instrument_slot" and "key_for: rsa_n_20" in caught.value.message("nb")


def test_printed_reversals_must_be_declared():
    form, answers = instrument("core10"), filled("core10", [4])
    with pytest.raises(ScoringError) as caught:
        score(answers=answers, instrument=form)
    assert caught.value.code == "reversal_undeclared"
    assert score(answers=answers, instrument=form, already_reversed=False)["score"].tolist() == [32]
    assert score(answers=answers, instrument=form, already_reversed=True)["score"].tolist() == [40]


def test_coefficients_of_reversed_and_uneven_items():
    table = scoring_table(instrument=instrument("rki")).set_index(["item", "value"])["coefficient"]
    assert table[(2, 1)] == 5 and table[(2, 4)] == 2 and table[(1, 1)] == 1
    audit = scoring_table(instrument=instrument("audit"))
    assert audit.loc[audit["item"] == 9, "value"].tolist() == [0, 2, 4]


def test_values_1_and_3_are_errors_on_the_last_audit_items():
    answers = filled("audit", [0, 0])
    answers["audit_09"] = [1.0, 3.0]
    with pytest.raises(ScoringError) as caught:
        score(answers=answers, instrument=instrument("audit"))
    assert caught.value.fields["counts"] == "audit_09: 2"


def test_a_line_takes_decimals_within_its_ends_only():
    answers = filled("ors", [0.1, 9.9])
    assert score(answers=answers, instrument=instrument("ors"))["score"].tolist() == pytest.approx([0.4, 39.6])
    with pytest.raises(ScoringError):
        score(answers=answers + 0.2, instrument=instrument("ors"))


def test_raw_and_metric_never_share_a_name():
    out = score(answers=filled("swemwbs", [3]), instrument=instrument("swemwbs"))
    assert dict(zip(out["scale"], out["score"], strict=True)) == {"metric": 19.25, "raw": 21}


def test_the_metric_rises_with_the_raw_sum():
    convert = instrument("swemwbs").scale("metric").convert
    metric = [convert[float(raw)] for raw in range(7, 36)]
    assert len(convert) == 29 and np.all(np.diff(metric) > 0)
    assert instrument("wemwbs").scale("short_metric").convert == convert


@pytest.mark.parametrize("name", [name for name in available() if instrument(name).status != "slot"])
def test_scores_of_chance_answers_stay_in_range_and_depend_only_on_their_own_row(name):
    form, rng = instrument(name), np.random.default_rng(11)
    answers = pd.DataFrame({
        item.column: rng.uniform(*item.codes, 60) if item.continuous else rng.choice([*item.codes, *item.missing, np.nan], 60)
        for item in form.items
    })
    out = score(answers=answers, instrument=form, already_reversed=False)
    for scale in form.scales:
        rows = out[out["scale"] == scale.id]
        got = rows["score"].dropna()
        assert got.between(scale.range[0] - 1e-9, scale.range[1] + 1e-9).all()
        assert (rows["scored"] == rows["score"].notna()).all() and (rows["scored"] == rows["reason"].isna()).all()
        assert (rows["n_answered"] <= rows["n_items"]).all()
    alone = score(answers=answers.iloc[[7]], instrument=form, already_reversed=False)
    together = out[out["row"] == 7].reset_index(drop=True).assign(row=0)
    pd.testing.assert_frame_equal(alone, together)
