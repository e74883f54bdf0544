"""``evaltool process``: what is usual variation, and what is a sign of change."""

from __future__ import annotations

from typing import Annotated

import typer

from ..console import command, emit, table
from ..text import t
from .chain import formats, open_study, released
from .options import Debug, Department, Json, Lang, Out, PolicyName, Quiet, Study, app, h


@app.command(help=h("process"), epilog=h("process_example"))
@command
def process(
    study: Study,
    measure: Annotated[str | None, typer.Option("--measure", help=h("measure"), show_default=False)] = None,
    department: Department = None,
    rules: Annotated[str | None, typer.Option("--rules", help=h("process_rules"), show_default=False)] = None,
    format_: Annotated[str, typer.Option("--format", help=h("process_format"))] = "table",
    signals: Annotated[bool, typer.Option("--signals", help=h("process_signals"))] = False,
    out: Out = None, policy: PolicyName = None, lang: Lang = None, json_: Json = False, quiet: Quiet = False,
    debug: Debug = False,
):
    from ..export.process_files import FORMATS, process_files
    from ..export.process_json import process_json
    from ..process.charts import process_charts
    from ..process.rule_set import rule_set

    opened, said = open_study(study, lang)
    wanted = formats(format_, ("table", *FORMATS))
    chosen = rule_set(name=rules) if rules else None
    shown = released(study, policy)
    charts = process_charts(
        release=shown, plan=opened.process, rule_set=chosen, measures=(measure,) if measure else (),
        departments=(department,) if department else ())
    written = process_files(charts=charts, release=shown, folder=out or opened.exports, lang=said,
                            formats=tuple(name for name in wanted if name != "table"))
    if json_:
        emit(process_json(charts=charts, release=shown, lang=said) | {"written": [str(path) for path in written]},
             json_=True, quiet=quiet, lines=[])
    elif not quiet:
        if "table" in wanted:
            show(charts, shown, said, signals)
        emit({}, json_=False, quiet=False, lines=[str(path) for path in written])


def show(charts, release, lang: str, signals: bool) -> None:
    """The overview as a table; for one chart its sentence, facts and remarks instead."""
    from ..process.overview import overview
    from ..process.words import facts, remarks, sentence, series_place

    if len(charts.summary) == 1:
        row = charts.summary.iloc[0].to_dict()
        place = series_place(release=release, department=row["department"], lang=lang)
        print(f"{sentence(row=row, place=place, lang=lang)}. {facts(row=row, lang=lang)}".strip())
        for line in remarks(charts=charts, measure=row["measure"], department=row["department"], lang=lang):
            print(f"  – {line}")
        return
    rows = overview(charts=charts, release=release, lang=lang, group="signal" if signals else "all")
    names = {"name": "department", "label": "measure", "variation_word": "variation", "assurance_word": "assurance",
             "latest": "latest", "mean": "mean", "limits": "limits", "since": "since"}
    table(rows[list(names)].rename(columns={old: t(f"process_column.{new}", lang) for old, new in names.items()}),
          title=t("process.table_title", lang, rules=t(f"rule_set.{charts.rule_set}", lang)))
