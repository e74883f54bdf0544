"""study.toml of the made-up municipality."""

from __future__ import annotations

from .calendar import QUARTERS, STAFF_WAVES, Wave
from .practice_views import USER_WAVES
from .toml_text import value
from .units import LAST_DAY, MUNICIPALITY

IMPORTS = (
    ("raw/personer.csv", "persons"), ("raw/opphold.csv", "stays"), ("raw/ansatte.xlsx", "staff_survey"),
    ("raw/brukere.sav", "user_survey"), ("raw/invitasjoner.csv", "invitations"),
    ("raw/samtaler.csv", "sessions"), ("raw/verdiovelse.csv", "values_exercise"), ("raw/temaer.csv", "coded_themes"),
    ("raw/kontakter.csv", "contacts"),
)
"""Persons first: the other tables are checked against them."""

_HEAD = """\
# Sample study with made-up data. What was planted in it stands in truth.toml.
[study]
id = "fjordvik"
name = {{ nb = "{name} kommune", en = "{name} municipality" }}
language = "nb"
as_of = {as_of}
timezone = "Europe/Oslo"

[privacy]
min_persons = 5

[periods]
wash_in_months = 3
"""

_TAIL = """\
[measures]
use = ["qpr15_total", "ras24_reliance", "rsa_r_total", "readmission_30d_unplanned", "length_of_stay", "bed_days", "followed_up_7d"]

[readmission]
window_days = 30
lower_gap_hours = 0
transfer_gap_hours = 8
attribute_to = "last"

[stays]
count_same_day = 0
long_stay_months = 3

[plan]
primary = ["qpr15_total"]
secondary = [["ras24_reliance"], ["rsa_r_total"], ["readmission_30d_unplanned", "length_of_stay", "followed_up_7d"]]
correction = "holm"
"""


def study_text() -> str:
    """The whole of study.toml."""
    parts = [
        _HEAD.format(name=MUNICIPALITY, as_of=LAST_DAY.isoformat()),
        _survey("user", "user_survey", "qpr15", "partly_linked", QUARTERS),
        _survey("staff", "staff_survey", "rsa_r_provider", "repeated_cross_section", STAFF_WAVES),
        _survey("user_practice", "user_survey", "rsa_r_person", "partly_linked", USER_WAVES),
        _survey("user_recovery", "user_survey", "ras24_a", "partly_linked", USER_WAVES),
        _survey("leader_practice", "staff_survey", "rsa_r_leader", "repeated_cross_section", STAFF_WAVES),
        _survey("outcome", "sessions", "ors", "same_people", ()),
        _survey("alliance", "sessions", "srs", "same_people", ()),
        _TAIL,
    ]
    parts += [f'[[imports]]\nfile = "{file}"\ntable = "{table}"\nmap = "{table}"\n' for file, table in IMPORTS]
    return "\n".join(parts)


def _survey(name: str, table: str, instrument: str, link: str, waves: tuple[Wave, ...]) -> str:
    rows = [f"  {value({'id': w.id, 'opens': w.opens, 'closes': w.closes})}," for w in waves]
    head = [f"[surveys.{name}]", f'table = "{table}"', f'instrument = "{instrument}"', f'link = "{link}"']
    return "\n".join([*head, *(["waves = [", *rows, "]"] if rows else []), ""])
