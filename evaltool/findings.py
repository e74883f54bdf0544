"""A Release in sentences: what changed, how sure, and what limits it. Words come from ``text/``, judgements from the
Release; nothing is computed here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .disclosure import demand_release
from .measures import Measure, measure
from .result import ALL, headline
from .text import t
from .text.formats import change, change_unit, number

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from .result import Release

SIDE_ORDER = ("user", "staff", "service")
PERSPECTIVE_ORDER = ("personal", "social", "clinical", "organisation")
MOVED = ("better", "lower", "higher", "no_important_change", "cannot_tell", "worse")
FEW_NAMES = 2
"""So many departments are named in a line that counts them."""


@dataclass(frozen=True)
class Finding:
    """One sentence (``text``), the numbers behind it (``detail``) and what limits it (``limits``).

    ``verdict`` and ``claim`` are the codes the sentence was worded from; ``symbol`` is the cell code shown beside it.
    """

    text: str
    detail: str
    limits: tuple[str, ...]
    verdict: str
    claim: str
    symbol: str
    measure: str
    department: str
    side: str


def findings(*, release: Release, lang: str, department: str = ALL) -> list[Finding]:
    """One finding per measure for one department (or all together), users' own view first."""
    rows = demand_release(release).estimates
    rows = headline(rows[rows["department"] == department])
    out = [finding(release=release, row=row, lang=lang) for _, row in rows.iterrows()]
    return sorted(out, key=lambda f: SIDE_ORDER.index(f.side))


def finding(*, release: Release, row: pd.Series, lang: str) -> Finding:
    """The sentence of one released estimate row."""
    demand_release(release)
    m = measure(row["measure"])
    place = place_name(release=release, department=row["department"], lang=lang)
    symbol = cell_code(row)
    verdict = row["verdict"] if symbol not in ("suppressed", "no_data") else symbol
    claim = row["claim"] if isinstance(row["claim"], str) else "described"
    return Finding(
        text=_sentence(m, row, symbol, claim, place, lang), detail=detail(row=row, lang=lang),
        limits=limits(release=release, row=row, lang=lang), verdict=verdict, claim=claim, symbol=symbol,
        measure=m.id, department=row["department"], side=m.side,
    )


def place_name(*, release: Release, department: str, lang: str) -> str:
    """A department's name as in the register, or the words for all departments together."""
    demand_release(release)
    if department == ALL:
        return t("finding.all_departments", lang)
    names = dict(zip(release.register["department"], release.register["name"], strict=True))
    return str(names.get(department, department))


def row_name(*, release: Release, department: str, lang: str) -> str:
    """``place_name`` as it stands at the head of a row: with a capital letter."""
    name = place_name(release=release, department=department, lang=lang)
    return name[:1].upper() + name[1:]


def cell_code(row: pd.Series | Mapping[str, object]) -> str:
    """What a matrix cell shows: the verdict, or why there is none."""
    if row["status"] != "shown":
        return row["status"]
    return row["verdict"] if isinstance(row["verdict"], str) else "cannot_tell"


def _sentence(m: Measure, row: pd.Series, symbol: str, claim: str, place: str, lang: str) -> str:
    if symbol in ("suppressed", "no_data", "not_identified"):
        return t(f"finding.{symbol}", lang, measure=m.text("short", lang), place=place)
    phrase = m.text(_phrase(m, row, symbol), lang).format(place=place)
    if symbol in ("cannot_tell", "no_important_change"):
        return t("finding.plain", lang, phrase=phrase)
    if symbol == "not_rated" and _phrase(m, row, symbol) == "unknown":
        return t("finding.plain", lang, phrase=phrase)
    return t(f"claim_sentence.{claim}", lang, phrase=phrase)


def _phrase(m: Measure, row: pd.Series, symbol: str) -> str:
    """Which of the measure's phrases fits; a measure without direction says lower or higher, never good or bad."""
    if symbol in ("better", "worse"):
        return symbol
    if symbol == "no_important_change":
        return "unchanged"
    null = 1.0 if row["estimand"] in ("ratio", "rate_ratio", "risk_ratio", "odds_ratio") else 0.0
    if symbol == "not_rated" and row["conf_high"] < null:
        return "better"
    if symbol == "not_rated" and row["conf_low"] > null:
        return "worse"
    return "unknown"


def detail(*, row: pd.Series, lang: str) -> str:
    """``+4,2 poeng, trolig mellom +1,8 og +6,6 (95 % intervall), n = 120 før og 340 etter``; empty when there is nothing to show."""
    if row["status"] != "shown":
        return ""
    m = measure(row["measure"])
    decimals = m.decimals
    return t(
        "finding.detail_months" if m.kind == "count" else "finding.detail", lang,
        change=change(row["estimate"], m.unit, lang, decimals), unit=change_unit(m.unit, lang),
        level=number(row["conf_level"] * 100, lang),
        low=change(row["conf_low"], m.unit, lang, decimals), high=change(row["conf_high"], m.unit, lang, decimals),
        before=number(row["n_before"], lang), after=number(row["n_after"], lang),
    )


def limits(*, release: Release, row: pd.Series, lang: str) -> tuple[str, ...]:
    """What limits the reading of one row, as sentences, in the order the notes stand."""
    notes = demand_release(release).notes
    mine = notes[(notes["measure"] == row["measure"]) & (notes["department"] == row["department"])
                 & notes["severity"].isin(["caution", "stop"])]
    return tuple(t(f"note.{code}", lang) for code in mine["code"].drop_duplicates())


def department_by_department(*, release: Release, measure_id: str, lang: str) -> str:
    """``Av 8 avdelinger: bedre i 7, ingen viktig endring i 1 (Torget). 2 er skjult.``; a measure without direction is lower or
    higher. One or two departments are named. Empty where no department can be shown."""
    rows = demand_release(release).estimates
    rows = headline(rows[rows["measure"].eq(measure_id) & rows["department"].ne(ALL)])
    hidden, rows = int(rows["status"].eq("suppressed").sum()), rows[rows["status"] == "shown"]
    words = [_moved(row) if row["verdict"] == "not_rated" else row["verdict"] for _, row in rows.iterrows()]
    parts = [f"{t('finding.in_departments', lang, what=t(f'moved.{code}', lang), count=number(words.count(code), lang))}"
             f"{_named(release, rows['department'][[word == code for word in words]], lang)}" for code in MOVED if code in words]
    if not parts:
        return ""
    told = t("finding.departments" if len(words) > 1 else "finding.one_department", lang, count=number(len(words), lang), parts=", ".join(parts))
    return f"{told} {t('finding.departments_hidden', lang, count=number(hidden, lang))}" if hidden else told


def _named(release: Release, places: pd.Series, lang: str) -> str:
    """The departments in brackets where they are so few that the line stays short."""
    if len(places) > FEW_NAMES:
        return ""
    return f" ({', '.join(place_name(release=release, department=place, lang=lang) for place in places)})"


def _moved(row: pd.Series) -> str:
    """Where there is no good and no bad: lower, higher, or neither for sure."""
    null = 1.0 if row["estimand"] in ("ratio", "rate_ratio", "risk_ratio", "odds_ratio") else 0.0
    return "lower" if row["conf_high"] < null else "higher" if row["conf_low"] > null else "cannot_tell"


def unsure(*, release: Release, lang: str) -> list[str]:
    """What cannot be told and why, for all departments together: one sentence per reason."""
    notes = demand_release(release).notes
    rows = notes[(notes["department"] == ALL) & notes["severity"].isin(["caution", "stop"])]
    out = []
    for code, group in rows.groupby("code", sort=False):
        names = ", ".join(measure(name).text("short", lang) for name in group["measure"].drop_duplicates())
        out.append(t("finding.unsure", lang, measures=names, reason=t(f"note.{code}", lang)))
    return out
