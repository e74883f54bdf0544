"""``evaltool import``: check and import, all or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..console import Progress, command
from .chain import import_all, open_study, wanted
from .options import Debug, Json, Lang, Quiet, Study, app, h


@app.command("import", help=h("import"), epilog=h("import_example"))
@command
def import_(
    study: Study,
    file: Annotated[Path | None, typer.Argument(help=h("file"), show_default=False)] = None,
    table_: Annotated[str | None, typer.Option("--table", help=h("table"), show_default=False)] = None,
    map_: Annotated[Path | None, typer.Option("--map", help=h("map"), show_default=False)] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", help=h("sheet"), show_default=False)] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=h("dry_run"))] = False,
    lang: Lang = None, json_: Json = False, quiet: Quiet = False, debug: Debug = False,
):
    opened, said = open_study(study, lang)
    requests = wanted(opened, file, table_, map_, sheet)
    steps = Progress(total=len(requests), quiet=quiet)
    import_all(opened, said, steps, dry_run=dry_run, requests=requests, json_=json_, quiet=quiet)
