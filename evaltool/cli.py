"""The command line. Each command is a few readable lines: the chain is open, import, compare, release, show.

The only module that reads the clock and the user's name; both are passed on. Heavy imports happen inside commands.
"""

from __future__ import annotations

import datetime as dt
import getpass
from pathlib import Path
from typing import Annotated

import typer

from .console import Progress, check_language, command, emit, language, records, table
from .errors import UsageError
from .receipts import Request, check_lines, listed, receipt, receipt_lines
from .text import t

LANG = language()


def h(name: str) -> str:
    """Help text in the language of the terminal."""
    return t(f"cli.{name}", LANG)


app = typer.Typer(
    help=h("app"), no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)

Study = Annotated[Path, typer.Argument(help=h("study"), show_default=False)]
Lang = Annotated[str | None, typer.Option("--lang", help=h("lang"), show_default=False)]
Json = Annotated[bool, typer.Option("--json", help=h("json"))]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help=h("quiet"))]
Debug = Annotated[bool, typer.Option("--debug", help=h("debug"))]
PolicyName = Annotated[str, typer.Option("--policy", help=h("policy"))]
Department = Annotated[str | None, typer.Option("--department", help=h("department"), show_default=False)]
Out = Annotated[Path | None, typer.Option("--out", help=h("out"), show_default=False)]


def _version(wanted: bool) -> None:
    if wanted:
        from . import __version__

        print(f"evaltool {__version__}")
        raise typer.Exit()


@app.callback()
def _root(version: Annotated[bool, typer.Option("--version", help=h("version"), callback=_version, is_eager=True)] = False):
    pass


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


@app.command(help=h("demo"), epilog=h("demo_example"))
@command
def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=h("demo_dir"))] = Path("demo"),
    no_dashboard: Annotated[bool, typer.Option("--no-dashboard", help=h("no_dashboard"))] = False,
    port: Annotated[int, typer.Option("--port", help=h("port"))] = 8501,
    lang: Lang = None, quiet: Quiet = False, debug: Debug = False,
):
    from .demo import copy_sample

    check_language(lang)
    study = copy_sample(folder=folder)
    said = lang or study.language
    steps = Progress(total=len(study.imports) + 3, quiet=quiet)
    _import_all(study, said, steps, dry_run=False)
    steps.step(t("cli.step_compare", said))
    released = _released(folder, "default")
    steps.step(t("cli.step_report", said))
    paths = _write_report(study, released, None, ("pdf", "html"), said)
    steps.step(t("cli.step_export", said))
    _write_export(study, released, None, said)
    if not quiet:
        _print_findings(released, said)
        print(t("cli.demo_done", said, report=paths[0], exports=study.exports, folder=folder))
    if not no_dashboard:
        _serve(folder, port, "127.0.0.1", said, quiet)


@app.command(help=h("new"), epilog=h("new_example"))
@command
def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=h("new_dir"))],
    lang: Lang = None, json_: Json = False, quiet: Quiet = False, debug: Debug = False,
):
    from .export.new_study import new_study

    check_language(lang)
    said = language(lang)
    paths = new_study(folder=folder, lang=said, as_of=_now().date())
    emit({"written": [str(p) for p in paths]}, json_=json_, quiet=quiet,
         lines=[t("cli.new_done", said, folder=folder, count=len(paths))])


@app.command(help=h("check"), epilog=h("check_example"))
@command
def check(
    study: Study,
    file: Annotated[Path | None, typer.Argument(help=h("file"), show_default=False)] = None,
    table_: Annotated[str | None, typer.Option("--table", help=h("table"), show_default=False)] = None,
    map_: Annotated[Path | None, typer.Option("--map", help=h("map"), show_default=False)] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", help=h("sheet"), show_default=False)] = None,
    out: Out = None, lang: Lang = None, json_: Json = False, quiet: Quiet = False, debug: Debug = False,
):
    from .fix_it import fix_it

    opened, said = _open(study, lang)
    wanted = _wanted(opened, file, table_, map_, sheet)
    steps = Progress(total=len(wanted), quiet=quiet)
    blocked = False
    for request in wanted:
        steps.step(t("cli.step_check", said, file=request.path.name))
        facts = fix_it(study=opened, request=request, out=out or opened.reports, lang=said)
        emit(facts, json_=json_, quiet=quiet, lines=check_lines(facts=facts, lang=said))
        blocked = blocked or facts["faults"] > 0
    if blocked:
        raise typer.Exit(1)


@app.command("import", help=h("import"), epilog=h("import_example"))
@command
def import_(
    study: Study,
    file: Annotated[Path | None, typer.Argument(help=h("file"), show_default=False)] = None,
    table_: Annotated[str | None, typer.Option("--table", help=h("table"), show_default=False)] = None,
    map_: Annotated[Path | None, typer.Option("--map", help=h("map"), show_default=False)] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", help=h("sheet"), show_default=False)] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=h("dry_run"))] = False,
    lang: Lang = None, json_: Json = False, quiet: Quiet = False, debug: Debug = False,
):
    opened, said = _open(study, lang)
    wanted = _wanted(opened, file, table_, map_, sheet)
    steps = Progress(total=len(wanted), quiet=quiet)
    _import_all(opened, said, steps, dry_run=dry_run, wanted=wanted, json_=json_, quiet=quiet)


@app.command(help=h("status"), epilog=h("status_example"))
@command
def status(study: Study, lang: Lang = None, json_: Json = False, quiet: Quiet = False, debug: Debug = False):
    from .status import status as study_status, worded

    opened, said = _open(study, lang)
    report = study_status(study=opened)
    if json_:
        emit({name: records(frame) for name, frame in report.items()}, json_=True, quiet=quiet, lines=[])
    elif not quiet:
        for name, frame in report.items():
            table(worded(frame=frame, lang=said), title=t(f"status_table.{name}", said))


@app.command(help=h("compare"), epilog=h("compare_example"))
@command
def compare(
    study: Study,
    measure: Annotated[str | None, typer.Option("--measure", help=h("measure"), show_default=False)] = None,
    department: Department = None, policy: PolicyName = "default",
    lang: Lang = None, json_: Json = False, quiet: Quiet = False, debug: Debug = False,
):
    from .disclosure import select
    from .tables import estimates, hidden_line

    _, said = _open(study, lang)
    released = select(
        release=_released(study, policy), departments=(department,) if department else (),
        measures=(measure,) if measure else (),
    )
    if json_:
        emit({"estimates": records(released.estimates), "notes": records(released.notes),
              "snapshot": released.provenance.snapshot, "as_of": released.provenance.as_of,
              "policy": dict(released.policy)}, json_=True, quiet=quiet, lines=[])
    elif not quiet:
        _print_findings(released, said, department)
        for name in released.spec.measures:
            one = estimates(release=select(release=released, measures=(name,)), lang=said)
            if len(one):
                head, unit = one[t("column.measure", said)].iloc[0], one[t("column.unit", said)].iloc[0]
                table(one.drop(columns=[t(f"column.{c}", said) for c in ("measure", "unit")]), title=f"{head} ({unit})")
        print(hidden_line(release=released, lang=said))


@app.command(help=h("report"), epilog=h("report_example"))
@command
def report(
    study: Study, out: Out = None,
    format_: Annotated[str, typer.Option("--format", help=h("report_format"))] = "pdf,html",
    department: Department = None, policy: PolicyName = "default",
    lang: Lang = None, json_: Json = False, quiet: Quiet = False, debug: Debug = False,
):
    opened, said = _open(study, lang)
    formats = _formats(format_, ("pdf", "html"))
    paths = _write_report(opened, _released(study, policy), out, formats, said, department)
    emit({"written": [str(p) for p in paths]}, json_=json_, quiet=quiet, lines=[str(p) for p in paths])


@app.command(help=h("export"), epilog=h("export_example"))
@command
def export(
    study: Study, out: Out = None,
    format_: Annotated[str, typer.Option("--format", help=h("export_format"))] = "csv",
    policy: PolicyName = "default",
    lang: Lang = None, json_: Json = False, quiet: Quiet = False, debug: Debug = False,
):
    opened, said = _open(study, lang)
    _formats(format_, ("csv",))
    paths = _write_export(opened, _released(study, policy), out, said)
    emit({"written": [str(p) for p in paths]}, json_=json_, quiet=quiet, lines=[str(p) for p in paths])


@app.command(help=h("instruments"), epilog=h("instruments_example"))
@command
def instruments(
    name: Annotated[str | None, typer.Argument(metavar="ID", help=h("instrument_id"), show_default=False)] = None,
    study: Annotated[Path | None, typer.Option("--study", help=h("instrument_study"), show_default=False)] = None,
    sheet: Annotated[Path | None, typer.Option("--sheet", help=h("instrument_sheet"), show_default=False)] = None,
    lang: Lang = None, json_: Json = False, quiet: Quiet = False, debug: Debug = False,
):
    from .export import answer_sheet, instrument_card
    from .instruments import available, instrument

    check_language(lang)
    opened, said = _open(study, lang) if study else (None, language(lang))
    folder = opened.instruments if opened else None
    if name is None:
        if sheet is not None:
            raise UsageError("sheet_needs_instrument")
        known = instrument_card.listed(instruments=[instrument(one, folder=folder) for one in available(folder=folder)], lang=said)
        if json_:
            emit(records(known), json_=True, quiet=quiet, lines=[])
        elif not quiet:
            table(instrument_card.worded(frame=known, lang=said))
        return
    form = instrument(name, folder=folder)
    if sheet is not None:
        written = answer_sheet.write_answer_sheet(instrument=form, path=sheet, lang=said)
        emit({"written": [str(written)]}, json_=json_, quiet=quiet, lines=[str(written)])
        return
    _show_card(instrument_card.describe(instrument=form, lang=said), said, json_, quiet)


@app.command(help=h("dashboard"), epilog=h("dashboard_example"))
@command
def dashboard(
    study: Study,
    port: Annotated[int, typer.Option("--port", help=h("port"))] = 8501,
    address: Annotated[str, typer.Option("--address", help=h("address"))] = "127.0.0.1",
    lang: Lang = None, quiet: Quiet = False, debug: Debug = False,
):
    _, said = _open(study, lang)
    _serve(study, port, address, said, quiet)


def _open(folder: Path, lang: str | None):
    from .study import open_study

    check_language(lang)
    study = open_study(folder=folder)
    return study, lang or study.language


def _wanted(study, file: Path | None, table_: str | None, map_: Path | None, sheet: str | None) -> list[Request]:
    """The file named on the command line, or every file listed under [[imports]] in study.toml."""
    if file is None:
        if not study.imports:
            raise UsageError("no_imports")
        return listed(study=study)
    if table_ is None:
        raise UsageError("table_needed", file=file.name)
    return [Request(path=file, table=table_, mapping_path=map_, sheet=sheet)]


def _import_all(study, lang, steps, *, dry_run, wanted=None, json_=False, quiet=True) -> None:
    from .import_source import import_source

    for request in wanted or listed(study=study):
        steps.step(t("cli.step_import", lang, file=request.path.name))
        outcome = import_source(
            study=study, path=request.path, table=request.table, mapping_path=request.mapping_path,
            sheet=request.sheet, who=getpass.getuser(), when=_now(), dry_run=dry_run)
        facts = receipt(outcome=outcome, request=request, study=study)
        emit(facts, json_=json_, quiet=quiet, lines=receipt_lines(facts=facts, lang=lang))


def _released(folder: Path, policy: str):
    from .study_release import study_release

    return study_release(folder=folder, policy_name=policy)


def _formats(text: str, known: tuple[str, ...]) -> tuple[str, ...]:
    wanted = tuple(part.strip() for part in text.split(",") if part.strip())
    unknown = [name for name in wanted if name not in known]
    if unknown or not wanted:
        raise UsageError("unknown_format", got=", ".join(unknown) or text, expected=", ".join(known))
    return wanted


def _write_report(study, released, out, formats, lang, department=None) -> list[Path]:
    from .report.write_report import write_report
    from .status import status as study_status

    return write_report(release=released, quality=study_status(study=study), out=out or study.reports, lang=lang,
                        formats=formats, department=department, name=study.name[lang])


def _write_export(study, released, out, lang) -> list[Path]:
    from .export.export_csv import export_csv

    return export_csv(release=released, folder=out or study.exports, lang=lang)


def _print_findings(released, lang: str, department: str | None = None) -> None:
    from .findings import findings
    from .result import ALL

    for one in findings(release=released, lang=lang, department=department or ALL):
        print(f"{t(f'symbol.{one.symbol}', lang)} {one.text}" + (f"\n  {one.detail}" if one.detail else ""))
        for limit in one.limits:
            print(f"  – {limit}")


def _show_card(card, lang: str, json_: bool, quiet: bool) -> None:
    from .export.instrument_card import PARTS, worded

    frames = {part: getattr(card, part) for part in PARTS}
    if json_:
        emit({"title": card.title, "about": card.about, "gaps": list(card.gaps),
              **{part: records(frame) for part, frame in frames.items()}}, json_=True, quiet=quiet, lines=[])
    elif not quiet:
        print(card.title, card.about, *card.gaps, sep="\n")
        for part, frame in frames.items():
            if len(frame):
                table(worded(frame=frame, lang=lang), title=t(f"instrument.part_{part}", lang))


def _serve(folder: Path, port: int, address: str, lang: str, quiet: bool) -> None:
    from .ui.host import Host
    from .ui.serve import serve

    host = Host(folder=folder.resolve(), clock=_now, who=getpass.getuser())
    serve(host=host, port=port, address=address, lang=lang, quiet=quiet)


def main() -> None:
    """Entry point of the ``evaltool`` command."""
    app()
