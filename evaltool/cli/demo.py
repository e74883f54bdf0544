"""``evaltool demo``: the sample municipality from raw files to dashboard."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..console import Progress, check_language, command
from ..text import t
from .chain import import_all, print_findings, released, serve, write_export, write_report
from .options import Debug, Lang, Quiet, app, h


@app.command(help=h("demo"), epilog=h("demo_example"))
@command
def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=h("demo_dir"))] = Path("demo"),
    no_dashboard: Annotated[bool, typer.Option("--no-dashboard", help=h("no_dashboard"))] = False,
    port: Annotated[int, typer.Option("--port", help=h("port"))] = 8501,
    lang: Lang = None, quiet: Quiet = False, debug: Debug = False,
):
    from ..demo import copy_sample

    check_language(lang)
    study = copy_sample(folder=folder)
    said = lang or study.language
    steps = Progress(total=len(study.imports) + 3, quiet=quiet)
    import_all(study, said, steps, dry_run=False)
    steps.step(t("cli.step_compare", said))
    shown = released(folder, None, None, "report")
    steps.step(t("cli.step_report", said))
    paths = write_report(study, shown, None, ("pdf", "html"), said)
    steps.step(t("cli.step_export", said))
    write_export(study, shown, None, said)
    if not quiet:
        print_findings(shown, said)
        print(t("cli.demo_done", said, report=paths[0], exports=study.exports, folder=folder))
    if not no_dashboard:
        serve(folder, port, "127.0.0.1", said, quiet)
