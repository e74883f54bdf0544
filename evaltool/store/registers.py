"""register/{departments,rollout,components}.csv or .xlsx, read and checked like every other table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..contracts import contract
from ..errors import CheckError, IntakeError, StudyError
from ..settings import nearest

if TYPE_CHECKING:
    import pandas as pd

    from ..study import Study

NAMES = ("departments", "rollout", "components")
"""Departments come first: the two others may only name departments that are there."""

SUFFIXES = (".csv", ".xlsx")


def read_registers(*, study: Study) -> dict[str, pd.DataFrame]:
    """The registers as frames that keep their contracts; one row that does not is an error, not a row left out.

    Departments that ``[process]`` of study.toml names must be there. Rollout and components may have no rows yet, and
    components no file. Raises StudyError (no file, both a .csv and an .xlsx, an unknown department), IntakeError (no table in it) and CheckError with counts by rule.
    """
    departments = _read(study, "departments", None)
    _check_charted(study, tuple(departments["department"]))
    return {"departments": departments, **{name: _read(study, name, departments) for name in NAMES[1:]}}


def _check_charted(study: Study, known: tuple[str, ...]) -> None:
    process = study.process
    for key, parts in {"breaks": process.breaks, "exclusions": process.exclusions, "annotations": process.annotations}.items():
        for one in parts:
            if one.department is not None and one.department not in known:
                raise StudyError("study_unknown_name", key=f"process.{key}[].department", got=one.department,
                                 nearest=nearest(one.department, known), expected=", ".join(known))


def _read(study: Study, name: str, departments: pd.DataFrame | None) -> pd.DataFrame:
    from ..check import check, context_of, summarise
    from ..intake import read_source

    path = _path(study, name)
    if path is None:
        return _empty(name)
    try:
        source = read_source(path=path)
    except IntakeError as error:
        if error.code == "no_rows" and name != "departments":
            return _empty(name)
        raise
    checked = check(source=source, table=name, context=context_of(study=study, departments=departments))
    wrong = summarise(checked.problems[checked.problems["severity"] != "note"])
    if wrong["rule"].eq("C15").any():
        raise CheckError("register_example", got=path.name)
    if len(wrong):
        rules = ", ".join(f"{one.rule} {one.column} ({one.count})" for one in wrong.itertuples(index=False))
        raise CheckError("register_problems", got=path.name, n=int(wrong["count"].sum()), rules=rules)
    return checked.valid


def _path(study: Study, name: str) -> Path | None:
    found = [path for suffix in SUFFIXES if (path := study.register / f"{name}{suffix}").is_file()]
    if len(found) > 1:
        raise StudyError("two_registers", got=found[0].name, other=found[1].name)
    if not found and name != "components":
        raise StudyError("no_register", got=f"{name}.csv", expected=", ".join(contract(name).columns))
    return found[0] if found else None


def _empty(name: str) -> pd.DataFrame:
    import pandas as pd

    columns = contract(name).columns.values()
    return pd.DataFrame({column.name: pd.Series([], dtype=column.dtype) for column in columns})
