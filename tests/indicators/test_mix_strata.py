"""Who is alike: the few go to the largest group, whatever the order of the rows."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pandas as pd

from evaltool.indicators.mix_strata import mix_strata

from .whole_registers import dataset, study, world

BORN = ["1980-1989"] * 20 + ["1950-1959"] * 20 + [None] * 5


def test_of_two_largest_groups_the_order_of_rows_does_not_choose(tmp_path):
    inn, base = dt.datetime(2024, 2, 1), world(seed=1)
    stays = [base.stays[0] | {"stay_id": f"s{i:02d}", "person": f"p{i:02d}", "admitted": inn, "discharged": inn + dt.timedelta(days=9)} for i in range(45)]
    persons = {f"p{i:02d}": {"died_on": None, "born": born, "group": None} for i, born in enumerate(BORN)}
    one = dataclasses.replace(base, stays=stays, persons=persons)
    rows = pd.DataFrame({"row": range(45), "person": [s["person"] for s in stays], "side": "*"})
    for order in (rows, rows.iloc[::-1]):
        got = mix_strata(rows=order, dataset=dataset(one), study=study(tmp_path, one), names=("born",)).sort_index()
        assert got.tolist() == ["1980-1989"] * 20 + ["1950-1959"] * 25
