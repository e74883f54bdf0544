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
    leader_items = [c for c in staff if c.startswith("rsa_r_leader_")]
    sheet = _text({
        "Svarnr": pd.Series([str(n) for n in range(1, len(staff) + 1)], index=staff.index),
        "Avdeling": staff["department"].map(words.DEPARTMENTS),
        "Bølge": staff["wave"].map(words.WAVES),
        "Stilling": staff["role"].map(words.ROLES),
        "Yrke": staff["profession"].map(words.PROFESSIONS),
        "Ansiennitet": staff["years_band"].map(words.YEARS),
        "Samtykke": staff["consent"].map(words.YES_NO),
        **{f"P{number:02d}": staff[item].map(answers) for number, item in enumerate(items, start=1)},
        **{f"L{number:02d}": staff[item].map(answers) for number, item in enumerate(leader_items, start=1)},
    })
    sheet.insert(3, "Besvart", staff["answered_on"].dt.date)
    return sheet


def users_as_exported(users: pd.DataFrame) -> pd.DataFrame:
    """The user survey as SPSS holds it: numbers with value labels, 9 and 99 for no answer; the questions about the
    practice (rsa) and about own recovery (ras) are empty in the quarters that did not ask them."""
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
    return pd.concat([first, answers, *(_numbered(users, form, heading) for form, heading in _YEARLY.items())], axis=1)


def users_as_text(users: pd.DataFrame) -> pd.DataFrame:
    """A text export of the same: words for the categories, ISO dates, blank for no answer."""
    forms = pd.concat([_numbered(users, form, heading) for form, heading in {"qpr15": "qpr", **_YEARLY}.items()], axis=1)
    answers = dict(forms.astype("Int64").astype("str").replace("<NA>", "").items())
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


def contacts_as_exported(contacts: pd.DataFrame) -> pd.DataFrame:
    """The record system's list of contacts."""
    return _text({
        "KontaktID": contacts["contact_id"], "Personkode": contacts["person"], "Avdeling": contacts["department"].map(words.DEPARTMENTS),
        "Tidspunkt": contacts["contacted_on"].dt.strftime("%d.%m.%Y %H:%M"), "Kontaktform": contacts["kind"].map(words.CONTACTS),
    })


def invitations_as_exported(invitations: pd.DataFrame) -> pd.DataFrame:
    """How many were asked."""
    return _text({
        "Avdeling": invitations["department"].map(words.DEPARTMENTS),
        "Målepunkt": invitations["wave"].map(words.WAVES),
        "Gruppe": invitations["population"].map(words.POPULATIONS),
        "Invitert": invitations["invited"].astype("int64").astype("str"),
    })


def sessions_as_exported(sessions: pd.DataFrame) -> pd.DataFrame:
    """The list of a feedback system: one row per session, part scores with a decimal comma, and the sums."""
    columns = {
        "Klientkode": sessions["person"], "Sesjon": sessions["session"].astype("int64").astype("str"),
        "Dato": sessions["answered_on"].dt.strftime("%d.%m.%Y"), "Avdeling": sessions["department"].map(words.DEPARTMENTS),
    }
    for form in ("ors", "srs"):
        marks = sessions[[f"{form}_{n:02d}" for n in range(1, 5)]]
        columns |= {f"{form.upper()}{n}": _comma(marks.iloc[:, n - 1]) for n in range(1, 5)}
        columns[f"{form.upper()} sum"] = _comma(marks.sum(axis=1, skipna=False))
    return _text(columns)


def values_as_exported(values: pd.DataFrame) -> pd.DataFrame:
    """What each one chose in the values exercise, and kept."""
    return _text({
        "Respondent": values["respondent"], "Avdeling": values["department"].map(words.DEPARTMENTS),
        "Målepunkt": values["wave"].map(words.WAVES), "Verdi": values["value"], "Beholdt": values["kept"].map(words.YES_NO),
    })


def themes_as_exported(themes: pd.DataFrame) -> pd.DataFrame:
    """The list of coded excerpts, without what was said."""
    return _text({
        "Utdrag": themes["excerpt"], "Avdeling": themes["department"].map(words.DEPARTMENTS),
        "Målepunkt": themes["wave"].map(words.WAVES), "Kilde": themes["source_group"].map(words.SPEAKERS),
        "Tema": themes["theme"].map(words.THEMES), "Koder": themes["coder"],
    })


_YEARLY = {"rsa_r_person": "rsa", "ras24_a": "ras"}
"""Forms asked once a year: the heading of their columns."""


def _numbered(users: pd.DataFrame, form: str, heading: str) -> pd.DataFrame:
    items = users[[c for c in users if c.startswith(f"{form}_")]]
    return items.set_axis([f"{heading}_{n}" for n in range(1, items.shape[1] + 1)], axis=1)


def _comma(marks: pd.Series) -> pd.Series:
    return marks.map(lambda mark: "" if pd.isna(mark) else f"{mark:.1f}".replace(".", ","))


def _code(values: pd.Series, known: dict, missing: int) -> pd.Series:
    return values.map(words.numbered(known)).astype("float64").fillna(missing)


def _text(columns: dict[str, pd.Series]) -> pd.DataFrame:
    return pd.DataFrame(columns).astype("str").fillna("")
