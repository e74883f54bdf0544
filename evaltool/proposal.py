"""A mapping for a new file, proposed and written for review. Nothing is ever imported by a proposal nobody has seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import UsageError

if TYPE_CHECKING:
    from .intake import Source
    from .intake.propose import Proposal
    from .study import Study


def proposal(*, study: Study, source: Source, table: str | None = None) -> Proposal:
    """How ``source`` may be read in this study, as ``table`` or as the one it fits best: by the forms, departments and
    waves of the study. Words on fewer rows than ``min_persons`` are not named."""
    from .instruments import instrument
    from .intake.propose import propose
    from .intake.rare_words import without_rare_words

    forms = list(dict.fromkeys(survey.instrument for survey in study.surveys.values()))
    found = propose(
        source=source, table=table, instruments=[instrument(form, folder=study.instruments) for form in forms],
        ids=known_values(study=study),
    )
    return without_rare_words(proposal=found, source=source, least=study.privacy.min_persons)


def known_values(*, study: Study) -> dict[str, dict[str, str]]:
    """For the columns whose values the study knows (department, wave): every word for a value -> the value."""
    from .store.registers import read_registers

    waves = [wave.id for survey in study.surveys.values() for wave in survey.waves]
    departments = read_registers(study=study)["departments"]
    codes = departments["department"].astype(str)
    named = dict(zip(departments["name"].astype(str), codes, strict=True))
    return {"department": dict(zip(codes, codes, strict=True)) | named} | ({"wave": {w: w for w in waves}} if waves else {})


def needs_mapping(*, source: Source, table: str) -> bool:
    """Has the file headings of its own, so that a mapping must say what they are? Where most of the needed columns have
    our names it does not: then one is simply not there."""
    from .contracts import contract
    from .intake.words import folded

    present = {folded(heading) for heading in source.headings}
    needed = [folded(c.name) for c in contract(table).columns.values() if c.required != "optional"]
    return 2 * sum(name in present for name in needed) < len(needed)


def write_proposal(
    *, study: Study, path: Path, table: str | None, sheet: str | None, lang: str
) -> Mapping[str, object] | None:
    """Write ``maps/<file>.toml`` for the file at ``path``, with remarks in ``lang``; returns the facts, or None where
    the file needs no mapping.

    Raises UsageError where a mapping of that name is there already: a reviewed mapping is never overwritten.
    """
    from .intake import read_source
    from .report.proposal import proposal_text

    source = read_source(path=path, sheet=sheet)
    if table is not None and not needs_mapping(source=source, table=table):
        return None
    found = proposal(study=study, source=source, table=table)
    target = study.maps / f"{Path(source.name).stem}.toml"
    if target.exists():
        raise UsageError("mapping_there", file=source.name, got=target)
    study.maps.mkdir(parents=True, exist_ok=True)
    open_one = replace(found, mapping=replace(found.mapping, reviewed=False))
    target.write_text(proposal_text(proposal=open_one, lang=lang), encoding="utf8")
    return {
        "file": source.name, "table": found.table, "mapping": str(target), "profile": found.profile,
        "columns": len(found.matches) + sum(len(block.headings) for block in found.blocks),
        "unsure": sum(1 for match in found.matches if match.doubts) + sum(1 for b in found.blocks if b.others or b.unknown),
        "lacking": list(found.lacking), "unused": len(found.unused), "personal": list(found.personal),
    }
