"""Everything a page gives away: its texts, what a screen reader hears, what the figures carry, and its downloads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from scraper import Record, of_html, of_value, read

FIGURES = """() => JSON.stringify([...document.querySelectorAll('.js-plotly-plot')].map(e => ({data: e.data, layout: e.layout})),
  (key, value) => ArrayBuffer.isView(value) ? [...value] : key === 'template' ? undefined : value)"""
FRAMES = "() => [...document.querySelectorAll('iframe')].map(e => e.srcdoc || '')"


def scraped(page) -> list[Record]:
    """The records of a page as it stands in the browser."""
    found = [("title", page.title()), *of_html(page.content())]
    for text in page.evaluate(FRAMES):
        found += [(f"iframe {where}", said) for where, said in of_html(text)]
    for i, figure in enumerate(json.loads(page.evaluate(FIGURES))):
        found += [(f"figure {i} {where}", said) for where, said in _figure(figure)]
    return [(where, said) for where, said in found if said.strip()]


def _figure(figure: dict) -> Iterator[Record]:
    """Mark by mark what belongs together; then texts that stand at the same height; then all that is left."""
    for i, trace in enumerate(figure["data"]):
        lists = {name: value for name, value in trace.items() if isinstance(value, list)}
        for k in range(max(map(len, lists.values()), default=0)):
            yield f"trace {i} point {k}", " ; ".join([str(trace.get("name", "")), *(f"{name} {value[k]}" for name, value in lists.items() if k < len(value))])
        yield from ((f"trace {i}{where}", said) for where, said in of_value({n: v for n, v in trace.items() if n not in lists}))
    levels: dict[object, list[str]] = {}
    for note in figure["layout"].get("annotations", []):
        levels.setdefault((note.get("yref"), round(float(note.get("y", 0)), 2)), []).append(str(note.get("text", "")))
        yield "annotation", str(note.get("hovertext", ""))
    yield from (("texts", " | ".join(one)) for one in levels.values())
    yield from of_value({n: v for n, v in figure["layout"].items() if n not in ("annotations", "shapes")}, "layout")


def opened(page, wait) -> None:
    """Open every drawer of the page, those inside others too."""
    for _ in range(3):
        closed = page.locator("[data-testid=stExpander] details:not([open]) > summary")
        if not closed.count():
            return
        for i in reversed(range(closed.count())):
            closed.nth(i).click()
        wait(page)


def downloads(page, taken: set[str]) -> Iterator[tuple[str, list[Record]]]:
    """(file name, records) of every file the page offers now, but for those whose button is in ``taken``; puts them there."""
    buttons = page.locator("[data-testid=stDownloadButton]")
    for i in range(buttons.count()):
        key = buttons.nth(i).evaluate("e => (e.closest('[class*=st-key-]') || e).className + e.innerText")
        if key in taken or not buttons.nth(i).is_visible():
            continue
        taken.add(key)
        with page.expect_download(timeout=120_000) as caught:
            buttons.nth(i).locator("button").click()
        yield caught.value.suggested_filename, read(caught.value.suggested_filename, Path(caught.value.path()).read_bytes())
