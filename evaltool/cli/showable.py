"""``evaltool showable``: the finest level that a hidden number can be shown at, in place, group of people and time."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated

import typer

from ..console import command, emit, records, table
from ..text import t
from .chain import open_study, released
from .compare import write_csv
from .options import Debug, Json, Lang, PolicyName, Quiet, Reason, Study, app, h, now


@app.command(help=h("showable"), epilog=h("showable_example"))
@command
def showable(
    study: Study,
    department: Annotated[str, typer.Option("--department", help=h("department"), show_default=False)],
    group: Annotated[str | None, typer.Option("--group", help=h("showable_group"), show_default=False)] = None,
    csv: Annotated[Path | None, typer.Option("--csv", help=h("csv"), show_default=False)] = None,
    policy: PolicyName = None, reason: Reason = None, lang: Lang = None, json_: Json = False, quiet: Quiet = False, debug: Debug = False,
):
    from ..finest_shown import finest_shown, finest_table
    from ..study_comparison import study_comparison

    _, said = open_study(study, lang)
    shown = released(study, policy, reason)
    groups = study_comparison(folder=study, method="by_group", policy_name=policy, reason=reason, who=getpass.getuser(), when=now(),
                              purpose="compare") if group else None
    rows = finest_shown(release=shown, department=department, group=group, by_group=groups)
    if csv is not None:
        write_csv(rows, csv)
    if json_:
        emit({"rows": records(rows), "snapshot": shown.provenance.snapshot, "policy": dict(shown.policy)}, json_=True, quiet=quiet, lines=[])
    elif not quiet:
        table(finest_table(rows=rows, release=shown, lang=said), title=t("finest.title", said))
        print(t("finest.about", said))
