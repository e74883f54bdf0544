"""The attacker on a whole study: everything that a page, report, export or command makes of it, all at once.

Filters choose rows of these releases and texts are made from them (``test_audit``), so what bounds nothing here bounds
nothing on any page.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
from attack_bounds import attack
from attack_cells import System, cells, system, together, with_atoms

from evaltool.result import ALL, Release, Result

GONE = ("measure", "department", "subgroup", "kind", "phase", "grain", "period", "contrast", "unit", "status", "reason")
MAKERS = {
    "study_release": "standard", "study_comparison": "every method, and respondents", "study_readmission": "every definition",
    "study_view": "every view", "study_stays": "stays", "study_spread": "spread",
    "study_registry": "registry: the study's own stays as a registry file, every definition that can be counted so",
    "study_counts": "rounded, and refused beside exact numbers: ``attack_counts``",
    "study_trial": "not attacked: the phases and periods of study_release with other data, held against it by the memory",
}
"""Everything that passes something through the gate, and what it is called here or why it is not here."""
STATUS = {
    "response": "attacked (``wave_counts``)", "scales": "attacked (``wave_counts``)",
    "tables": "rows of a whole table, as delivered", "imports": "rows of whole files, as delivered", "problems": "rows with a fault, no department",
    "signs": "items and scales that look wrong, no numbers", "clashes": "department-months that differ, no persons",
}
"""The frames of ``status``, which is no Release: what is known from them, or why nobody is in them."""
PASSED_BY = {
    "decisions": "what people wrote themselves", "record_decision": "writes", "record_visit": "writes", "Entry": "writes",
    "events": "what was done with the store, no data", "release_history": "numbers of rows shown and hidden, no data",
    "rests_on": "a checksum", "purge": "removes", "forget": "removes", "load": "whether a table has a column (``group_choice``); months that clash (``stays``)",
}
"""What pages and commands read of the store beside all this, and why it tells of nobody."""


def numbers_in_hidden_rows(*, release: Release) -> list[str]:
    """Columns in which a hidden row still carries something."""
    return [f"{column} of {row}" for frame in (release.estimates, release.series)
            for column in frame.columns.difference(GONE) for row in frame.loc[frame["status"].eq("suppressed") & frame[column].notna(), "measure"]]


def attack_pairs(*, pairs: list[tuple[str, Result, Release]], limit: int, beside: tuple[pd.DataFrame, ...] = (), tell=()) -> tuple[int, list[dict]]:
    """Everything that these releases hide, attacked with everything that they show: (hidden cells attacked, those bounded).
    beside: cells known from elsewhere; tell: functions that add what is known of them to the ``System``."""
    frame = together(frames=[*(cells(name=name, result=result, release=release) for name, result, release in pairs), *beside])
    served = {f"service:{service}": set(own["department"]) for service, own in pairs[0][2].register.groupby("service")}
    out = System(with_atoms(frame=frame, pairs=pairs), served)
    system(out=out, results=[result for _, result, _ in pairs])
    for one in tell:
        one(out)
    return attack(out=out, limit=limit)


def releases(*, study) -> Iterator[tuple[str, Result, Release]]:
    """(name, what is true, what is released) of everything that the study shows through the gate."""
    from evaltool.compare.answer import answer
    from evaltool.compare.by_method import METHODS
    from evaltool.compare.readmission_by import OWN, readmission_by
    from evaltool.compare.spread import spread
    from evaltool.compare.stay_facts import stay_facts
    from evaltool.compare.who_answered import who_answered
    from evaltool.indicators.definitions import presets
    from evaltool.store import load
    from evaltool.study_comparison import study_comparison
    from evaltool.study_readmission import study_readmission
    from evaltool.study_release import study_release
    from evaltool.study_spread import study_spread
    from evaltool.study_stays import study_stays
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
    yield "spread", spread(dataset=dataset, study=study), study_spread(folder=study.folder)
    if (made := study_stays(folder=study.folder)) is not None:
        yield "stays", stay_facts(dataset=dataset, study=study), made
    yield from registries(study=study)
    for view in VIEWS:
        if (made := study_view(folder=study.folder, view=view)) is not None:
            yield view, _makers()[view](dataset, study), made


def registries(*, study, definitions: tuple[str, ...] | None = None) -> Iterator[tuple[str, Result, Release]]:
    """The study's own stays as a registry file, under every definition that can be counted so (or ``definitions``)."""
    from evaltool.compare.readmission_by import OWN
    from evaltool.indicators.definitions import presets
    from evaltool.indicators.registry import countable
    from evaltool.registry_file import COLUMNS
    from evaltool.store import load
    from evaltool.study_registry import count_registry, definition_of, study_registry

    dataset = load(study=study)
    if "stays" not in dataset.tables:
        return
    stays = dataset.tables["stays"].reindex(columns=list(COLUMNS))
    stays = stays.assign(died=stays["died"].astype("boolean"), discharged_to=stays["discharged_to"].astype("str"))
    known = definitions or (OWN, *(name for name, one in presets().items() if countable(definition=one)))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "registry.parquet"
        stays.to_parquet(path, index=False)
        for name in known:
            made = study_registry(folder=study.folder, path=path, definition=name).release
            true, _ = count_registry(
                study=study, dataset=dataset, path=path, numbers=False, definition=definition_of(study=study, name=name), n_parts=2, sha256=made.provenance.snapshot,
                with_stays=name == OWN, periods=False)
            yield f"registry {name}", true, made


def wave_counts(*, study) -> pd.DataFrame:
    """What the state of the study tells of each wave: invited and answered, forms behind a reliability."""
    from evaltool.indicators.response import POPULATIONS
    from evaltool.status import status

    frames = status(study=study)
    tables = {population: table for table, population in POPULATIONS.items()}
    said = frames["response"].dropna(subset=["answered"])
    rows = [(f"respondents.{tables[r.population]}|wave", layer, r.wave, value) for r in said.itertuples()
            for layer, value in (("rows", r.invited), ("inside", r.answered), ("outside", r.invited - r.answered))]
    forms = frames["scales"]
    rows += [(f"quality.{r.form}.{r.scale}|wave", "rows", r.wave, float(r.n)) for r in forms[forms["n"].notna() & forms["wave"].ne(ALL)].itertuples()]
    found = pd.DataFrame(rows, columns=["unit", "layer", "subgroup", "value"])
    return found.assign(subgroup="wave=" + found["subgroup"], department=ALL, phase=None, grain=None, period=pd.NaT, known=True, persons=float("nan"),
                        hidden=False, release="status")


def waves_are_periods(*, study):
    """A wave lies in one period: what is told of a wave is told of its period, where the two are the same in truth."""
    months = {"month": 1, "quarter": 3, "year": 12}

    def tell(out: System) -> None:
        f = out.frame[out.frame["department"].eq(ALL)]
        series = f[f["unit"].str.endswith("|period") & f["subgroup"].isna()]
        for survey in study.surveys.values():
            names = {f"respondents.{survey.table}|wave": {f"respondents.{survey.table}|period"}}
            own = {m.id: m.source for m in study.measures() if m.source.get("instrument") == survey.instrument}
            for name, source in own.items():
                of = f"{survey.instrument}.{source['scale']}"
                names |= {f"{kind}.{of}{end}": {f"{name}|period"} for kind, end in (("quality", "|wave"), ("floor", "|whole"), ("ceiling", "|whole"))}
            for wave, (unit, periods) in product(survey.waves, names.items()):
                told = f[f["unit"].eq(unit) & f["subgroup"].eq(f"wave={wave.id}")
                         | f["unit"].str.startswith(f"filled.{survey.table}.") & f["phase"].eq(wave.id) & f["layer"].eq("rows")]
                for row in told.itertuples():
                    for other in series[series["unit"].isin(periods) & series["layer"].eq(row.layer)].itertuples():
                        if other.period <= pd.Timestamp(wave.opens) < other.period + pd.offsets.DateOffset(months=months[other.grain]):
                            out.add([row.Index, other.Index], [1.0, -1.0])
    return tell


def attack_study(*, study, limit: int) -> dict[str, object]:
    """Everything at once: hidden cells attacked and what was bounded; and numbers left in hidden rows, by release."""
    pairs = list(releases(study=study))
    out: dict[str, object] = {name: (0, [], numbers_in_hidden_rows(release=release)) for name, _, release in pairs}
    tried, found = attack_pairs(pairs=pairs, limit=limit, beside=(wave_counts(study=study),), tell=(waves_are_periods(study=study),))
    return out | {"all together": (tried, found, [])}


def filtered(*, release: Release, by_group: Release | None = None, every: int = 1) -> Iterator[Release]:
    """What the filters of the pages leave of ``release``, one combination in ``every``: kind of department, phase, whom it is
    about, first and last year, and (of ``by_group``) one group of people."""
    from evaltool.disclosure import of_group
    from evaltool.ui.filters import _cut, _options

    has = _options(release)
    groups = sorted(by_group.estimates["subgroup"].dropna().unique()) if by_group is not None else []
    options = {"types": has.types, "phases": has.phases, "sides": has.sides, "since": has.years[1:], "until": has.years[:-1]}
    for n, (group, *wanted) in enumerate(product(["", *groups], *([None, *some] for some in options.values()))):
        if n % every == 0:
            one = of_group(release=by_group, subgroup=group) if group else release
            asked = dict(zip(options, wanted, strict=True))
            many = {name: (asked[name],) if asked[name] else () for name in ("types", "phases", "sides")}
            yield _cut(one, asked | many | {"departments": ()})
