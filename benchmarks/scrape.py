"""Does anything hidden stand in anything that is shown? Every page in a real browser with every tab, drawer and download, in
both languages; every file; what every command says.

    python benchmarks/scrape.py DIR                 of a study with imported data
    python benchmarks/scrape.py DIR --plant         make one in DIR first, whose hidden numbers are unmistakable
    python benchmarks/scrape.py DIR --langs nb --pages ansatte,avdeling

Needs Chromium. A quarter of an hour on two cores. Ends with 1 where a hidden number was found.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1] / "tests"
sys.path[:0] = [str(TESTS), str(TESTS / "dashboards")]
from attack_study import releases  # noqa: E402
from dashboard_pages import dashboard, stand_still  # noqa: E402
from hidden_truth import Truth, truth  # noqa: E402
from planted_study import planted_study, unmistakable  # noqa: E402
from scraped_page import downloads, opened, scraped  # noqa: E402
from scraper import Record, read  # noqa: E402

from evaltool.study import open_study  # noqa: E402
from evaltool.ui.addresses import ADDRESSES  # noqa: E402

Found = Iterator[tuple[str, list[Record], str]]
"""Where it comes from, its records, and the one place it is about."""
COMMANDS = (
    ("compare",), ("compare", "--json"), ("compare", "--method", "respondents"), ("compare", "--department", "skogly", "--measure", "rsa_r_total"),
    ("stays",), ("stays", "--json"), ("status",), ("status", "--json"), ("log",), ("log", "--json"), ("power",), ("power", "--json"),
    ("process",), ("process", "--json", "--format", "json"), ("scales",), ("scales", "--view", "perspectives"), ("scales", "--view", "domains"),
    ("scales", "--view", "components"), ("report",), ("report", "--department", "skogly"), ("report", "--lang", "en"),
    ("export", "--format", "csv,xlsx"), ("export", "--pack"), ("process", "--format", "xlsx,svg,json"),
)


def said(*, folder: Path, out: Path) -> Found:
    """What each command says, and the files it writes."""
    from typer.testing import CliRunner

    from evaltool.cli import app

    for asked in COMMANDS:
        here = out / "_".join(asked).replace("-", "")
        more = ["--out", str(here)] if asked[0] in ("report", "export") or "--format" in asked else []
        done = CliRunner().invoke(app, [asked[0], str(folder), *asked[1:], *more], env={"EVALTOOL_LANG": "nb"})
        kind = "json" if done.stdout.startswith(("{", "[")) else "txt"
        about = asked[asked.index("--department") + 1] if "--department" in asked else ""
        yield f"evaltool {' '.join(asked)} ({done.exit_code})", read(f"x.{kind}", done.stdout.encode()) + read("err.txt", done.stderr.encode()), about
        for path in sorted(here.rglob("*")) if here.exists() else ():
            yield path.name, read(path.name, path.read_bytes()), about


def pages(*, url: str, departments: list[str], langs: list[str], only: list[str]) -> Found:
    """Every page, with each tab open in turn, all drawers open, and each file it offers once."""
    from playwright.sync_api import sync_playwright

    paths = [one.path for one in ADDRESSES if one.path != "avdeling"] + [f"avdeling?department={name}" for name in departments]
    paths = [path for path in paths if not only or path.partition("?")[0] in only]
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox", "--disable-gpu"])
        for lang in langs:
            for path in paths:
                page = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True).new_page()
                page.set_default_timeout(240_000)
                page.goto(f"{url}/{path}{'&' if '?' in path else '?'}lang={lang}")
                stand_still(page)
                yield from _states(page, f"{path or 'overview'} {lang}", path.partition("department=")[2])
                page.context.close()
        browser.close()


def _states(page, name: str, about: str) -> Found:
    taken: set[str] = set()
    tabs = page.locator("[role=tab]").count()
    for i in range(-1, tabs):
        if i >= 0:
            page.locator("[role=tab]").nth(i).click()
            stand_still(page)
        opened(page, stand_still)
        yield f"{name}, state {i + 2} of {tabs + 1}", scraped(page), about
        for file, records in downloads(page, taken):
            yield f"{name}: {file}", records, about


def check(found: Found, known: list[Truth]) -> int:
    """Print what was read and what leaks; how much leaks."""
    leaks = things = records = 0
    for name, read_, about in found:
        here = sorted({leak for one in known for leak in one.leaks(read_, about=about)})
        leaks, things, records = leaks + len(here), things + 1, records + len(read_)
        print(f"{name}: {len(read_)} records, {len(here)} leaks", *here[:20], sep="\n   ", flush=True)
    print(f"{things} things read, {records} records, {leaks} leaks", flush=True)
    return leaks


def main() -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("folder", type=Path)
    reader.add_argument("--plant", action="store_true")
    reader.add_argument("--langs", default="nb,en", type=_listed)
    reader.add_argument("--pages", default="", type=_listed)
    reader.add_argument("--out", default=Path("scraped"), type=Path)
    given = reader.parse_args()
    study = planted_study(folder=given.folder) if given.plant else open_study(folder=given.folder)
    every = [(result, release) for _, result, release in releases(study=study)]
    whole = truth(pairs=every)
    known = [whole, unmistakable(truth=whole)] if given.plant else [whole]
    print(f"{len(whole.secrets)} hidden numbers, {len(whole.all_shown)} shown", *([f"{len(known[1].secrets)} of them unmistakable"] if given.plant else []), flush=True)
    leaks = 0 if given.pages else check(said(folder=given.folder, out=given.out), known)
    with dashboard(given.folder) as url:
        leaks += check(pages(url=url, departments=list(every[0][1].register["department"]), langs=given.langs, only=given.pages), known)
    sys.exit(leaks > 0)


def _listed(text: str) -> list[str]:
    return [part for part in text.split(",") if part]


if __name__ == "__main__":
    main()
