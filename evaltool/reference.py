"""The reference pages, made from what the program itself reads: commands, study.toml, tables, rules, measures.

``python -m evaltool.reference FOLDER`` writes ``reference.md`` and ``oppslag.md``; a test compares them with the
committed ones, so that the documentation cannot say something else than the program does.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import MISSING
from pathlib import Path

from . import contracts, instruments, measures, settings
from .text import t
from .text.formats import quantity

FILES = {"en": "reference.md", "nb": "oppslag.md"}


def reference(*, lang: str) -> str:
    """The whole page in Markdown."""
    parts = [f"# {t('reference.title', lang)}", t("reference.intro", lang), *_commands(lang), *_settings(lang),
             *_measures(lang), *_instruments(lang), *_tables(lang), *_rules(lang), *_codes(lang), *_exported(lang)]
    return "\n".join(parts) + "\n"


def _commands(lang: str) -> Iterator[str]:
    from .cli import app

    yield f"\n## {t('reference.commands', lang)}\n"
    for command in app.registered_commands:
        name = command.name or command.callback.__name__
        yield f"- `evaltool {name}`: {t(f'cli.{name}', lang)} {t(f'cli.{name}_example', lang)}"
    yield f"\n{t('reference.exit_codes', lang)}"


def _settings(lang: str) -> Iterator[str]:
    yield f"\n## study.toml\n\n| {t('reference.key', lang)} | {t('reference.value', lang)} | {t('reference.default', lang)} |\n|---|---|---|"
    for name, example, default in settings.keys():
        shown = t("reference.required", lang) if default is MISSING else "" if default is None else f"`{default}`"
        yield f"| `{name}` | {_cell(f'`{example}`')} | {shown} |"


def _measures(lang: str) -> Iterator[str]:
    yield f"\n## {t('reference.measures', lang)}\n"
    for name, m in measures.register().items():
        limit = "" if m.important is None else f" {quantity(m.important, m.unit, lang, m.decimals)} {t(f'unit.{m.unit}', lang)}:"
        yield (f"### `{name}`\n\n**{m.text('label', lang)}.** {m.text('definition', lang)}\n\n"
               f"{t('reference.important', lang)}{limit} {m.text('important_source', lang)}.\n")


def _instruments(lang: str) -> Iterator[str]:
    yield f"\n## {t('reference.instruments', lang)}\n\n{t('reference.instruments_intro', lang)}\n"
    for name in instruments.available():
        one = instruments.instrument(name)
        yield f"- `{name}`: {one.name[lang]}"


def _tables(lang: str) -> Iterator[str]:
    for name in contracts.names():
        table = contracts.contract(name)
        yield f"\n## {t('reference.table', lang, name=name)}\n\n{table.label[lang]}. {table.row[lang]}\n"
        yield f"| {t('reference.column', lang)} | {t('reference.meaning', lang)} | {t('reference.type', lang)} | {t('reference.needed', lang)} |\n|---|---|---|---|"
        for column in table.columns.values():
            codes = ", ".join(f"`{code}`" for code in column.allowed)
            unit = f" ({column.unit[lang]})" if column.unit else ""
            kind = t(f"new_study.type_{column.type}", lang) if not codes else codes
            yield f"| `{column.name}` | {_cell(column.label[lang])} | {_cell(kind + unit)} | {t(f'new_study.required_{column.required}', lang)} |"


def _rules(lang: str) -> Iterator[str]:
    yield f"\n## {t('reference.rules', lang)}\n\n{t('reference.rules_intro', lang)}\n"
    yield f"| {t('reference.rule', lang)} | {t('reference.severity', lang)} | {t('reference.what', lang)} | {t('reference.mend', lang)} |\n|---|---|---|---|"
    rules = dict(contracts.cell_rules())
    for name in contracts.names():
        rules |= contracts.contract(name).rules
    for code, rule in sorted(rules.items()):
        text = rule.text[lang]
        yield f"| `{code}` | {t(f'severity.{rule.severity}', lang)} | {_cell(text['what'])} | {_cell(text['mend'])} |"


def _codes(lang: str) -> Iterator[str]:
    from .text import catalogue

    for family in ("verdict", "claim", "note", "method"):
        yield f"\n## {t(f'reference.{family}', lang)}\n"
        found = {k: v for k, v in catalogue(lang).items() if k.startswith(f"{family}.")}
        yield from (f"- `{key.removeprefix(family + '.')}`: {text}" for key, text in found.items())


def _exported(lang: str) -> Iterator[str]:
    from .text import catalogue

    yield f"\n## {t('reference.exported', lang)}\n"
    yield from (f"- `{key.removeprefix('codebook.')}`: {text}" for key, text in catalogue(lang).items() if key.startswith("codebook."))


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> None:
    """Write both pages to the folder named on the command line."""
    for lang, name in FILES.items():
        (Path(sys.argv[1]) / name).write_text(reference(lang=lang), encoding="utf8")


if __name__ == "__main__":
    main()
