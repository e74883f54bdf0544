"""``evaltool compare``: before and after the start."""

from __future__ import annotations

from typing import Annotated

import typer

from ..console import command, emit, records, table
from ..text import t
from .chain import open_study, print_findings, released
from .options import Debug, Department, Json, Lang, PolicyName, Quiet, Study, app, h


@app.command(help=h("compare"), epilog=h("compare_example"))
@command
def compare(
    study: Study,
    measure: Annotated[str | None, typer.Option("--measure", help=h("measure"), show_default=False)] = None,
    department: Department = None, policy: PolicyName = "default",
    lang: Lang = None, json_: Json = False, quiet: Quiet = False, debug: Debug = False,
):
    from ..disclosure import select
    from ..tables import estimates, hidden_line

    _, said = open_study(study, lang)
    shown = select(
        release=released(study, policy), departments=(department,) if department else (),
        measures=(measure,) if measure else (),
    )
    if json_:
        emit({"estimates": records(shown.estimates), "notes": records(shown.notes),
              "snapshot": shown.provenance.snapshot, "as_of": shown.provenance.as_of,
              "policy": dict(shown.policy)}, json_=True, quiet=quiet, lines=[])
    elif not quiet:
        print_findings(shown, said, department)
        for name in shown.spec.measures:
            one = estimates(release=select(release=shown, measures=(name,)), lang=said)
            if len(one):
                head, unit = one[t("column.measure", said)].iloc[0], one[t("column.unit", said)].iloc[0]
                table(one.drop(columns=[t(f"column.{c}", said) for c in ("measure", "unit")]), title=f"{head} ({unit})")
        print(hidden_line(release=shown, lang=said))
