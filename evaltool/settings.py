"""The declaration of study.toml: every key, what may stand there and what holds when it is left out.

A field below is a key. The check for unknown keys, the types, the defaults and ``keys()`` (for the documentation) all
come from here; ``study.py`` checks what one table cannot know of another.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import difflib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass
from typing import Any

from .errors import StudyError
from .setting_kinds import (
    DAY, FAMILIES, LANGUAGES, NAME, TEXT, TEXTS, TRUTH, WORDS, Kind, figure, key, one_of, part_of, some_of, whole,
)
from .stay_codes import ADMISSION_TYPES, WAYS_OUT

LINKS = ("same_people", "repeated_cross_section", "partly_linked")
"""Do the same people answer in every wave? Declared per survey, never guessed."""

CORRECTIONS = ("holm", "benjamini_hochberg", "none")
ATTRIBUTE_TO = ("last", "first")
ROLES = ("leader", "advisor", "researcher", "administrator")
LOGINS = ("none", "oidc", "headers")
POLICIES = ("default", "strict", "open_internal", "unrestricted")
SURVEY_TABLES = ("user_survey", "staff_survey", "sessions")
CHARTS = ("run", "xmr", "p", "pp", "u", "up", "c")
RULE_SETS = ("mdc_1", "anhoej_1", "western_electric_1", "nelson_1")
GAPS = ("gap", "zero")


@dataclass(frozen=True)
class Wave:
    """One round of a survey; both days belong to it."""

    id: str = key(TEXT)
    opens: dt.date = key(DAY)
    closes: dt.date = key(DAY)


@dataclass(frozen=True)
class Survey:
    """``[surveys.<name>]``: the table its forms are in, the instrument they answer, and who is asked each time.

    ``already_reversed``: do its files hold the points of reversed items, or the answers as ticked? A mapping file that
    says it for itself wins; a form that prints reversed numbers needs one of the two.
    """

    table: str = key(one_of(SURVEY_TABLES))
    instrument: str = key(TEXT)
    link: str = key(one_of(LINKS))
    waves: tuple[Wave, ...] = part_of(Wave, "list")
    already_reversed: bool | None = key(TRUTH, None)


@dataclass(frozen=True)
class Privacy:
    """``[privacy]``: fewer persons than ``min_persons`` are never shown; the other limits as in ``disclosure.Policy``.

    ``counts``: small counts of stays are hidden, or all such counts are given rounded and nothing else about stays is.
    ``sensitive``: measures of which 0 % and 100 % are hidden. ``reason``: why, where ``policy`` is ``unrestricted``.
    ``pseudonym_key_file``: path of the key, outside the study, from the study folder or absolute. ``retention_until``:
    the last day rows about persons may be kept.
    """

    policy: str = key(one_of(POLICIES), "default")
    min_persons: int = key(whole(3, 1000), 5)
    min_n_spread: int = key(whole(3, 1000), 10)
    min_n_points: int = key(whole(3, 1000), 20)
    min_df: int = key(whole(1, 1000), 10)
    max_share: float = key(figure(0, 1), 0.5)
    counts: str = key(one_of(("hide", "round")), "hide")
    sensitive: tuple[str, ...] = key(TEXTS, ())
    reason: str | None = key(TEXT, None)
    pseudonym_key_file: str | None = key(TEXT, None)
    retention_until: dt.date | None = key(DAY, None)


@dataclass(frozen=True)
class Periods:
    """``[periods]``: length of the wash-in where rollout.csv gives no ``wash_in_end``."""

    wash_in_months: int = key(whole(0, 60), 3)


@dataclass(frozen=True)
class Readmission:
    """``[readmission]``: the study's own definition of readmission, for every measure of readmission.

    ``window_days``: last day that counts, for the measure without days in its name and where definitions stand side
    by side (a measure named for 30 days keeps 30). ``lower_gap_hours``, ``lower_gap_days``: earliest hour and day that
    count. ``transfer_gap_hours``: a shorter pause is a transfer. ``attribute_to``: which department of a chained stay
    owns the discharge. ``where``: does a new stay anywhere count? ``look``: ``next`` looks at the next stay only.
    ``unit``: all chained stays, or a person's first in a year or at all. ``planned_types``: kinds that are no
    readmission; ``not_followed_types``: kinds whose discharge is not followed up. ``transferred_out``, ``leave_out``:
    ways out that leave the denominator. ``leave_out_deaths``: so do deaths within the window; ``leave_out_crossing``:
    so do windows that cross the start.
    """

    window_days: int = key(whole(1, 365), 30)
    lower_gap_hours: float = key(figure(0, 240), 0.0)
    lower_gap_days: int = key(whole(0, 60), 0)
    transfer_gap_hours: float = key(figure(0, 240), 8.0)
    attribute_to: str = key(one_of(ATTRIBUTE_TO), "last")
    where: str = key(one_of(("any", "same_department")), "any")
    look: str = key(one_of(("any", "next")), "any")
    unit: str = key(one_of(("episode", "person_year", "person")), "episode")
    planned_types: tuple[str, ...] = key(some_of(ADMISSION_TYPES), ("planned", "user_controlled", "respite"))
    not_followed_types: tuple[str, ...] = key(some_of(ADMISSION_TYPES), ("user_controlled", "respite"))
    transferred_out: tuple[str, ...] = key(some_of(WAYS_OUT), ("hospital", "other_department"))
    leave_out: tuple[str, ...] = key(some_of(WAYS_OUT), ("moved_away",))
    leave_out_deaths: bool = key(TRUTH, False)
    leave_out_crossing: bool = key(TRUTH, False)


@dataclass(frozen=True)
class Stays:
    """``[stays]``: nights that a stay within one day counts, and when a stay is called long."""

    count_same_day: int = key(whole(0, 1), 0)
    long_stay_months: int = key(whole(1, 120), 3)


@dataclass(frozen=True)
class Override:
    """``[measures.override.<measure>]``: what replaces the entry of the measure register in this study."""

    important: float | None = key(figure(0, 1e9), None)


@dataclass(frozen=True)
class Measures:
    """``[measures]``: which, in the order of the register. Left out: all that the study can have."""

    use: tuple[str, ...] | None = key(TEXTS, None)
    override: Mapping[str, Override] = part_of(Override, "named")


@dataclass(frozen=True)
class Plan:
    """``[plan]``: what was decided before the data: outcomes, families tested together, correction."""

    primary: tuple[str, ...] = key(TEXTS, ())
    secondary: tuple[tuple[str, ...], ...] = key(FAMILIES, ())
    correction: str = key(one_of(CORRECTIONS), "holm")


@dataclass(frozen=True)
class MeasureChart:
    """``[process.measures.<measure>]``: the kind of chart instead of the register's, the target in the measure's unit,
    and whether a calendar period without a row is a gap or a zero."""

    chart: str | None = key(one_of(CHARTS), None)
    target: float | None = key(figure(-1e9, 1e9), None)
    gaps: str = key(one_of(GAPS), "gap")


@dataclass(frozen=True)
class Break:
    """``[[process.breaks]]``: a day from which limits are worked out anew, and why; without ``department`` everywhere,
    without ``measures`` for all of them."""

    date: dt.date = key(DAY)
    reason: Mapping[str, str] = key(WORDS)
    department: str | None = key(TEXT, None)
    measures: tuple[str, ...] = key(TEXTS, ())


@dataclass(frozen=True)
class Exclusion:
    """``[[process.exclusions]]``: the point that holds ``date`` is drawn but left out of the limits, for this reason."""

    measure: str = key(TEXT)
    department: str = key(TEXT)
    date: dt.date = key(DAY)
    reason: Mapping[str, str] = key(WORDS)


@dataclass(frozen=True)
class Annotation:
    """``[[process.annotations]]``: something that happened, marked on the charts of a department or of all."""

    date: dt.date = key(DAY)
    text: Mapping[str, str] = key(WORDS)
    department: str | None = key(TEXT, None)


@dataclass(frozen=True)
class Process:
    """``[process]``: how process charts are made. ``centre`` and ``screen_ranges`` are about XmR charts: mean with mean
    moving range or median with median moving range; ranges far above the others left out (when not said: as the rule
    set does). ``baseline``: ``rebase`` = new limits after the wash-in, ``frozen`` = those of the time before throughout."""

    rules: str = key(one_of(RULE_SETS), "mdc_1")
    centre: str = key(one_of(("mean", "median")), "mean")
    screen_ranges: bool | None = key(TRUTH, None)
    baseline: str = key(one_of(("rebase", "frozen")), "rebase")
    measures: Mapping[str, MeasureChart] = part_of(MeasureChart, "named")
    breaks: tuple[Break, ...] = part_of(Break, "list")
    exclusions: tuple[Exclusion, ...] = part_of(Exclusion, "list")
    annotations: tuple[Annotation, ...] = part_of(Annotation, "list")


@dataclass(frozen=True)
class Import:
    """``[[imports]]``: a source file (path from the study folder), its table and its mapping. ``drop``: headings of
    columns that are not to be read."""

    file: str = key(TEXT)
    table: str = key(TEXT)
    map: str | None = key(TEXT, None)
    sheet: str | None = key(TEXT, None)
    drop: tuple[str, ...] = key(TEXTS, ())


@dataclass(frozen=True)
class Limit:
    """``[rules.<code>]``: how many rows (``most``), or which share of them (``most_share``), may break a rule. More stop the
    import, a note too; up to there the rows that are refused do not count towards the share that refuses the file."""

    most: int | None = key(whole(0, 1_000_000_000), None)
    most_share: float | None = key(figure(0, 1), None)

    def allows(self, broken: int, rows: int) -> bool:
        """May so many of so many rows break the rule?"""
        few = self.most is None or broken <= self.most
        return few and (self.most_share is None or broken <= self.most_share * rows)


@dataclass(frozen=True)
class Person:
    """``[[access.persons]]``: one who may open the dashboard. Without ``departments`` all of them."""

    who: str = key(TEXT)
    role: str = key(one_of(ROLES))
    departments: tuple[str, ...] = key(TEXTS, ())


@dataclass(frozen=True)
class Access:
    """``[access]``: how people log in (``none``: this machine only), which header names them when a proxy on this
    machine does it, days the usage log is kept (0: no log), and who may see what."""

    login: str = key(one_of(LOGINS), "none")
    header: str = key(TEXT, "X-Forwarded-Email")
    log_days: int = key(whole(0, 3650), 90)
    persons: tuple[Person, ...] = part_of(Person, "list")


@dataclass(frozen=True)
class Identity:
    """``[study]``: who and when. ``as_of`` is the last day the data cover."""

    id: str = key(TEXT)
    name: Mapping[str, str] = key(NAME)
    as_of: dt.date = key(DAY)
    language: str = key(one_of(LANGUAGES), "nb")
    timezone: str = key(TEXT, "Europe/Oslo")


@dataclass(frozen=True)
class Settings:
    """All of study.toml, one field per top-level table."""

    study: Identity = part_of(Identity, "one")
    privacy: Privacy = part_of(Privacy, "one")
    periods: Periods = part_of(Periods, "one")
    surveys: Mapping[str, Survey] = part_of(Survey, "named")
    measures: Measures = part_of(Measures, "one")
    readmission: Readmission = part_of(Readmission, "one")
    stays: Stays = part_of(Stays, "one")
    plan: Plan = part_of(Plan, "one")
    process: Process = part_of(Process, "one")
    imports: tuple[Import, ...] = part_of(Import, "list")
    rules: Mapping[str, Limit] = part_of(Limit, "named")
    access: Access = part_of(Access, "one")


def read_settings(*, raw: dict) -> Settings:
    """The parsed TOML as ``Settings``; raises StudyError naming the first key that is unknown, missing or wrong."""
    return _part(Settings, raw, "")


def keys() -> tuple[tuple[str, str, object], ...]:
    """Every key of study.toml as (dotted name, what may stand there, default or ``MISSING``), for the documentation."""
    return tuple(_walk(Settings, ""))


def _walk(part: type, place: str):
    for f in dataclasses.fields(part):
        name = f"{place}{f.name}"
        if "part" in f.metadata:
            suffix = {"one": ".", "named": ".<name>.", "list": "[]."}[f.metadata["shape"]]
            yield from _walk(f.metadata["part"], name + suffix)
        else:
            yield name, f.metadata["kind"].example, f.default


def _part(part: type, raw: object, place: str) -> Any:
    """Build the frozen ``part`` from one TOML table; ``place`` is its dotted name with a dot at the end."""
    if not isinstance(raw, dict):
        raise StudyError("study_value", key=place.rstrip("."), got=_shown(raw), expected=f"[{place.rstrip('.')}]")
    fields = {f.name: f for f in dataclasses.fields(part)}
    for name in raw:
        if name not in fields:
            raise StudyError("study_unknown_key", key=f"{place}{name}", expected=nearest(name, tuple(fields)))
    return part(**{name: _value(f, raw, f"{place}{name}") for name, f in fields.items()
                   if name in raw or f.default is MISSING})


def _value(declared: dataclasses.Field, raw: dict, place: str) -> object:
    if "part" in declared.metadata:
        return _nested(declared.metadata["part"], declared.metadata["shape"], raw.get(declared.name), place)
    kind: Kind = declared.metadata["kind"]
    if declared.name not in raw:
        raise StudyError("study_missing_key", key=place, expected=kind.example)
    if not kind.fits(raw[declared.name]):
        raise StudyError("study_value", key=place, got=_shown(raw[declared.name]), expected=kind.example)
    return kind.read(raw[declared.name])


def _nested(part: type, shape: str, raw: object, place: str) -> object:
    if shape == "one":
        return _part(part, {} if raw is None else raw, f"{place}.")
    if shape == "named":
        raw = _must(raw, dict, place, f"[{place}.<...>]")
        return {name: _part(part, entry, f"{place}.{name}.") for name, entry in raw.items()}
    raw = _must(raw, list, place, f"[[{place}]]")
    return tuple(_part(part, entry, f"{place}[{i}].") for i, entry in enumerate(raw, start=1))


def _must(raw: object, kind: type, place: str, expected: str) -> Any:
    if raw is None:
        return kind()
    if not isinstance(raw, kind):
        raise StudyError("study_value", key=place, got=_shown(raw), expected=expected)
    return raw


def nearest(name: str, known: tuple[str, ...]) -> str:
    """The known name most like ``name``; when none is like it, all of them."""
    return next(iter(difflib.get_close_matches(name, known, n=1, cutoff=0.5)), ", ".join(known))


def _shown(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else text[:57] + "..."
