"""What was decided since the last report, as lines: the open ones first, those of the department or of the whole study."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..disclosure import demand_release
from ..findings import place_name
from ..measures import measure
from ..result import ALL
from ..text import t
from ..text.formats import date, number

if TYPE_CHECKING:
    from ..result import Release

MOST, MOST_LETTERS = 4, 180


def decided(*, decisions: pd.DataFrame | None, release: Release, lang: str, place: str = ALL) -> list[str]:
    """At most ``MOST`` lines of ``decisions`` (``store.decisions``: one row per thread), then how many more there are.

    Threads about departments outside ``release`` are left out; in a report about one ``place`` so are those of others.
    """
    known = set(demand_release(release).register["department"]) if place == ALL else {place}
    if decisions is None or decisions.empty:
        return []
    mine = decisions[decisions["department"].isin({"", *known}) & decisions["state"].ne("dropped")]
    lines = [_line(row, release, lang) for row in mine.head(MOST).to_dict("records")]
    more = len(mine) - len(lines)
    return [*lines, t("report.decided_more", lang, count=number(more, lang))] if more > 0 else lines


def _line(row: dict, release: Release, lang: str) -> str:
    text = row["text"] if len(row["text"]) <= MOST_LETTERS else row["text"][:MOST_LETTERS].rsplit(" ", 1)[0] + " …"
    facts = [
        place_name(release=release, department=row["department"], lang=lang) if row["department"] else "",
        measure(row["measure"]).text("short", lang) if row["measure"] else "",
        t("page.owner", lang, owner=row["owner"]) if row["owner"] else "",
        t("page.due", lang, due=date(row["due"], lang)) if pd.notna(row["due"]) else "",
        t(f"decision_state.{row['state']}", lang) if row["kind"] == "decision" else "",
    ]
    said = ", ".join(fact for fact in facts if fact)
    return f"{text} ({said})" if said else text
