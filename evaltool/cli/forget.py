"""``evaltool forget``: one person out of every snapshot."""

from __future__ import annotations

import getpass
import re
import zipfile
from pathlib import Path
from typing import Annotated

import typer

from ..console import command, emit
from ..text import t
from .chain import agreed, open_study, removal_lines
from .options import Debug, DryRun, Json, Lang, Quiet, Study, Yes, app, h, now


@app.command(help=h("forget"), epilog=h("forget_example"))
@command
def forget(
    study: Study, person: Annotated[str, typer.Argument(help=h("person"), show_default=False)],
    dry_run: DryRun = False, yes: Yes = False, lang: Lang = None, json_: Json = False, quiet: Quiet = False, debug: Debug = False,
):
    from ..store import forget as forget_person

    opened, said = open_study(study, lang)
    ids = _ids(opened, person.strip())
    plan = forget_person(study=opened, ids=ids, who=getpass.getuser(), when=now(), dry_run=True)
    if not dry_run:
        agreed(t("cli.forget_ask", said, files=plan.files), yes=yes)
        plan = forget_person(study=opened, ids=ids, who=getpass.getuser(), when=now())
    left = _still_holding(opened.folder, ids)
    facts = {"study": opened.id, "dry_run": dry_run, "rows": plan.rows, "files": plan.files, "left": left}
    emit(facts, json_=json_, quiet=quiet, lines=[*removal_lines("forget", facts, said), t("cli.forget_again", said)])


def _ids(study, person: str) -> tuple[str, ...]:
    """The id as it stands in the store, and the pseudonym it has there when study.toml names a key."""
    import pyarrow

    from ..import_source import pseudonym_key
    from ..intake.pseudonyms import pseudonyms

    key = pseudonym_key(study=study)
    if key is None:
        return (person,)
    return (person, *pseudonyms(texts=pyarrow.array([person], type=pyarrow.large_string()), key=key).to_pylist())


def _still_holding(folder: Path, ids: tuple[str, ...]) -> list[str]:
    """Files of the study outside ``store/snapshots`` with one of ``ids`` as a word, in plain text or in a workbook."""
    word = re.compile(rb"(?<![0-9A-Za-z_])(?:" + b"|".join(re.escape(one.encode("utf8")) for one in ids) + rb")(?![0-9A-Za-z_])")
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.parent != folder / "store" / "snapshots"]
    return [path.relative_to(folder).as_posix() for path in files if _holds(path, word)]


def _holds(path: Path, word: re.Pattern[bytes]) -> bool:
    """Is ``word`` in the bytes of a file (UTF-16 as its plain letters) or, in a workbook or zip, of a file inside?"""
    try:
        if word.search(path.read_bytes().replace(b"\0", b"")):
            return True
        if not zipfile.is_zipfile(path):
            return False
        with zipfile.ZipFile(path) as pack:
            return any(word.search(pack.read(name)) for name in pack.namelist())
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError):
        # Locked, damaged or with a password. The person is gone from the store by now, and the last line of the output
        # says that such files were not searched.
        return False
