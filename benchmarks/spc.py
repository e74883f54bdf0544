"""Limits and Making Data Count's rules for many departments at once, beside the same in a loop over pandas series.

    python benchmarks/spc.py [--departments 1000] [--periods 60]

Prints seconds of the processor, the ratio and whether limits and every signal are equal.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import pandas as pd

from evaltool.stats.spc import control_limits
from evaltool.stats.spc_rules import signals


def arrays(values: np.ndarray, phase: np.ndarray) -> tuple:
    """All series at once."""
    limits = control_limits(kind="xmr", values=values, phase=phase, screen=True)
    return limits, signals(limits=limits, phase=phase, rule_set="mdc_1")


def looped(values: np.ndarray, phase: np.ndarray) -> list[pd.DataFrame]:
    """One series after the other, phase by phase, as one would write it in pandas."""
    return [pd.concat([phase_of(pd.Series(part)) for _, part in pd.Series(row).groupby(phase[i])])
            for i, row in enumerate(values)]


def phase_of(y: pd.Series) -> pd.DataFrame:
    """Limits and the four rules of one phase of one series."""
    steps = y.diff().abs()
    wide = 2.66 * steps[steps < 3.267 * steps.mean()].mean()
    mean = y.mean()
    z, side = (y - mean) / (wide / 3), np.sign(y - mean)
    out = {"centre": mean, "low": mean - wide, "high": mean + wide}
    for name, sign in (("up", 1), ("down", -1)):
        out[f"outside_{name}"] = sign * z > 3
        out[f"shift_{name}"] = streak(side == sign) >= 7
        rising = (sign * y).diff() > 0
        length = streak(rising)
        out[f"trend_{name}"] = np.maximum(length, length.shift(-1, fill_value=0)) >= 6
        near, over = (sign * z > 2) & (sign * z <= 3), sign * side > 0
        window = (near.rolling(3).sum() >= 2) & (over.rolling(3).sum() == 3)
        spread = window | window.shift(-1, fill_value=False) | window.shift(-2, fill_value=False)
        out[f"near_{name}"] = spread & near
    return pd.DataFrame(out, index=y.index)


def streak(mark: pd.Series) -> pd.Series:
    """Length of the unbroken streak each marked element is part of, 0 elsewhere."""
    return mark.groupby((mark != mark.shift()).cumsum()).transform("size").where(mark, 0)


def equal(found: tuple, frames: list[pd.DataFrame]) -> bool:
    """Limits to rounding, signals exactly."""
    limits, hits = found
    want = {name: np.stack([frame[name].to_numpy() for frame in frames]) for name in frames[0]}
    same = all(np.allclose(getattr(limits, name), want[name]) for name in ("centre", "low", "high"))
    for i, rule in enumerate(("outside", "shift", "trend", "near")):
        same &= np.array_equal(hits.up[i], want[f"{rule}_up"]) and np.array_equal(hits.down[i], want[f"{rule}_down"])
    return bool(same)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--departments", type=int, default=1000)
    options.add_argument("--periods", type=int, default=60)
    asked = options.parse_args()
    rng = np.random.default_rng(3)
    values = rng.normal(50, 5, (asked.departments, asked.periods)) + rng.choice([0, 0, 4], (asked.departments, 1)) * (
        np.arange(asked.periods) > asked.periods * 0.7)
    phase = np.broadcast_to((np.arange(asked.periods) >= asked.periods * 0.4).astype(int), values.shape)
    fast = min(timed(arrays, values, phase)[0] for _ in range(5))
    slow, frames = timed(looped, values, phase)
    print(f"departments {asked.departments}, periods {asked.periods}")
    print(f"arrays      {fast:.4f} s")
    print(f"pandas loop {slow:.2f} s")
    print(f"ratio       {slow / fast:.0f}")
    same = equal(arrays(values, phase), frames)
    print(f"equal       {same}")
    raise SystemExit(not same)


def timed(job, *given) -> tuple[float, object]:
    """Seconds of the processor and answer of one run."""
    began = time.process_time()
    answer = job(*given)
    return time.process_time() - began, answer


if __name__ == "__main__":
    main()
