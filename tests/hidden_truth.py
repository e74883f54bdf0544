"""What is hidden and what is shown, and where a hidden number stands in what ``scraper`` reads, in whatever form."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scraper import Record

from evaltool.result import ALL, Release, Result
from evaltool.text import formats

MONTHS = "|".join(name for names in formats.MONTHS.values() for name in names)
HARMLESS = re.compile(
    rf"\b\d{{1,2}}\.? (?:{MONTHS}) (?:19|20)\d\d|" r"\b\d{4}-\d\d-\d\d(?:[T ][\d:.+]+)?|\b\d{1,2}\.\d{1,2}\.\d{4}|\b\d+\.\d+\.\d+\b|(?<![\w.-])(?=[0-9a-f]*[a-f])[0-9a-f]{12,}(?![\w+-])|\b(?:19|20)\d\d\b|\bH[12] 20\d\d|"
    r"\b\d+[- ](?:dager|dagers|days?|day)\b|\b95[  ]?%|\b0[.,]95\b|(?:færre enn|minst|grensen er|fewer than|at least|the limit is) \d+")
"""Dates, versions, checksums, names of measures and the limits themselves: numbers that are nobody's."""
CLAUSES = re.compile(r"(?<! ); |(?<=[a-zæøå%)])\. (?=[A-ZÆØÅ])")
"""What is said of one place ends here."""
NUMBER = re.compile(r"(?<![\w.,])[+\u2212-]?\d+(?:[.,]\d+)*(?:e[+-]?\d+)?(?!\w)")
SPACES = re.compile("(?<=\\d)[\u00a0\u202f ](?=\\d{3}(?!\\d))")
COUNTED = re.compile(r"\b(?:n|persons|personer|svar|answers)(?: =|=|:)? (\d)(?:\.0)?(?![\w.,])")
"""A number of one figure that is said to be a count of persons or answers."""
DIGITS, SOME = 5, 4
"""A number with so many figures is nobody's coincidence: anywhere, and on a page about the place it is hidden for."""


def numbers(text: str) -> Iterator[tuple[str, float, int]]:
    """(as written, value, decimals) of each number in a text, a comma read both as decimal and as thousands."""
    for found in NUMBER.finditer(SPACES.sub("", HARMLESS.sub(" ", html.unescape(text)))):
        raw = found.group().replace("\u2212", "-").lstrip("+")
        commas = {raw.replace(",", ".")} if raw.count(",") == 1 and "." not in raw else set()
        commas |= {raw.replace(",", "")} if not commas or re.search(r",\d{3}$", raw) else set()
        for one in commas:
            try:
                value = float(one)
            except ValueError:
                continue
            yield raw, value, len(one.partition("e")[0].partition(".")[2]) if "e" not in one else 12


@dataclass(frozen=True)
class Secret:
    """One hidden number: whose it is, what it is, and it."""

    place: str
    what: str
    value: float
    told: bool = True
    """Is it one of those that outputs tell in few figures (not a point of a series)?"""
    of_few: bool = False
    """Does it follow from a fraction of few (the interval of 5 in 10)? Others have that fraction too."""


class Truth:
    """What is hidden, what is shown, and the names under which places stand in outputs. ``digits``: so many figures make a
    number its own, wherever it stands."""

    def __init__(self, *, secrets: Iterable[Secret], shown: Iterable[tuple[str, float]], names: dict[str, tuple[str, ...]], digits: int = DIGITS) -> None:
        self.secrets, shown = list(secrets), list(shown)
        self.names, self.digits = names, digits
        self.all_shown = np.sort(np.array([value for _, value in shown], dtype=float))
        self.shown = {place: np.sort(np.array([value for one, value in shown if one == place], dtype=float)) for place in {p for p, _ in shown}}
        order = np.argsort([one.value for one in self.secrets])
        self.sorted = [self.secrets[i] for i in order]
        self.values = np.array([one.value for one in self.sorted])
        self.of = {place: [one for one in self.secrets if one.place == place and one.told] for place in {one.place for one in self.secrets}}
        self.pattern = {place: re.compile("|".join(rf"(?<![\w-]){re.escape(name)}(?![\w-])" for name in names[place])) for place in self.of}

    def leaks(self, records: Iterable[Record], *, about: str = "") -> list[str]:
        """One line for each hidden number found: anywhere, where it has ``DIGITS`` figures; of any length beside the name
        of the place it is hidden for. ``about``: a place that all records without a name are about."""
        found = []
        for where, text in ((where, clause) for where, text in records for clause in CLAUSES.split(text)):
            said = list(numbers(text))
            if not said:
                continue
            named = [place for place in self.of if self._names(place, text)]
            found += [f"{where}: {raw} is {one.what} of {one.place}" for raw, value, decimals in said if _figures(value) >= self.digits
                      for one in self._exact(value, decimals) if one.place in (*named, about) or self.digits < DIGITS or not (one.of_few or _simple(one.value))]
            for place in named or [about] * (about in self.of):
                known, counted = self._known(place, text), set(COUNTED.findall(text))
                told = [one for one in said if _figures(one[1]) >= (2 if named else SOME) or one[0].removesuffix(".0") in counted]
                found += [f"{where}: {raw} beside {place} is {one.what}" for raw, value, decimals in told
                          for one in self.of[place] if _same(one.value, value, decimals) and not _among(known, value, decimals)]
        return sorted(set(found))

    def _names(self, place: str, text: str) -> bool:
        return any(name in text for name in self.names[place]) and bool(self.pattern[place].search(text))

    def _known(self, place: str, text: str) -> np.ndarray:
        """What is shown of ``place``, and of every other place that the text names."""
        others = [one for one in self.shown if one == place or any(name in text for name in self.names.get(one, ()))]
        return np.sort(np.concatenate([self.shown.get(one, np.empty(0)) for one in others] or [np.empty(0)]))

    def _exact(self, value: float, decimals: int) -> list[Secret]:
        near = _near(value, decimals)
        low, high = np.searchsorted(self.values, [value - near, value + near])
        return [] if low == high or _among(self.all_shown, value, decimals) else self.sorted[low:low + 1]


def _figures(value: float) -> int:
    """Figures that say something: of 0,0340 two, of 1200 two, of 498.00000000000006 three."""
    return len(f"{abs(value):.9g}".partition("e")[0].replace(".", "").strip("0"))


def _simple(value: float) -> bool:
    """A fraction of few: a place in a drawing is that too."""
    return abs(value) <= 100 and any(abs(part * k - round(part * k)) < 1e-9 * k for part in (value, value / 100) for k in range(1, 61))


def _near(value: float, decimals: int) -> float:
    """How far from it what was written can be: half of its last figure, and what a detour through other numbers costs."""
    return max(0.5000001 * 10.0 ** -decimals, 1e-9 * abs(value))


def _same(secret: float, value: float, decimals: int) -> bool:
    return abs(secret - value) <= _near(value, decimals if decimals or not float(secret).is_integer() else 9)


def _among(known: np.ndarray, value: float, decimals: int) -> bool:
    near = _near(value, decimals)
    low, high = np.searchsorted(known, [value - near, value + near])
    return bool(low < high)


AMOUNTS = {
    "estimates": ("estimate", "conf_low", "conf_high", "std_error", "n_before", "n_after", "persons_before", "persons_after"),
    "series": ("value", "conf_low", "conf_high", "numerator", "denominator", "n", "persons", "persons_numerator", "persons_complement"),
}
ROW = {"estimates": ("measure", "department", "subgroup", "estimand", "contrast", "method"),
       "series": ("measure", "department", "subgroup", "kind", "phase", "grain", "period")}


def truth(*, pairs: Iterable[tuple[Result, Release]], more: Iterable[Release] = ()) -> Truth:
    """What is hidden of each Result in the Release made of it; ``more``: releases whose numbers are shown too."""
    secrets, shown, names = [], [], {}
    for result, release in pairs:
        names |= {row.department: (row.department, row.name) for row in release.register.itertuples()}
        for part in AMOUNTS:
            secrets += list(_hidden(getattr(result, part), getattr(release, part), part))
    for release in [*(one for _, one in pairs), *more]:
        about = release.events.select_dtypes("number")
        shown += [(place, float(value)) for place, row in zip(release.events["department"], about.to_numpy(), strict=True) for value in row if value == value]
        for part in AMOUNTS:
            shown += list(_amounts(getattr(release, part), part))
    return Truth(secrets=secrets, shown=shown, names=names | {ALL: ()})


def _hidden(result: pd.DataFrame, release: pd.DataFrame, part: str) -> Iterator[Secret]:
    keys = list(ROW[part])
    open_ones = {tuple(map(str, key)) for key in release.loc[release["status"].eq("shown"), keys].itertuples(index=False)}
    rows = result[result["kind"].ne("part")] if "kind" in result else result
    gone = rows[np.array([tuple(map(str, key)) not in open_ones for key in rows[keys].itertuples(index=False)], dtype=bool)]
    for row in gone[gone["department"].ne(ALL)].itertuples():
        label = " ".join(str(getattr(row, key)) for key in keys if key != "department" and getattr(row, key) == getattr(row, key))
        for name in AMOUNTS[part]:
            value = getattr(row, name, np.nan)
            if value == value and abs(value) > 0 and np.isfinite(value):
                one = Secret(row.department, f"{name} of {label}", float(value), getattr(row, "kind", "") != "period",
                             row.method == "wilson" and name in ("conf_low", "conf_high") and row.denominator <= 60)
                yield one
                if row.unit == "share" and abs(value) <= 1:
                    yield replace(one, what=f"{one.what} in per cent", value=value * 100)


def _amounts(frame: pd.DataFrame, part: str) -> Iterator[tuple[str, float]]:
    for row in frame[frame["status"].eq("shown")].itertuples():
        for name in AMOUNTS[part]:
            value = getattr(row, name, np.nan)
            if value == value:
                yield row.department, float(value)
                if row.unit == "share":
                    yield row.department, float(value) * 100


COUNTS = ("n", "denominator", "numerator", "persons", "n_before", "n_after", "persons_before", "persons_after")
SPLIT = ("measure", "subgroup", "kind", "phase", "grain", "period")


def by_subtraction(frame: pd.DataFrame) -> list[str]:
    """Hidden departments of a released table that its total less those that are shown would give: the only one hidden."""
    found = []
    keys = [name for name in SPLIT if name in frame]
    counts = [name for name in COUNTS if name in frame]
    for _, table in frame.groupby([frame[name].astype("str") for name in keys], sort=False, dropna=False):
        told = set(table.loc[table["status"].eq("shown") & table[counts].notna().any(axis=1), "department"])
        hidden = sorted(set(table.loc[table["status"].eq("suppressed") & ~table["department"].str.startswith("service:"), "department"]) - told)
        if ALL in told and len(hidden) == 1:
            found.append(" ".join([hidden[0], *(str(table.iloc[0][name]) for name in keys)]))
    return found


def filled(frame: pd.DataFrame) -> list[str]:
    """Numbers in rows that say they are hidden."""
    rows = frame[frame["status"].eq("suppressed")].select_dtypes("number")
    return [f"{name} in row {i}" for name in rows for i in rows.index[rows[name].notna()]]
