"""``evaltool log``: what was imported, shown and decided, by whom."""

from __future__ import annotations

from ..console import command, emit, records, table
from ..text import t
from .chain import open_study
from .options import Debug, Json, Lang, Quiet, Study, app, h

SHOWN = ("at", "who", "event", "what", "policy", "reason", "shown", "hidden", "rows", "sha256")
DIGEST = 12
"""As much of a checksum as is told apart at a glance; all of it with --json."""


@app.command(help=h("log"), epilog=h("log_example"))
@command
def log(study: Study, lang: Lang = None, json_: Json = False, quiet: Quiet = False, debug: Debug = False):
    from ..store import events, release_history

    opened, said = open_study(study, lang)
    rows, past = events(study=opened), release_history(study=opened)
    if json_:
        emit([row | why for row, why in zip(records(rows), explained(rows, past), strict=True)], json_=True, quiet=quiet, lines=[])
    elif not quiet and not len(rows):
        print(t("cli.log_empty", said))
    elif not quiet:
        table(worded(rows, said), title=t("cli.log_title", said))
        if len(past):
            table(hidden_because(past, said), title=t("cli.log_reasons", said))


def explained(rows, past) -> list[dict]:
    """For each event that is a release: the thresholds it was made under, and how many rows are hidden for which reason, by class."""
    import json

    told = {sha: json.loads(facts) for sha, facts in zip(past["sha256"], past["facts"], strict=True)}
    facts = {sha: {name: one[name] for name in ("thresholds", "reasons") if name in one} for sha, one in told.items()}
    return [facts.get(row.sha256, {}) if row.event == "release" else {} for row in rows.itertuples()]


def hidden_because(past, lang: str):
    """Why rows are hidden in the last release under each policy: comparisons, phases and points of series."""
    import json

    import pandas as pd

    from ..text.formats import number

    out = []
    for row in past.drop_duplicates("policy", keep="last").itertuples():
        for reason, count in json.loads(row.facts).get("reasons", {}).items():
            out.append((row.policy, row.sha256[:DIGEST], t(f"hidden.{reason}", lang), *(number(float(count[kind]), lang) for kind in CLASSES)))
    names = ("policy", "sha256", "why", *CLASSES)
    return pd.DataFrame(out, columns=[t(f"log_column.{name}", lang) for name in names])


def worded(rows, lang: str):
    """The columns of ``SHOWN`` as people read them."""
    import pandas as pd

    from ..text.formats import moment, number

    out = rows[list(SHOWN)].assign(event=rows["event"].map(lambda code: t(f"log_event.{code}", lang)), at=[moment(at, lang) for at in pd.to_datetime(rows["at"], utc=True)])
    purpose = rows["event"].eq("release")
    out["what"] = out["what"].where(~purpose, out["what"].map(lambda code: t(f"log_purpose.{code}", lang) if code in PURPOSES else code))
    out["sha256"] = out["sha256"].str[:DIGEST]
    for name in ("shown", "hidden", "rows"):
        out[name] = [number(float(value), lang) if pd.notna(value) else "" for value in rows[name]]
    return out.astype(object).fillna("").rename(columns={name: t(f"log_column.{name}", lang) for name in SHOWN})


CLASSES = ("estimates", "phases", "periods")
PURPOSES = ("dashboard", "report", "export", "pack", "compare", "python", "readmission", "check", "prepared", "counts")
