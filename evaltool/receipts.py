"""What an import or a check says on the command line: one line, then one per rule; counts and names, never values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .contracts import contract, rule
from .text import t
from .text.formats import number

if TYPE_CHECKING:
    import pandas as pd

    from .check import Checked
    from .import_source import ImportOutcome
    from .study import Study


@dataclass(frozen=True)
class Request:
    """One source file to check or import."""

    path: Path
    table: str
    mapping_path: Path | None
    sheet: str | None
    drop: tuple[str, ...] = ()


def listed(*, study: Study) -> list[Request]:
    """The files under ``[[imports]]`` in study.toml, in that order."""
    return [
        Request(path=study.folder / one.file, table=one.table, sheet=one.sheet, drop=one.drop,
                mapping_path=study.maps / f"{one.map}.toml" if one.map else None)
        for one in study.imports
    ]


def receipt(*, outcome: ImportOutcome, request: Request, study: Study | None = None) -> Mapping[str, object]:
    """The facts of one import as plain data (what --json prints). With ``study`` also what the answers in the file say
    about their key (``signs``)."""
    checked = outcome.checked
    facts = {"file": request.path.name, "table": request.table, "rows": checked.n_in, "kept": len(checked.valid),
             "refused": checked.n_refused, "problems": problem_counts(checked),
             "signs": [] if study is None else answer_signs(checked=checked, study=study)}
    done = outcome.receipt
    if done is None:
        return {**facts, "imported": False}
    change = done.difference
    return {**facts, "imported": done.recorded, "recognised": done.recognised, "snapshot": done.snapshot,
            "new": change.new, "changed": change.changed, "gone": change.gone}


def receipt_lines(*, facts: Mapping, lang: str) -> list[str]:
    """The same for people."""
    if "snapshot" not in facts:
        key = "cli.would_import"
    else:
        key = "cli.imported" if facts["imported"] else "cli.recognised"
    words = {name: number(value, lang) if isinstance(value, int) and not isinstance(value, bool) else value
             for name, value in facts.items() if name not in ("problems", "signs")}
    words["table"] = contract(facts["table"]).label[lang]
    return [t(key, lang, **words), *problem_lines(facts=facts, lang=lang), *sign_lines(facts=facts, lang=lang)]


def proposal_lines(*, facts: Mapping, study: Study, lang: str) -> list[str]:
    """What was proposed for a new file, and what to do next."""
    from .intake.profiles import profiles

    lines = [t("cli.proposed", lang, **{**facts, "table": contract(facts["table"]).label[lang]})]
    if facts["profile"]:
        lines.append(t("cli.proposed_profile", lang, system=profiles()[facts["profile"]].label[lang]))
    if facts["lacking"]:
        lines.append(t("cli.proposed_lacking", lang, columns=", ".join(facts["lacking"])))
    if facts["personal"]:
        lines.append(t("cli.proposed_personal", lang, columns=", ".join(facts["personal"])))
    return [*lines, t("cli.proposed_next", lang, study=study.folder, file=facts["file"], mapping=facts["mapping"])]


def answer_signs(*, checked: Checked, study: Study) -> list[dict]:
    """Signs in a survey file that a key, a coding or a reversal is wrong (``scoring.answer_warnings``), as records."""
    from .scoring.survey_quality import survey_warnings

    if checked.table not in {survey.table for survey in study.surveys.values()}:
        return []
    found = survey_warnings(tables={checked.table: checked.valid}, study=study)
    plain = found.astype(object).where(found.notna(), None)
    return plain[["form", "scale", "item", "other_item", "group", "code"]].to_dict("records")


def sign_lines(*, facts: Mapping, lang: str) -> list[str]:
    """One line per sign: something to look into, never a fault."""
    from .export.answer_warning_sentences import answer_warning_sentence

    return [
        t("cli.sign_line", lang, form=one["form"], text=answer_warning_sentence(sign=one, lang=lang))
        for one in facts.get("signs", ())
    ]


def problem_counts(checked: Checked) -> list[dict]:
    """Problems per rule and column: counts only."""
    from .check import summarise

    counts: pd.DataFrame = summarise(checked.problems)
    return counts.to_dict("records")


def problem_lines(*, facts: Mapping, lang: str) -> list[str]:
    """One line per rule and column."""
    return [
        t("cli.rule_line", lang, rule=one["rule"], severity=t(f"severity.{one['severity']}", lang),
          count=number(one["count"], lang), column=one["column"], text=rule(facts["table"], one["rule"]).text[lang]["what"])
        for one in facts["problems"]
    ]


def check_lines(*, facts: Mapping, lang: str) -> list[str]:
    """What a check found, for people."""
    words = {"file": facts["file"], "table": contract(facts["table"]).label[lang], "rows": number(facts["rows"], lang)}
    signs = sign_lines(facts=facts, lang=lang)
    if not facts["problems"]:
        return [t("cli.checked_ok", lang, **words), *signs]
    total = sum(one["count"] for one in facts["problems"])
    return [
        t("cli.checked_bad", lang, **words, problems=number(total, lang), refused=number(facts["refused"], lang),
          report=", ".join(facts["report"])),
        *problem_lines(facts=facts, lang=lang), *signs,
    ]
