"""From a study folder and one parquet file of a registry to released numbers about stays, in bounded memory."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import UsageError

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from .indicators.definitions import ReadmissionDefinition
    from .indicators.registry_stays import StaySums
    from .registry_rows import Rulebook, Tally
    from .result import Dataset, Release, Result
    from .study import Study

OWN = "study"
FOUND_COLUMNS = ("rule", "severity", "column", "rows")


@dataclass(frozen=True)
class RegistryFacts:
    """What a reading of the file says: ``rows``, those ``kept``, and ``found``: rows by ``FOUND_COLUMNS`` of every broken rule
    (one row can break several), of severity ``error`` (left out), ``note`` (stays in) or ``withheld`` (the person has withdrawn).
    ``time_of_day``: clock times in nine of ten of both ends. ``series``: measures that have series over time before the gate."""

    rows: int
    kept: int
    found: pd.DataFrame
    time_of_day: bool
    series: list[str]


@dataclass(frozen=True)
class RegistryAnswer:
    """``release``: what may be shown; ``facts``: how many rows the file has, and which rules they break."""

    release: Release
    facts: RegistryFacts


def study_registry(
    *, folder: Path, path: Path, definition: str = OWN, n_parts: int | None = None, policy_name: str | None = None,
    reason: str | None = None, progress: Callable[[int, int], None] = lambda done, of: None,
) -> RegistryAnswer:
    """Stays of ``path`` before and after by the study's ``as_of``, registers and rules, through the gate: readmission under
    ``definition``, and under the study's own also bed-days, admissions, stays beyond the limit and lengths.

    The stays are read part by part and never enter the store; ``n_parts``: into how many parts the persons are split (as many as
    the size asks for). Rows are held against the rules of the table ``stays`` as an import does. What the study's own release hides
    stays hidden, numbers are held against what was shown before, and there are series over time only where the study has no stays
    of its own. Raises UsageError for a file that will not do and for definitions that need more than one person's stays at a
    time; CheckError as ``registry_file.parts``.
    """
    from .registry_file import numbered
    from .store import load
    from .study import open_study
    from .study_release import gated, study_policy

    study = open_study(folder=folder)
    chosen, numbers = definition_of(study=study, name=definition), numbered(path=path)
    dataset = load(study=study)
    rules = study_policy(study=study, name=policy_name, reason=reason, who=None)
    sha256 = _sha256(path)
    told: list[RegistryFacts] = []
    request = {"method": "registry", "definition": definition, "file": sha256}
    own = bool({"stays", "service_counts"} & set(dataset.tables))

    def make() -> Result:
        result, facts = count_registry(study=study, dataset=dataset, path=path, numbers=numbers, definition=chosen, n_parts=n_parts, progress=progress,
                                       sha256=sha256, with_stays=definition == OWN, periods=not own)
        _keep_facts(study, request, facts)
        told.append(facts)
        return result

    release = gated(study=study, rules=rules, request=request, who=None, when=None, make=make, purpose="readmission",
                    label=f"registry {definition}", closes=own)
    if not told and (before := _kept_facts(study, request)):
        told.append(before)
    elif not told:
        make()
    return RegistryAnswer(release=release, facts=told[0])


def count_registry(
    *, study: Study, dataset: Dataset, path: Path, numbers: bool, definition: ReadmissionDefinition, n_parts: int | None, sha256: str,
    with_stays: bool, periods: bool, progress: Callable[[int, int], None] = lambda done, of: None,
) -> tuple[Result, RegistryFacts]:
    """``study_registry`` before the gate. ``numbers``: the persons are whole numbers; ``with_stays``: bed-days and the like too; ``periods``: their series over time."""
    import dataclasses

    import numpy as np

    from .compare.planned_design import planned_design
    from .compare.registry_result import registry_result
    from .compare.registry_stays import Frame
    from .indicators.episodes import closing
    from .indicators.registry import follow_up
    from .indicators.registry_counts import ReadmissionSums, phase_table
    from .registry_file import parts
    from .registry_rows import Tally

    design, departments = planned_design(dataset=dataset, study=study), dataset.registers["departments"]
    names = departments["department"].tolist()
    book, tally = _rulebook(study, dataset, definition, numbers=numbers), Tally()
    phase, low = phase_table(design=design, departments=names)
    started = np.isin(names, design.started)
    counts, sums = ReadmissionSums(phase=phase, low=low, started=started), None
    for stays in parts(path=path, book=book, tally=tally, limits=study.rules, progress=progress, n_parts=n_parts):
        found = follow_up(stays=stays, definition=definition, close=closing(study.as_of), time_of_day=tally.time_of_day,
                          died_on=book.deaths.of if len(book.deaths.person) else None)
        counts.add(found=found)
        if with_stays:
            sums = sums or _stay_sums(study, tally, phase, low, started)
            sums.add(stays=stays, found=found)
        del stays, found  # Gone before the next part is there.
    frame = Frame(
        design=design, departments=departments, provenance=dataclasses.replace(dataset.provenance, snapshot=sha256[:12]),
        min_persons=study.privacy.min_persons, periods=periods, conf_level=0.95)
    result = registry_result(counts=counts.counts(), sums=sums, frame=frame)
    over_time = result.series.loc[result.series["kind"].eq("period"), "measure"]
    return result, _facts(tally, sorted(set(over_time)))


def _facts_name(study: Study, request: Mapping[str, str]) -> str:
    from .store import rests_on

    return f"registry_facts-{rests_on(study=study, request=request)[:24]}"


def _keep_facts(study: Study, request: Mapping[str, str], facts: RegistryFacts) -> None:
    """Beside the release: who asks again for the same file is told the same without a new reading."""
    from .store import keep

    keep(store=study.store, name=_facts_name(study, request), frames={"found": facts.found},
         facts={"rows": facts.rows, "kept": facts.kept, "time_of_day": facts.time_of_day, "series": facts.series})


def _kept_facts(study: Study, request: Mapping[str, str]) -> RegistryFacts | None:
    from .store import kept

    found = kept(store=study.store, name=_facts_name(study, request))
    return None if found is None else RegistryFacts(found=found[0]["found"], **found[1])


def _facts(tally: Tally, over_time: list[str]) -> RegistryFacts:
    import pandas as pd

    from .contracts import rule

    rows = [(code, "withheld" if rule("stays", code).withhold else rule("stays", code).severity, column, count)
            for (code, column), count in sorted(tally.broken.items()) if count]
    return RegistryFacts(rows=tally.rows, kept=tally.rows - tally.refused, time_of_day=tally.time_of_day, series=over_time,
                         found=pd.DataFrame(rows, columns=list(FOUND_COLUMNS)))


def _stay_sums(study: Study, tally: Tally, phase: np.ndarray, low: int, started: np.ndarray) -> StaySums:
    import numpy as np
    import pandas as pd

    from .indicators.episodes import closing
    from .indicators.registry_months import MonthGrid
    from .indicators.registry_rules import NEVER
    from .indicators.registry_stays import StayRules, StaySums
    from .indicators.study_stays import whole_months

    begin = tally.first_in if tally.first_out == NEVER else tally.first_out
    first, last = (int(np.datetime64(day, "M").astype("int64")) for day in whole_months(begin=pd.Timestamp(begin, unit="s"), as_of=study.as_of))
    until = int(np.datetime64(study.as_of, "M").astype("int64"))
    return StaySums(rules=StayRules(
        close=closing(study.as_of), count_same_day=study.stays.count_same_day, long_stay_months=study.stays.long_stay_months,
        covered=MonthGrid(n_departments=len(phase), first=first, last=last), grid=MonthGrid(n_departments=len(phase), first=first, last=until),
        phase=phase, low=low, started=started))


def _rulebook(study: Study, dataset: Dataset, definition: ReadmissionDefinition, *, numbers: bool) -> Rulebook:
    """The register and the persons table of the study, as an import would hold the stays against them."""
    import numpy as np

    from .indicators.registry_rules import NOBODY, Deaths
    from .registry_rows import Rulebook, person_numbers

    about = {"as_of": study.as_of, "departments": dataset.registers["departments"], "definition": definition, "limited": frozenset(study.rules)}
    persons = dataset.tables.get("persons")
    if persons is None or not len(persons):
        return Rulebook(**about)
    number = person_numbers(persons=persons["person"], numbers=numbers)
    gone = persons["withdrawn_on"].notna().to_numpy() if "withdrawn_on" in persons else np.zeros(len(persons), dtype=bool)
    died = np.flatnonzero(persons["died_on"].notna()) if "died_on" in persons else []
    order = np.argsort(number[died])
    day = persons["died_on"].to_numpy()[died].astype("datetime64[D]").astype("int64") if len(died) else number[:0]
    deaths = Deaths(person=number[died][order], day=day[order]) if len(died) else NOBODY
    return Rulebook(**about, persons=np.sort(number), withdrawn=np.sort(number[gone]), deaths=deaths)


def definition_of(*, study: Study, name: str) -> ReadmissionDefinition:
    """``study`` or a preset. Raises UsageError for an unknown one, and for one that cannot be counted part by part."""
    from .indicators.definitions import presets
    from .indicators.registry import countable
    from .indicators.study_stays import study_definition

    known = {OWN: study_definition(study=study, window_days=study.readmission.window_days), **presets()}
    usable = {key: one for key, one in known.items() if countable(definition=one)}
    if name not in known:
        raise UsageError("unknown_definition", got=name, expected=", ".join(known))
    if name not in usable:
        raise UsageError("registry_definition", got=name, expected=", ".join(usable))
    return usable[name]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
