"""The workbook: hidden, nothing and not computable are said in words where the number would stand; no formula is alive."""

import numpy as np
import pandas as pd
from small_result import small_result

from evaltool.disclosure import policy, release
from evaltool.export.export_xlsx import export_xlsx


def read(tmp_path, lang):
    result = small_result(persons={"a": (4, 30), "b": (20, 20), "c": (30, 30), "d": (0, 30), "e": (30, 30)})
    gone = result.estimates["department"].isin(["d", "e"])
    result.estimates.loc[gone, ["estimate", "conf_low", "conf_high"]] = np.nan
    result.estimates.loc[result.estimates["department"].eq("c"), "estimate"] = 0.0
    result.register["name"] = '=HYPERLINK("x")'
    path = export_xlsx(release=release(result=result, policy=policy()), folder=tmp_path / lang, lang=lang)
    return pd.read_excel(path, sheet_name=None, engine="calamine")


def test_four_things_are_four_marks(tmp_path):
    for lang, sheet in (("nb", "Estimater"), ("en", "Estimates")):
        number = read(tmp_path, lang)[sheet].set_index("department")["estimate"]
        marks = [str(number[d]) for d in "acde"]
        assert len(set(marks)) == 4 and marks[1] in ("0", "0.0")
        assert [m[0] for m in (marks[0], marks[2], marks[3])] == ["▒", "∅", "×"]


def test_the_legend_and_the_reasons_are_in_it(tmp_path):
    sheets = read(tmp_path, "en")
    assert len(sheets["Marks"]) == 4 and len(sheets["What is hidden"]) >= 1
    assert sheets["Departments"]["name"].tolist() == ['=HYPERLINK("x")'] * 5
