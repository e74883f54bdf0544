"""The policies: each limit hides what it says, with its own reason in what reviewers get, and lets through what is allowed."""

from dataclasses import fields

import pandas as pd
import pytest
from small_result import small_result
from small_store import SMALLEST as SMALLEST_STUDY

from evaltool.disclosure import Policy, policy, release, release_facts
from evaltool.errors import PrivacyError, StudyError
from evaltool.result import ALL, Result
from evaltool.settings import Privacy
from evaltool.store import events, release_history
from evaltool.study import open_study
from evaltool.study_release import gated, study_policy

SHARE = "readmission_30d_unplanned"
LARGE = {"b": (60, 60), "c": (70, 70), "d": (80, 80)}


def table(*, a: tuple[int, int] = (40, 40), measure: str = SHARE, inside: float = 20, outside: float = 20, top: float = 0.1, kind: str = "phase",
          departments: float = 1, alone: bool = False) -> Result:
    """Department ``a`` beside three large ones; what is said of ``a`` before the start (or, ``alone``, of all together)."""
    made = small_result(persons={"a": a, **LARGE}, measure=measure)
    series, mine = made.series, made.series["department"].eq("a") & made.series["phase"].eq("before")
    if measure == SHARE:
        series[["persons_numerator", "persons_complement"]] = 20.0
        series.loc[mine, ["persons_numerator", "persons_complement"]] = (inside, outside)
    series["persons_top_share"] = 0.01
    series.loc[mine, "persons_top_share"] = top
    extra = series[mine].assign(kind=kind)
    if kind != "phase":
        made = Result(**{f.name: getattr(made, f.name) for f in fields(made) if f.name != "series"}, series=pd.concat([series, extra], ignore_index=True))
    made.estimates.loc[made.estimates["department"].eq("a"), "departments"] = departments
    return made


LIMITS = {
    "few_persons": ({"a": (4, 40)}, "default", "open_internal"),
    "few_persons under ten": ({"a": (9, 40)}, "strict", "default"),
    "few_inside": ({"inside": 4}, "default", "open_internal"),
    "few_outside": ({"outside": 4}, "default", "open_internal"),
    "everybody_alike at 100 %": ({"inside": 40, "outside": 0}, "default", "open_internal"),
    "everybody_alike at 0 %": ({"inside": 0, "outside": 40}, "strict", "default"),
    "everybody_alike of a sensitive measure": ({"inside": 0, "outside": 40}, "sensitive", "default"),
    "one_person_most": ({"top": 0.6}, "default", "open_internal"),
    "few_rows under a median": ({"a": (8, 40), "kind": "phase_median"}, "default", "open_internal"),
    "few_rows under a median, strict": ({"a": (15, 40), "kind": "phase_median"}, "strict", "default"),
    "few_rows under single points": ({"a": (15, 40), "kind": "phase_extreme"}, "default", "open_internal"),
    "few_degrees_of_freedom": ({"a": (12, 12), "departments": 14}, "default", "open_internal"),
}


def rules(name: str) -> Policy:
    return policy(sensitive=(SHARE,)) if name == "sensitive" else policy(name=name)


@pytest.mark.parametrize("limit", LIMITS)
def test_each_limit_hides_under_one_policy_and_not_under_the_other(limit):
    changed, closed, open_ = LIMITS[limit]
    reason, counts = limit.partition(" ")[0], {}
    for name in (closed, open_):
        facts = release_facts(release=release(result=table(**changed), policy=rules(name)))
        counts[name] = sum(facts["reasons"].get(reason, {}).values())
    plain = sum(release_facts(release=release(result=table(), policy=rules(closed)))["reasons"].get(reason, {}).values())
    assert counts[closed] > counts[open_] and counts[closed] > plain, counts


def test_what_is_hidden_is_gone_from_the_row_and_its_reason_stands_there():
    out = release(result=table(a=(4, 40)), policy=policy())
    rows = out.series[out.series["status"].eq("suppressed")]
    assert len(rows) and rows["reason"].notna().all() and rows.drop(columns=["period"]).select_dtypes("number").isna().all(axis=None)


def test_three_persons_only_by_choice_and_never_fewer(tmp_path):
    def study(privacy: str):
        (tmp_path / "study.toml").write_text(f"{SMALLEST_STUDY}{privacy}", encoding="utf8")
        return study_policy(study=open_study(folder=tmp_path), name=None, reason=None, who="ada")

    assert (study("").name, study("").min_persons) == ("default", 5)
    assert study("[privacy]\nmin_persons = 3\n").min_persons == 3
    assert study('[privacy]\npolicy = "open_internal"\n').min_persons == 3
    assert study('[privacy]\npolicy = "strict"\nmin_persons = 3\n').min_persons == 10
    with pytest.raises(StudyError, match="3"):
        study("[privacy]\nmin_persons = 2\n")
    with pytest.raises(PrivacyError):
        study('[privacy]\npolicy = "unrestricted"\n')


def test_every_threshold_can_be_set_or_is_fixed_by_the_policy():
    fixed = {"name", "hide_all", "hide_none", "compares", "who"}
    assert {f.name for f in fields(Policy)} - fixed <= {f.name for f in fields(Privacy)}


def test_unrestricted_hides_nothing_and_the_log_says_why_and_for_whom(tmp_path):
    (tmp_path / "study.toml").write_text(SMALLEST_STUDY, encoding="utf8")
    study, result = open_study(folder=tmp_path), table(a=(4, 40))
    for who, reason in (("", "check"), ("ada", " ")):
        with pytest.raises(PrivacyError):
            policy(name="unrestricted", reason=reason, who=who)
    shown = gated(study=study, rules=policy(name="unrestricted", reason="method check", who="ada"), request={}, make=lambda: result, who="ada",
                  when=None, purpose="export")
    assert shown.estimates["status"].ne("suppressed").all() and shown.series["status"].eq("shown").all()
    log = release_history(study=study).iloc[-1]
    assert (log["policy"], log["reason"], log["who"], log["role"], log["hidden"]) == ("unrestricted", "method check", "ada", "researcher", 0)
    told = events(study=study).iloc[-1]
    assert (told["policy"], told["reason"], told["who"], told["sha256"]) == ("unrestricted", "method check", "ada", log["sha256"])
    assert ALL in set(shown.estimates["department"])
