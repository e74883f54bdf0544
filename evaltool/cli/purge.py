"""``evaltool purge``: all snapshots go when the retention date has passed."""

from __future__ import annotations

import getpass

from ..console import command, emit
from ..text import t
from .chain import agreed, open_study, removal_lines
from .options import Debug, DryRun, Json, Lang, Quiet, Study, Yes, app, h, now


@app.command(help=h("purge"), epilog=h("purge_example"))
@command
def purge(
    study: Study, dry_run: DryRun = False, yes: Yes = False, lang: Lang = None, json_: Json = False, quiet: Quiet = False,
    debug: Debug = False,
):
    from ..store import purge as purge_study

    opened, said = open_study(study, lang)
    plan = purge_study(study=opened, who=getpass.getuser(), when=now(), dry_run=True)
    if not dry_run:
        agreed(t("cli.purge_ask", said, files=plan.files), yes=yes)
        plan = purge_study(study=opened, who=getpass.getuser(), when=now())
    folders = [opened.folder / "raw", opened.reports, opened.exports]
    left = sorted(p.relative_to(opened.folder).as_posix() for one in folders if one.is_relative_to(opened.folder)
                  for p in one.rglob("*") if p.is_file())
    facts = {"study": opened.id, "dry_run": dry_run, "rows": plan.rows, "files": plan.files, "left": left}
    emit(facts, json_=json_, quiet=quiet, lines=removal_lines("purge", facts, said))
