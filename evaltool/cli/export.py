"""``evaltool export``: the numbers for statistics programs."""

from __future__ import annotations

from typing import Annotated

import typer

from ..console import command, emit
from .chain import formats, open_study, released, write_export, write_pack
from .options import Debug, Json, Lang, Out, PolicyName, Quiet, Reason, Study, app, h


@app.command(help=h("export"), epilog=h("export_example"))
@command
def export(
    study: Study, out: Out = None,
    format_: Annotated[str, typer.Option("--format", help=h("export_format"))] = "csv",
    pack: Annotated[bool, typer.Option("--pack", help=h("export_pack"))] = False,
    policy: PolicyName = None, reason: Reason = None,
    lang: Lang = None, json_: Json = False, quiet: Quiet = False, debug: Debug = False,
):
    opened, said = open_study(study, lang)
    wanted = formats(format_, ("csv", "xlsx"))
    shown = released(study, policy, reason, "pack" if pack else "export")
    paths = write_pack(opened, shown, out, said) if pack else write_export(opened, shown, out, said, wanted)
    emit({"written": [str(p) for p in paths]}, json_=json_, quiet=quiet, lines=[str(p) for p in paths])
