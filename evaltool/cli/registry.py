"""``evaltool registry``: readmissions in one parquet file of any size, by the study's register and rules."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from ..console import Progress, command, emit, records, table
from ..text import t
from ..text.formats import number
from .chain import open_study
from .options import Debug, Json, Lang, Out, PolicyName, Quiet, Reason, Study, app, h


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
    from ..stay_tables import flow_table, rates_table
    from ..study_registry import study_registry

    _, said = open_study(study, lang)
    steps = Progress(total=0, quiet=quiet)

    def progress(done: int, of: int) -> None:
        steps.total = of
        steps.step(t("cli.step_registry", said, file=file.name))

    found = study_registry(folder=study, path=file, definition=definition, n_parts=parts, policy_name=policy, reason=reason, progress=progress)
    written = [] if out is None else _write(found.release, out)
    facts = dataclasses.asdict(found.facts) | {"files": [str(path) for path in written]}
    if json_:
        emit(facts | {"definition": definition, "estimates": records(found.release.estimates), "series": records(found.release.series),
                      "snapshot": found.release.provenance.snapshot, "policy": dict(found.release.policy)}, json_=True, quiet=quiet, lines=[])
    elif not quiet:
        for name, make in (("rates", rates_table), ("flow", flow_table)):
            table(make(release=found.release, lang=said), title=t(f"stay_part.{name}", said))
        words = {name: number(n, said) for name, n in {"rows": found.facts.rows, **found.facts.left_out}.items()}
        print(t("cli.registry_rows", said, **words), *map(str, written), sep="\n")


def _write(release, out: Path) -> list[Path]:
    """What is shown, as two CSV files that spreadsheets and programs read."""
    from ..errors import StoreError
    from ..whole_file import write_whole

    frames = {"registry_changes.csv": release.estimates, "registry_readmission.csv": release.series}
    try:
        return [write_whole(path=out / name, content=frame.to_csv(index=False).encode("utf8")) for name, frame in frames.items()]
    except OSError as error:
        raise StoreError("registry_not_written", got=out) from error
