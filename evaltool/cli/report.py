"""``evaltool report``: the two pages."""

from __future__ import annotations

from typing import Annotated

import typer

from ..console import command, emit
from .chain import formats, open_study, released, write_report
from .options import Debug, Department, Json, Lang, Out, PolicyName, Quiet, Reason, Study, app, h


@app.command(help=h("report"), epilog=h("report_example"))
@command
def report(
    study: Study, out: Out = None,
    format_: Annotated[str, typer.Option("--format", help=h("report_format"))] = "pdf,html",
    department: Department = None, policy: PolicyName = None, reason: Reason = None,
    lang: Lang = None, json_: Json = False, quiet: Quiet = False, debug: Debug = False,
):
    opened, said = open_study(study, lang)
    wanted = formats(format_, ("pdf", "html"))
    paths = write_report(opened, released(study, policy, reason, "report"), out, wanted, said, department)
    emit({"written": [str(p) for p in paths]}, json_=json_, quiet=quiet, lines=[str(p) for p in paths])
