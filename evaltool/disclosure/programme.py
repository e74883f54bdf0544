"""An integer programme over 0/1 variables: the smallest cost such that every demand is met (HiGHS)."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

SECONDS = 5.0


@dataclass
class Programme:
    """Filled variable by variable and demand by demand, then solved once."""

    cost: list[float] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    demands: dict[tuple, float] = field(default_factory=dict)

    def variable(self, cost: float, *, low: bool = False, high: bool = True) -> int:
        """A new variable; ``low`` fixes it at 1, ``high`` False at 0."""
        self.cost.append(float(cost))
        self.low.append(float(low))
        self.high.append(float(high or low))
        return len(self.cost) - 1

    def demand(self, terms: dict[int, float], least: float = 0.0) -> None:
        """``sum(coefficient * variable) >= least``; the same demand twice counts once."""
        self.demands[tuple(sorted(terms.items()))] = least

    def solve(self) -> np.ndarray | None:
        """The cheapest answer as booleans, or None where there is none."""
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_array

        if not self.demands:
            return np.array(self.low) > 0.5
        row = np.repeat(np.arange(len(self.demands)), [len(terms) for terms in self.demands])
        column, value = (np.array(part) for part in zip(*(pair for terms in self.demands for pair in terms), strict=True))
        matrix = csr_array((value, (row, column.astype(int))), shape=(len(self.demands), len(self.cost)))
        done = milp(
            np.array(self.cost), integrality=np.ones(len(self.cost)), bounds=Bounds(self.low, self.high),
            constraints=LinearConstraint(matrix, lb=np.array(list(self.demands.values()))), options={"time_limit": SECONDS},
        )
        return None if done.x is None else done.x > 0.5
