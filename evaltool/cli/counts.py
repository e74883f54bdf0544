"""``evaltool counts``: persons with stays, rounded, for tables that go out of the house."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

from ..console import command, emit, records, table
from ..text import t
from .chain import formats, open_study
from .options import Debug, Json, Lang, Out, PolicyName, Quiet, Reason, Study, app, h, now


@app.command(help=h("counts"), epilog=h("counts_example"))
@command
def counts(
    study: Study,
    what: Annotated[str | None, typer.Option("--table", help=h("counts_table"), show_default=False)] = None,
    period: Annotated[str, typer.Option("--period", help=h("counts_period"))] = "quarter",
    place: Annotated[str, typer.Option("--place", help=h("counts_place"))] = "department",
    out: Out = None,
    format_: Annotated[str, typer.Option("--format", help=h("counts_format"))] = "csv,xlsx",
    policy: PolicyName = None, reason: Reason = None, lang: Lang = None, json_: Json = False, quiet: Quiet = False, debug: Debug = False,
):
    from ..count_tables import count_line, count_rows, count_table, count_title
    from ..export.export_counts import FORMATS, export_counts
    from ..study_counts import study_counts

    _, said = open_study(study, lang)
    wanted = formats(format_, FORMATS)
    release = study_counts(folder=study, what=what, policy_name=policy, reason=reason, who=getpass.getuser(), when=now())
    levels = {"release": release, "by": period, "place": place}
    rows = count_rows(**levels)
    paths = export_counts(**levels, folder=out, lang=said, formats=wanted) if out else []
    if json_:
        emit({"counted": release.spec.measures[0], "rows": records(rows), "snapshot": release.provenance.snapshot, "policy": dict(release.policy),
              "written": [str(p) for p in paths]}, json_=True, quiet=quiet, lines=[])
    elif not quiet:
        print(count_line(release=release, lang=said))
        table(count_table(**levels, lang=said), title=count_title(release=release, lang=said))
        print(*paths, sep="\n", end="\n" if paths else "")
