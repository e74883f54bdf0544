"""``evaltool scales``: whether the scales hold, who sees what, who changed, what was kept and said."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..console import command, emit, records, table
from ..errors import UsageError
from ..study_view import VIEWS
from ..text import t
from .chain import open_study
from .options import Debug, Json, Lang, PolicyName, Quiet, Study, app, h


@app.command(help=h("scales"), epilog=h("scales_example"))
@command
def scales(
    study: Study,
    view: Annotated[str, typer.Option("--view", help=h("scales_view"))] = "scales",
    csv: Annotated[Path | None, typer.Option("--csv", help=h("scales_csv"), show_default=False)] = None,
    policy: PolicyName = None, lang: Lang = None, json_: Json = False, quiet: Quiet = False, debug: Debug = False,
):
    from ..export.export_view import export_view
    from ..export.view_table import view_table
    from ..study_view import study_view

    opened, said = open_study(study, lang)
    if view != "all" and view not in VIEWS:
        raise UsageError("unknown_view", got=view, expected=", ".join((*VIEWS, "all")))
    found = {name: study_view(folder=study, view=name, policy_name=policy) for name in (VIEWS if view == "all" else (view,))}
    found = {name: release for name, release in found.items() if release is not None}
    if csv is not None:
        written = [path for name, release in found.items() for path in export_view(release=release, folder=csv, name=name)]
        emit({"written": [str(path) for path in written]}, json_=json_, quiet=quiet, lines=[str(path) for path in written])
    elif json_:
        emit({name: {"estimates": records(r.estimates), "series": records(r.series), "notes": records(r.notes)} for name, r in found.items()},
             json_=True, quiet=quiet, lines=[])
    elif not quiet:
        for name, release in found.items():
            table(view_table(release=release, study=opened, lang=said, departments=name in ("perspectives", "sessions", "changed", "components", "domains",
                                                                                 "filled")),
                  title=t(f"view.heading_{name}", said))
        if not found:
            print(t("view.no_table", said, view=view))
