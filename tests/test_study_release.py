"""A study's release is remembered: who got what, once or every time, and unrestricted only with a reason."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from evaltool.disclosure import release_facts
from evaltool.errors import PrivacyError
from evaltool.store import events, release_history, released_cells
from evaltool.study import open_study
from evaltool.study_release import study_policy, study_release


@pytest.fixture
def study(fjordvik, fjordvik_release, tmp_path):
    """A copy that nobody has been shown anything of: other tests look at the shared one too."""
    shutil.copytree(fjordvik.folder, tmp_path / "fjordvik")
    with closing(sqlite3.connect(tmp_path / "fjordvik" / "store" / "ledger.sqlite")) as db:
        db.executescript("DROP TABLE IF EXISTS releases; DROP TABLE IF EXISTS released_cells; DROP TABLE IF EXISTS released_parts;")
    return open_study(folder=tmp_path / "fjordvik")


def test_the_log_knows_what_was_shown(study, fjordvik_release):
    for purpose in ("python", "dashboard", "dashboard", "report", "report"):
        study_release(folder=study.folder, purpose=purpose)
    log = release_history(study=study)
    assert log["purpose"].tolist() == ["python", "dashboard", "report", "report"]
    assert set(log["sha256"]) == {release_facts(release=fjordvik_release)["sha256"]}
    series = fjordvik_release.series
    shown = series[series["status"].eq("shown") & series["denominator"].notna()]
    key = ["measure", "department", "kind", "phase", "grain"]
    told = set(released_cells(study=study, role="reader")[key].itertuples(index=False, name=None))
    assert len(shown) and set(shown[key].fillna("").itertuples(index=False, name=None)) <= told
    assert events(study=study)["event"].value_counts()["release"] == len(log)


def test_unrestricted_needs_a_reason(study):
    with pytest.raises(PrivacyError):
        study_release(folder=study.folder, policy_name="unrestricted")
    rules = study_policy(study=study, name="unrestricted", reason="method check", who="ada")
    assert not rules.hides and (rules.reason, rules.who) == ("method check", "ada")


def test_the_limits_of_the_study_hold(study):
    toml = study.folder / "study.toml"
    text = toml.read_text(encoding="utf8")
    assert "[privacy]" in text
    toml.write_text(text.replace("[privacy]", "[privacy]\nmin_df = 33\nmax_share = 0.4", 1), encoding="utf8")
    rules = study_policy(study=open_study(folder=study.folder), name=None, reason=None, who=None)
    assert (rules.min_df, rules.max_share) == (33, 0.4)
