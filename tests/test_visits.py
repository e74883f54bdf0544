"""The log of visits is kept for the days that study.toml says, and not longer."""

import datetime as dt

from small_store import WHEN

from evaltool.store import record_visit, visits


def see(store, days_ago, keep_days=30, page="om"):
    record_visit(store=store, at=WHEN - dt.timedelta(days=days_ago), who="kari", role="leader", page=page, keep_days=keep_days)


def test_a_visit_is_kept_and_then_forgotten(tmp_path):
    see(tmp_path, 40, page="old")
    see(tmp_path, 10, page="newer")
    see(tmp_path, 0, page="last")
    assert visits(store=tmp_path)["page"].tolist() == ["last", "newer"]


def test_no_log_is_kept_where_none_is_wanted(tmp_path):
    see(tmp_path, 0, keep_days=0)
    assert not list(tmp_path.iterdir()) and visits(store=tmp_path).empty
    see(tmp_path, 1)
    see(tmp_path, 0, keep_days=0)
    assert visits(store=tmp_path).empty
