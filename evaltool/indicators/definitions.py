"""What counts as a readmission: a frozen definition, and the named presets in schemas/readmission_presets.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from .. import resources
from ..stay_codes import ADMISSION_TYPES

WISHED = ("planned", "user_controlled", "respite")
"""Agreed or wished-for stays: their rise must not look like failure."""


@dataclass(frozen=True)
class ReadmissionDefinition:
    """All choices behind one readmission number.

    ``window_days``: last calendar day after discharge that counts (inclusive). ``lower_gap_hours`` and
    ``lower_gap_days``: earliest hour and calendar day that count. ``event_types``: kinds of admission that are a
    readmission. ``index_types``: kinds of episode whose discharge is followed up. ``look``: ``any`` looks for
    the first episode of an event type, ``next`` only at the first episode of any type, from the lower gap on. ``where``: ``any`` or
    ``same_department``. ``unit``: ``episode``, ``person_year`` for the first episode of a person in a calendar
    year, or ``person`` for the first at all. ``transferred_out``: codes of ``discharged_to`` for a
    stay that goes on outside the data; ``leave_out``: further codes that leave the denominator. ``drop_deaths``: leave out
    discharges with a death within the window, ``drop_crossing``: windows that cross the start of the rollout (both are
    always flagged). A window that opens after it closes (a lower gap beyond ``window_days``) is refused by ``StudyError``.
    """

    window_days: int = 30
    lower_gap_hours: float = 0
    lower_gap_days: int = 0
    transfer_gap_hours: float = 8
    attribute_to: str = "last"
    event_types: tuple[str, ...] = tuple(k for k in ADMISSION_TYPES if k not in WISHED)
    index_types: tuple[str, ...] = tuple(k for k in ADMISSION_TYPES if k not in ("user_controlled", "respite"))
    look: str = "any"
    where: str = "any"
    unit: str = "episode"
    transferred_out: tuple[str, ...] = ("hospital", "other_department")
    leave_out: tuple[str, ...] = ("moved_away",)
    drop_deaths: bool = False
    drop_crossing: bool = False


@cache
def presets() -> Mapping[str, ReadmissionDefinition]:
    """The named definitions by name, in the order of the file."""
    return {name: _definition(entry["definition"]) for name, entry in _listed().items()}


def preset_text(*, name: str, field: str, lang: str) -> str:
    """``label`` or ``source`` of a named definition in ``nb`` or ``en``."""
    return _listed()[name]["text"][field][lang]


@cache
def _listed() -> Mapping:
    return resources.schema("readmission_presets.yaml")


def _definition(entry: Mapping) -> ReadmissionDefinition:
    return ReadmissionDefinition(**{k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()})
