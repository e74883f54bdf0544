"""What the measures of a view are called: scales, items, values and themes, in the words of the study."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..components import component_codes, component_label
from ..contracts import contract
from ..contracts import names as tables
from ..instruments import instrument, theme_labels, value_groups
from ..text import t
from .formula_table import FORMULAS, SIDES

if TYPE_CHECKING:
    from ..study import Study

GAPS = ("not_applicable", "dont_know", "unanswered")
FIT = ("two_ors", "srs_filled", "ors_first", "ors_last", "ors_change", "ors_class")


def view_names(*, study: Study, lang: str) -> dict[str, str]:
    """``{measure id: text}`` for every measure that ``study_view`` can hold, but for single values (their own name) and
    themes that the study has not named."""
    names = {f"fit.{name}": t(f"fit.{name}", lang) for name in FIT}
    names |= {f"values.{group.id}": group.label[lang] for group in value_groups(folder=study.folder)}
    names |= {f"themes.{theme}": entry.label[lang] for theme, entry in theme_labels(folder=study.folder).items()}
    names |= {f"{measure.id}.{rule}": f"{measure.text('short', lang)}: {t(f'view.rule_{rule}', lang).lower()}"
              for measure in study.measures() for rule in ("reliable", "important", "improved", "clinical", "recovered")}
    names |= {f"{measure.id}.{side}_{name}": f"{measure.text('short', lang)}: {t(f'view.formula_side_{side}', lang, name=name)}"
              for measure in study.measures() for side in SIDES for name in FORMULAS}
    names |= _filled(lang)
    names |= {f"component.{code}": component_label(code=code, lang=lang) for code in component_codes()}
    for name in dict.fromkeys(survey.instrument for survey in study.surveys.values()):
        form = instrument(name, folder=study.instruments)
        family = form.parallel or form.id
        for scale in form.scales:
            text = scale.label[lang]
            names.setdefault(f"{family}.{scale.id}", text)
            names |= {f"scale.{form.id}.{scale.id}": text, f"domain.{form.id}.{scale.id}": text, f"answers.{form.id}.{scale.id}": text}
            names |= {f"{end}.{form.id}.{scale.id}": f"{text}: {t(f'scale_column.{end}', lang).lower()}" for end in ("floor", "ceiling")}
            names |= {f"gaps.{form.id}.{scale.id}.{why}": f"{text}: {t(f'gap.{why}', lang)}" for why in GAPS}
            names |= {f"item.{form.item(n).column}.{scale.id}": f"{n} {form.item(n).topic[lang]}" for n in scale.items}
        for item in form.items:
            text = f"{item.number} {item.topic[lang]}"
            names |= {f"answers.{item.column}": text}
            names |= {f"gaps.{item.column}.{why}": f"{text}: {t(f'gap.{why}', lang)}" for why in GAPS}
    return names


def _filled(lang: str) -> dict[str, str]:
    """What can be filled in, but for forms (their own name)."""
    return {f"filled.{table}.{column.name}": f"{contract(table).label[lang]}: {column.label[lang]}"
            for table in tables() for column in contract(table).columns.values()}


def view_name(*, names: dict[str, str], measure: str) -> str:
    """The text for one measure; a gap between two views by its scale; an unnamed value or theme as the site wrote it."""
    if measure in names:
        return names[measure]
    head, _, last = measure.rpartition(".")
    return names.get(head, last.replace("_", " "))
