import itertools
import math

import pandas as pd
import pytest

from evaltool.measures import measure
from evaltool.result import ALL, ESTIMATE_COLUMNS, ESTIMATE_TEXT, NOTE_COLUMNS, NOTE_TEXT, canonical
from evaltool.verdict import CLAIMS, DEPARTMENT_CAPS, NO_ANSWER, OVERALL_CAPS, VERDICTS, judge, verdict

QPR = measure("qpr15_total")


@pytest.mark.parametrize(
    ("low", "high", "direction", "important", "expected"),
    [
        (1, 9, 1, 4, "better"), (-9, -1, 1, 4, "worse"), (-9, -1, -1, 4, "better"), (1, 9, -1, 4, "worse"),
        (-3, 3, 1, 4, "no_important_change"), (1, 3, 1, 4, "no_important_change"), (-3, 5, 1, 4, "cannot_tell"),
        (1, 4, 1, 4, "better"), (-3, 3, 1, None, "cannot_tell"), (1, 3, 1, None, "better"),
        (math.nan, math.nan, 1, 4, "cannot_tell"), (1, 9, 0, None, "not_rated"), (0, 9, 1, 4, "cannot_tell"),
    ],
)
def test_verdict_of_an_interval(low, high, direction, important, expected):
    assert verdict(low=low, high=high, direction=direction, important=important) == expected


def test_ratios_compare_with_one():
    assert verdict(low=0.5, high=0.9, direction=-1, important=None, ratio=True) == "better"
    assert verdict(low=0.5, high=1.1, direction=-1, important=None, ratio=True) == "cannot_tell"


def one(low, high, *, department="a", method="welch", codes=()):
    estimates = canonical(
        pd.DataFrame([{"measure": QPR.id, "department": department, "estimand": "mean_difference", "method": method,
                       "conf_low": low, "conf_high": high}]), ESTIMATE_COLUMNS, ESTIMATE_TEXT)
    notes = canonical(pd.DataFrame(
        [{"measure": QPR.id, "department": department, "code": c, "severity": "caution"} for c in codes]
    ), NOTE_COLUMNS, NOTE_TEXT)
    return judge(estimates=estimates, measures={QPR.id: QPR}, notes=notes).iloc[0]


@pytest.mark.parametrize(
    ("department", "method", "highest"),
    [
        ("a", "welch", "associated"), ("a", "shrunken", "described"), (ALL, "welch", "described"),
        (ALL, "mixed_department", "consistent_with_effect"), (ALL, "fixed_effects_cr2", "described"),
    ],
)
def test_highest_rung_of_each_kind_of_row(department, method, highest):
    assert one(1, 9, department=department, method=method)["claim"] == highest
    assert one(-1, 9, department=department, method=method)["claim"] == "described"


@pytest.mark.parametrize(("department", "caps"), [("a", DEPARTMENT_CAPS), (ALL, OVERALL_CAPS)])
def test_every_cap_lowers_the_rung_and_only_one_the_verdict(department, caps):
    for code, highest in caps.items():
        got = one(1, 9, department=department, method="mixed_department", codes=[code])
        assert (got["verdict"], got["claim"]) == ("cannot_tell" if code == NO_ANSWER else "better", highest)


KINDS = [("a", "welch", DEPARTMENT_CAPS, "associated"), ("a", "shrunken", DEPARTMENT_CAPS, "described"),
         (ALL, "welch", OVERALL_CAPS, "described"), (ALL, "fixed_effects_cr2", OVERALL_CAPS, "described"),
         (ALL, "mixed_department_person", OVERALL_CAPS, "consistent_with_effect")]
EDGES = {(1, 9): "better", (-9, -1): "worse", (-1, 3): "no_important_change", (1, 3): "no_important_change", (-6, 6): "cannot_tell"}


@pytest.mark.parametrize(("department", "method", "caps", "highest"), KINDS, ids=[f"{d}-{m}" for d, m, *_ in KINDS])
def test_every_set_of_notes_leaves_the_lowest_rung_of_its_notes_and_the_verdict(department, method, caps, highest):
    """All subsets of the notes that cap, with every verdict: each is a measure of its own in one frame."""
    sets = [some for size in range(len(caps) + 1) for some in itertools.combinations(caps, size)]
    cases = [(f"m{i}", ends, some) for i, (ends, some) in enumerate(itertools.product(EDGES, sets))]
    estimates = canonical(pd.DataFrame([
        {"measure": name, "department": department, "estimand": "mean_difference", "method": method, "conf_low": low, "conf_high": high}
        for name, (low, high), _ in cases]), ESTIMATE_COLUMNS, ESTIMATE_TEXT)
    notes = canonical(pd.DataFrame([
        {"measure": name, "department": department, "code": code, "severity": "caution"} for name, _, some in cases for code in some
    ]), NOTE_COLUMNS, NOTE_TEXT)
    got = judge(estimates=estimates, measures={name: QPR for name, *_ in cases}, notes=notes)
    assert len(got) == len(EDGES) * 2 ** len(caps)
    for (_, (low, high), some), verdict_, claim in zip(cases, got["verdict"], got["claim"], strict=True):
        reach = highest if low > 0 or high < 0 else "described"
        said = "cannot_tell" if NO_ANSWER in some and EDGES[low, high] in ("better", "worse") else EDGES[low, high]
        assert (verdict_, claim) == (said, min([reach, *(caps[code] for code in some)], key=CLAIMS.index))


def test_single_departments_never_pass_associated_whatever_the_interval():
    edges = [-9, -4, -1, 0, 1, 4, 9]
    for low, high in itertools.combinations(edges, 2):
        got = one(low, high)
        assert got["verdict"] in VERDICTS
        assert got["claim"] in ("described", "associated")
        if low <= 0 <= high:
            assert got["claim"] == "described"


def test_judge_is_pure():
    estimates = canonical(pd.DataFrame([{"measure": QPR.id, "department": "a"}]), ESTIMATE_COLUMNS, ESTIMATE_TEXT)
    notes = canonical(pd.DataFrame(), NOTE_COLUMNS, NOTE_TEXT)
    judge(estimates=estimates, measures={QPR.id: QPR}, notes=notes)
    assert estimates["verdict"].isna().all()
