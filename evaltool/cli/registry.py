"""``evaltool registry``: the stays in one parquet file of any size, by the study's register and rules."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..console import Progress, command, emit, records, table
from ..text import t
from ..text.formats import number
from .chain import open_study
from .options import Debug, Json, Lang, Out, PolicyName, Quiet, Reason, Study, app, h

STAYS = ("bed_days", "admissions", "long_stay_share")


@app.command(help=h("registry"), epilog=h("registry_example"))
@command
def registry(
    study: Study,
    file: Annotated[Path, typer.Argument(help=h("registry_file"), show_default=False)],
    definition: Annotated[str, typer.Option("--definition", help=h("stays_definition"))] = "study",
    parts: Annotated[int | None, typer.Option("--parts", min=1, max=10_000, help=h("registry_parts"), show_default=False)] = None,
    out: Out = None, policy: PolicyName = None, reason: Reason = None, lang: Lang = None, json_: Json = False,
    quiet: Quiet = False, debug: Debug = False,
):
    from ..study_registry import study_registry

    _, said = open_study(study, lang)
    steps = Progress(total=0, quiet=quiet)

    def progress(done: int, of: int) -> None:
        steps.total = of
        steps.step(t("cli.step_registry", said, file=file.name))

    found = study_registry(folder=study, path=file, definition=definition, n_parts=parts, policy_name=policy, reason=reason, progress=progress)
    facts, release = found.facts, found.release
    written = [] if out is None else _write(found, out)
    if json_:
        emit({"rows": facts.rows, "kept": facts.kept, "time_of_day": facts.time_of_day, "over_time": facts.series, "rules": records(facts.found),
              "files": [str(path) for path in written], "definition": definition, "estimates": records(release.estimates),
              "series": records(release.series), "snapshot": release.provenance.snapshot, "policy": dict(release.policy)},
             json_=True, quiet=quiet, lines=[])
    elif not quiet:
        _say(found, said)
        print(*map(str, written), sep="\n", end="\n" if written else "")


def _say(found, lang: str) -> None:
    from ..measures import measure
    from ..stay_tables import flow_table, lengths_table, rates_table
    from ..tables import marks_line

    release, facts = found.release, found.facts
    table(rates_table(release=release, lang=lang), title=t("stay_part.rates", lang))
    for name in STAYS:
        if len(rows := rates_table(release=release, lang=lang, measure_id=name)):
            table(rows, title=measure(name).text("label", lang))
    for name, make in (("lengths", lengths_table), ("flow", flow_table)):
        if len(rows := make(release=release, lang=lang)):
            table(rows, title=t(f"stay_part.{name}", lang))
    if len(facts.found):
        table(_rules(facts.found, lang), title=t("cli.registry_rules", lang))
    lines = [t("cli.registry_rows", lang, rows=number(facts.rows, lang), kept=number(facts.kept, lang))]
    without = [measure(name).text("label", lang) for name in STAYS if name in release.spec.measures and name not in facts.series]
    lines += [t("cli.registry_no_series", lang, measures=", ".join(without))] if without else []
    print(*lines, marks_line(lang=lang), sep="\n")


def _rules(found, lang: str):
    """Every broken rule in words, how many rows, and what became of them."""
    import pandas as pd

    from ..contracts import contract, rule

    columns = contract("stays").columns
    return pd.DataFrame([{
        t("cli.registry_rule", lang): row.rule, t("cli.registry_what", lang): rule("stays", row.rule).text[lang]["what"],
        t("cli.registry_column", lang): columns[row.column].label[lang], t("cli.registry_count", lang): number(row.rows, lang),
        t("cli.registry_treated", lang): t(f"cli.registry_{row.severity}", lang),
    } for row in found.itertuples()])


def _write(found, out: Path) -> list[Path]:
    """What is shown, and how many rows break which rule, as CSV files that spreadsheets and programs read."""
    from ..errors import StoreError
    from ..whole_file import write_whole

    series = found.release.series
    back = series["measure"].str.startswith("readmission")
    frames = {"registry_changes.csv": found.release.estimates, "registry_readmission.csv": series[back],
              "registry_stays.csv": series[~back], "registry_rules.csv": found.facts.found}
    try:
        return [write_whole(path=out / name, content=frame.to_csv(index=False).encode("utf8")) for name, frame in frames.items() if len(frame)]
    except OSError as error:
        raise StoreError("registry_not_written", got=out) from error
