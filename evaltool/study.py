"""study.toml and the folder around it -> ``Study``: who, when, which surveys and measures, and this study's rules."""

from __future__ import annotations

import dataclasses
import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from . import contracts, instruments, resources
from .errors import StudyError
from .measures import SIDES, Measure, adopt, register
from .scale_measure import scale_measure
from .settings import (
    Access, Import, Limit, Measures, Override, Periods, Plan, Privacy, Process, Readmission, Settings, Stays, Survey, nearest, read_settings,
)

FILE = "study.toml"
INSTRUMENTS = "instruments"
NAMED_WINDOWS = (7, 30, 90, 365)
"""Days of readmission that have a measure of their own, so that its name says what it is."""


@dataclass(frozen=True)
class Study:
    """A study folder and what its study.toml says, defaults filled in.

    ``chosen`` is the ``[measures]`` table; ``measures()`` gives the measures themselves.
    """

    folder: Path
    id: str
    name: Mapping[str, str]
    language: str
    as_of: dt.date
    timezone: str
    privacy: Privacy
    periods: Periods
    surveys: Mapping[str, Survey]
    chosen: Measures
    readmission: Readmission
    stays: Stays
    plan: Plan
    process: Process
    imports: tuple[Import, ...]
    access: Access
    rules: Mapping[str, Limit] = field(default_factory=dict)

    def measures(self) -> tuple[Measure, ...]:
        """The measures of this study in the order of the register, then scales of its forms as it names them, users first;
        overrides applied. Where nothing was chosen: all that can be had, and the first scale of each other form. None of stays
        where these are given as rounded counts."""
        wanted = self.chosen.use
        found = [m for m in register().values() if (self._offered(m) if wanted is None else m.id in wanted)]
        if wanted is None:
            known = {m.source.get("instrument") for m in found}
            scales = [m for form in dict.fromkeys(s.instrument for s in self.surveys.values()) if form not in known
                      for m in self.scales(form=form)[:1]]
        else:
            own = {m.id: m for name in wanted if "." in name for m in self.scales(form=name.partition(".")[0])}
            scales = [own[name] for name in wanted if name in own]
        ordered = sorted([*found, *scales], key=lambda m: SIDES.index(m.side))
        told = [m for m in ordered if m.side != "service" or self.privacy.counts == "hide"]
        return tuple(_overridden(m, self.chosen.override.get(m.id)) for m in told)

    def scales(self, *, form: str) -> tuple[Measure, ...]:
        """Every scale of one of the study's forms as a measure; none of a slot, of forms for each session, or of a form that
        no survey has."""
        survey = next((s for s in self.surveys.values() if s.instrument == form), None)
        one = instruments.instrument(form, folder=self.instruments) if survey else None
        if one is None or one.occasion != "wave" or one.status == "slot":
            return ()
        return tuple(scale_measure(instrument=one, scale=scale.id, table=survey.table) for scale in one.scales)

    def _offered(self, measure: Measure) -> bool:
        """Where nothing was chosen: all that can be had, the study's own window only when no other measure has it."""
        own = measure.id == "readmission_own_window" and self.readmission.window_days in NAMED_WINDOWS
        return _available(measure, self.surveys) and not own

    @property
    def register(self) -> Path:
        """Folder of departments, rollout and components."""
        return self.folder / "register"

    @property
    def maps(self) -> Path:
        """Folder of the mapping files."""
        return self.folder / "maps"

    @property
    def instruments(self) -> Path:
        """Folder of the study's own instrument files; need not exist."""
        return self.folder / INSTRUMENTS

    @property
    def store(self) -> Path:
        """Folder that only the store writes."""
        return self.folder / "store"

    @property
    def reports(self) -> Path:
        """Folder of finished reports."""
        return self.folder / "reports"

    @property
    def exports(self) -> Path:
        """Folder of exported data."""
        return self.folder / "exports"


def open_study(*, folder: Path) -> Study:
    """Read and check ``folder``/study.toml.

    Raises StudyError, one line each: missing folder or file, invalid TOML, unknown key (with the nearest known one),
    missing or wrong value, unknown measure, table or instrument, waves that overlap or close before they open; and
    ContractError for a file in ``instruments/`` that cannot be read.
    """
    folder = Path(folder)
    settings = read_settings(raw=_read(folder))
    _check_waves(settings.surveys)
    _check_names(settings, folder)
    _check_timezone(settings.study.timezone)
    who = settings.study
    study = Study(
        folder=folder, id=who.id, name=who.name, language=who.language, as_of=who.as_of, timezone=who.timezone,
        privacy=settings.privacy, periods=settings.periods, surveys=settings.surveys, chosen=settings.measures,
        readmission=settings.readmission, stays=settings.stays, plan=settings.plan, process=settings.process,
        imports=settings.imports, access=settings.access, rules=settings.rules,
    )
    _check_measures(settings, study)
    own = instruments.own(folder=study.instruments)
    adopt(measures=[m for form in dict.fromkeys(s.instrument for s in study.surveys.values()) if form in own for m in study.scales(form=form)])
    return study


def _read(folder: Path) -> dict:
    if not folder.is_dir():
        raise StudyError("no_study_folder", got=folder)
    path = folder / FILE
    if not path.is_file():
        raise StudyError("no_study_file", got=path)
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:
        raise StudyError("study_not_toml", got=path, why=error) from error
    except UnicodeDecodeError as error:
        raise StudyError("study_not_utf8", got=path) from error
    except OSError as error:
        raise StudyError("study_unreadable", got=path) from error


def _check_waves(surveys: Mapping[str, Survey]) -> None:
    for name, survey in surveys.items():
        seen: set[str] = set()
        for wave in survey.waves:
            if wave.id in seen:
                raise StudyError("wave_twice", survey=name, got=wave.id)
            if wave.closes < wave.opens:
                raise StudyError("wave_backwards", survey=name, got=wave.id, opens=wave.opens, closes=wave.closes)
            seen.add(wave.id)
        ordered = sorted(survey.waves, key=lambda w: w.opens)
        for earlier, later in zip(ordered, ordered[1:], strict=False):
            if later.opens <= earlier.closes:
                raise StudyError("waves_overlap", survey=name, got=earlier.id, other=later.id)


def _check_names(settings: Settings, folder: Path) -> None:
    """Tables and instruments that are named must exist."""
    for place, entry in enumerate(settings.imports, start=1):
        _check_known(f"imports[{place}].table", entry.table, _files("tables"))
    for code in settings.rules:
        _check_known("rules", code, (*contracts.cell_rules(), *(c for table in contracts.names() for c in contracts.contract(table).rules)))
    forms = instruments.available(folder=folder / INSTRUMENTS)
    for name, survey in settings.surveys.items():
        _check_known(f"surveys.{name}.instrument", survey.instrument, forms)


def _check_measures(settings: Settings, study: Study) -> None:
    """A measure is one of the register, or a scale of a form that a survey of the study has."""
    use, plan = settings.measures.use, settings.plan
    planned = {"plan.primary": plan.primary, "plan.secondary": tuple(m for family in plan.secondary for m in family)}
    named = {"measures.use": use or (), "measures.override": settings.measures.override, **planned, **_charted(settings.process)}
    scales = {form: [m.id for m in study.scales(form=form)]
              for form in {name.partition(".")[0] for names in named.values() for name in names if "." in name}}
    for key, names in named.items():
        for name in names:
            own = scales.get(name.partition(".")[0]) if "." in name else None
            _check_known(key, name, tuple(own) if own else tuple(register()))
            if study.privacy.counts == "round" and name in register() and register()[name].side == "service":
                raise StudyError("measure_rounded", key=key, got=name)
    for name in use or ():
        if name in register() and not _available(register()[name], settings.surveys):
            raise StudyError("measure_without_survey", got=name, expected=register()[name].source["instrument"])
    for key, names in planned.items():
        for name in names:
            if use is not None and name not in use:
                raise StudyError("plan_measure_not_used", key=key, got=name)


def _charted(process: Process) -> dict[str, tuple[str, ...]]:
    """The measures that ``[process]`` names, by key."""
    return {
        "process.measures": tuple(process.measures),
        "process.breaks[].measures": tuple(name for one in process.breaks for name in one.measures),
        "process.exclusions[].measure": tuple(one.measure for one in process.exclusions),
    }


def _check_known(key: str, name: str, known: tuple[str, ...]) -> None:
    if name not in known:
        raise StudyError("study_unknown_name", key=key, got=name, nearest=nearest(name, known),
                         expected=", ".join(known))


def _check_timezone(name: str) -> None:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise StudyError("study_value", key="study.timezone", got=name, expected='"Europe/Oslo"') from error


def _files(folder: str) -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in (resources.folder("schemas") / folder).glob("*.yaml")))


def _available(measure: Measure, surveys: Mapping[str, Survey]) -> bool:
    """Indicators always; a score only where a survey with its table and instrument is declared."""
    source = measure.source
    return "indicator" in source or any(
        (s.table, s.instrument) == (source["table"], source["instrument"]) for s in surveys.values()
    )


def _overridden(measure: Measure, override: Override | None) -> Measure:
    if override is None or override.important is None:
        return measure
    return dataclasses.replace(measure, important=override.important, important_certainty="study")
