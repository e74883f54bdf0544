"""S17 and T06: where stays and monthly totals of the same department and month differ, whichever of the two comes last."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from evaltool.errors import CheckError
from evaltool.fix_it import fix_it
from evaltool.import_source import check_source, import_source
from evaltool.receipts import Request
from evaltool.store import quality
from evaltool.study import open_study

STUDY = '[study]\nid = "x"\nname = { nb = "X", en = "X" }\nas_of = 2025-04-30\n'
STAYS = "stay_id,person,department,admitted,discharged\n" + "".join(
    f"s{i},p{i},{'ab'[i % 2]},2025-01-{i:02d},2025-03-{i:02d}\n" for i in range(1, 9))
"""Each of the four in ``b`` (odd numbers): 31 - i nights in January, 28 in February, i - 1 in March; ``a`` has the even ones."""
HEAD = "department,month,measure,numerator\n"
RIGHT = "b,2025-03-01,bed_days,12\na,2025-03-01,bed_days,16\na,2025-03-01,beds,7\n"
WRONG = "a,2025-04-01,bed_days,3\nb,2025-04-01,bed_days,0\nb,2025-03-01,admissions,1\n"


@pytest.fixture
def study(tmp_path):
    (tmp_path / "study.toml").write_text(STUDY)
    (tmp_path / "register").mkdir()
    (tmp_path / "register" / "departments.csv").write_text("department,name\na,Alfa\nb,Bravo\n")
    (tmp_path / "register" / "rollout.csv").write_text("department;start\na;2025-03-01\n")
    return open_study(folder=tmp_path)


def put(study, table, text):
    path = study.folder / f"{table}.csv"
    path.write_text(text, encoding="utf8")
    return import_source(study=study, path=path, table=table, who="kari", when=dt.datetime(2025, 5, 1, tzinfo=dt.UTC)).checked


def told(checked, code):
    rows = checked.problems[checked.problems["rule"] == code]
    assert set(rows["severity"]) <= {"note"}
    return sorted(rows["row"])


def test_the_rows_of_totals_that_differ_are_noted_and_kept(study):
    assert told(put(study, "service_counts", HEAD + RIGHT + WRONG), "T06") == [], "nothing to clash with yet"
    put(study, "stays", STAYS)
    checked = put(study, "service_counts", HEAD + WRONG + RIGHT)
    assert told(checked, "T06") == [2, 4] and checked.n_refused == 0
    counted = quality(study=study).set_index("rule")["rows"]
    assert counted["T06"] == 2


def test_the_stays_say_so_too_when_they_come_last(study):
    put(study, "service_counts", HEAD + RIGHT + WRONG)
    checked = put(study, "stays", STAYS)
    # The first stay of b lies in March (admissions), a had none in April: its first stay is shown.
    assert told(checked, "S17") == [2, 3] and checked.n_refused == 0


def test_refused_rows_are_no_part_of_the_sum(study):
    put(study, "service_counts", HEAD + RIGHT)
    path = study.folder / "stays.csv"
    path.write_text(STAYS + "s1,p1,b,2025-03-01,2025-03-08\n", encoding="utf8")
    problems = check_source(study=study, path=path, table="stays").problems
    assert problems["rule"].tolist() == ["S01"], "the second row s1 adds no nights"


@pytest.mark.parametrize(("lang", "words"), [("nb", ("Måneder der opphold og månedstall er ulike", "april 2025")), ("en", ("Months in which stays and monthly counts differ", "April 2025"))])
def test_the_fix_it_list_has_the_department_and_the_months(study, lang, words):
    put(study, "stays", STAYS)
    path = study.folder / "totals.csv"
    path.write_text(HEAD + RIGHT + WRONG, encoding="utf8")
    facts = fix_it(study=study, request=Request(path=path, table="service_counts", mapping_path=None, sheet=None), out=study.folder / "o", lang=lang)
    assert {one["rule"]: one["count"] for one in facts["problems"]} == {"T06": 2}
    page = Path(facts["report"][0]).read_text(encoding="utf8")
    assert words[0] in page and "T06" in page
    cells = re.findall(r'<th scope="row">([^<]*) · (\w)</th><td class="c">(\d+)</td>\s*<td class="c">([^<]*)', page.replace("\n", ""))
    assert [(place, n) for _, place, n, _ in cells] == [("a", "1"), ("b", "1")] and words[1].casefold() in cells[0][3].casefold()


def test_a_limit_in_the_study_makes_it_stop(study):
    put(study, "stays", STAYS)
    (study.folder / "study.toml").write_text(STUDY + "[rules.T06]\nmost = 1\n")
    with pytest.raises(CheckError) as caught:
        put(open_study(folder=study.folder), "service_counts", HEAD + RIGHT + WRONG)
    assert "T06" in caught.value.message("nb")
