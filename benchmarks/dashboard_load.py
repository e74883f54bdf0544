"""Many people on the dashboard at once: real sessions over Streamlit's own websocket, each going from page to page,
choosing departments and filters, with a pause to read.

    python benchmarks/dashboard_load.py [STUDY] [--sessions 20] [--steps 12] [--pause 2] [--measures 40]

Starts the dashboard of STUDY (a folder with everything imported; the sample municipality where none is named), prints how
long the first page and the later interactions took, what they cost the processor, and how busy the machine was.
``--measures``: as many as ``large_study.py`` was told. Ends with 1 when a page failed.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import connect

STEPS = (("avdeling", "department={}"), ("brukere", ""), ("brukere", "departments={}"), ("ansatte", ""), ("tjenester", ""),
         ("innforing", ""), ("", ""), ("avdeling", "department={}"))
LEAST_PARTS = 8
"""A page that draws fewer elements than this was not drawn."""


@dataclass
class Seen:
    """Seconds of each first page and of each later step, and what went wrong."""

    first: list[float] = field(default_factory=list)
    later: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def main() -> None:
    """Read the arguments, run, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("study", type=Path, nargs="?")
    parser.add_argument("--sessions", type=int, default=20)
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--pause", type=float, default=2.0, help="seconds to read, on average")
    parser.add_argument("--measures", type=int, default=0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as empty:
        given.study = given.study or _sample(Path(empty) / "sample")
        sys.exit(_run(given))


def _sample(folder: Path) -> Path:
    """The sample municipality with everything imported."""
    from evaltool.demo import copy_sample
    from evaltool.import_source import import_source
    from evaltool.receipts import listed

    study = copy_sample(folder=folder)
    for one in listed(study=study):
        import_source(study=study, path=one.path, table=one.table, mapping_path=one.mapping_path, sheet=one.sheet, who="benchmark",
                      when=dt.datetime(2026, 7, 1, tzinfo=dt.UTC))
    return folder


def _run(given: argparse.Namespace) -> bool:
    """Measure and print; True when a page failed."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-c", _program(given.measures), "dashboard", str(given.study), "--port", str(port),
                                "--quiet"])
    try:
        started = _up(port, process)
        alone, seen = Seen(), Seen()
        asyncio.run(_visitor(port, _departments(given.study), 1, 0.0, 0, alone))
        before = _processor(process)
        asyncio.run(_crowd(port, _departments(given.study), given, seen))
        spent = _processor(process) - before
    finally:
        process.terminate()
        process.wait(timeout=30)
    _tell(started, alone, seen, given)
    print(f"processor per step     {spent / (len(seen.first) + len(seen.later)):6.2f} s, the dashboard alone")
    return bool(seen.faults + alone.faults)


def _program(measures: int) -> str:
    start = "from evaltool.cli import main; main()"
    if not measures:
        return start
    return f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r}); from large_study import more_measures; more_measures(count={measures}); {start}"


def _processor(process: subprocess.Popen) -> float:
    """Seconds of the processor a process has used (0 where the system does not tell)."""
    try:
        told = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def _up(port: int, process: subprocess.Popen) -> float:
    begun = time.perf_counter()
    while process.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2)
            return time.perf_counter() - begun
        except OSError:
            time.sleep(0.1)
    sys.exit("the dashboard did not start")


def _departments(study: Path) -> list[str]:
    import pandas as pd

    return pd.read_csv(study / "register" / "departments.csv", dtype="str")["department"].tolist()


async def _crowd(port: int, departments: list[str], given: argparse.Namespace, seen: Seen) -> None:
    await asyncio.gather(*(_visitor(port, departments, given.steps, given.pause, i, seen) for i in range(given.sessions)))


async def _visitor(port: int, departments: list[str], steps: int, pause: float, number: int, seen: Seen) -> None:
    chance = random.Random(number)
    await asyncio.sleep(chance.uniform(0, pause))
    async with connect(f"ws://127.0.0.1:{port}/_stcore/stream", subprotocols=["streamlit"], max_size=None) as socket_:
        seen.first.append(await _step(socket_, "", "", seen))
        for i in range(steps):
            await asyncio.sleep(chance.uniform(0.5, 1.5) * pause)
            page, asked = STEPS[(i + number) % len(STEPS)]
            seen.later.append(await _step(socket_, page, asked.format(chance.choice(departments)), seen))


async def _step(socket_, page: str, asked: str, seen: Seen) -> float:
    """Ask for a page and wait until its script has run to the end. Returns the seconds it took."""
    message = BackMsg()
    message.rerun_script.page_name = page
    message.rerun_script.query_string = asked
    begun, parts = time.perf_counter(), 0
    await socket_.send(message.SerializeToString())
    while True:
        got = ForwardMsg.FromString(await socket_.recv())
        kind = got.WhichOneof("type")
        parts += kind in ("delta", "ref_hash")
        if kind == "page_not_found" or (kind == "delta" and got.delta.new_element.WhichOneof("type") == "exception"):
            seen.faults.append(f"/{page}?{asked}: {kind}")
        if kind == "script_finished":
            if got.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY or parts < LEAST_PARTS:
                seen.faults.append(f"/{page}?{asked}: ended with {got.script_finished} after {parts} parts")
            return time.perf_counter() - begun


def _tell(started: float, alone: Seen, seen: Seen, given: argparse.Namespace) -> None:
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    print(f"{given.sessions} sessions, {len(seen.later)} steps, {os.cpu_count()} cores, load average {load}")
    print(f"start of the program   {started:6.2f} s")
    print(f"first page, alone      {alone.first[0]:6.2f} s      a step alone {statistics.median(alone.later):6.2f} s")
    for name, times in (("first page, together", seen.first), ("steps, together", seen.later)):
        ordered = sorted(times)
        p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
        print(f"{name:22} median {statistics.median(ordered):6.2f} s   p95 {p95:6.2f} s   longest {ordered[-1]:6.2f} s")
    for fault in seen.faults[:10]:
        print(fault)


if __name__ == "__main__":
    main()
