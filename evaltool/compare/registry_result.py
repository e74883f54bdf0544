"""The stays of a registry, counted part after part, as a Result."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from .assemble import result
from .registry_readmission import MEASURE, registry_readmission
from .registry_stays import MEASURES, Frame, registry_stays

if TYPE_CHECKING:
    from ..indicators.registry_counts import RegistryCounts
    from ..indicators.registry_stays import StaySums
    from ..result import Result


def registry_result(*, counts: RegistryCounts, sums: StaySums | None, frame: Frame) -> Result:
    """``registry_readmission``, and ``registry_stays`` where there are ``sums``."""
    parts = [registry_readmission(
        counts=counts, design=frame.design, departments=frame.names[:-1], min_persons=frame.min_persons, conf_level=frame.conf_level)]
    if sums is not None:
        parts.append(registry_stays(sums=sums, frame=frame))
    return result(
        estimates=[row for part in parts for row in part[0]], notes=[row for part in parts for row in part[1]], design=frame.design,
        measures=(MEASURE, *(MEASURES if sums is not None else ())), provenance=frame.provenance, conf_level=frame.conf_level,
        series=pd.concat([part[2] for part in parts], ignore_index=True))
