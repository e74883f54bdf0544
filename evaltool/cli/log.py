"""``evaltool log``: what was imported, shown and decided, by whom."""

from __future__ import annotations

from ..console import command, emit, records, table
from ..text import t
from .chain import open_study
from .options import Debug, Json, Lang, Quiet, Study, app, h

SHOWN = ("at", "who", "event", "what", "policy", "reason", "shown", "hidden", "rows")


@app.command(help=h("log"), epilog=h("log_example"))
@command
def log(study: Study, lang: Lang = None, json_: Json = False, quiet: Quiet = False, debug: Debug = False):
    from ..store import events

    opened, said = open_study(study, lang)
    rows = events(study=opened)
    if json_:
        emit(records(rows), json_=True, quiet=quiet, lines=[])
    elif not quiet and not len(rows):
        print(t("cli.log_empty", said))
    elif not quiet:
        table(worded(rows, said), title=t("cli.log_title", said))


def worded(rows, lang: str):
    """The columns of ``SHOWN`` as people read them."""
    import pandas as pd

    from ..text.formats import moment, number

    out = rows[list(SHOWN)].assign(event=rows["event"].map(lambda code: t(f"log_event.{code}", lang)), at=[moment(at, lang) for at in pd.to_datetime(rows["at"], utc=True)])
    purpose = rows["event"].eq("release")
    out["what"] = out["what"].where(~purpose, out["what"].map(lambda code: t(f"log_purpose.{code}", lang) if code in PURPOSES else code))
    for name in ("shown", "hidden", "rows"):
        out[name] = [number(float(value), lang) if pd.notna(value) else "" for value in rows[name]]
    return out.astype(object).fillna("").rename(columns={name: t(f"log_column.{name}", lang) for name in SHOWN})


PURPOSES = ("dashboard", "report", "export", "pack", "compare", "python", "readmission", "check", "prepared", "counts")
