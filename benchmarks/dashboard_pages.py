"""Each page and each choice on it for the first time, and once more: seconds by the clock and of the processor.

    python benchmarks/dashboard_pages.py STUDY [--measures 40] [--each] [--unprepared] [--only overview users]

STUDY: a folder with everything imported (``large_study.py`` makes one of any size). Everything that pages can ask for is
computed before (``evaltool prepare``, timed), unless ``--unprepared``; then the dashboard is started and a session goes
through the steps, each twice. ``--each``: every step in a dashboard process of its own, after the overview.
``--measures``: as many as ``large_study.py`` was told.
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path

import dashboard_load
from large_study import more_measures
from websockets.asyncio.client import connect

STEPS = {
    "overview": ("", ""), "department": ("avdeling", ""), "another department": ("avdeling", "department={department}"),
    "users": ("brukere", ""), "users: a measure": ("brukere", "measure_user={user}"), "users: a year": ("brukere", "since={year}"),
    "users: departments": ("brukere", "departments={department}"), "users: a group": ("brukere", "group={group}"),
    "staff": ("ansatte", ""), "staff: a group": ("ansatte", "group=role%3Dleader"), "services": ("tjenester", ""),
    "services: a measure": ("tjenester", "measure_service={service}"), "services: a definition": ("tjenester", "definition=fhi_like"),
    "rollout": ("innforing", ""), "decisions": ("beslutninger", ""), "statistics": ("statistikk", ""),
    "statistics: a method": ("statistikk", "method=mixed"), "statistics: groups": ("statistikk", "method=by_group"),
    "statistics: sensitivity": ("statistikk", "method=sensitivity"), "process charts": ("variasjon", ""),
    "process charts: a measure": ("variasjon", "measure={user}"), "data quality": ("datakvalitet", ""), "report": ("rapport", ""),
    "about": ("om", ""),
}


def main() -> None:
    """Read the arguments, run, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("study", type=Path)
    parser.add_argument("--measures", type=int, default=0)
    parser.add_argument("--each", action="store_true")
    parser.add_argument("--unprepared", action="store_true")
    parser.add_argument("--only", nargs="*", choices=list(STEPS), default=list(STEPS))
    given = parser.parse_args()
    if given.measures:
        more_measures(count=given.measures)
    if not given.unprepared:
        begun = time.perf_counter()
        done = subprocess.run([*dashboard_load._command(given.measures), "prepare", str(given.study)], check=False)
        print(f"prepare   {time.perf_counter() - begun:7.2f} s")
        if done.returncode:
            sys.exit(done.returncode)
    faults: list[str] = []
    steps = {name: (page, asked.format(**_choices(given.study))) for name, (page, asked) in STEPS.items() if name in given.only}
    print(f"{'':28}{'first look':>20}{'once more':>20}")
    for part in ([{name: step} for name, step in steps.items()] if given.each else [steps]):
        _served(given, part, faults)
    print("\n".join(faults))
    sys.exit(bool(faults))


def _choices(study: Path) -> dict[str, str]:
    """The last department, and measures that are not the first of their page."""
    from evaltool.study import open_study

    by_side: dict[str, list[str]] = {}
    for measure in open_study(folder=study).measures():
        by_side.setdefault(measure.side, []).append(measure.id)
    return {"department": dashboard_load._departments(study)[-1], "group": "user_group%3Dboth", "year": "2024",
            "user": by_side["user"][-1], "service": by_side["service"][-1]}


def _served(given: argparse.Namespace, steps: dict[str, tuple[str, str]], faults: list[str]) -> None:
    """Start the dashboard, go through the steps and say what they took and what the process holds in memory."""
    port = _free_port()
    command = [*dashboard_load._command(given.measures), "dashboard", str(given.study), "--port", str(port), "--quiet",
               "--no-prepare"]
    process = subprocess.Popen(command)
    try:
        started = dashboard_load._up(port, process)
        print(f"start     {started:7.2f} s, memory {_memory(process):6.0f} MB")
        asyncio.run(_walk(port, process, steps, given.each, faults))
        print(f"memory    {_memory(process):6.0f} MB")
    finally:
        process.terminate()
        process.wait(timeout=60)


async def _walk(port: int, process: subprocess.Popen, steps: dict[str, tuple[str, str]], overview: bool, faults: list[str]) -> None:
    async with connect(f"ws://127.0.0.1:{port}/_stcore/stream", subprotocols=["streamlit"], max_size=None) as socket:
        if overview:
            await _timed(socket, process, ("", ""), faults)
        for name, step in steps.items():
            first, again = [await _timed(socket, process, step, faults) for _ in range(2)]
            print(f"{name:28}{_told(first)}{_told(again)}", flush=True)


async def _timed(socket, process: subprocess.Popen, step: tuple[str, str], faults: list[str]) -> tuple[float, float]:
    seen, before = dashboard_load.Seen(), dashboard_load._processor(process)
    clock = await dashboard_load._step(socket, *step, seen)
    faults += seen.faults
    return clock, dashboard_load._processor(process) - before


def _told(took: Iterable[float]) -> str:
    clock, processor = took
    return f"{clock:8.2f} s ({processor:5.2f} cpu)"


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _memory(process: subprocess.Popen) -> float:
    """Megabytes the process holds (0 where the system does not tell)."""
    try:
        lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)


if __name__ == "__main__":
    main()
