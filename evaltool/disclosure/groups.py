"""Groups of people (``role=leader``): which further ones are hidden so that no hidden one can be worked out.

One table is a measure in a phase: departments by the groups of one covariate, with the sums of both. The sums of the
departments over everybody are given; the rest is chosen by an integer programme (HiGHS), above ``MOST_CELLS`` step by
step, and then looked at as a whole (``audit.first_narrow``). Where no choice holds, no group of the table is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from scipy.sparse import csr_array, identity, vstack

from ..contracts import coarser_groups
from ..result import ALL
from .audit import first_narrow
from .policies import Policy
from .programme import Programme

MOST_CELLS, MOST_ROUNDS = 150, 12
SIZE_COST, ELSEWHERE_COST = 0.05, 0.5
"""Rather a large group is shown than a small one; and rather one of the same coarser group goes, which may then be shown."""


@dataclass(frozen=True)
class Table:
    """``place``, ``group`` (n,): department and group, "" for everybody; ``persons`` (n, layers); ``own``: may not be
    shown for its own sake; ``fixed``: decided before (everybody's rows), as ``own`` says; ``whole``: of a department that
    is not split, so that nobody knows which of its groups are empty; ``least`` (layers,): what a hidden row surely has;
    ``upper``: group -> the coarser one that it is in, where both levels are in the table."""

    place: np.ndarray
    group: np.ndarray
    persons: np.ndarray
    own: np.ndarray
    fixed: np.ndarray
    whole: np.ndarray
    least: np.ndarray
    upper: Mapping[str, str] = field(default_factory=dict)

    def lines(self) -> list[tuple[int, np.ndarray]]:
        """(position of the sum, positions of its parts) for every sum that is in the table."""
        at = {key: i for i, key in enumerate(zip(self.place.tolist(), self.group.tolist(), strict=True))}
        level = np.array([name.partition("=")[0] for name in self.group])
        found = [(at[p, ""], np.flatnonzero((level == one) & (self.place == p)))
                 for p in dict.fromkeys(self.place.tolist()) if (p, "") in at for one in dict.fromkeys(level.tolist()) if one]
        over = np.array([self.upper.get(name, "") for name in self.group])
        found += [(i, np.flatnonzero((over == name) & (self.place == p)))
                  for (p, name), i in at.items() if self.upper and name in self.upper.values()]
        found += [(at[ALL, g], np.flatnonzero((self.group == g) & (self.place != ALL)))
                  for g in dict.fromkeys(self.group.tolist()) if (ALL, g) in at]
        return [(total, parts) for total, parts in found if len(parts)]


def hidden_groups(
    *, rows: pd.DataFrame, own: np.ndarray, fixed: np.ndarray, persons: np.ndarray, least: tuple[float, ...], policy: Policy
) -> np.ndarray:
    """True where a row with a ``subgroup`` is hidden. rows: ``table`` (what belongs together), ``department``,
    ``subgroup``, one row each; own, fixed: as in ``Table``, for everybody's rows too; persons: (n, layers).
    """
    # Everybody can see that nobody is there: such a row hides nothing.
    hidden, fixed = own.copy(), fixed | (np.nan_to_num(persons) == 0).all(axis=1)
    unsplit = np.zeros(len(own), dtype=bool)
    group = rows["subgroup"].fillna("").to_numpy(dtype=object)
    covariate = np.array([name.partition("=")[0] for name in group], dtype=object)
    place, table = rows["department"].to_numpy(dtype=object), rows["table"].to_numpy(dtype=object)
    upper = coarser_groups()
    above = {name.partition("=")[0] for name in upper.values()}
    together = {name: over.partition("=")[0] for name, over in upper.items()}
    for key, name in dict.fromkeys(zip(table.tolist(), covariate.tolist(), strict=True)):
        if name and name not in above:
            split = np.array([g.startswith(f"{name}=") for g in group])
            everybody = (group == "") if split.any() else np.zeros(len(group), dtype=bool)
            at = np.flatnonzero((table == key) & (np.where(split.any(), split, covariate == name) | everybody))
            if split.any():
                unsplit[at] = _too_few_to_split(place[at], group[at], np.nan_to_num(persons[at, 0]), policy)
                hidden[at] |= unsplit[at]
            if hidden[at].any():
                hidden[at] |= _solved(Table(place[at], group[at], np.nan_to_num(persons[at]), hidden[at], fixed[at] | unsplit[at],
                                           unsplit[at], np.array(least), upper), policy)
    for key, name in dict.fromkeys(zip(table.tolist(), covariate.tolist(), strict=True)):
        if name in above:
            at = np.flatnonzero((table == key) & ((group == "") | np.array([name in (one, together.get(g)) for g, one in zip(group, covariate, strict=True)])))
            coarse = covariate[at] == name
            mine = at[coarse | (group[at] == "")]
            unsplit[mine] |= _too_few_to_split(place[mine], group[mine], np.nan_to_num(persons[mine, 0]), policy)
            hidden[at] |= unsplit[at]
            if hidden[at].any():
                hidden[at] |= _with_coarser(Table(place[at], group[at], np.nan_to_num(persons[at]), hidden[at], ~coarse | fixed[at] | unsplit[at],
                                                  unsplit[at], np.array(least), upper), policy)
    return (hidden & ~fixed | unsplit) & rows["subgroup"].notna().to_numpy()


def _with_coarser(table: Table, policy: Policy) -> np.ndarray:
    """Coarser groups over single ones that are decided: all that may be shown for their own sake, and while something hidden
    stands alone in a sum or is bounded too closely, one of them less; none where that does not help. One of whose groups none
    is hidden stays: everybody can add them up."""
    fine = np.array([name in table.upper and name not in table.upper.values() for name in table.group])
    known = {total for total, parts in table.lines() if fine[parts].all() and not fine[total] and not table.own[parts].any()}
    free = ~table.fixed & np.array([i not in known for i in range(len(table.own))])
    hidden, table = table.own.copy(), replace(table, fixed=~free)
    for _ in range(int(free.sum()) + 1):
        worst = _alone(table, hidden)
        worst = _first_narrow(table, hidden, policy) if worst is None else worst
        if worst is None:
            return hidden
        gone = _given_up(table, hidden, worst)
        if gone is None:
            break
        hidden[gone] = True
    return hidden | free


def _alone(table: Table, hidden: np.ndarray) -> int | None:
    """Position of the one hidden part of a sum that is shown, of the sums that coarser groups are in, or None."""
    coarse = np.isin(table.group, list(table.upper.values()))
    for total, parts in table.lines():
        dark = parts[hidden[parts] & ((table.persons[parts, 0] > 0) | table.whole[parts])]
        if not hidden[total] and len(dark) == 1 and (coarse[total] or coarse[parts].any()):
            return int(dark[0])
    return None


def _given_up(table: Table, hidden: np.ndarray, at: int) -> int | None:
    """The coarser group to hide for the sake of the row ``at``: its own, rather here than over all departments; else another
    here, else the smallest that is shown."""
    over = table.upper.get(table.group[at], table.group[at])
    free = np.flatnonzero(~table.fixed & ~hidden)
    here, same = table.place[free] == table.place[at], table.group[free] == over
    near = np.select([here & same, (table.place[free] == ALL) & same, here], [0, 1, 2], 3)
    return int(free[np.lexsort((table.persons[free, 0], near))[0]]) if len(free) else None


def _too_few_to_split(place: np.ndarray, group: np.ndarray, persons: np.ndarray, policy: Policy) -> np.ndarray:
    """Rows of the groups of a department whose sum leaves no group room to be no small one, were there somebody in each.
    Only the sum and the number of groups decide, so the rule tells nothing about who is in them."""
    groups = len(set(group.tolist()) - {""})
    everybody = {p: n for p, g, n in zip(place.tolist(), group.tolist(), persons.tolist(), strict=True) if g == ""}
    return np.array([g != "" and 0 < everybody.get(p, 0.0) < policy.min_persons + groups - 1
                     for p, g in zip(place.tolist(), group.tolist(), strict=True)], dtype=bool)


def _solved(table: Table, policy: Policy) -> np.ndarray:
    """The cheapest choice; while a number in it is bounded too closely, one more of its department's is given up."""
    solve = _optimal if int((~table.fixed).sum()) <= MOST_CELLS else _stepwise
    own = table.own.copy()
    for _ in range(MOST_ROUNDS):
        found = solve(replace(table, own=own), policy)
        narrow = None if found is None else _first_narrow(table, found, policy)
        if found is not None and narrow is None:
            return found
        free = np.zeros(0, dtype=int) if found is None else _beside(table, found, narrow)
        if not len(free):
            break
        own = found | np.isin(np.arange(len(own)), free[np.argmin(table.persons[free, 0])])
    return _only_all(table, policy)


def _beside(table: Table, hidden: np.ndarray, at: int) -> np.ndarray:
    """Parts that are still shown, of the sums that ``at`` is a part of."""
    mine = [parts for _, parts in table.lines() if at in parts]
    free = np.unique(np.concatenate(mine)) if mine else np.zeros(0, dtype=int)
    return free[~hidden[free] & ~table.fixed[free] & (table.persons[free, 0] > 0)]


def _only_all(table: Table, policy: Policy) -> np.ndarray:
    """No group of a single department; the groups of all departments where these hold by themselves."""
    apart = table.own | (~table.fixed & (table.place != ALL))
    one = replace(table, own=apart)
    found = _optimal(one, policy) if (~table.fixed).sum() <= MOST_CELLS else None
    return found if found is not None and _first_narrow(one, found, policy) is None else table.own | ~table.fixed


def _optimal(table: Table, policy: Policy) -> np.ndarray | None:
    programme = Programme()
    rank = table.persons[:, 0].argsort(kind="stable").argsort() / len(table.own)
    cost = 1.0 + (table.place == ALL) * 3.0 + SIZE_COST * rank + ELSEWHERE_COST * _elsewhere(table)
    for i in range(len(table.own)):
        programme.variable(cost[i], low=bool(table.own[i]), high=not (table.fixed[i] and not table.own[i]))
    for total, parts in table.lines():
        for terms, least in _demands(table, total, parts, policy):
            programme.demand(terms, least)
    return programme.solve()


def _elsewhere(table: Table) -> np.ndarray:
    """True for groups in another coarser group than those that may not be shown in the same place."""
    keys = [(place, table.upper.get(group)) for place, group in zip(table.place.tolist(), table.group.tolist(), strict=True)]
    kin = {key for key, own in zip(keys, table.own.tolist(), strict=True) if own}
    return np.array([over is not None and (place, over) not in kin for place, over in keys], dtype=float)


def _demands(table: Table, total: int, parts: np.ndarray, policy: Policy):
    """A hidden part needs others that leave room for it to be no small number; a hidden sum needs a hidden part."""
    yield dict.fromkeys(parts.tolist(), 1.0) | {total: -1.0}, 0.0
    for i in parts.tolist():
        if table.whole[i] and table.group[total] == "":
            continue  # no group of such a department is shown, and its sum is large enough for any of them
        others = [j for j in parts.tolist() if j != i]
        yield dict.fromkeys(others, 1.0) | {total: 1.0, i: -1.0}, 0.0
        for layer, least in zip(table.persons.T, table.least, strict=True):
            if 0 < layer[i] < policy.min_persons:
                room = {j: float(max(layer[j] - (0.0 if table.whole[j] else least), 0.0)) for j in others}
                yield room | {total: float(policy.min_persons), i: float(layer[i] - policy.min_persons)}, 0.0


def _stepwise(table: Table, policy: Policy) -> np.ndarray | None:
    """Sum by sum, the smallest part that is still shown goes, until every demand is met."""
    hidden, lines = table.own.copy(), table.lines()
    demands = [(np.array(list(t)), np.array(list(t.values()))) for total, parts in lines
               for t, _ in _demands(table, total, parts, policy)]
    while True:
        unmet = [(at, weight) for at, weight in demands if weight @ hidden[at] < -1e-9]
        if not unmet:
            return hidden
        for at, weight in unmet:
            while weight @ hidden[at] < -1e-9:
                free = at[(weight > 0) & ~hidden[at] & ~table.fixed[at]]
                if not len(free):
                    return None
                worth = table.persons[free, 0] + 1e6 * (table.place[free] == ALL) + 1e5 * (table.persons[free, 0] == 0)
                hidden[free[np.argmin(worth)]] = True


def _first_narrow(table: Table, hidden: np.ndarray, policy: Policy) -> int | None:
    """Position of a small hidden number that all the sums together bound too closely, or None."""
    unknown = np.flatnonzero(hidden)
    column = {int(at): k for k, at in enumerate(unknown)}
    rows = []
    for total, parts in table.lines():
        terms = {column[int(p)]: 1.0 for p in parts if int(p) in column} | ({column[total]: -1.0} if total in column else {})
        if terms:
            rows.append(csr_array((list(terms.values()), ([0] * len(terms), list(terms))), shape=(1, len(unknown))))
    if not rows:
        return None
    system = vstack(rows, format="csr")
    for layer, least in zip(table.persons.T, table.least, strict=True):
        amount = layer[unknown].astype(float)
        there = identity(len(unknown), format="csr")[np.flatnonzero((amount > 0) & ~table.whole[unknown])] if least else None
        small = np.flatnonzero((amount > 0) & (amount < policy.min_persons))
        targets = csr_array((np.ones(len(small)), (np.arange(len(small)), small)), shape=(len(small), len(unknown)))
        narrow = first_narrow(system, amount, targets, policy, there=there) if len(small) else None
        if narrow is not None:
            return int(unknown[small[narrow]])
    return None
