"""The sample study as a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from . import fault_lists as faulty
from . import sources
from .faults import Fault
from .files import write_csv, write_register, write_sheet, write_spss
from .maps import STAFF_SHEET, mapping_files
from .study_file import study_text
from .tables import SEED, sample_tables
from .theme_file import theme_labels_text
from .truth import truth_text

STAFF_TITLE = "Recovery-undersøkelsen blant ansatte, Fjordvik kommune"


def write_sample(*, folder: Path, seed: int = SEED) -> None:
    """Write the made-up municipality into ``folder``: study.toml, register/, maps/, raw/ and truth.toml.

    The same seed gives the same content; the delimited and TOML files are the same to the byte.
    """
    folder = Path(folder)
    tables = sample_tables(seed=seed)
    for name in ("register", "maps", "raw"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    _text(folder / "study.toml", study_text())
    _text(folder / "themes.yaml", theme_labels_text())
    for name in ("departments", "rollout", "components"):
        write_register(path=folder / "register" / f"{name}.csv", frame=tables[name])
    for name, text in mapping_files().items():
        _text(folder / "maps" / f"{name}.toml", text)
    _raw(folder / "raw", tables)
    faults = _raw_with_faults(folder, tables)
    _text(folder / "truth.toml", truth_text(tables=tables, faults=faults, seed=seed))


def _raw(folder: Path, tables: Mapping[str, pd.DataFrame]) -> None:
    write_csv(path=folder / "opphold.csv", frame=sources.stays_as_exported(tables["stays"]), encoding="cp1252")
    write_csv(path=folder / "kontakter.csv", frame=sources.contacts_as_exported(tables["contacts"]), encoding="cp1252")
    staff = sources.staff_as_exported(tables["staff_survey"])
    write_sheet(path=folder / "ansatte.xlsx", frame=staff, title=STAFF_TITLE, sheet=STAFF_SHEET)
    write_spss(path=folder / "brukere.sav", frame=sources.users_as_exported(tables["user_survey"]))
    write_csv(path=folder / "personer.csv", frame=sources.persons_as_exported(tables["persons"]), encoding="utf-8-sig")
    write_csv(path=folder / "invitasjoner.csv", frame=sources.invitations_as_exported(tables["invitations"]),
              encoding="utf-8")
    for name, table, exported in (
        ("samtaler", "sessions", sources.sessions_as_exported), ("verdiovelse", "values_exercise", sources.values_as_exported),
        ("temaer", "coded_themes", sources.themes_as_exported),
    ):
        write_csv(path=folder / f"{name}.csv", frame=exported(tables[table]), encoding="utf-8-sig")


def _raw_with_faults(folder: Path, tables: Mapping[str, pd.DataFrame]) -> list[Fault]:
    """Copies of three sources with faults in them, and the list of the faults."""
    persons = tables["persons"]
    stays, in_stays, tails = faulty.stays_with_faults(
        exported=sources.stays_as_exported(tables["stays"]), persons=persons)
    write_csv(path=folder / faulty.STAYS_FILE, frame=stays, encoding="cp1252", tails=tails)
    staff, in_staff = faulty.staff_with_faults(exported=sources.staff_as_exported(tables["staff_survey"]))[:2]
    write_sheet(path=folder / faulty.STAFF_FILE, frame=staff, title=STAFF_TITLE, sheet=STAFF_SHEET)
    users, in_users = faulty.users_with_faults(exported=sources.users_as_text(tables["user_survey"]), persons=persons)[:2]
    write_csv(path=folder / faulty.USERS_FILE, frame=users, encoding="utf-8")
    return [*in_stays, *in_staff, *in_users]


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
