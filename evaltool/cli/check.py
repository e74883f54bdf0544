"""``evaltool check``: validate only, and write the fix-it list."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..console import Progress, check_language, command, emit, language
from ..errors import UsageError
from ..receipts import check_lines
from ..text import t
from .chain import open_study, wanted
from .options import Debug, Drop, Json, Lang, Maps, Out, Quiet, Sheet, Table, app, h


@app.command(help=h("check"), epilog=h("check_example"))
@command
def check(
    study: Annotated[Path, typer.Argument(metavar="STUDY|FILE", help=h("check_what"), show_default=False)],
    file: Annotated[Path | None, typer.Argument(help=h("file"), show_default=False)] = None,
    table_: Table = None, map_: Maps = None, sheet: Sheet = None, drop: Drop = None,
    out: Out = None, lang: Lang = None, json_: Json = False, quiet: Quiet = False, debug: Debug = False,
):
    from ..fix_it import fix_it

    if study.is_file():
        if file is not None:
            raise UsageError("check_two_files", got=file.name, file=study.name)
        check_language(lang)
        opened, said, file = None, language(lang), study
    else:
        opened, said = open_study(study, lang)
    requests = wanted(opened, file, table_, map_ or [], sheet, drop or [])
    steps = Progress(total=len(requests), quiet=quiet)
    blocked = False
    for request in requests:
        steps.step(t("cli.step_check", said, file=request.path.name))
        facts = fix_it(study=opened, request=request, out=out or (opened.reports if opened else Path()), lang=said)
        emit(facts, json_=json_, quiet=quiet, lines=check_lines(facts=facts, lang=said))
        blocked = blocked or facts["faults"] > 0
    if blocked:
        raise typer.Exit(1)
