"""``evaltool import``: check and import, all or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..console import Progress, command, emit
from ..text import t
from .chain import import_all, open_study, proposed, wanted
from .options import Debug, Drop, DryRun, Json, Lang, Maps, Quiet, Sheet, Study, Table, app, h


@app.command("import", help=h("import"), epilog=h("import_example"))
@command
def import_(
    study: Study,
    file: Annotated[Path | None, typer.Argument(help=h("file"), show_default=False)] = None,
    table_: Table = None, map_: Maps = None, sheet: Sheet = None, drop: Drop = None,
    dry_run: DryRun = False,
    lang: Lang = None, json_: Json = False, quiet: Quiet = False, debug: Debug = False,
):
    opened, said = open_study(study, lang)
    if proposed(opened, file, table_, map_ or [], sheet, said, json_, quiet):
        raise typer.Exit(1)
    requests = wanted(opened, file, table_, map_ or [], sheet, drop or [])
    steps = Progress(total=len(requests), quiet=quiet)
    import_all(opened, said, steps, dry_run=dry_run, requests=requests, json_=json_, quiet=quiet)
    emit({}, json_=False, quiet=quiet or json_ or dry_run, lines=[t("cli.import_next", said, study=study)])
