"""``evaltool export``: the numbers for statistics programs."""

from __future__ import annotations

from typing import Annotated

import typer

from ..console import command, emit
from .chain import formats, open_study, released, write_export
from .options import Debug, Json, Lang, Out, PolicyName, Quiet, Study, app, h


@app.command(help=h("export"), epilog=h("export_example"))
@command
def export(
    study: Study, out: Out = None,
    format_: Annotated[str, typer.Option("--format", help=h("export_format"))] = "csv",
    policy: PolicyName = "default",
    lang: Lang = None, json_: Json = False, quiet: Quiet = False, debug: Debug = False,
):
    opened, said = open_study(study, lang)
    formats(format_, ("csv",))
    paths = write_export(opened, released(study, policy), out, said)
    emit({"written": [str(p) for p in paths]}, json_=json_, quiet=quiet, lines=[str(p) for p in paths])
