"""``evaltool status``: what is in the study."""

from __future__ import annotations

from ..console import command, emit, records, table
from ..text import t
from .chain import open_study
from .options import Debug, Json, Lang, Quiet, Study, app, h


@app.command(help=h("status"), epilog=h("status_example"))
@command
def status(study: Study, lang: Lang = None, json_: Json = False, quiet: Quiet = False, debug: Debug = False):
    from ..status import status as study_status, worded

    opened, said = open_study(study, lang)
    report = study_status(study=opened)
    if json_:
        emit({name: records(frame) for name, frame in report.items()}, json_=True, quiet=quiet, lines=[])
    elif not quiet:
        for name, frame in report.items():
            table(worded(frame=frame, lang=said), title=t(f"status_table.{name}", said))
