"""``evaltool prepare``: compute all that the dashboard can ask for, so that no page waits for it."""

from __future__ import annotations

from ..console import Progress, command, emit
from ..text import t
from .chain import open_study
from .options import Debug, Json, Lang, Quiet, Study, app, h


@app.command(help=h("prepare"), epilog=h("prepare_example"))
@command
def prepare(study: Study, lang: Lang = None, json_: Json = False, quiet: Quiet = False, debug: Debug = False):
    from ..study_prepared import answers, prepare as prepare_study

    opened, said = open_study(study, lang)
    steps = Progress(total=len(answers(folder=opened.folder)), quiet=quiet)
    found = prepare_study(folder=opened.folder, tell=lambda name: steps.step(t("cli.step_prepare", said)))
    facts = {"study": opened.id, "ready": found.ready, "left_out": found.left_out}
    lines = [t("cli.prepare_done", said, ready=len(found.ready))]
    lines += [t("cli.prepare_left_out", said, count=len(found.left_out))] if found.left_out else []
    emit(facts, json_=json_, quiet=quiet, lines=lines)
