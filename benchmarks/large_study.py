"""A study of any size for the dashboard and the process charts: the sample municipality, copied until it is large enough.

    python benchmarks/large_study.py FOLDER [--departments 60] [--months 60] [--measures 40]

Departments beyond ten are copies of the ten with people of their own; months beyond 48 are the first stays once more,
further back. The register knows fewer than 40 measures: the others are the same ones again under a name of their own,
known only to programs that call ``more_measures`` (``dashboard_load.py --measures 40``). Everything is imported.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import re
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd

from evaltool.measures import register
from evaltool.store import SourceFacts, import_table
from evaltool.study import open_study
from evaltool.synthetic import sample_tables
from evaltool.synthetic.files import write_register
from evaltool.synthetic.study_file import study_text
from evaltool.synthetic.units import UNITS

REGISTERS = ("departments", "rollout", "components")
SOURCES = ("persons", "stays", "staff_survey", "user_survey", "invitations")
MONTHS = 48
KEEP = 0.8
"""Share of the rows of a copied department that are kept, so that no two are alike."""


def more_measures(*, count: int) -> tuple[str, ...]:
    """``count`` measures that the sample has data for, its own first; where they are too few, copies are put into this
    process's register."""
    known = register()
    sample = tomllib.loads(study_text())
    forms = {survey["instrument"] for survey in sample["surveys"].values()}
    originals = [one for one in known.values() if one.source.get("instrument", next(iter(forms))) in forms]
    originals.sort(key=lambda one: one.id not in sample["measures"]["use"])
    names = [one.id for one in originals]
    for i in range(len(originals), count):
        like = originals[i % len(originals)]
        name = f"{like.id}_{i // len(originals) + 1}"
        texts = like.texts | {field: {lang: f"{text} {i // len(originals) + 1}" for lang, text in like.texts[field].items()}
                              for field in ("label", "short")}
        known[name] = dataclasses.replace(like, id=name, texts=texts, inside=None)
        names.append(name)
    return tuple(names[:count])


def grown(*, departments: int, months: int) -> dict[str, pd.DataFrame]:
    """The sample's clean tables for so many departments and months."""
    tables = sample_tables()
    rng = np.random.default_rng(60)
    tables = {name: tables[name] for name in (*REGISTERS, *SOURCES)}
    tables["stays"] = _earlier(tables["stays"], months - MONTHS)
    copies = {name: [] for name in tables}
    for i in range(-(-departments // len(UNITS))):
        names = {unit.id: unit.id if i == 0 else f"{unit.id}{i + 1}" for unit in UNITS[:departments - i * len(UNITS)]}
        for name, table in tables.items():
            copies[name].append(_copy(table, name, names, i, rng))
    return {name: pd.concat(parts, ignore_index=True) for name, parts in copies.items()}


def _copy(table: pd.DataFrame, name: str, names: dict[str, str], i: int, rng: np.random.Generator) -> pd.DataFrame:
    out = table if name == "persons" else table[table["department"].isin(names)].assign(
        department=lambda part: part["department"].map(names).astype("str"))
    if i and name in SOURCES and name not in ("persons", "invitations"):
        out = out[rng.random(len(out)) < KEEP]
    if i and name == "departments":
        out = out.assign(name=out["name"] + f" {i + 1}")
    for column in ("person", "stay_id"):
        if i and column in out:
            out = out.assign(**{column: (out[column] + f"x{i}").where(out[column].notna()).astype("str")})
    return out


def _earlier(stays: pd.DataFrame, months: int) -> pd.DataFrame:
    if months <= 0:
        return stays
    shift = pd.DateOffset(months=months)
    first = stays["discharged"].min()
    early = stays[stays["discharged"] < first + shift].assign(
        admitted=lambda part: part["admitted"] - shift, discharged=lambda part: part["discharged"] - shift,
        stay_id=lambda part: part["stay_id"] + "e", person=lambda part: part["person"] + "e")
    return pd.concat([early, stays], ignore_index=True)


def write(*, folder: Path, departments: int, months: int, measures: int) -> None:
    """The study as a folder with everything imported."""
    tables = grown(departments=departments, months=months)
    (folder / "register").mkdir(parents=True)
    wanted = ", ".join(f'"{name}"' for name in more_measures(count=measures))
    text = re.sub(r"use = \[.*\]", f"use = [{wanted}]", study_text().split("[[imports]]")[0])
    (folder / "study.toml").write_text(text, encoding="utf8")
    for name in REGISTERS:
        write_register(path=folder / "register" / f"{name}.csv", frame=tables[name])
    study, when = open_study(folder=folder), dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
    for name in SOURCES:
        facts = SourceFacts(file_name=f"{name}.csv", file_sha256=name, map_name="", map_sha256="", rows_in=len(tables[name]),
                            rows_refused=0)
        import_table(study=study, table=name, frame=tables[name], source=facts, who="benchmark", when=when)
    print(f"{departments} departments, {months} months, {measures} measures: " + ", ".join(
        f"{name} {len(tables[name])}" for name in SOURCES))


def main() -> None:
    """Read the arguments, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--departments", type=int, default=60)
    parser.add_argument("--months", type=int, default=60)
    parser.add_argument("--measures", type=int, default=40)
    given = parser.parse_args()
    write(folder=given.folder, departments=given.departments, months=given.months, measures=given.measures)


if __name__ == "__main__":
    main()
