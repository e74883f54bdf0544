"""Clean tables -> the tables a source would export: its headings, its words, its order. Pure."""

from __future__ import annotations

import numpy as np
import pandas as pd

from . import words
from .calendar import QUARTERS


def stays_as_exported(stays: pd.DataFrame) -> pd.DataFrame:
    """The record system's list of stays, every cell as text."""
    nights = (stays["discharged"].dt.normalize() - stays["admitted"].dt.normalize()).dt.days
    price = 2950.5 + 410.25 * (stays["department"].map(list(words.DEPARTMENTS).index) % 4)
    return _text({
        "OppholdsID": stays["stay_id"],
        "Personkode": stays["person"],
        "Avdeling": stays["department"].map(words.DEPARTMENTS),
        "Innskrevet": stays["admitted"].dt.strftime("%d.%m.%Y %H:%M"),
        "Utskrevet": stays["discharged"].dt.strftime("%d.%m.%Y %H:%M"),
        "Innleggelsesmåte": stays["admission_type"].map(words.ADMISSION_TYPES),
        "Hjemmel": stays["legal_basis"].map(words.LEGAL_BASES),
        "Utskrevet til": stays["discharged_to"].map(words.DISCHARGED_TO),
        "Død i oppholdet": stays["died"].map(words.YES_NO),
        "Netter": nights.astype("Int64").astype("str").replace("<NA>", ""),
        "Døgnpris": price.map(lambda value: f"{value:.2f}".replace(".", ",")),
    })


def staff_as_exported(staff: pd.DataFrame) -> pd.DataFrame:
    """The staff survey's answer sheet: texts, and ``Besvart`` as a date."""
    answers = {**words.AGREEMENT, **words.NO_ANSWER}
    items = [c for c in staff if c.startswith("rsa_r_provider_")]
    sheet = _text({
        "Svarnr": pd.Series([str(n) for n in range(1, len(staff) + 1)], index=staff.index),
        "Avdeling": staff["department"].map(words.DEPARTMENTS),
        "Bølge": staff["wave"].map(words.WAVES),
        "Stilling": staff["role"].map(words.ROLES),
        "Yrke": staff["profession"].map(words.PROFESSIONS),
        "Ansiennitet": staff["years_band"].map(words.YEARS),
        "Samtykke": staff["consent"].map(words.YES_NO),
        **{f"P{number:02d}": staff[item].map(answers) for number, item in enumerate(items, start=1)},
    })
    sheet.insert(3, "Besvart", staff["answered_on"].dt.date)
    return sheet


def users_as_exported(users: pd.DataFrame) -> pd.DataFrame:
    """The user survey as SPSS holds it: numbers with value labels, 9 and 99 for no answer."""
    items = [c for c in users if c.startswith("qpr15_")]
    refused = users[items].isna() & (np.arange(len(users)) % 3 == 0)[:, None]
    answers = users[items].fillna(words.LEFT_OUT).mask(refused, words.WILL_NOT_SAY)
    answers.columns = [f"qpr_{number}" for number in range(1, len(items) + 1)]
    first = pd.DataFrame({
        "brukerkode": users["person"].fillna(""),
        "avd": users["department"].map(words.numbered(words.DEPARTMENTS)).astype("float64"),
        "kvartal": users["wave"].map({wave.id: n for n, wave in enumerate(QUARTERS, start=1)}).astype("float64"),
        "dato": users["answered_on"].dt.date,
        "alder": _code(users["age_band"], words.AGE_BANDS, words.WILL_NOT_SAY),
        "gruppe": _code(users["user_group"], words.USER_GROUPS, words.LEFT_OUT),
        "svarmate": _code(users["mode"], words.MODES, words.LEFT_OUT),
        "samtykke": users["consent"].astype("float64"),
    })
    return pd.concat([first, answers], axis=1)


def users_as_text(users: pd.DataFrame) -> pd.DataFrame:
    """A text export of the same: words for the categories, ISO dates, blank for no answer."""
    items = [c for c in users if c.startswith("qpr15_")]
    answers = {f"qpr_{n}": users[item].astype("Int64").astype("str").replace("<NA>", "") for n, item in enumerate(items, 1)}
    return _text({
        "brukerkode": users["person"], "avd": users["department"].map(words.DEPARTMENTS),
        "kvartal": users["wave"].map(words.WAVES), "dato": users["answered_on"].dt.strftime("%Y-%m-%d"),
        "alder": users["age_band"].map(words.AGE_BANDS), "gruppe": users["user_group"].map(words.USER_GROUPS),
        "svarmate": users["mode"].map(words.MODES), "samtykke": users["consent"].map(words.YES_NO), **answers,
    })


def persons_as_exported(persons: pd.DataFrame) -> pd.DataFrame:
    """The list of persons, pseudonyms only."""
    return _text({
        "Personkode": persons["person"],
        "Fødselsår gruppe": persons["birth_year_band"],
        "Dødsdato": persons["died_on"].dt.strftime("%d.%m.%Y"),
        "Trukket samtykke": persons["withdrawn_on"].dt.strftime("%d.%m.%Y"),
    })


def invitations_as_exported(invitations: pd.DataFrame) -> pd.DataFrame:
    """How many were asked."""
    return _text({
        "Avdeling": invitations["department"].map(words.DEPARTMENTS),
        "Målepunkt": invitations["wave"].map(words.WAVES),
        "Gruppe": invitations["population"].map(words.POPULATIONS),
        "Invitert": invitations["invited"].astype("int64").astype("str"),
    })


def _code(values: pd.Series, known: dict, missing: int) -> pd.Series:
    return values.map(words.numbered(known)).astype("float64").fillna(missing)


def _text(columns: dict[str, pd.Series]) -> pd.DataFrame:
    return pd.DataFrame(columns).astype("str").fillna("")
