"""How often a process that does not change signals anyway: share of charts with at least one signal per rule.

Normal values, XmR limits from the same points (so a small sample pays for its limits), 20 000 charts per length; the
runs rules around the median. Run: python false_alarms.py > false_alarms.csv
"""

import sys

import numpy as np
import pandas as pd

from evaltool.stats.spc import control_limits
from evaltool.stats.spc_rules import RULE_SETS, signals


def rows(charts: int, seed: int) -> list[dict]:
    rng = np.random.default_rng(seed)
    out = []
    for points in (12, 24, 36):
        values = rng.normal(size=(charts, points))
        phase = np.zeros(values.shape, dtype=int)
        for name in RULE_SETS:
            limits = control_limits(kind="run" if name == "anhoej_1" else "xmr", values=values)
            if name == "anhoej_1":
                xmr = control_limits(kind="xmr", values=values)
                limits = type(limits)(**{**vars(limits), "z": xmr.z})
            found = signals(limits=limits, phase=phase, rule_set=name)
            hit = (found.up | found.down | found.plain).any(axis=2)
            out += [{"rule_set": name, "points": points, "rule": rule, "share": hit[i].mean()}
                    for i, rule in enumerate(found.rules)]
            out.append({"rule_set": name, "points": points, "rule": "any", "share": hit.any(axis=0).mean()})
    return out


if __name__ == "__main__":
    pd.DataFrame(rows(20_000, 1)).round(4).to_csv(sys.stdout, index=False)
