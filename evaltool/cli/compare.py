"""``evaltool compare``: before and after the start, by the standard answer or by a method one names."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated

import typer

from ..console import command, emit, records, table
from ..text import t
from .chain import open_study, print_findings
from .options import Debug, Department, Json, Lang, PolicyName, Quiet, Reason, Study, app, h, now


@app.command(help=h("compare"), epilog=h("compare_example"))
@command
def compare(
    study: Study,
    measure: Annotated[str | None, typer.Option("--measure", help=h("measure"), show_default=False)] = None,
    department: Department = None,
    method: Annotated[str | None, typer.Option("--method", help=h("method"), show_default=False)] = None,
    subgroup: Annotated[str | None, typer.Option("--subgroup", help=h("subgroup"), show_default=False)] = None,
    csv: Annotated[Path | None, typer.Option("--csv", help=h("csv"), show_default=False)] = None,
    policy: PolicyName = None, reason: Reason = None, lang: Lang = None, json_: Json = False, quiet: Quiet = False, debug: Debug = False,
):
    from ..disclosure import select_subgroup
    from ..study_comparison import STANDARD, study_comparison

    _, said = open_study(study, lang)
    name = method or ("subgroups" if subgroup else STANDARD)
    shown = chosen(study_comparison(folder=study, method=name, policy_name=policy, reason=reason,
                                    who=getpass.getuser(), when=now(), purpose="compare"), name, measure, department)
    if subgroup:
        shown = select_subgroup(release=shown, subgroup=subgroup)
    if measure or department or subgroup:
        demand_shown(shown)
    if csv is not None:
        write_csv(rows_of(shown, name), csv)
    if json_:
        emit({"method": name, "estimates": records(rows_of(shown, name)), "notes": records(shown.notes),
              "snapshot": shown.provenance.snapshot, "as_of": shown.provenance.as_of,
              "policy": dict(shown.policy)}, json_=True, quiet=quiet, lines=[])
    elif not quiet:
        show(shown, name, said, department)


def chosen(release, method: str, measure: str | None, department: str | None):
    """The rows of one measure and one department, where they are named. A measure the method does not fit is said so."""
    from ..disclosure import select
    from ..errors import UsageError
    from ..measures import register

    if measure in register() and measure not in release.spec.measures:
        raise UsageError("method_not_for_measure", got=measure, method=method, expected=", ".join(release.spec.measures))
    return select(release=release, departments=(department,) if department else (), measures=(measure,) if measure else ())


def rows_of(release, method: str):
    """The rows that ``--csv`` and ``--json`` give: the estimates, or of who answered the response rates too."""
    from ..respondent_rows import respondent_rows
    from ..study_comparison import RESPONDENTS

    return respondent_rows(release=release) if method == RESPONDENTS else release.estimates


def demand_shown(release) -> None:
    """Refuse where everything that was asked for is hidden: nothing can be said, and why."""
    from ..errors import PrivacyError

    rows = release.estimates
    if len(rows) and rows["status"].eq("suppressed").all():
        raise PrivacyError("nothing_shown", count=len(rows), limit=release.policy["min_persons"])


def show(release, method: str, lang: str, department: str | None) -> None:
    """Findings (or the name of the method), one table per measure, why each method was taken, what limits it."""
    from ..disclosure import select
    from ..study_comparison import RESPONDENTS, STANDARD
    from ..tables import estimates, hidden_line, marks_line, remarks, reasons

    if method == RESPONDENTS:
        show_respondents(release, lang)
        return
    if method == STANDARD:
        print_findings(release, lang, department)
    else:
        print(t(f"estimator.{method}", lang))
    for name in release.spec.measures:
        mine = select(release=release, measures=(name,))
        one = estimates(release=mine, lang=lang)
        if not len(one):
            continue
        print()
        table(one.drop(columns=t("column.measure", lang)), title=one[t("column.measure", lang)].iloc[0])
        for line in [] if method == STANDARD else remarks(release=mine, lang=lang):
            print(f"  – {line}")
    for line in reasons(release=release, lang=lang):
        print(line)
    print(hidden_line(release=release, lang=lang), marks_line(lang=lang), sep="\n")


def show_respondents(release, lang: str) -> None:
    """One table per survey: response, mix, who left and who came; and the response of each wave."""
    from ..contracts import contract
    from ..respondent_words import respondents_table, waves_table
    from ..tables import hidden_line, marks_line

    for name in release.spec.measures:
        survey = name.partition(".")[2]
        table(respondents_table(release=release, table=survey, lang=lang), title=contract(survey).label[lang])
        waves = waves_table(release=release, table=survey, lang=lang)
        if len(waves):
            table(waves, title=t("respondents.waves", lang))
        else:
            print(t("respondents.no_waves", lang))
    print(hidden_line(release=release, lang=lang), marks_line(lang=lang), sep="\n")


def write_csv(frame, path: Path) -> None:
    """All columns, raw numbers with full precision, as CSV."""
    from ..errors import UsageError

    try:
        frame.to_csv(path, index=False)
    except OSError as error:
        raise UsageError("csv_not_written", got=path) from error
