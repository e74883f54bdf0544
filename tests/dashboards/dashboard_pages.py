"""Starting a dashboard as a user does, and waiting for its pages."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from evaltool.text import catalogue

READY = """() => {
  const main = document.querySelector('[data-testid=stMain]');
  const ready = document.querySelector('[data-testid=stApp]')?.getAttribute('data-test-script-state') === 'notRunning'
    && document.querySelector('h1') && (document.querySelector('.ev-meta') || document.querySelector('[data-testid=stAlert]')) && !document.querySelector('[data-stale=true]')
    && [...document.querySelectorAll('[data-testid=stPlotlyChart]')].every(chart => chart.querySelector('.main-svg text'));
  const now = ready ? main.innerText : '';
  if (!now || now !== window.seenText) { window.seenText = now; window.seenSince = performance.now(); }
  return Boolean(now) && performance.now() - window.seenSince > 600;
}"""
PATIENCE = 240_000


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def dashboard(folder: Path, *, port: int = 0, **environment: str) -> Iterator[str]:
    """The address of ``evaltool dashboard folder``, up and answering."""
    port = port or free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", "from evaltool.cli import main; main()", "dashboard", str(folder), "--port", str(port), "--no-prepare"],
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={**os.environ, **environment})
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{url}/_stcore/health", process)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(url: str, process: subprocess.Popen) -> None:
    end = time.monotonic() + 400
    while time.monotonic() < end:
        try:
            urllib.request.urlopen(url, timeout=2)
            return
        except OSError:
            if process.poll() is not None:
                pytest.fail(process.stderr.read().decode()[-2000:])
            time.sleep(0.2)
    pytest.fail("the dashboard did not come up")


class Watch:
    """What a page did that it should not: requests to other hosts, answers that failed, uncaught and console errors."""

    def __init__(self, page, url: str) -> None:
        self.faults: list[str] = []
        own = (url, url.replace("http", "ws"), "data:", "blob:")
        page.on("request", lambda r: None if r.url.startswith(own) else self.faults.append(f"outside: {r.url}"))
        page.on("response", lambda r: self.faults.append(f"{r.status} {r.url}") if r.status >= 400 else None)
        page.on("pageerror", lambda error: self.faults.append(f"uncaught: {error}"))
        page.on("console", lambda m: self.faults.append(f"console: {m.text}") if m.type == "error" else None)


def stand_still(page) -> None:
    """Wait until the script has run, all figures are drawn and nothing on the page is stale."""
    page.wait_for_function(READY, timeout=PATIENCE, polling=100)


FIGURES = """() => [...document.querySelectorAll('[class*="st-key-card_"]')].filter(card => card.getClientRects().length).map(card => ({
  title: card.querySelector('h2, h3')?.innerText || '', sentence: card.querySelector('.ev-sentence')?.innerText || '', text: card.innerText,
  note: [...card.querySelectorAll('.ev-note')].map(e => e.innerText).join(' '), drawer: Boolean(card.querySelector('details')),
  alts: [...card.querySelectorAll('[data-testid=stPlotlyChart], .ev-scroll')].filter(e => !e.closest('details')).map(
    e => (e.closest('[aria-label]') || e.querySelector('[aria-label]'))?.getAttribute('aria-label') || ''),
  hidden: Boolean(card.querySelector('[data-testid=stAlert]'))}))"""
LAST_DAY = {"nb": "30.06.2026", "en": "30 June 2026"}
HOW_MANY = re.compile(r"n = \S*\d|n st[åa]|\d+ (av|of) \d+")


def figures_lacking(page, lang: str) -> list[str]:
    """What the figures in sight lack of title, sentence, n, last day, text alternative and what lies behind them."""
    out = []
    for figure in page.evaluate(FIGURES):
        lacks = {
            "title": len(figure["title"].strip()) < 8, "sentence": len(figure["sentence"].strip()) < 8 and not figure["hidden"],
            "last day": LAST_DAY[lang] not in figure["note"], "drawer": not figure["drawer"],
            "how many": not HOW_MANY.search(figure["text"]) and not figure["hidden"],
            "text alternative": not figure["hidden"] and (not figure["alts"] or any(len(alt) < 40 for alt in figure["alts"])),
        }
        out += [f"{figure['title'][:60]}: {what}" for what, gone in lacks.items() if gone]
    return out


DRAWERS = """() => [...document.querySelectorAll('[class*="st-key-card_"]')].filter(card => card.getClientRects().length
  && card.querySelector('details[open]')).map(card => ({title: card.querySelector('h2, h3')?.innerText || '', text: card.querySelector('details[open]')?.innerText || '',
  table: Boolean(card.querySelector('details table.ev tbody tr')), drawn: !card.querySelector('[data-testid=stAlert]')}))"""


def drawers_lacking(page, lang: str) -> list[str]:
    """What the open drawers of the figures in sight lack: how it is read, the table, and a file of each kind (no picture of
    what is not drawn)."""
    out = []
    for figure in page.evaluate(DRAWERS):
        kinds = ("csv", "xlsx", "svg", "png") if figure["drawn"] else ("csv", "xlsx")
        wanted = ["page.how_to_read", *(f"page.download_{kind}" for kind in kinds)]
        out += [f"{figure['title'][:60]}: {key}" for key in wanted if catalogue(lang)[key] not in figure["text"]]
        out += [] if figure["table"] else [f"{figure['title'][:60]}: table"]
    return out


def fits(page) -> None:
    """Nothing sticks out at the three widths."""
    for width in (768, 400, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), width


def main_text(page) -> str:
    return page.locator("[data-testid=stMain]").inner_text()
