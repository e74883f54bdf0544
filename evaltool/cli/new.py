"""``evaltool new``: an empty study to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..console import check_language, command, emit, language
from ..text import t
from .options import Debug, Json, Lang, Quiet, app, h, now


@app.command(help=h("new"), epilog=h("new_example"))
@command
def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=h("new_dir"))],
    lang: Lang = None, json_: Json = False, quiet: Quiet = False, debug: Debug = False,
):
    from ..export.new_study import new_study

    check_language(lang)
    said = language(lang)
    paths = new_study(folder=folder, lang=said, as_of=now().date())
    emit({"written": [str(p) for p in paths]}, json_=json_, quiet=quiet,
         lines=[t("cli.new_done", said, folder=folder, count=len(paths))])
