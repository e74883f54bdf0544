"""A hospital's own extract (its headings, its codes, clock times, deaths in the stay and a list of deaths after it, its faults)
through mappings, held against a count that reads the same text with ``csv`` and knows nothing of evaltool."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter, defaultdict
from types import SimpleNamespace

import numpy as np
import pytest

from evaltool.import_source import import_source
from evaltool.indicators.observations import observations
from evaltool.measures import measure
from evaltool.result import ALL
from evaltool.store import load, quality
from evaltool.study import open_study
from evaltool.study_readmission import study_readmission

from .plain import plain_bed_days, plain_episodes, plain_readmission
from .plain_facts import incidence

AS_OF = dt.date(2025, 6, 30)
STARTS = {"p1": dt.date(2024, 7, 1), "p2": dt.date(2024, 10, 1)}
STUDY = f"""
[study]
id = "hospital"
name = {{ nb = "Sykehus", en = "Hospital" }}
as_of = {AS_OF}
[measures]
use = ["readmission_30d_unplanned", "length_of_stay", "bed_days"]
"""
HEAD = ["Henvisningsperiode", "Episodenr", "PasientLnr", "Post", "InnTid", "UtTid", "Hastegrad", "Til sted", "Ut tilstand", "Hoveddiagnose"]
POSTS = {"Akuttpost 1": "p1", "Rehab post 2": "p2", "DPS døgn": "p3"}
URGENCY = {"1 - Akutt": "unplanned", "3 - Innen 2 uker": "planned", "4 - Planlagt": "planned", "5 - Brukerstyrt": "user_controlled"}
PLACES = {"1 Hjem": "home", "2 Annet sykehus": "hospital", "3 Sykehjem": "nursing_home", "7 Egenutskrivning": "self_discharge", "": None}
MAP = """
version = 1
table = "stays"
[file]
encoding = "cp1252"
delimiter = ";"
header_row = 3
[columns.stay_id]
from = "Episodenr"
[columns.person]
from = "PasientLnr"
[columns.department]
from = "Post"
[columns.department.codes]
{posts}
[columns.admitted]
from = "InnTid"
format = "%d.%m.%Y kl. %H:%M"
[columns.discharged]
from = "UtTid"
format = "%d.%m.%Y kl. %H:%M"
[columns.admission_type]
from = "Hastegrad"
[columns.admission_type.codes]
{urgency}
[columns.discharged_to]
from = "Til sted"
[columns.discharged_to.codes]
{places}
[columns.died]
from = "Ut tilstand"
[columns.died.codes]
"1 Levende" = false
"2 Død" = true
"""
DEATHS_MAP = """
version = 1
table = "persons"
[file]
encoding = "cp1252"
delimiter = ";"
[columns.person]
from = "Pasient (lnr)"
[columns.died_on]
from = "Mors dato"
format = "%Y%m%d"
"""
CLOCK = "%d.%m.%Y kl. %H:%M"


def extract(rng) -> str:
    """Some 900 stays of 260 people, then the faults: each line as a hospital would write it."""
    lines, number = [], 0
    for person in range(260):
        moment = dt.datetime(2023, 1, 1) + dt.timedelta(hours=int(rng.integers(0, 300 * 24)), minutes=int(rng.integers(1, 60)))
        for _ in range(int(rng.integers(1, 7))):
            out = moment + dt.timedelta(hours=int(rng.exponential(9 * 24)), minutes=int(rng.integers(1, 60)))
            if moment.date() > AS_OF:
                break
            number += 1
            gone = bool(rng.random() < 0.015)
            ended = out.date() <= AS_OF
            lines.append([
                "", f"E{number:05d}", f"L{person:04d}", str(rng.choice(list(POSTS))), f"{moment:{CLOCK}}", f"{out:{CLOCK}}" if ended else "",
                str(rng.choice(list(URGENCY), p=[0.6, 0.1, 0.2, 0.1])), str(rng.choice(list(PLACES))) if ended else "",
                ("2 Død" if gone else "1 Levende") if ended else "", "F20.0"])
            if gone or not ended:
                break
            moment = out + dt.timedelta(hours=int(rng.choice([2, 7, 8, 20, 24 * 3, 24 * 12, 24 * 29, 24 * 31, 24 * 90])), minutes=int(rng.integers(0, 30)))
    lines[10][4], lines[10][5] = lines[10][5], lines[10][4]  # discharged before admitted
    lines[20][2] = ""                                         # nobody
    lines.append([*lines[30]])                                # the same line twice
    lines.append([lines[40][0], "E99999", *lines[40][2:]])    # the same stay under another number
    lines.append(["", "E99998", "L0900", "DPS døgn", "01.07.2025 kl. 10:00", "", "1 - Akutt", "", "", ""])  # after the data
    lines += [["", f"E9999{i}", "L0901", "DPS døgn", f"0{i}.06.2025 kl. 10:15", "", "1 - Akutt", "", "", ""] for i in (1, 2)]  # two open
    body = io.StringIO()
    csv.writer(body, delimiter=";", lineterminator="\r\n").writerows([["Uttrekk fra pasientsystemet"], [], HEAD, *lines])
    return body.getvalue()


def death_list(text: str, rng) -> str:
    """Who died after the last stay, some on the very day they left, as the hospital's own list of deaths would have it."""
    last, gone = {}, set()
    for line in csv.DictReader(io.StringIO(text.split("\r\n", 2)[2]), delimiter=";"):
        if line["PasientLnr"]:
            moment = max(dt.datetime.strptime(line[name], CLOCK) for name in ("InnTid", "UtTid") if line[name])
            last[line["PasientLnr"]] = max(moment, last.get(line["PasientLnr"], moment))
            gone |= {line["PasientLnr"]} if line["Ut tilstand"].startswith("2") or not line["UtTid"] else set()
    rows = ["Pasient (lnr);Mors dato;Kjønn"]
    for person, out in last.items():
        away = int(rng.choice([-1, -1, -1, 0, 5, 20, 29, 100]))
        day = out.date() + dt.timedelta(days=max(away, 0))
        rows.append(f"{person};{day:%Y%m%d};K" if person not in gone and away >= 0 and day <= AS_OF and person < "L0900" else f"{person};;M")
    return "\r\n".join(rows) + "\r\n"


def deaths(text: str) -> dict[str, dt.date]:
    """From the list alone."""
    return {line["Pasient (lnr)"]: dt.datetime.strptime(line["Mors dato"], "%Y%m%d").date()
            for line in csv.DictReader(io.StringIO(text), delimiter=";") if line["Mors dato"]}


def counted(text: str) -> tuple[list[dict], Counter]:
    """The stays that should count, and how many lines should be refused for which reason. Reads the text alone."""
    stays, refused, numbers, seen = [], Counter(), set(), set()
    for line in list(csv.DictReader(io.StringIO(text.split("\r\n", 2)[2]), delimiter=";")):
        inn = dt.datetime.strptime(line["InnTid"], CLOCK)
        out = dt.datetime.strptime(line["UtTid"], CLOCK) if line["UtTid"] else None
        same = (line["PasientLnr"], line["Post"], inn, out)
        fault = ("C01" if not line["PasientLnr"] else "S07" if out and out < inn else "S06" if inn.date() > AS_OF
                 else "S01" if line["Episodenr"] in numbers else "S02" if same in seen else None)
        numbers.add(line["Episodenr"])
        seen.add(same)
        if fault:
            refused[fault] += 1
            continue
        stays.append({
            "stay_id": line["Episodenr"], "person": line["PasientLnr"], "department": POSTS[line["Post"]], "admitted": inn,
            "discharged": out, "admission_type": URGENCY[line["Hastegrad"]], "legal_basis": None,
            "discharged_to": PLACES[line["Til sted"]], "died": line["Ut tilstand"].startswith("2")})
    return stays, refused


def toml(codes: dict) -> str:
    return "\n".join(f'"{source}" = "{code}"' for source, code in codes.items() if source)


@pytest.fixture(scope="module")
def hospital(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hospital")
    (folder / "study.toml").write_text(STUDY, encoding="utf8")
    (folder / "register").mkdir()
    (folder / "register" / "departments.csv").write_text(
        "department,name,service,unit_type,beds\n" + "".join(f"{code},{name},Psykisk helse,inpatient,12\n" for name, code in POSTS.items()), encoding="utf8")
    (folder / "register" / "rollout.csv").write_text(
        "department,start,wash_in_end\n" + "".join(f"{code},{day},{day}\n" for code, day in STARTS.items()), encoding="utf8")
    text = extract(np.random.default_rng(11))
    (folder / "uttrekk.csv").write_bytes(text.encode("cp1252"))
    gone = death_list(text, np.random.default_rng(12))
    (folder / "dødsfall.csv").write_bytes(gone.encode("cp1252"))
    (folder / "persons.toml").write_text(DEATHS_MAP, encoding="utf8")
    (folder / "stays.toml").write_text(MAP.format(posts=toml(POSTS), urgency=toml(URGENCY), places=toml(PLACES)), encoding="utf8")
    study = open_study(folder=folder)
    import_source(study=study, path=folder / "dødsfall.csv", table="persons", mapping_path=folder / "persons.toml", who="test",
                  when=dt.datetime(2025, 7, 1, tzinfo=dt.UTC))
    outcome = import_source(study=study, path=folder / "uttrekk.csv", table="stays", mapping_path=folder / "stays.toml", who="test",
                            when=dt.datetime(2025, 7, 1, tzinfo=dt.UTC))
    return SimpleNamespace(study=study, dataset=load(study=study), receipt=outcome.receipt, text=text, deaths=deaths(gone))


def test_every_line_is_kept_or_refused_for_a_reason_that_is_counted(hospital):
    stays, refused = counted(hospital.text)
    assert hospital.receipt.rows_kept == len(stays) == len(hospital.dataset.tables["stays"]) > 700
    assert hospital.receipt.rows_refused == refused.total() == 5
    told = quality(study=hospital.study).set_index("rule")["rows"]
    assert {rule: told[rule] for rule in refused} == dict(refused)
    assert set(refused) == {"C01", "S01", "S02", "S06", "S07"} and told["S15"] == 1, "two open stays are noted and kept"


DEFINITION = SimpleNamespace(
    window_days=30, lower_gap_hours=0, lower_gap_days=0, transfer_gap_hours=8, where="any", look="any", unit="episode",
    event_types=("unplanned", "transfer", "unknown"), index_types=("unplanned", "planned", "transfer", "unknown"),
    transferred_out=("hospital", "other_department"), leave_out=("moved_away",), drop_deaths=False, drop_crossing=False,
)


def episodes_of(hospital):
    stays, _ = counted(hospital.text)
    return stays, plain_episodes(stays, transfer_gap_hours=8, attribute_to="last", as_of=AS_OF, time_of_day=True)


def test_readmissions_of_every_department_and_phase(hospital):
    _, chained = episodes_of(hospital)
    found = plain_readmission(chained, definition=DEFINITION, as_of=AS_OF, starts=STARTS, deaths=hospital.deaths)
    n, back = Counter(), Counter()
    for one in chained:
        reason, value, *_ = found[one["stay_id"]]
        if reason is None:
            start = STARTS.get(one["department"])
            phase = "not_started" if start is None else "after" if one["until"].date() >= start else "before"
            for place in (one["department"], ALL):
                n[place, phase] += 1
                back[place, phase] += value
    rows = study_readmission(folder=hospital.study.folder).series
    rows = rows[rows["measure"].eq("readmission_30d_unplanned") & rows["kind"].eq("phase")]
    assert rows["status"].eq("shown").all()
    got = {(r.department, r.phase): (r.numerator, r.denominator) for r in rows.itertuples()}
    assert got == {key: (back[key], n[key]) for key in n}
    dead = {one["stay_id"] for one in chained if one["died"]}
    assert any(r == "died" for r, *_ in found.values()) and sum(back.values()) > 100
    assert any(r == "died" and stay not in dead for stay, (r, *_) in found.items()), "known from the list of deaths alone"


def test_every_step_of_the_flow_and_how_soon_people_come_back(hospital):
    """Steps of few persons are merged by the gate; who died within the window, and the share back with death competing."""
    _, chained = episodes_of(hospital)
    found = plain_readmission(chained, definition=DEFINITION, as_of=AS_OF, starts=STARTS, deaths=hospital.deaths)
    series = study_readmission(folder=hospital.study.folder).series
    steps = series[series["measure"].eq("readmission.flow")].set_index("phase")["value"]
    reasons = Counter(reason for reason, *_ in found.values())
    told = {step: steps[step] for step in reasons if step in steps}
    assert told == {step: reasons[step] for step in told} and len(told) >= 2
    assert steps["died_in_window"] == sum(reason is None and dies for reason, _, _, dies in found.values()) > 0
    rows = defaultdict(list)
    for one in chained:
        reason, *_ = found[one["stay_id"]]
        out = one["until"].date()
        start = STARTS.get(one["department"])
        if reason in (None, "follow_up_incomplete") and start is not None:
            later = [(e["admitted"].date() - out).days for e in chained if e["person"] == one["person"] and e["admitted"] > one["until"]
                     and e["admission_type"] in DEFINITION.event_types]
            died = hospital.deaths.get(one["person"])
            end, back, dead = min((AS_OF - out).days, 365), min(later, default=9999), (died - out).days if died else 9999
            cause = 1 if back <= min(end, dead) else 2 if dead <= end else 0
            rows["after" if out >= start else "before"].append({"days": (end, back, dead)[cause], "cause": cause})
    for day in (7, 30, 90, 365):
        curve = series[series["measure"].eq(f"readmission.within_{day}")].set_index("phase")["value"]
        expected = {side: [share for when, share, *_ in incidence(own, 1) if when <= day][-1] for side, own in rows.items()}
        assert {side: curve[side] for side in expected} == pytest.approx(expected)


def test_nights_and_lengths(hospital):
    stays, chained = episodes_of(hospital)
    first = min(s["discharged"] for s in stays if s["discharged"]).replace(day=1).date()
    expected = {key: n for key, n in plain_bed_days(stays, as_of=AS_OF, count_same_day=0).items() if dt.date(key[1], key[2], 1) >= first}
    rows = observations(dataset=hospital.dataset, study=hospital.study, measure=measure("bed_days"))
    rows = rows[rows["included"]]
    months = rows.groupby(["department", rows["date"].dt.year, rows["date"].dt.month])["value"].sum()
    assert {key: n for key, n in months.items() if n} == expected
    lengths = observations(dataset=hospital.dataset, study=hospital.study, measure=measure("length_of_stay"))
    assert lengths["included"].sum() == sum(not one["ongoing"] for one in chained)
    assert lengths.loc[lengths["included"], "value"].sum() == sum(one["nights"] for one in chained if not one["ongoing"])
    spread = defaultdict(int)
    for one in chained:
        if not one["ongoing"]:
            spread[one["department"]] += one["nights"]
    assert lengths[lengths["included"]].groupby("department")["value"].sum().to_dict() == spread
