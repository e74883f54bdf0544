"""The steps that several commands share: open, import, release, write, show."""

from __future__ import annotations

import getpass
import sys
from dataclasses import replace
from pathlib import Path

from ..console import check_language, emit
from ..errors import UsageError
from ..receipts import Request, listed, proposal_lines, receipt, receipt_lines
from ..text import t
from .options import now


def open_study(folder: Path, lang: str | None):
    """The study in ``folder``, and the language to speak."""
    from ..study import open_study as opened

    check_language(lang)
    study = opened(folder=folder)
    return study, lang or study.language


def wanted(study, file: Path | None, table_: str | None, maps: list[Path], sheet: str | None, drop: list[str]) -> list[Request]:
    """The file named on the command line, once per mapping; or every file listed under [[imports]] in study.toml."""
    from ..intake import read_mapping

    if file is None:
        if not study.imports:
            raise UsageError("no_imports")
        return [replace(one, drop=(*one.drop, *drop)) for one in listed(study=study)]
    if maps:
        return [Request(path=file, table=table_ or read_mapping(path=one).table, mapping_path=one, sheet=sheet, drop=tuple(drop))
                for one in maps]
    if table_ is None:
        raise UsageError("table_needed", file=file.name)
    return [Request(path=file, table=table_, mapping_path=None, sheet=sheet, drop=tuple(drop))]


def proposed(study, file: Path | None, table_: str | None, maps: list[Path], sheet: str | None, lang: str, json_: bool, quiet: bool) -> bool:
    """Write a mapping for review where the file needs one and none is given. True: there is nothing more to do now."""
    from ..proposal import write_proposal

    if file is None or maps:
        return False
    facts = write_proposal(study=study, path=file, table=table_, sheet=sheet, lang=lang)
    if facts is not None:
        emit(facts, json_=json_, quiet=quiet, lines=proposal_lines(facts=facts, study=study, lang=lang))
    return facts is not None


def import_all(study, lang, steps, *, dry_run, requests=None, json_=False, quiet=True) -> None:
    """Import each file and say what happened to it."""
    from ..import_source import import_source

    for request in requests or listed(study=study):
        steps.step(t("cli.step_import", lang, file=request.path.name))
        outcome = import_source(
            study=study, path=request.path, table=request.table, mapping_path=request.mapping_path,
            sheet=request.sheet, who=getpass.getuser(), when=now(), dry_run=dry_run, drop=request.drop)
        facts = receipt(outcome=outcome, request=request, study=study)
        emit(facts, json_=json_, quiet=quiet, lines=receipt_lines(facts=facts, lang=lang))


def agreed(question: str, *, yes: bool) -> None:
    """Go on only with --yes or after a yes at the terminal; without a terminal --yes is needed."""
    import typer

    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError("yes_needed")
    typer.confirm(question, abort=True, err=True)


def removal_lines(kind: str, facts: dict, lang: str) -> list[str]:
    """What went (or would go) per table, and the user's own files that stay."""
    head = t(f"cli.{kind}_{'would' if facts['dry_run'] else 'done'}", lang, files=facts["files"])
    rows = [t("cli.removal_rows", lang, table=table, rows=n) for table, n in facts["rows"].items()]
    left = [t(f"cli.{kind}_left", lang), *(f"  {name}" for name in facts["left"])] if facts["left"] else []
    return [head, *rows, *left]


def released(folder: Path, policy: str | None, reason: str | None = None, purpose: str = "compare"):
    """What may be shown of the study under a policy, written to the log."""
    from ..study_release import study_release

    return study_release(folder=folder, policy_name=policy, reason=reason, who=getpass.getuser(), when=now(), purpose=purpose)


def formats(text: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """The names in ``text``, each one known."""
    wanted = tuple(part.strip() for part in text.split(",") if part.strip())
    unknown = [name for name in wanted if name not in known]
    if unknown or not wanted:
        raise UsageError("unknown_format", got=", ".join(unknown) or text, expected=", ".join(known))
    return wanted


def write_report(study, released, out, formats, lang, department=None) -> list[Path]:
    """Write the report; its paths."""
    from ..report.write_report import write_report as write
    from ..status import status as study_status
    from ..store import decisions
    from ..study_readmission import study_readmission
    from ..study_view import study_view

    views = study_view(folder=study.folder, view="perspectives", policy_name=released.policy["name"],
                       reason=released.policy["reason"])
    quality = study_status(study=study)
    stays = None
    if "readmission_30d_unplanned" in released.spec.measures and "stays" in set(quality["tables"]["table"]):
        stays = study_readmission(folder=study.folder, policy_name=released.policy["name"], reason=released.policy["reason"])
    return write(release=released, views=views, stays=stays, quality=quality, out=out or study.reports, lang=lang,
                 formats=formats, department=department, name=study.name[lang], plan=study.process,
                 decisions=decisions(study=study), rounded=study.privacy.counts == "round")


def write_export(study, released, out, lang, formats=("csv",)) -> list[Path]:
    """Write the export; its paths."""
    from ..export.export_csv import export_csv
    from ..export.export_xlsx import export_xlsx

    folder = out or study.exports
    paths = export_csv(release=released, folder=folder, lang=lang) if "csv" in formats else []
    return [*paths, export_xlsx(release=released, folder=folder, lang=lang)] if "xlsx" in formats else paths


def write_pack(study, released, out, lang) -> list[Path]:
    """Write the pack for reviewers; its path."""
    from ..disclosure import release_facts
    from ..export.release_pack import release_pack
    from ..store import release_history

    past = release_history(study=study)
    mine = past[past["sha256"] == release_facts(release=released)["sha256"]]
    columns = ["at", "who", "role", "purpose", "policy", "reason", "sha256"]
    return [release_pack(release=released, handed_out=mine[columns], folder=out or study.exports, lang=lang)]


def print_findings(released, lang: str, department: str | None = None) -> None:
    """The findings as lines, with what limits them."""
    from ..findings import findings
    from ..result import ALL

    for one in findings(release=released, lang=lang, department=department or ALL):
        print(f"{t(f'symbol.{one.symbol}', lang)} {one.text}" + (f"\n  {one.detail}" if one.detail else ""))
        for limit in one.limits:
            print(f"  – {limit}")


def serve(folder: Path, port: int, address: str, lang: str, quiet: bool, prepares: bool = True) -> None:
    """Open the dashboard and stay until it is closed."""
    from ..ui.host import Host
    from ..ui.serve import serve as open_pages

    host = Host(folder=folder.resolve(), clock=now, who=getpass.getuser(), prepares=prepares)
    open_pages(host=host, port=port, address=address, lang=lang, quiet=quiet)
