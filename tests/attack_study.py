"""The attacker on a whole study: every release a page, report, export or command makes of it, and all of them at once.

Filters choose rows of these releases and texts are made from them (``test_audit``), so what bounds nothing here bounds
nothing on any page.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from attacker import LAYERS, Sums, attack_groups, group_atoms, group_mask, hidden_cells, mask, sums

from evaltool.result import ALL, Release, Result

MONTHLY = ("bed_days", "occupancy", "admissions_per_1000_bed_days")
GONE = ("measure", "department", "subgroup", "kind", "phase", "grain", "period", "contrast", "unit", "status", "reason")


def numbers_in_hidden_rows(*, release: Release) -> list[str]:
    """Columns in which a hidden row still carries something."""
    return [f"{column} of {row}" for frame in (release.estimates, release.series)
            for column in frame.columns.difference(GONE) for row in frame.loc[frame["status"].eq("suppressed") & frame[column].notna(), "measure"]]


def attack_together(*, result: Result, releases: list[Release], measure: str, limit: int, grains=("quarter", "year")) -> tuple[int, list[dict]]:
    """Hidden cells of the first release, the study's own, bounded too closely (as in ``attack_groups``) by all that it tells
    and what the others tell of the same rows: phases, services, numbers of rows of any answer. How many were attacked,
    and those bounded."""
    cells, found, tried = hidden_cells(result=result, release=releases[0], measure=measure), [], 0
    cells = cells[cells["kind"].ne("period") | cells["grain"].isin(grains)]
    for what, persons in LAYERS.items():
        small = cells[cells[persons].gt(0) & cells[persons].lt(limit)]
        if not len(small):
            continue
        known = sums(release=releases[0], measure=measure, monthly=measure in MONTHLY, what=what)
        for release in releases:
            _tell(known, result, release, measure, what)
        for row in small.itertuples():
            tried += 1
            if ends := known.narrow(mask(atoms=known.atoms, row=row), limit):
                found.append({"measure": measure, "what": what, "department": row.department, "kind": row.kind, "phase": row.phase,
                              "grain": row.grain, "period": row.period, "low": ends[0], "high": ends[1]})
    return tried, found


def _tell(known: Sums, result: Result, release: Release, measure: str, what: str) -> None:
    """Every number of rows in ``release`` that is in truth a sum of phases: the attacker knows which."""
    truth = _counts(result, measure, what)
    rows = release.series[release.series["measure"].eq(measure) & release.series["status"].eq("shown") & release.series["subgroup"].isna()]
    for row in rows[rows["kind"].isin(["phase", "service"])].itertuples():
        count = {"rows": row.numerator if measure in MONTHLY else row.denominator, "inside": row.numerator,
                 "outside": row.denominator - row.numerator}[what]
        _add(known, truth, release, row.department, (row.phase,), count)
    if what == "rows" and measure not in MONTHLY:
        mine = release.estimates[release.estimates["measure"].eq(measure) & release.estimates["status"].ne("suppressed")]
        for row in mine.itertuples():
            for phases, count in (((("before",)), row.n_before), (("after",), row.n_after), (("after", "wash_in"), row.n_after)):
                _add(known, truth, release, row.department, phases, count)


def _counts(result: Result, measure: str, what: str) -> pd.Series:
    rows = result.series[result.series["measure"].eq(measure) & result.series["kind"].eq("phase") & result.series["subgroup"].isna()]
    count = {"rows": rows["numerator"] if measure in MONTHLY else rows["denominator"], "inside": rows["numerator"],
             "outside": rows["denominator"] - rows["numerator"]}[what]
    return pd.Series(count.to_numpy(), index=pd.MultiIndex.from_frame(rows[["department", "phase"]]))


def _add(known: Sums, truth: pd.Series, release: Release, place: str, phases: tuple[str, ...], count: float) -> None:
    register = release.register
    places = {ALL: set(register["department"])}.get(place) or {place} | set(register.loc[("service:" + register["service"]).eq(place), "department"])
    true = sum(truth.get((d, phase), 0.0) for d in places for phase in phases)
    if abs(true - count) < 1e-6:
        a = known.atoms
        known.add((a["department"].isin(places) & a["phase"].isin(phases)).to_numpy(), count, count)


def attack_tables(*, result: Result, release: Release, limit: int) -> tuple[int, list[dict]]:
    """Every table of a release by department, and by department and group: one measure, kind and phase at a time. A row
    that is not the sum of the others (people in no group, or in two) tells nothing about them and is left out."""
    keys = ["measure", "department", "subgroup", "kind", "phase", "grain", "period"]
    truth = result.series[~result.series["kind"].isin(["part", "period"])].drop_duplicates(keys).reset_index(drop=True)
    seen = release.series.drop_duplicates(keys).set_index(keys).reindex(pd.MultiIndex.from_frame(truth[keys])).reset_index()
    seen["status"], found, tried = seen["status"].fillna("suppressed"), [], 0
    group = truth["subgroup"].fillna("")
    covariate = group.str.partition("=")[0]
    for (measure, kind, _), table in truth.groupby(["measure", "kind", truth["phase"].fillna("")], sort=False):
        for name in covariate[table.index].unique():
            split = bool(name) and group[table.index].str.startswith(f"{name}=").any()
            rows = table[covariate[table.index].isin([name, ""] if split else [name])]
            rows = rows if split else rows.assign(subgroup="everybody=")
            rows = rows[rows["denominator"].notna() & rows["numerator"].notna()]
            rows = rows.loc[_adds_up(rows)]
            mine = seen.loc[rows.index].assign(subgroup=rows["subgroup"])
            if mine["status"].eq("suppressed").any():
                tried += int(mine["status"].eq("suppressed").sum())
                found += [one | {"measure": measure, "kind": kind} for one in attack_groups(truth=rows, released=mine, limit=limit)]
    return tried, found


def _adds_up(rows: pd.DataFrame) -> pd.Series:
    atoms = group_atoms(rows)
    leaf = rows[rows["subgroup"].notna() & rows["department"].ne(ALL)]
    out = []
    for row in rows.itertuples():
        mine = group_mask(atoms=atoms, row=row)
        out.append(bool(mine.any()) and all(abs(leaf[name].to_numpy()[mine].sum() - getattr(row, name)) < 1e-6 for name in ("numerator", "denominator")))
    return pd.Series(out, index=rows.index, dtype=bool)


def releases(*, study) -> Iterator[tuple[str, Result, Release]]:
    """(name, what is true, what is released) of what the study shows; not yet of the facts about stays and of planning."""
    from evaltool.compare.answer import answer
    from evaltool.compare.by_method import METHODS
    from evaltool.compare.readmission_by import OWN, readmission_by
    from evaltool.compare.who_answered import who_answered
    from evaltool.indicators.definitions import presets
    from evaltool.store import load
    from evaltool.study_comparison import study_comparison
    from evaltool.study_readmission import study_readmission
    from evaltool.study_release import study_release
    from evaltool.study_view import VIEWS, _makers, study_view

    dataset = load(study=study)
    whole = answer(dataset=dataset, study=study)
    yield "standard", whole, study_release(folder=study.folder)
    for method in METHODS:
        yield method, whole, study_comparison(folder=study.folder, method=method)
    yield "respondents", who_answered(dataset=dataset, study=study), study_comparison(folder=study.folder, method="respondents")
    for name in (OWN, *presets()):
        made = readmission_by(dataset=dataset, study=study, definition=name)
        yield f"readmission {name}", made, study_readmission(folder=study.folder, definition=name)
    for view in VIEWS:
        if (made := study_view(folder=study.folder, view=view)) is not None:
            yield view, _makers()[view](dataset, study), made


def attack_study(*, study, limit: int) -> dict[str, object]:
    """Everything at once: hidden cells attacked, and what was bounded, by release."""
    out: dict[str, object] = {}
    every = list(releases(study=study))
    for name, result, release in every:
        tried, found = attack_tables(result=result, release=release, limit=limit)
        out[name] = (tried, found, numbers_in_hidden_rows(release=release))
    for measure in every[0][2].spec.measures:
        tried, found = attack_together(result=every[0][1], releases=[r for _, _, r in every], measure=measure, limit=limit)
        out[f"all releases, {measure}"] = (tried, found, [])
    return out

