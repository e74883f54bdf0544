"""Which faults are planted where."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from .faults import Edit, Fault, plant

STAYS_FILE, STAFF_FILE, USERS_FILE = (
    "raw/opphold_with_faults.csv", "raw/ansatte_with_faults.xlsx", "raw/brukere_with_faults.csv",
)
_MOMENT = "%d.%m.%Y %H:%M"


def _ended(frame: pd.DataFrame) -> pd.Series:
    return frame["Utskrevet"] != ""


def _ongoing(frame: pd.DataFrame) -> pd.Series:
    return frame["Utskrevet"] == ""


def _three_days_earlier(row: pd.Series) -> str:
    return (dt.datetime.strptime(row["Innskrevet"], _MOMENT) - dt.timedelta(days=3)).strftime(_MOMENT)


def stays_with_faults(*, exported: pd.DataFrame, persons: pd.DataFrame) -> tuple[pd.DataFrame, list[Fault], dict]:
    """The list of stays with faults; ``persons`` (the clean table) tells who died and who withdrew.

    Only persons with one stay are touched, so that a planted date says nothing about another row.
    """
    gone = persons["died_on"].notna() | persons["withdrawn_on"].notna()
    codes = exported["Personkode"]
    usable = ~codes.duplicated(keep=False) & ~codes.isin(persons.loc[gone, "person"])
    edits = _stay_edits(other=exported["OppholdsID"].iloc[50], dead=persons.sort_values("died_on")["person"].iloc[0])
    return plant(frame=exported, edits=edits, usable=usable, file=STAYS_FILE, first_row=2)


def _stay_edits(*, other: str, dead: str) -> tuple[Edit, ...]:
    return (
        Edit(300, "Innskrevet", "C06", "31 February", {"Innskrevet": "31.02.2024 10:15"}),
        Edit(600, "Utskrevet", "S07", "discharged before admitted", {"Utskrevet": _three_days_earlier}, _ended),
        Edit(900, "OppholdsID", "S01", "the number of another stay", {"OppholdsID": other}),
        Edit(1200, "Personkode", "S02", "the same stay under a new number", {"OppholdsID": "S90001"}, append=True,
             also=("S08",)),
        Edit(1500, "Avdeling", "C07", "misspelt department", {"Avdeling": "Solbaken korttidsavdeling"}),
        Edit(1800, "Avdeling", "C01", "no department", {"Avdeling": ""}),
        Edit(2100, "Død i oppholdet", "C08", "misspelt yes", {"Død i oppholdet": "Jaa"}),
        Edit(2400, "Innleggelsesmåte", "C07", "unknown admission type", {"Innleggelsesmåte": "Akutt"}),
        Edit(2700, "Innskrevet", "S04", "before the department opened", {"Innskrevet": "05.12.2014 12:00"}, _ended),
        Edit(3000, "Innskrevet", "C09", "year 1022", {"Innskrevet": "12.03.1022 10:00"}, _ended,
             also=("S04", "S09")),
        Edit(3300, "Personkode", "C01", "no person", {"Personkode": ""}),
        Edit(3600, "Innskrevet", "S10", "admitted after the person's death", {"Personkode": dead}),
        Edit(3900, "Personkode", "S12", "a person nobody knows", {"Personkode": "P9999"}, kept=True),
        Edit(4200, "Innskrevet", "C06", "month before day", {"Innskrevet": "12.31.2024 09:00"}),
        Edit(4500, "", "C14", "one cell too many", {}, tail=";?"),
        Edit(4800, "Utskrevet", "S11", "died, but no end", {"Utskrevet": "", "Død i oppholdet": "Ja"}, _ended),
        Edit(5000, "Utskrevet", "S06", "after the last day of the data", {"Utskrevet": "03.07.2026 12:00"}, _ongoing),
    )


def staff_with_faults(*, exported: pd.DataFrame) -> tuple[pd.DataFrame, list[Fault], dict]:
    """The staff answers with faults."""
    usable = pd.Series(True, index=exported.index)
    return plant(frame=exported, edits=_STAFF_EDITS, usable=usable, file=STAFF_FILE, first_row=4)


_STAFF_EDITS = (
    Edit(20, "P05", "C07", "misspelt answer", {"P05": "Helt enigg"}),
    Edit(60, "Besvart", "A04", "answered outside the wave", {"Besvart": dt.date(2023, 1, 20)}),
    Edit(100, "Avdeling", "C07", "unknown department", {"Avdeling": "Solbakken kortid"}),
    Edit(140, "Avdeling", "C01", "no department", {"Avdeling": ""}),
    Edit(180, "Bølge", "C07", "unknown wave", {"Bølge": "Høst 2021"}),
    Edit(220, "Samtykke", "C08", "misspelt yes", {"Samtykke": "Jaja"}),
    Edit(260, "Besvart", "C06", "31 February, as text", {"Besvart": "31.02.2024"}),
    Edit(300, "P12", "C10", "a formula error kept as text", {"P12": "#I/T"}),
    Edit(340, "Yrke", "C07", "unknown profession", {"Yrke": "Kokk"}),
    Edit(380, "Samtykke", "A09", "no consent: the row is withheld", {"Samtykke": "Nei"}),
    Edit(420, "P20", "C07", "a number where words are agreed on", {"P20": "7"}),
)


def users_with_faults(*, exported: pd.DataFrame, persons: pd.DataFrame) -> tuple[pd.DataFrame, list[Fault], dict]:
    """The text export of the user survey with faults."""
    gone = persons["died_on"].notna() | persons["withdrawn_on"].notna()
    codes = exported["brukerkode"]
    usable = codes.ne("") & ~codes.isin(persons.loc[gone, "person"])
    edits = _user_edits(dead=persons.sort_values("died_on")["person"].iloc[0])
    return plant(frame=exported, edits=edits, usable=usable, file=USERS_FILE, first_row=2)


def _user_edits(*, dead: str) -> tuple[Edit, ...]:
    blank = {f"{form}_{number}": "" for form, last in (("qpr", 15), ("rsa", 32), ("ras", 24)) for number in range(1, last + 1)}
    return (
        Edit(100, "qpr_3", "C07", "out of range", {"qpr_3": "7"}),
        Edit(400, "qpr_4", "C02", "a word where a number belongs", {"qpr_4": "fire"}),
        Edit(700, "dato", "U04", "answered outside the wave", {"dato": "2022-07-05"}),
        Edit(1000, "avd", "C07", "unknown department", {"avd": "Kaia"}),
        Edit(1300, "avd", "C01", "no department", {"avd": ""}),
        Edit(1600, "dato", "C06", "31 February", {"dato": "2024-02-31"}),
        Edit(1900, "brukerkode", "U01", "the same person twice in a wave", {}, append=True),
        Edit(2200, "kvartal", "C07", "unknown wave", {"kvartal": "5. kvartal 2023"}),
        Edit(2500, "alder", "C07", "unknown age band", {"alder": "18-30"}),
        Edit(2800, "samtykke", "C08", "misspelt yes", {"samtykke": "Jada!"}),
        Edit(3100, "samtykke", "U09", "no consent: the row is withheld", {"samtykke": "Nei"}),
        Edit(3400, "qpr_1", "U08", "nothing answered", blank, kept=True),
        Edit(3700, "qpr_9", "C07", "a half answer", {"qpr_9": "2,5"}),
        Edit(4000, "dato", "U11", "answered after the person's death", {"brukerkode": dead}),
    )
