"""What one would otherwise run: DuckDB's SQL, idiomatic pandas, and a function per patient. Same definition, same answer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from stays_data import AS_OF, DEPARTMENTS, LOW_MONTH, MONTHS, STARTED, WASHED_IN

from evaltool.indicators.definitions import ADMISSION_TYPES, ReadmissionDefinition
from evaltool.indicators.episodes import episodes, seconds
from evaltool.indicators.readmission import readmission
from evaltool.indicators.registry import DIED, REASONS, TRANSFERRED_OUT, FollowUp, StayArrays

DEFINITION = ReadmissionDefinition()
CLOSE = pd.Timestamp(AS_OF) + pd.Timedelta(days=1)
PHASES = 4

SQL = """
with s as (
  select person, department, admission_type, discharged_to, died and discharged is not null as died,
         admitted, coalesce(discharged, timestamp '{close}') as until
  from read_parquet('{path}') where admitted < timestamp '{close}'
), marked as (
  select *, max(until) over (partition by person order by admitted, until, department
                             rows between unbounded preceding and 1 preceding) as latest from s
), chained as (
  select *, sum(case when latest is null or (admitted > latest and admitted - latest >= interval 8 hours) then 1 else 0 end)
         over (partition by person order by admitted, until, department) as episode from marked
), episodes as (
  select person, episode, min(admitted) as admitted, max(until) as until,
         arg_max(department, (until, admitted, department)) as department,
         arg_max(discharged_to, (until, admitted, department)) as discharged_to,
         arg_min(admission_type, (admitted, until, department)) as kind, bool_or(died) as died
  from chained group by person, episode
), followed as (
  select *, min(case when kind in {events} then admitted end) over (
    partition by person order by episode rows between 1 following and unbounded following) as back from episodes
)
select f.department * {months} * 4 + ((year(until) - 1970) * 12 + month(until) - 1 - {low}) * 4
       + case when p.started is null then 3 when cast(until as date) >= p.washed_in then 2
              when cast(until as date) >= p.started then 1 else 0 end as cell,
       count(*) as n, count(*) filter (where date_diff('day', until, back) <= 30) as returned
from followed f join phases p on p.department = f.department
where until < timestamp '{close}' and not died and discharged_to not in {left} and kind in {index}
  and cast(until as date) + 30 < date '{close}'
group by cell
"""

BED_DAYS_SQL = """
with s as (
  select department, cast(admitted as date) as first,
         least(cast(coalesce(discharged, timestamp '{close}') as date), date '{close}') as after
  from read_parquet('{path}')
), events as (
  select department, first as day, count(*) as change from s group by all
  union all select department, after, -count(*) from s group by all
), daily as (
  select department, day, sum(change) as change from events group by all
), census as (
  select department, day, sum(change) over (partition by department order by day) as people,
         lead(day, 1, date '{close}') over (partition by department order by day) as until from daily
), months as (
  select cast(m as date) as month, cast(m + interval 1 month as date) as beyond
  from range(date '2010-01-01', date '{close}', interval 1 month) t(m)
)
select department * {months} + (year(month) - 1970) * 12 + month(month) - 1 - {low} as cell,
       sum(people * date_diff('day', greatest(day, month), least(until, beyond))) as nights
from census join months on day < beyond and until > month group by cell
"""


def connection():
    """DuckDB in memory with the phases of the departments, or None where it is not installed."""
    try:
        import duckdb
    except ImportError:
        return None
    link = duckdb.connect()
    never = np.iinfo(np.int64).max
    day = lambda v: None if v == never else (np.datetime64(int(v), "D").astype(object))  # noqa: E731
    link.execute("create table phases (department integer, started date, washed_in date)")
    link.executemany("insert into phases values (?, ?, ?)", [
        (d, day(STARTED[d]), day(WASHED_IN[d])) for d in range(DEPARTMENTS)
    ])
    return link


def _quoted(names: tuple[str, ...]) -> str:
    return "(" + ", ".join(f"'{n}'" for n in names) + ")"


def duckdb_readmissions(path: Path) -> np.ndarray:
    sql = SQL.format(
        path=path, close=CLOSE.date(), months=MONTHS, low=LOW_MONTH, events=_quoted(DEFINITION.event_types),
        index=_quoted(DEFINITION.index_types), left=_quoted(DEFINITION.transferred_out),
    )
    found = LINK.execute(sql).fetchnumpy()
    out = np.zeros((DEPARTMENTS * MONTHS * PHASES, 2), dtype=np.int64)
    out[found["cell"].astype(np.int64)] = np.column_stack([found["n"], found["returned"]]).astype(np.int64)
    return out.reshape(DEPARTMENTS, MONTHS, PHASES, 2)


def duckdb_bed_days(path: Path) -> np.ndarray:
    found = LINK.execute(BED_DAYS_SQL.format(path=path, close=CLOSE.date(), months=MONTHS, low=LOW_MONTH)).fetchnumpy()
    out = np.zeros(DEPARTMENTS * MONTHS, dtype=np.int64)
    out[found["cell"].astype(np.int64)] = found["nights"].astype(np.int64)
    return out.reshape(DEPARTMENTS, MONTHS)


def pandas_readmissions(path: Path) -> np.ndarray:
    s = pd.read_parquet(path)
    s["died"] = s["died"] & s["discharged"].notna()
    s["until"] = s["discharged"].fillna(CLOSE)
    s = s.sort_values(["person", "admitted", "until", "department"])
    latest = s.groupby("person")["until"].cummax()
    latest = latest.groupby(s["person"]).shift()
    pause = s["admitted"] - latest
    s["episode"] = (latest.isna() | ((pause > pd.Timedelta(0)) & (pause >= pd.Timedelta(hours=8)))).cumsum()
    first = s.drop_duplicates("episode").set_index("episode")
    last = s.sort_values(["episode", "until", "admitted", "department"]).drop_duplicates("episode", keep="last")
    last = last.set_index("episode")
    e = pd.DataFrame({
        "person": first["person"], "admitted": first["admitted"], "kind": first["admission_type"],
        "until": last["until"], "department": last["department"], "discharged_to": last["discharged_to"],
        "died": s.groupby("episode")["died"].any(),
    })
    event = e["admitted"].where(e["kind"].isin(DEFINITION.event_types))
    e["back"] = event.groupby(e["person"]).shift(-1).groupby(e["person"]).bfill()
    day = e["until"].dt.normalize()
    e["returned"] = (e["back"].dt.normalize() - day) <= pd.Timedelta(days=30)
    e = e[(e["until"] < CLOSE) & ~e["died"] & ~e["discharged_to"].isin(DEFINITION.transferred_out)
          & e["kind"].isin(DEFINITION.index_types) & (day + pd.Timedelta(days=30) < CLOSE)]
    return _cells(e["department"].to_numpy(), e["until"], e["returned"])


def _cells(department: np.ndarray, until: pd.Series, returned: pd.Series) -> np.ndarray:
    day = until.to_numpy().astype("datetime64[D]").astype("int64")
    phase = np.where(STARTED[department] == np.iinfo(np.int64).max, 3,
                     np.where(day >= WASHED_IN[department], 2, np.where(day >= STARTED[department], 1, 0)))
    rows = pd.DataFrame({
        "department": department, "month": (until.dt.year - 1970) * 12 + until.dt.month - 1 - LOW_MONTH, "phase": phase,
        "returned": returned,
    })
    counted = rows.groupby(["department", "month", "phase"])["returned"].agg(["size", "sum"])
    out = np.zeros((DEPARTMENTS, MONTHS, PHASES, 2), dtype=np.int64)
    at = [counted.index.get_level_values(i).to_numpy() for i in range(3)]
    out[at[0], at[1], at[2]] = counted.to_numpy()
    return out


def per_patient(path: Path) -> np.ndarray:
    """``groupby.apply`` with a function that reads one patient's stays from top to bottom."""
    s = pd.read_parquet(path)
    found = s.groupby("person").apply(_one)
    # A patient without an index episode leaves an empty piece, and with it a column without a type.
    until, returned = pd.to_datetime(found["until"]), found["returned"].astype(bool)
    return _cells(found["department"].to_numpy(dtype=np.int64), until, returned)


def _one(own: pd.DataFrame) -> pd.DataFrame:
    own = own.assign(until=own["discharged"].fillna(CLOSE)).sort_values(["admitted", "until", "department"])
    chains: list[list] = []
    for stay in own.itertuples():
        latest = max(s.until for s in chains[-1]) if chains else None
        pause = None if latest is None else stay.admitted - latest
        if pause is None or (pause > pd.Timedelta(0) and pause >= pd.Timedelta(hours=8)):
            chains.append([])
        chains[-1].append(stay)
    rows = []
    for number, chain in enumerate(chains):
        last = max(chain, key=lambda s: (s.until, s.admitted, s.department))
        out_day = last.until.normalize()
        if (last.until >= CLOSE or any(s.died and not pd.isna(s.discharged) for s in chain)
                or last.discharged_to in DEFINITION.transferred_out or chain[0].admission_type not in DEFINITION.index_types
                or out_day + pd.Timedelta(days=30) >= CLOSE):
            continue
        later = [c[0].admitted for c in chains[number + 1:] if c[0].admission_type in DEFINITION.event_types]
        back = bool(later) and later[0].normalize() - out_day <= pd.Timedelta(days=30)
        rows.append((last.department, last.until, back))
    return pd.DataFrame(rows, columns=["department", "until", "returned"])


def by_frames(stays: StayArrays) -> FollowUp:
    """The same stays through ``episodes`` and ``readmission``, evaltool's own data frames."""
    end = int(CLOSE.timestamp())
    frame = pd.DataFrame({
        "stay_id": np.arange(len(stays.person)), "person": stays.person, "department": stays.department,
        "admitted": stays.start.astype("datetime64[s]"), "discharged": stays.end.astype("datetime64[s]"),
        "admission_type": pd.Series(np.array(ADMISSION_TYPES)[stays.kind], dtype="str"),
        "discharged_to": pd.Series(np.where(stays.way_out == TRANSFERRED_OUT, "hospital", "home"), dtype="str"),
        "died": stays.way_out == DIED,
    })
    frame["discharged"] = frame["discharged"].where(stays.end < end)
    chained = episodes(
        stays=frame.astype({"department": "str"}), transfer_gap_hours=DEFINITION.transfer_gap_hours,
        attribute_to=DEFINITION.attribute_to, as_of=AS_OF, time_of_day=True,
    )
    flags = readmission(episodes=chained, definition=DEFINITION, as_of=AS_OF)
    reason = np.array([REASONS.index(code) for code in flags["reason"].fillna("index")], dtype=np.uint8)
    return FollowUp(
        person=np.cumsum(chained["person"].ne(chained["person"].shift())) - 1, department=flags["department"].astype("int64").to_numpy(),
        day=np.where(chained["ongoing"], end, seconds(chained["discharged"])) // 86400, reason=reason,
        readmitted=(flags["value"] == 1).to_numpy(), sizes=chained["n_stays"].to_numpy(), first_department=chained["first_department"].astype("int64").to_numpy(), began=seconds(chained["admitted"]) // 86400,
        n_stays=len(frame),
    )


LINK = connection()
READMISSION = ({"DuckDB": duckdb_readmissions} if LINK else {}) | {"pandas": pandas_readmissions}
BED_DAYS = {"DuckDB": duckdb_bed_days} if LINK else {}
