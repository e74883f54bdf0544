"""The fix-it list says what a file would do to each measure: through the gate, into the log, and nothing is imported."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from evaltool.compare.levels import levels
from evaltool.fix_it import fix_it
from evaltool.receipts import Request
from evaltool.store import history, load
from evaltool.store.releases import release_history
from evaltool.study_release import gated, study_policy
from tests.test_import_source import STAYS, put, study, write  # noqa: F401

DAYS = pd.date_range("2024-07-01", periods=90, freq="6D")
LONG = pd.Timedelta(days=3)


def rows(n: int, first: int = 0) -> list[str]:
    """Stays of three nights, one person each, in the started department."""
    return [f"s{i},p{i},a,{DAYS[i % len(DAYS)]:%Y-%m-%d},{DAYS[i % len(DAYS)] + LONG:%Y-%m-%d}" for i in range(first, first + n)]


@pytest.fixture
def shown(study):  # noqa: F811
    """The study with ninety stays, and what they come to shown to a reader."""
    put(study, write(study, rows(90)))
    rules = study_policy(study=study, name=None, reason=None, who="x")
    gated(study=study, rules=rules, request={"method": "test"}, make=lambda: levels(dataset=load(study=study), study=study), who="leader",
          when=None, purpose="report", closes=False)
    return study


def effects(study, lines, out, lang="nb") -> tuple[dict, str]:  # noqa: F811
    facts = fix_it(study=study, request=Request(path=write(study, lines, "new.csv"), table="stays", mapping_path=None, sheet=None),
                   out=out, lang=lang, who="kari")
    page = (out / "new_fixit.html").read_text(encoding="utf8").replace("\xa0", " ").replace("\u202f", " ")
    part = page[page.index("Hva det ville gjøre med hvert mål"):].split("<h2>")[0]
    return dict(re.findall(r'<th scope="row">([^<]+)</th>(.+?)</tr>', part)), part


def test_each_measure_as_shown_and_as_it_would_be(shown, tmp_path):
    longer = [f"t{i},q{i},a,{DAYS[-9]:%Y-%m-%d},{DAYS[-9] + 4 * LONG:%Y-%m-%d}" for i in range(30)]
    found, _ = effects(shown, [*rows(90), *longer, "bad,p1,a,31.02.2025,"], tmp_path / "o")
    late = sum(DAYS[i % len(DAYS)] + LONG >= pd.Timestamp("2025-06-01") for i in range(90))
    nights = (3 * late + 12 * 30) / (late + 30)
    after = next(cells for name, cells in found.items() if name.startswith("Liggetid") and name.endswith("etter"))
    assert re.findall(r"([\d,]+) \(n = (\d+)\)", after) == [("3,0", str(late)), (f"{nights:.1f}".replace(".", ","), str(late + 30))]
    before = next(cells for name, cells in found.items() if name.startswith("Liggetid") and name.endswith("før"))
    assert "uendret" in before
    assert len(history(study=shown)) == 1 and len(load(study=shown).tables["stays"]) == 90
    assert release_history(study=shown)[["who", "purpose"]].to_numpy().tolist() == [["leader", "report"], ["kari", "check"]]


def test_what_two_new_rows_do_is_not_shown(shown, tmp_path):
    found, _ = effects(shown, [*rows(90), *rows(2, 90), "bad,p1,a,31.02.2025,"], tmp_path / "o")
    touched = [cells for cells in found.values() if "uendret" not in cells]
    assert touched and all("ikke vist" in cells for cells in touched)


def test_a_file_that_would_be_refused_and_a_study_never_shown_say_so(study, tmp_path):  # noqa: F811
    put(study, write(study, rows(90)))
    facts, part = effects(study, rows(9) + ["bad,p1,zzz,2025-01-01,"], tmp_path / "o")
    assert facts == {} and "kan ikke leses inn slik den er" in part
    facts, part = effects(study, rows(90) + ["bad,p1,zzz,2025-01-01,"], tmp_path / "o")
    assert facts == {} and "ikke vist fra tidligere data" in part and len(release_history(study=study)) == 0
