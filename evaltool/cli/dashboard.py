"""``evaltool dashboard``: the pages in a browser."""

from __future__ import annotations

from typing import Annotated

import typer

from ..console import command
from .chain import open_study, serve
from .options import Debug, Lang, Quiet, Study, app, h


@app.command(help=h("dashboard"), epilog=h("dashboard_example"))
@command
def dashboard(
    study: Study,
    port: Annotated[int, typer.Option("--port", help=h("port"))] = 8501,
    address: Annotated[str, typer.Option("--address", help=h("address"))] = "127.0.0.1",
    no_prepare: Annotated[bool, typer.Option("--no-prepare", help=h("no_prepare"))] = False,
    lang: Lang = None, quiet: Quiet = False, debug: Debug = False,
):
    _, said = open_study(study, lang)
    serve(study, port, address, said, quiet, prepares=not no_prepare)
