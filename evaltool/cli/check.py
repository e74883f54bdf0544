"""``evaltool check``: validate only, and write the fix-it list."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..console import Progress, command, emit
from ..receipts import check_lines
from ..text import t
from .chain import open_study, wanted
from .options import Debug, Json, Lang, Out, Quiet, Study, app, h


@app.command(help=h("check"), epilog=h("check_example"))
@command
def check(
    study: Study,
    file: Annotated[Path | None, typer.Argument(help=h("file"), show_default=False)] = None,
    table_: Annotated[str | None, typer.Option("--table", help=h("table"), show_default=False)] = None,
    map_: Annotated[Path | None, typer.Option("--map", help=h("map"), show_default=False)] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", help=h("sheet"), show_default=False)] = None,
    out: Out = None, lang: Lang = None, json_: Json = False, quiet: Quiet = False, debug: Debug = False,
):
    from ..fix_it import fix_it

    opened, said = open_study(study, lang)
    requests = wanted(opened, file, table_, map_, sheet)
    steps = Progress(total=len(requests), quiet=quiet)
    blocked = False
    for request in requests:
        steps.step(t("cli.step_check", said, file=request.path.name))
        facts = fix_it(study=opened, request=request, out=out or opened.reports, lang=said)
        emit(facts, json_=json_, quiet=quiet, lines=check_lines(facts=facts, lang=said))
        blocked = blocked or facts["faults"] > 0
    if blocked:
        raise typer.Exit(1)
