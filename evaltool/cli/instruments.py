"""``evaltool instruments``: how a form is scored, in plain words."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..console import check_language, command, emit, language, records, table
from ..errors import UsageError
from ..text import t
from .chain import open_study
from .options import Debug, Json, Lang, Quiet, app, h


@app.command(help=h("instruments"), epilog=h("instruments_example"))
@command
def instruments(
    name: Annotated[str | None, typer.Argument(metavar="ID", help=h("instrument_id"), show_default=False)] = None,
    study: Annotated[Path | None, typer.Option("--study", help=h("instrument_study"), show_default=False)] = None,
    sheet: Annotated[Path | None, typer.Option("--sheet", help=h("instrument_sheet"), show_default=False)] = None,
    lang: Lang = None, json_: Json = False, quiet: Quiet = False, debug: Debug = False,
):
    from ..export import answer_sheet, instrument_card
    from ..instruments import available, instrument

    check_language(lang)
    opened, said = open_study(study, lang) if study else (None, language(lang))
    folder = opened.instruments if opened else None
    if name is None:
        if sheet is not None:
            raise UsageError("sheet_needs_instrument")
        known = instrument_card.listed(instruments=[instrument(one, folder=folder) for one in available(folder=folder)], lang=said)
        if json_:
            emit(records(known), json_=True, quiet=quiet, lines=[])
        elif not quiet:
            table(instrument_card.worded(frame=known, lang=said))
        return
    form = instrument(name, folder=folder)
    if sheet is not None:
        written = answer_sheet.write_answer_sheet(instrument=form, path=sheet, lang=said)
        emit({"written": [str(written)]}, json_=json_, quiet=quiet, lines=[str(written)])
        return
    _show_card(instrument_card.describe(instrument=form, lang=said), said, json_, quiet)


def _show_card(card, lang: str, json_: bool, quiet: bool) -> None:
    from ..export.instrument_card import PARTS, worded

    frames = {part: getattr(card, part) for part in PARTS}
    if json_:
        emit({"title": card.title, "about": card.about, "gaps": list(card.gaps),
              **{part: records(frame) for part, frame in frames.items()}}, json_=True, quiet=quiet, lines=[])
    elif not quiet:
        print(card.title, card.about, *card.gaps, sep="\n")
        for part, frame in frames.items():
            if len(frame):
                table(worded(frame=frame, lang=lang), title=t(f"instrument.part_{part}", lang))
