"""The rollout of a study as it was declared: what every comparison of one snapshot starts from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..design import StudyDesign

if TYPE_CHECKING:
    from ..result import Dataset
    from ..study import Study


def planned_design(*, dataset: Dataset, study: Study, wash_in: str = "planned") -> StudyDesign:
    """``StudyDesign`` of the registers in ``dataset``, with the study's wash-in (or ``none``, or ``double``)."""
    return StudyDesign.from_register(
        rollout=dataset.registers["rollout"], departments=dataset.registers["departments"],
        as_of=dataset.provenance.as_of, wash_in_months=study.periods.wash_in_months, wash_in=wash_in,
    )
