"""What a checked file would do to each measure, were it taken in: through the gate, and into the log like all that is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from .result import Release
    from .study import Study

LABEL = "trial"
"""Trials are held against all that was shown before and against each other. What is imported later is never held against a
trial: the file is its owner's, and trying a file twice must not take a number from everybody else."""


def study_trial(*, study: Study, table: str, frame: pd.DataFrame, who: str | None = None) -> Release:
    """The released levels of every measure with ``frame`` (rows that keep the contract) taken into ``table``.

    Nothing is imported. Raises StoreError and PrivacyError: then nothing is released.
    """
    from .compare.levels import levels
    from .store.would_be import would_be
    from .study_release import gated, study_policy

    dataset = would_be(study=study, table=table, frame=frame)
    rules = study_policy(study=study, name=None, reason=None, who=who)
    return gated(
        study=study, rules=rules, request={"method": LABEL, "data": dataset.provenance.snapshot}, who=who, when=None,
        purpose="check", label=LABEL, closes=False, make=lambda: levels(dataset=dataset, study=study),
    )
