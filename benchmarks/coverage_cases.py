"""What ``coverage.py`` runs: every estimator the comparison uses, each in worlds where it may be wrong.

A case gives, for one draw, what was shown: method code, estimate, interval, the truth, and the value of no change.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

import coverage_worlds as worlds
import numpy as np
import pandas as pd
from coverage_worlds import Departments

from evaltool.compare.estimator import estimate
from evaltool.compare.imputed import imputed
from evaltool.compare.mixed import FALLBACK, fit_departments
from evaltool.compare.pooled import COUNTS, pool_rows
from evaltool.compare.subgroups import subgroups
from evaltool.measures import measure
from evaltool.stats.bias_reduced import fixed_effects_cr2
from evaltool.stats.effect_size import cliffs_delta, d_av, d_z, hedges_g
from evaltool.stats.estimate import NotEstimable
from evaltool.stats.fixed_effects_poisson import fixed_effects_poisson
from evaltool.stats.gee import gee_ratio
from evaltool.stats.ordinal import proportional_odds
from evaltool.stats.rank_biserial import rank_biserial
from evaltool.stats.rates import rate_model, rate_ratio_exact
from evaltool.stats.risk_ratio_clustered import risk_ratio_clustered
from evaltool.stats.two_by_two import mcnemar, odds_ratio, risk_ratio
from evaltool.stats.two_sample import welch

SCORE, SHARE, MONTHS, STAY = (measure(m) for m in ("qpr15_total", "readmission_30d_unplanned", "bed_days", "length_of_stay"))
CRUDE = "crude"
"""The answer for all departments that knows no departments and no time."""


class Shown(NamedTuple):
    """One interval and what it should hold. ``none``: the value of no change."""

    method: str
    value: float
    low: float
    high: float
    truth: float
    none: float = 0.0


@dataclass(frozen=True)
class Case:
    """``once(rng, null)`` -> what one draw shows. ``departments`` and ``persons`` (a side, in the smallest place) are what the
    comparison can see of the setting. ``heavy``: half the runs."""

    group: str
    setting: str
    departments: int
    persons: int
    once: Callable[[np.random.Generator, bool], Iterable[Shown]]
    heavy: bool = False


def shown(found, truth: float, none: float = 0.0, method: str | None = None) -> list[Shown]:
    return [] if found is None else [Shown(method or found.method, found.estimate, found.conf_low, found.conf_high, truth, none)]


def tried(call: Callable, truth: float, none: float = 0.0, method: str | None = None) -> list[Shown]:
    """``call()`` or nothing where there is no honest number."""
    try:
        return shown(call(), truth, none, method)
    except NotEstimable:
        return []


# ---- all departments -------------------------------------------------------------------------------------------------

BESIDE = "fixed_effects_cr2"


def _all_scores(world: Departments, link: str = "partly_linked") -> Callable:
    def once(rng, null):
        effect = 0.0 if null else 3.0
        rows = worlds.scores(world, effect, rng)
        return _overall(rows, SCORE, link, effect, crude=world == replace(BASE, departments=world.departments))
    return once


def _overall(rows, chosen, link, truth, *, crude: bool) -> list[Shown]:
    found = fit_departments(rows=rows, measure=chosen, link=link, conf_level=0.95).found
    method = None if found is None or found.method == BESIDE else "mixed_department"
    out = [*shown(found, truth, method=method or FALLBACK), *tried(lambda: _robust(rows), truth)]
    if crude:
        plain = estimate(rows=rows[rows["phase"] != "not_started"], measure=chosen, link=link, conf_level=0.95).found
        out += shown(plain, truth, method=CRUDE)
    return out


def _robust(rows):
    x = rows[["after", "years"]].to_numpy(dtype=float)
    fit = fixed_effects_cr2(y=rows["value"].to_numpy(dtype=float), x=x, clusters=rows["department"].to_numpy())
    return fit.estimate(position=0, conf_level=0.95)


@cache
def _share_truths(world: Departments, effect: float) -> tuple[float, float]:
    """Risk difference and odds ratio of the world at large: one draw of very many departments."""
    big = replace(world, departments=3000, missing=0.0)
    rng = np.random.default_rng(1)
    level, own = rng.normal(-1.2, big.level_sd / 8, 400_000), rng.normal(0, 0.8, 400_000)
    before, after = (float((1 / (1 + np.exp(-(level + own + e)))).mean()) for e in (0.0, effect))
    return after - before, after / (1 - after) / (before / (1 - before))


def _all_shares(world: Departments) -> Callable:
    def once(rng, null):
        effect = 0.0 if null else -0.7
        rows = worlds.chances(world, effect, rng)
        difference, ratio = _share_truths(world, effect)
        years = rows["years"].to_numpy()
        x = np.column_stack([np.ones(len(rows)), rows["after"], years - years.mean()]).astype(float)
        return [*_overall(rows, SHARE, "partly_linked", difference, crude=True), *tried(lambda: gee_ratio(
            y=rows["value"].to_numpy(), x=x, clusters=rows["department"].to_numpy(), position=1, family="binomial"), ratio, 1.0)]
    return once


def _all_months(world: Departments, memory: float) -> Callable:
    def once(rng, null):
        # Departments of unlike size: a difference in nights has no one truth beside 0, a ratio has.
        effect = 1.0 if null else 0.85
        rows = worlds.month_rows(world, effect, memory, rng)
        ratio = tried(lambda: fixed_effects_poisson(
            events=rows["value"].to_numpy(), exposure=rows["date"].dt.days_in_month.to_numpy(float), position=0,
            x=rows[["after", "years"]].to_numpy(float), clusters=rows["department"].to_numpy()), effect, 1.0)
        plain = _overall(rows, MONTHS, "partly_linked", 0.0, crude=True) if null else []
        return [*ratio, *(s for s in plain if s.method != BESIDE)]
    return once


def _pooled(world: Departments) -> Callable:
    def once(rng, null):
        mean = 0.0 if null else 3.0
        own = mean + rng.normal(0, world.effect_sd, world.departments)
        found = [welch(before=rng.normal(30, 8, world.persons), after=rng.normal(30 + e, 8, world.persons)) for e in own]
        frame = pd.DataFrame({"department": [f"d{i}" for i in range(len(own))] + ["*"], "estimate": [f.estimate for f in found] + [0.0],
                              "std_error": [f.std_error for f in found] + [math.nan]} | dict.fromkeys(COUNTS, 1.0))
        new = mean + rng.normal(0, world.effect_sd)
        rows, _ = pool_rows(estimates=frame, measure=SCORE, conf_level=0.95)
        out = []
        for r in rows:
            truth = new if r["method"] == "prediction_interval" else own[int(r["department"][1:])] if r["department"] != "*" else mean
            # Of one department or a new one nothing can be called a false alarm when its own effect is not zero.
            none = 0.0 if r["method"].startswith("pooled") else math.nan
            out.append(Shown(r["method"], r["estimate"], r["conf_low"], r["conf_high"], truth, none))
        return out
    return once


def _groups(world: Departments) -> Callable:
    def once(rng, null):
        second = 3.0 if null else 0.0
        rows = worlds.scores(world, 3.0, rng, second=second)
        found = subgroups(observations=worlds.observed(rows), groups=rows["group"], covariate="g", design=world.design, measure=SCORE,
                          link="partly_linked", provenance=worlds.PROVENANCE).estimates
        truths = {"g=a": 3.0, "g=b": second}
        test = found[found["estimand"] == "interaction"].iloc[0]
        # The test has no interval: one that holds 0 exactly when p is 0.05 or more stands for it.
        ends = (-1.0, 1.0) if test.p_value >= 0.05 else (1.0, 1.0)
        changes = [Shown("mixed_interaction", r.estimate, r.conf_low, r.conf_high, truths[r.subgroup], math.nan)
                   for r in found.itertuples(index=False) if r.subgroup in truths and r.estimate == r.estimate]
        return [*changes, *([Shown("mixed_interaction, F", 0.0, *ends, 0.0)] if null else [])]
    return once


# ---- one department --------------------------------------------------------------------------------------------------

def _place(link: str, persons: int, waves: int, missing: float) -> Callable:
    def once(rng, null):
        effect = 0.0 if null else 3.0
        rows = worlds.place_scores(persons, waves, effect, missing, rng)
        return shown(estimate(rows=rows, measure=SCORE, link=link, conf_level=0.95).found, effect)
    return once


def _skewed(persons: int, waves: int) -> Callable:
    def once(rng, null):
        factor = 1.0 if null else 0.8
        rows = worlds.place_scores(persons, waves, 0.0, 0.3, rng)
        own = rng.gamma(4, 0.25, persons)
        value = rng.gamma(1.2, 12, len(rows)) * own[rows["unit"]] * np.where(rows["after"], factor, 1.0)
        found = estimate(rows=rows.assign(value=value), measure=STAY, link="partly_linked", conf_level=0.95).found
        return shown(found, 14.4 * (factor - 1))
    return once


def _share(persons: int, waves: int, means: tuple[float, float]) -> Callable:
    def once(rng, null):
        used = (means[0], means[0]) if null else means
        rows = worlds.place_share(persons, waves, used, rng)
        ratio = used[1] / used[0]
        odds = ratio * (1 - used[0]) / (1 - used[1])
        out = shown(estimate(rows=rows, measure=SHARE, link="partly_linked", conf_level=0.95).found, used[1] - used[0])
        sides = {"event": rows["value"].to_numpy(), "after": rows["after"].to_numpy(bool), "clusters": rows["unit"].to_numpy()}
        out += tried(lambda: risk_ratio_clustered(**sides), ratio, 1.0)
        x = np.column_stack([np.ones(len(rows)), rows["after"]]).astype(float)
        return out + tried(lambda: gee_ratio(y=rows["value"].to_numpy(), x=x, clusters=rows["unit"].to_numpy(), position=1,
                                             family="binomial", working="independence"), odds, 1.0)
    return once


def _once_each(persons: int) -> Callable:
    """Different people, each seen once."""
    def once(rng, null):
        means = (0.3, 0.3 if null else 0.15)
        events = [int(rng.binomial(persons, m)) for m in means]
        table = {"events_before": events[0], "n_before": persons, "events_after": events[1], "n_after": persons}
        value = np.concatenate([np.arange(persons) < e for e in events]).astype(float)
        rows = pd.DataFrame({"value": value, "after": np.repeat([False, True], persons), "unit": np.arange(2 * persons), "department": "d0"})
        odds = means[1] / (1 - means[1]) / (means[0] / (1 - means[0]))
        return [
            *shown(estimate(rows=rows, measure=SHARE, link="partly_linked", conf_level=0.95).found, means[1] - means[0]),
            *tried(lambda: risk_ratio(**table), means[1] / means[0], 1.0), *tried(lambda: odds_ratio(**table), odds, 1.0),
        ]
    return once


def _changed(persons: int) -> Callable:
    def once(rng, null):
        up, down = (0.2, 0.2) if null else (0.25, 0.1)
        gained, lost, _ = rng.multinomial(persons, [up, down, 1 - up - down])
        return tried(lambda: mcnemar(gained=int(gained), lost=int(lost), n=persons), up - down)
    return once


def _months(months: int, memory: float) -> Callable:
    def once(rng, null):
        effect = 0.0 if null else -30.0
        rows = worlds.place_months(months, effect, memory, rng)
        x = np.column_stack([np.ones(len(rows)), rows["after"]]).astype(float)
        given = {"events": rows["value"].round().to_numpy(), "exposure": np.ones(len(rows)), "x": x, "position": 1}
        return [*shown(estimate(rows=rows, measure=MONTHS, link="partly_linked", conf_level=0.95).found, effect),
                *shown(rate_model(**given, period=np.arange(len(rows))).ratio, 1 + effect / 300, 1.0)]
    return once


def _events(months: int, per_month: float) -> Callable:
    def once(rng, null):
        factor = 1.0 if null else 0.6
        counts = rng.poisson(per_month, months), rng.poisson(per_month * factor, months)
        x = np.column_stack([np.ones(2 * months), np.arange(2 * months) >= months]).astype(float)
        whole = {"events_before": int(counts[0].sum()), "exposure_before": months, "events_after": int(counts[1].sum()), "exposure_after": months}
        return [
            *tried(lambda: rate_model(events=np.concatenate(counts), exposure=np.ones(2 * months), x=x, position=1, family="poisson").ratio, factor, 1.0),
            *tried(lambda: rate_model(events=np.concatenate(counts), exposure=np.ones(2 * months), x=x, position=1, family="quasi_poisson").ratio, factor, 1.0),
            *tried(lambda: rate_ratio_exact(**whole), factor, 1.0),
        ]
    return once


def _sizes(persons: int) -> Callable:
    from scipy.special import ndtr

    def once(rng, null):
        d = 0.0 if null else 0.6
        before, after = rng.normal(0, 1, persons), rng.normal(d, 1, persons)
        first = rng.normal(0, 1, persons)
        second = d + 0.6 * first + rng.normal(0, 0.8, persons)
        two, same = {"before": before, "after": after}, {"before": first, "after": second}
        gap = d / math.sqrt(0.8)
        ranks = ((2 * ndtr(gap) - 1) + (persons - 1) / 2 * (2 * ndtr(math.sqrt(2) * gap) - 1)) / ((persons + 1) / 2)
        truths = ((hedges_g, two, d), (cliffs_delta, two, 2 * ndtr(d / math.sqrt(2)) - 1), (d_z, same, gap), (d_av, same, d), (rank_biserial, same, ranks))
        return [s for call, sides, truth in truths for s in tried(lambda c=call, g=sides: c(**g), float(truth))]
    return once


CUTS = np.array([-1.5, -0.5, 0.5, 1.5])


@cache
def _marginal_log_odds(effect: float, spread: float) -> float:
    """What the model without persons finds in very many answers (a persons' spread flattens it)."""
    rng = np.random.default_rng(1)
    n = 400_000
    after = np.arange(2 * n) >= n
    latent = rng.normal(0, spread, 2 * n) + effect * after + rng.logistic(0, 1, 2 * n)
    return proportional_odds(answers=np.searchsorted(CUTS, latent), after=after).log_odds.estimate if effect else 0.0


def _answers(persons: int, waves: int) -> Callable:
    spread = 1.0 if waves > 2 else 0.0

    def once(rng, null):
        effect = 0.0 if null else 0.8
        own = rng.normal(0, spread, 2 * persons)
        unit = np.tile(np.arange(persons), waves) if waves > 2 else np.arange(2 * persons)
        after = np.repeat(np.arange(waves) >= waves // 2, persons)
        level = np.searchsorted(CUTS, own[unit] + effect * after + rng.logistic(0, 1, len(unit)))
        clusters = unit if waves > 2 else None
        return tried(lambda: proportional_odds(answers=level, after=after, clusters=clusters).log_odds, _marginal_log_odds(effect, spread))
    return once


def _filled(persons: int, missing: float) -> Callable:
    world = Departments(departments=1)

    def once(rng, null):
        effect = 0.0 if null else 3.0
        rows = worlds.place_scores(persons, 2, effect, 0.0, rng)
        wide = rows.pivot(index="unit", columns="after", values="value")
        gone = rng.random(persons) < 1 / (1 + np.exp(-(30 - wide[False]) / 8 - math.log(missing / (1 - missing))))
        rows = rows[~(rows["after"] & rows["unit"].map(gone))]
        seen = worlds.observed(rows.assign(date=rows["after"].map({False: worlds.FIRST, True: worlds.day(11)})))
        found = imputed(observations=seen, design=STARTED, measure=SCORE, provenance=worlds.PROVENANCE).estimates
        row = found[found["department"] == "d0"].iloc[0]
        complete = rows[~rows["unit"].map(gone)]
        plain = estimate(rows=complete, measure=SCORE, link="same_people", conf_level=0.95).found
        return [*([Shown("imputed_rubin", row.estimate, row.conf_low, row.conf_high, effect)] if row.estimate == row.estimate else []),
                *shown(plain, effect, method="paired_t, complete pairs")]
    return once


STARTED = Departments(departments=2).design
BASE = Departments()
COUNTED = (4, 6, 10, 20)


def cases() -> tuple[Case, ...]:
    """All of them, in the order of the table."""
    out = []

    def rollout(setting, once, world, group="all departments", heavy=True):
        out.append(Case(group, setting, world.departments, world.persons, once, heavy))

    def place(setting, once, persons, group="one department", heavy=False):
        out.append(Case(group, setting, 1, persons, once, heavy))

    for d in COUNTED:
        rollout(f"scores, {d} departments", _all_scores(replace(BASE, departments=d)), replace(BASE, departments=d))
    for d in COUNTED:
        w = replace(BASE, departments=d, effect_sd=2.0)
        rollout(f"effects differ, {d} departments", _all_scores(w), w)
    for d in COUNTED:
        w = replace(BASE, departments=d, shock_sd=1.5)
        rollout(f"departments' waves have shocks, {d} departments", _all_scores(w), w)
    for name, change in (("no ICC", {"level_sd": 0.0}), ("high ICC", {"level_sd": 10.0}), ("uneven sizes", {"uneven": True}), ("60 % missing", {"missing": 0.6})):
        for d in (4, 10):
            w = replace(BASE, departments=d, **change)
            rollout(f"{name}, {d} departments", _all_scores(w), w)
    for d in (4, 10):
        w = replace(BASE, departments=d)
        rollout(f"anonymous, {d} departments", _all_scores(w, "repeated_cross_section"), w)
    for d in COUNTED:
        w = replace(BASE, departments=d)
        rollout(f"shares, {d} departments", _all_shares(w), w)
    for d in COUNTED:
        w = replace(BASE, departments=d)
        rollout(f"months alike by 0.4, {d} departments", _all_months(w, 0.4), w)
    for d in COUNTED:
        w = replace(BASE, departments=d, persons=15, effect_sd=2.0)
        rollout(f"own answers pooled, effects differ, {d} departments", _pooled(w), w, heavy=False)
    for d in (4, 10):
        w = replace(BASE, departments=d)
        rollout(f"two groups of people, {d} departments", _groups(w), w)
    for n in (5, 15, 40):
        place(f"linked partly, {n} persons", _place("partly_linked", n, 6, 0.3), n)
        place(f"anonymous, the same {n} persons thrice a side", _place("repeated_cross_section", n, 6, 0.3), n)
        place(f"anonymous, {n} persons once a side", _place("repeated_cross_section", n, 2, 0.0), n)
        place(f"the same {n} persons", _place("same_people", n, 2, 0.0), n)
        place(f"skewed nights, {n} persons", _skewed(n, 4), n)
    for n in (15, 40, 150):
        place(f"share, {n} persons repeat, 22 %", _share(n, 6, (0.22, 0.14)), n, heavy=True)
        place(f"share, {n} persons repeat, 5 %", _share(n, 6, (0.05, 0.02)), n, heavy=True)
        place(f"share, {n} persons once, 30 %", _once_each(n), n)
        place(f"share, the same {n} persons", _changed(n), n)
    for n in (12, 24):
        for memory in (0.0, 0.4):
            place(f"{n} months a side, alike by {memory}", _months(n, memory), n)
        place(f"{n} months a side, 3 events a month", _events(n, 3.0), n)
    for n in (8, 15, 40):
        place(f"sizes, {n} persons a side", _sizes(n), n)
    for n in (15, 40):
        place(f"answers in five steps, {n} persons once", _answers(n, 2), n)
        place(f"answers in five steps, {n} persons thrice a side", _answers(n, 6), n)
    for n in (15, 40):
        place(f"{n} linked persons, 40 % stop by their first answer", _filled(n, 0.4), n, heavy=True)
    return tuple(out)
