"""From a study folder and one parquet file of a registry to released readmission numbers, in bounded memory."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import UsageError

if TYPE_CHECKING:
    from .indicators.definitions import ReadmissionDefinition
    from .registry_file import RegistryFacts
    from .result import Release, Result
    from .study import Study

OWN = "study"


@dataclass(frozen=True)
class RegistryAnswer:
    """``release``: what may be shown; ``facts``: how many rows the file has, and which were left out by which rule."""

    release: Release
    facts: RegistryFacts


def study_registry(
    *, folder: Path, path: Path, definition: str = OWN, n_parts: int | None = None, policy_name: str | None = None,
    reason: str | None = None, progress: Callable[[int, int], None] = lambda done, of: None,
) -> RegistryAnswer:
    """Readmission before and after in the stays of ``path`` by the study's ``as_of``, registers and rules, through the gate.

    The stays are read from the file part by part and never enter the store; ``n_parts``: into how many parts the persons are
    split (as many as the size asks for). What the study's own release hides of readmission stays hidden, and numbers are
    held against what was shown before. Raises UsageError for a file that will not do (``registry_file``), departments that
    are not in the register, and definitions that need more than one person's stays at a time.
    """
    from .registry_file import look
    from .store import load
    from .study import open_study
    from .study_release import gated, study_policy

    study = open_study(folder=folder)
    chosen = _definition(study, definition)
    dataset = load(study=study)
    departments = dataset.registers["departments"]["department"].tolist()
    facts = look(path=path, as_of=study.as_of, departments=departments)
    if facts.unknown:
        raise UsageError("registry_departments", got=facts.unknown, expected=", ".join(departments[:20]))
    rules = study_policy(study=study, name=policy_name, reason=reason, who=None)
    sha256 = _sha256(path)

    def make() -> Result:
        return _result(study, dataset, path, chosen, facts, n_parts, sha256, progress)

    release = gated(
        study=study, rules=rules, request={"method": "registry", "definition": definition, "file": sha256}, who=None, when=None,
        make=make, purpose="readmission", label=f"registry {definition}",
        closes=bool({"stays", "service_counts"} & set(dataset.tables)))
    return RegistryAnswer(release=release, facts=facts)


def _result(study, dataset, path, chosen, facts, n_parts, sha256, progress) -> Result:
    import dataclasses

    from .compare.planned_design import planned_design
    from .compare.registry_readmission import registry_readmission
    from .registry_file import AT_ONCE, codes_of, parts

    departments = dataset.registers["departments"]["department"].tolist()
    found = parts(path=path, definition=chosen, as_of=study.as_of, time_of_day=facts.time_of_day, department=codes_of(departments=departments),
                  progress=progress, at_once=AT_ONCE if n_parts is None else -(-max(facts.rows, 1) // n_parts))
    return registry_readmission(
        found=found, late=facts.late, design=planned_design(dataset=dataset, study=study), departments=departments,
        provenance=dataclasses.replace(dataset.provenance, snapshot=sha256[:12]), min_persons=study.privacy.min_persons)


def _definition(study: Study, name: str) -> ReadmissionDefinition:
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
