"""``evaltool stays``: which stays count, under which definition of readmission, and what the others would say."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..console import command, emit, records, table
from ..text import t
from .chain import open_study
from .options import Debug, Json, Lang, PolicyName, Quiet, Reason, Study, app, h


@app.command(help=h("stays"), epilog=h("stays_example"))
@command
def stays(
    study: Study,
    definition: Annotated[str, typer.Option("--definition", help=h("stays_definition"))] = "study",
    clashes: Annotated[Path | None, typer.Option("--clashes", help=h("stays_clashes"), show_default=False)] = None,
    csv: Annotated[Path | None, typer.Option("--csv", help=h("stays_csv"), show_default=False)] = None,
    policy: PolicyName = None, reason: Reason = None, lang: Lang = None, json_: Json = False, quiet: Quiet = False, debug: Debug = False,
):
    import pandas as pd

    from ..errors import UsageError
    from ..stay_tables import case_mix_table, definitions_table, flow_table, lengths_table, rates_table, return_line, return_table
    from ..stay_fact_tables import after_limit_table, housing_table, intake_table, use_table
    from ..study_readmission import study_readmission
    from ..study_stays import study_stays
    from ..tables import marks_line

    opened, said = open_study(study, lang)
    for target in (csv, clashes):
        if target is not None and not target.parent.is_dir():
            raise UsageError("no_folder", got=target.parent)
    if clashes is not None:
        _write_clashes(opened, clashes)
    release = study_readmission(folder=study, definition=definition, policy_name=policy, reason=reason)
    facts = study_stays(folder=study, policy_name=policy, reason=reason)
    if csv is not None:
        both = [one for one in (release.series, facts.series) if len(one)]
        pd.concat(both, ignore_index=True).to_csv(csv, index=False)
    if json_:
        emit({"definition": definition, "estimates": records(release.estimates), "series": [*records(release.series), *records(facts.series)],
              "snapshot": release.provenance.snapshot, "policy": dict(release.policy)}, json_=True, quiet=quiet, lines=[])
    elif not quiet:
        parts = {"rates": rates_table, "flow": flow_table, "definitions": definitions_table, "return": return_table,
                 "case_mix": case_mix_table, "lengths": lengths_table}
        for name, make in parts.items():
            table(make(release=release, lang=said), title=t(f"stay_part.{name}", said))
        others = {"use": use_table, "after_limit": after_limit_table, "housing": housing_table, "intake": intake_table}
        for name, make in others.items():
            if len(frame := make(release=facts, lang=said)):
                table(frame, title=t(f"stay_part.{name}", said))
        print(return_line(release=release, lang=said), t("stays.intro", said), marks_line(lang=said), sep="\n")


def _write_clashes(opened, target: Path) -> None:
    """Which months of which departments differ between stays and totals, without the numbers."""
    from ..indicators.clash_report import clash_report
    from ..store import load

    report = clash_report(dataset=load(study=opened), study=opened)
    report.loc[report["clash"], ["measure", "department", "month"]].to_csv(target, index=False)
