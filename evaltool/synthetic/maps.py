"""The mapping files that read the made-up sources."""

from __future__ import annotations

from collections.abc import Mapping

from . import words
from .calendar import QUARTERS, STAFF_WAVES
from .toml_text import table

STAFF_SHEET = "Svar"
_DAY, _MOMENT = "%d.%m.%Y", "%d.%m.%Y %H:%M"


def mapping_files() -> dict[str, str]:
    """Text of each mapping file by name (without ``.toml``)."""
    return {
        "stays": _file("stays", {"encoding": "cp1252", "delimiter": ";", "header_row": 1}, _stays()),
        "staff_survey": _file("staff_survey", {"sheet": STAFF_SHEET, "header_row": 3}, _staff(), {
            "rsa_r_provider": {"from": "P{n:02d}", "count": 32, "codes": _back(words.AGREEMENT),
                               "missing": _back(words.NO_ANSWER)},
            "rsa_r_leader": {"from": "L{n:02d}", "count": 36, "codes": _back(words.AGREEMENT),
                             "missing": _back(words.NO_ANSWER)},
        }),
        "user_survey": _file("user_survey", {}, _users(), {
            "qpr15": {"from": "qpr_{n}", "count": 15}, "rsa_r_person": {"from": "rsa_{n}", "count": 32},
            "ras24_a": {"from": "ras_{n}", "count": 24},
        }),
        "persons": _file("persons", {"encoding": "utf-8-sig", "delimiter": ";"}, _persons()),
        "invitations": _file("invitations", {"encoding": "utf-8", "delimiter": ";"}, _invitations()),
        "sessions": _file("sessions", {"encoding": "utf-8-sig", "delimiter": ";"}, _sessions(), {
            "ors": {"from": "ORS{n}", "count": 4}, "srs": {"from": "SRS{n}", "count": 4},
        }),
        "values_exercise": _file("values_exercise", {"encoding": "utf-8-sig", "delimiter": ";"}, _values()),
        "coded_themes": _file("coded_themes", {"encoding": "utf-8-sig", "delimiter": ";"}, _themes()),
        "contacts": _file("contacts", {"encoding": "cp1252", "delimiter": ";"}, _contacts()),
    }


def _contacts() -> dict[str, dict]:
    return {
        "contact_id": {"from": "KontaktID"}, "person": {"from": "Personkode"},
        "department": {"from": "Avdeling", "codes": _back(words.DEPARTMENTS)},
        "contacted_on": {"from": "Tidspunkt", "format": _MOMENT}, "kind": {"from": "Kontaktform", "codes": _back(words.CONTACTS)},
    }


def _stays() -> dict[str, dict]:
    return {
        "stay_id": {"from": "OppholdsID"}, "person": {"from": "Personkode"},
        "department": {"from": "Avdeling", "codes": _back(words.DEPARTMENTS)},
        "admitted": {"from": "Innskrevet", "format": _MOMENT}, "discharged": {"from": "Utskrevet", "format": _MOMENT},
        "admission_type": {"from": "Innleggelsesmåte", "codes": _back(words.ADMISSION_TYPES)},
        "legal_basis": {"from": "Hjemmel", "codes": _back(words.LEGAL_BASES)},
        "discharged_to": {"from": "Utskrevet til", "codes": _back(words.DISCHARGED_TO)},
        "died": {"from": "Død i oppholdet"},
    }


def _staff() -> dict[str, dict]:
    return {
        "department": {"from": "Avdeling", "codes": _back(words.DEPARTMENTS)},
        "wave": {"from": "Bølge", "codes": {wave.label: wave.id for wave in STAFF_WAVES}},
        "answered_on": {"from": "Besvart"}, "role": {"from": "Stilling", "codes": _back(words.ROLES)},
        "profession": {"from": "Yrke", "codes": _back(words.PROFESSIONS)},
        "years_band": {"from": "Ansiennitet", "codes": _back(words.YEARS)}, "consent": {"from": "Samtykke"},
    }


def _users() -> dict[str, dict]:
    """By value label, so that the same mapping reads the SPSS file and a text export of it."""
    return {
        "person": {"from": "brukerkode"}, "department": {"from": "avd", "codes": _back(words.DEPARTMENTS)},
        "wave": {"from": "kvartal", "codes": {wave.label: wave.id for wave in QUARTERS}},
        "answered_on": {"from": "dato"}, "age_band": {"from": "alder", "codes": _back(words.AGE_BANDS)},
        "user_group": {"from": "gruppe", "codes": _back(words.USER_GROUPS)},
        "mode": {"from": "svarmate", "codes": _back(words.MODES)}, "consent": {"from": "samtykke"},
    }


def _persons() -> dict[str, dict]:
    return {
        "person": {"from": "Personkode"}, "birth_year_band": {"from": "Fødselsår gruppe"},
        "died_on": {"from": "Dødsdato", "format": _DAY}, "withdrawn_on": {"from": "Trukket samtykke", "format": _DAY},
    }


def _invitations() -> dict[str, dict]:
    return {
        "department": {"from": "Avdeling", "codes": _back(words.DEPARTMENTS)},
        "wave": {"from": "Målepunkt", "codes": _back(words.WAVES)},
        "population": {"from": "Gruppe", "codes": _back(words.POPULATIONS)}, "invited": {"from": "Invitert"},
    }


def _sessions() -> dict[str, dict]:
    return {
        "person": {"from": "Klientkode"}, "department": {"from": "Avdeling", "codes": _back(words.DEPARTMENTS)},
        "session": {"from": "Sesjon"}, "answered_on": {"from": "Dato", "format": _DAY},
    }


def _values() -> dict[str, dict]:
    return {
        "respondent": {"from": "Respondent"}, "department": {"from": "Avdeling", "codes": _back(words.DEPARTMENTS)},
        "wave": {"from": "Målepunkt", "codes": {wave.label: wave.id for wave in STAFF_WAVES}},
        "value": {"from": "Verdi"}, "kept": {"from": "Beholdt"},
    }


def _themes() -> dict[str, dict]:
    return {
        "excerpt": {"from": "Utdrag"}, "department": {"from": "Avdeling", "codes": _back(words.DEPARTMENTS)},
        "wave": {"from": "Målepunkt", "codes": {wave.label: wave.id for wave in STAFF_WAVES}},
        "source_group": {"from": "Kilde", "codes": _back(words.SPEAKERS)},
        "theme": {"from": "Tema", "codes": _back(words.THEMES)}, "coder": {"from": "Koder"},
    }


def _back(known: Mapping) -> dict[str, object]:
    return {text: code for code, text in known.items()}


def _file(name: str, file: Mapping, columns: Mapping[str, Mapping], items: Mapping[str, Mapping] | None = None) -> str:
    parts = [f'version = 1\ntable = "{name}"\n']
    if file:
        parts.append(table("[file]", file))
    parts += [_entry(f"columns.{column}", entry) for column, entry in columns.items()]
    parts += [_entry(f"items.{block}", entry) for block, entry in (items or {}).items()]
    return "\n".join(parts)


def _entry(name: str, entry: Mapping[str, object]) -> str:
    """A column or a block of items; its code list below it, a line for each word, so that it is easy to add one."""
    simple = {key: item for key, item in entry.items() if not isinstance(item, Mapping)}
    lists = {key: item for key, item in entry.items() if isinstance(item, Mapping)}
    return table(f"[{name}]", simple) + "".join(table(f"[{name}.{key}]", item) for key, item in lists.items())
