"""One formatter for every number, date and interval that a person reads, in page, PDF, HTML and table alike."""

from __future__ import annotations

import datetime as dt
import math

from . import t

MINUS = "\u2212"
NBSP = "\u00a0"
MONTHS = {
    "nb": ("januar", "februar", "mars", "april", "mai", "juni", "juli", "august", "september", "oktober", "november",
           "desember"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
}


def number(value: float, lang: str, decimals: int = 0) -> str:
    """``1234.5`` -> ``1 234,5`` (nb) or ``1,234.5`` (en), true minus, no minus before zero, missing -> ``–``."""
    if value is None or math.isnan(value):
        return "–"
    text = f"{abs(value):,.{decimals}f}"
    if lang == "nb":
        text = text.replace(",", NBSP).replace(".", ",")
    negative = value < 0 and any(c in "123456789" for c in text)
    return (MINUS if negative else "") + text


def absent(status: str, lang: str) -> str:
    """Sign and word where a number would stand: ``▒ skjult (få personer)``, ``∅ ingen data`` or ``× kan ikke beregnes``."""
    return f"{t(f'symbol.{status}', lang)} {t(f'status.{status}', lang)}"


def signed(value: float, lang: str, decimals: int = 0) -> str:
    """As ``number`` with a plus before what is above zero."""
    text = number(value, lang, decimals)
    positive = value is not None and value > 0 and any(c in "123456789" for c in text)
    return ("+" if positive else "") + text


def p_value(value: float, lang: str) -> str:
    """A p value with three decimals; what is smaller is ``< 0,001``."""
    if value is not None and value < 0.001:
        return f"< {number(0.001, lang, 3)}"
    return f"= {number(value, lang, 3)}"


def percent(value: float, lang: str, decimals: int = 0) -> str:
    """A share 0-1 as ``40 %`` (nb, with a non-breaking space) or ``40%`` (en)."""
    text = number(None if value is None else value * 100, lang, decimals)
    return text if text == "–" else text + (NBSP + "%" if lang == "nb" else "%")


def quantity(value: float, unit: str, lang: str, decimals: int) -> str:
    """A level in its unit, without the unit's name: a share as per cent, the rest as a plain number."""
    return percent(value, lang, decimals) if unit == "share" else number(value, lang, decimals)


def change(value: float, unit: str, lang: str, decimals: int) -> str:
    """A signed difference in its unit, without the unit's name: a share in percentage points."""
    return signed(value * 100 if unit == "share" else value, lang, decimals)


def change_unit(unit: str, lang: str) -> str:
    """The name of the unit of a difference (percentage points for a share)."""
    return t(f"unit.change_{unit}", lang)


def interval(low: float, high: float, unit: str, lang: str, decimals: int, *, difference: bool = False) -> str:
    """``3,52 til 3,86``: both ends in the same form as the estimate they belong to."""
    form = change if difference else quantity
    return f"{form(low, unit, lang, decimals)} {t('format.to', lang)} {form(high, unit, lang, decimals)}"


def date(day: dt.date, lang: str) -> str:
    """``30.06.2026`` (nb) or ``30 June 2026`` (en); a missing day is ``–``."""
    if day is None or day != day:
        return "–"
    return f"{day:%d.%m.%Y}" if lang == "nb" else f"{day.day} {MONTHS['en'][day.month - 1]} {day.year}"


def moment(at: dt.datetime, lang: str) -> str:
    """``30.06.2026 14:05 UTC``: ``at`` in UTC, as stored in the ledger."""
    return f"{date(at, lang)} {at:%H:%M} UTC"


def month(day: dt.date, lang: str, *, short: bool = False) -> str:
    """``juni 2026`` or, short, ``jun. 26``; month names in lower case in Norwegian."""
    name = MONTHS[lang][day.month - 1]
    return f"{name[:3]} {day:%y}" if short else f"{name} {day.year}"


def period(day: dt.date, grain: str, lang: str) -> str:
    """A calendar period by its first day: ``juni 2026``, ``2. kvartal 2026``, ``2026``."""
    if grain == "year":
        return str(day.year)
    if grain == "quarter":
        return t("format.quarter", lang, quarter=(day.month - 1) // 3 + 1, year=day.year)
    return month(day, lang)
