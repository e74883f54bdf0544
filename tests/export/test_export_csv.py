"""The tidy CSV: read back it is the Release, every column is in the codebook, hidden is empty with a status."""

import pandas as pd
import pytest
from small_result import small_result

from evaltool.disclosure import policy, release
from evaltool.errors import UsageError
from evaltool.export.export_csv import export_csv


def test_read_back_it_is_the_release(tmp_path):
    out = release(result=small_result(persons={"a": (4, 30), "b": (20, 20), "c": (30, 30)}), policy=policy())
    export_csv(release=out, folder=tmp_path / "x", lang="nb")
    back = pd.read_csv(tmp_path / "x" / "estimates.csv", dtype={"subgroup": "str"})
    numbers = [c for c in back if pd.api.types.is_numeric_dtype(out.estimates[c])]
    pd.testing.assert_frame_equal(back[numbers].astype("float64"), out.estimates[numbers])
    assert back.set_index("department").loc["a", "status"] == "suppressed"
    assert back.set_index("department").loc["a", numbers].isna().all()


def test_every_column_is_explained_in_both_languages(tmp_path):
    out = release(result=small_result(persons={"a": (20, 30), "b": (20, 20)}), policy=policy())
    for lang in ("nb", "en"):
        paths = export_csv(release=out, folder=tmp_path / lang, lang=lang)
        book = pd.read_csv(tmp_path / lang / "codebook.csv")
        for path in paths:
            known = set(book.loc[book["file"] == path.name, "name"])
            assert path.name == "codebook.csv" or known == set(pd.read_csv(path).columns)
        assert book["text"].notna().all()


def test_a_result_is_refused(tmp_path):
    with pytest.raises(UsageError):
        export_csv(release=small_result(persons={"a": (9, 9)}), folder=tmp_path, lang="nb")
