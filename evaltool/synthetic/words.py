"""The words the made-up sources use for our codes."""

from __future__ import annotations

from .calendar import QUARTERS, STAFF_WAVES
from .units import UNITS

DEPARTMENTS = {u.id: u.name for u in UNITS}
WAVES = {wave.id: wave.label for wave in (*QUARTERS, *STAFF_WAVES)}
YES_NO = {True: "Ja", False: "Nei"}
ADMISSION_TYPES = {
    "unplanned": "Øyeblikkelig hjelp", "planned": "Planlagt", "user_controlled": "Brukerstyrt",
    "respite": "Avlastning", "transfer": "Overføring", "unknown": "Ukjent",
}
LEGAL_BASES = {"voluntary": "Frivillig", "compulsory_substance_use": "Hol. kap. 10"}
DISCHARGED_TO = {
    "home": "Hjem", "housing": "Botilbud", "hospital": "Sykehus", "no_fixed_address": "Uten fast bosted",
    "other_department": "Annen avdeling", "dead": "Død", "unknown": "Ukjent",
}
CONTACTS = {
    "intake": "Inntak", "in_person": "Oppmøte", "phone": "Telefon", "video": "Video", "message": "Melding", "not_met": "Ikke møtt",
}
ROLES = {"leader": "Leder", "staff": "Ansatt"}
PROFESSIONS = {
    "nurse": "Sykepleier", "social_educator": "Vernepleier", "social_worker": "Sosionom",
    "health_worker": "Helsefagarbeider", "peer_worker": "Erfaringskonsulent", "other": "Annet",
}
YEARS = {"0-1": "Under 2 år", "2-5": "2–5 år", "6-10": "6–10 år", "11+": "Over 10 år"}
AGREEMENT = {1: "Helt uenig", 2: "Uenig", 3: "Verken eller", 4: "Enig", 5: "Helt enig"}
NO_ANSWER = {97: "Ikke aktuelt", 98: "Vet ikke"}
AGE_BANDS = {"18-29": "18–29 år", "30-44": "30–44 år", "45-59": "45–59 år", "60+": "60 år eller eldre"}
USER_GROUPS = {"substance_use": "Rus", "mental_health": "Psykisk helse", "both": "Både rus og psykisk helse"}
MODES = {"paper": "Papir", "web": "Nett", "interview": "Intervju"}
QPR_ANSWERS = {0: "Svært uenig", 1: "Uenig", 2: "Verken eller", 3: "Enig", 4: "Svært enig"}
THEMES = {
    "inviting": "Å bli tatt imot", "life_goals": "Egne mål", "choice": "Valg", "individually_tailored": "Tilpasset hjelp",
    "involvement": "Medvirkning", "own_attitudes": "Egne holdninger", "time_and_money": "Tid og penger",
}
SPEAKERS = {"users": "Brukere", "staff": "Ansatte", "leaders": "Ledere"}
POPULATIONS = {"staff": "Ansatte", "users": "Brukere"}
LEFT_OUT, WILL_NOT_SAY = 9, 99
"""User-missing codes in the SPSS file."""


def numbered(words: dict) -> dict[str, int]:
    """Our codes numbered from 1 in the order of ``words``, as an SPSS file numbers its categories."""
    return {code: number for number, code in enumerate(words, start=1)}
