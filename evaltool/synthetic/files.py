"""Write the files of a source, the same bytes every time where the format allows it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from . import words
from .calendar import QUARTERS

_MADE = dt.datetime(2026, 7, 1)


def write_csv(
    *, path: Path, frame: pd.DataFrame, encoding: str, delimiter: str = ";", newline: str = "\r\n",
    tails: Mapping[int, str] | None = None,
) -> None:
    """``frame`` (texts) as a delimited file; ``tails``: by row of the file, raw text added to its line."""
    lines = frame.to_csv(sep=delimiter, index=False, lineterminator="\n").split("\n")
    for row, tail in (tails or {}).items():
        lines[row - 1] += tail
    path.write_bytes(newline.join(lines).encode(encoding))


def write_register(*, path: Path, frame: pd.DataFrame) -> None:
    """A register as people keep it: UTF-8, comma, ISO dates, whole numbers without a point."""
    out = frame.copy()
    for name in out:
        if pd.api.types.is_datetime64_any_dtype(out[name]):
            out[name] = out[name].dt.strftime("%Y-%m-%d")
        elif pd.api.types.is_bool_dtype(out[name]):
            out[name] = out[name].map({True: "yes", False: "no"})
        elif pd.api.types.is_numeric_dtype(out[name]):
            out[name] = out[name].map(lambda value: "" if pd.isna(value) else f"{value:g}")
    write_csv(path=path, frame=out, encoding="utf-8", delimiter=",", newline="\n")


def write_sheet(*, path: Path, frame: pd.DataFrame, title: str, sheet: str) -> None:
    """An .xlsx with a title, an empty row and then the headings; dates are real dates."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": title, "created": _MADE})
        page = book.add_worksheet(sheet)
        bold = book.add_format({"bold": True})
        date = book.add_format({"num_format": "dd.mm.yyyy"})
        page.write_string(0, 0, title, book.add_format({"bold": True, "font_size": 14}))
        page.write_row(2, 0, list(frame.columns), bold)
        for number, row in enumerate(frame.itertuples(index=False), start=3):
            for column, value in enumerate(row):
                if isinstance(value, dt.date):
                    page.write_datetime(number, column, dt.datetime.combine(value, dt.time()), date)
                elif value != "":
                    page.write_string(number, column, value)
        page.freeze_panes(3, 0)
        page.set_column(0, len(frame.columns) - 1, 16)


def write_spss(*, path: Path, frame: pd.DataFrame) -> None:
    """The user survey as .sav with value labels, user-missing codes and an SPSS date."""
    import pyreadstat

    items = [c for c in frame if c.startswith("qpr_")]
    views = [c for c in frame if c.startswith("rsa_")]
    own = [c for c in frame if c.startswith("ras_")]
    missing = {words.LEFT_OUT: "Ubesvart", words.WILL_NOT_SAY: "Ønsker ikke å svare"}
    coded = {
        "alder": (words.AGE_BANDS, words.WILL_NOT_SAY), "gruppe": (words.USER_GROUPS, words.LEFT_OUT),
        "svarmate": (words.MODES, words.LEFT_OUT),
    }
    labels: dict[str, Mapping] = {
        "avd": _labels(list(words.DEPARTMENTS.values())), "kvartal": _labels([wave.label for wave in QUARTERS]),
        "samtykke": {0: "Nei", 1: "Ja"}, **{item: {**words.QPR_ANSWERS, **missing} for item in items},
        **{item: {**words.AGREEMENT, **words.NO_ANSWER} for item in views}, **dict.fromkeys(own, words.AGREEMENT),
    }
    for name, (known, code) in coded.items():
        labels[name] = {**_labels(list(known.values())), code: missing[code]}
    pyreadstat.write_sav(
        frame, str(path), file_label="Brukerundersøkelsen i Fjordvik (oppdiktede data)", row_compress=True,
        column_labels={"brukerkode": "Personkode", "avd": "Avdeling", "kvartal": "Kvartal", "dato": "Besvart",
                       "alder": "Aldersgruppe", "gruppe": "Brukergruppe", "svarmate": "Svarmåte",
                       "samtykke": "Samtykke", **{item: f"QPR-15 ledd {item[4:]}" for item in items},
                       **{item: f"RSA-R ledd {item[4:]}" for item in views},
                       **{item: f"RAS-24 ledd {item[4:]}" for item in own}},
        variable_value_labels=labels,
        missing_ranges={**{name: [code] for name, (_, code) in coded.items()},
                        **{item: list(missing) for item in items}},
        variable_measure={**{item: "ordinal" for item in (*items, *views, *own)}, **{name: "nominal" for name in coded}},
        variable_format={name: "F3.0" for name in ("avd", "kvartal", "samtykke", *coded, *items, *views, *own)},
    )
    _set_spss_date(path)


def _set_spss_date(path: Path) -> None:
    """The header holds the moment of writing (bytes 92 to 108): the fixed day instead, for the same bytes each time."""
    data = bytearray(path.read_bytes())
    data[92:109] = b"01 Jul 2600:00:00"
    path.write_bytes(bytes(data))


def _labels(texts: Sequence[str]) -> dict[int, str]:
    return dict(enumerate(texts, start=1))
