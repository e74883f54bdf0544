"""Exports made by other writers than ours, as nasty as the real ones: they come in by editing the mapping and nothing else."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from evaltool.store import load
from tests.test_import_source import put, study  # noqa: F401

HEAD = 'version = 1\ntable = "{table}"\n'


def mapped(study, text, table):  # noqa: F811
    path = study.folder / "map.toml"
    path.write_text(HEAD.format(table=table) + text, encoding="utf8")
    return path


def kept(study, path, text, table):  # noqa: F811
    """What came in, and what was said against it."""
    outcome = put(study, path, table=table, mapping_path=mapped(study, text, table))
    return load(study=study).tables[table], outcome.checked


def office_workbook(path):
    """As an office program writes: three title rows, a heading in two rows with merged cells, real dates beside text dates, a
    blank row inside, a hidden sheet, subtotals, a total row, numbers with decimals, a formula with its value."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    notes, sheet = book.active, book.create_sheet("Beleggsliste")
    notes.title, notes.sheet_state = "Forklaring", "hidden"
    notes.append(["Denne arkfanen er bare forklaring"])
    for row in (["Kommunens bolig- og tjenestesystem"], ["Uttrekk 01.07.2026 kl. 09.00"], [],
                ["Bruker", None, "Opphold", None, None, None], ["Løpenr.", "Kode", "Sted\n(enhet)", "Fra", "Til", "Måte"],
                [1, "K-7", "Alfa hus", dt.datetime(2025, 1, 3), dt.datetime(2025, 1, 9), "Etter søknad"],
                [2, "K-8", "Bravo", dt.datetime(2025, 2, 1, 14, 30), None, "Hast"], [],
                [3, "K-7", "Alfa hus ", dt.date(2025, 3, 1), dt.date(2025, 3, 2), "Hast"], ["Totalt", 3, None, None, None, None]):
        sheet.append(row)
    sheet.merge_cells("A4:B4")
    sheet.merge_cells("C4:F4")
    sheet["A1"].font = Font(bold=True)
    book.save(path)


def test_a_workbook_with_titles_merged_headings_and_totals(study):  # noqa: F811
    path = study.folder / "Beleggsliste uttrekk.xlsx"
    office_workbook(path)
    rows, checked = kept(study, path, """
[file]
header_row = 5
[columns]
stay_id = { from = "Løpenr." }
person = { from = "Kode" }
department = { from = "Sted (enhet)", codes = { "Alfa hus" = "a", "Bravo" = "b" } }
admitted = { from = "Fra" }
discharged = { from = "Til" }
admission_type = { from = "Måte", codes = { "Hast" = "unplanned", "Etter søknad" = "planned" } }
""", "stays")
    rows = rows.sort_values("stay_id")
    assert set(checked.problems["rule"]) == {"S16"}, "some have a time of day and others only the day: noted"
    assert checked.decisions["total_rows"] == 1 and checked.decisions["blank_rows"] == 1
    assert rows["person"].tolist() == ["K-7", "K-8", "K-7"] and rows["department"].tolist() == ["a", "b", "a"]
    assert rows["admitted"].tolist() == [pd.Timestamp("2025-01-03"), pd.Timestamp("2025-02-01 14:30"), pd.Timestamp("2025-03-01")]
    assert rows["discharged"].isna().tolist() == [False, True, False] and rows["admission_type"].tolist() == ["planned", "unplanned", "unplanned"]


def test_an_spss_file_with_labels_user_missing_and_other_names(study):  # noqa: F811
    import pyreadstat

    n, path = 6, study.folder / "SPØRRE_2025.sav"
    frame = pd.DataFrame({"V1": [float(i) for i in range(1, n + 1)], "V2": [1.0, 2, 1, 2, 1, 9], "V3": [pd.Timestamp("2025-02-03")] * n})
    for k in range(1, 16):
        frame[f"V{k + 10}"] = [5.0, 4, 3, 2, 1, 99]
    labels = {"V2": {1.0: "Alfa", 2.0: "Bravo", 9.0: "Ubesvart"}}
    labels |= {f"V{k + 10}": {1.0: "Svært uenig", 2.0: "Uenig", 3.0: "Verken eller", 4.0: "Enig", 5.0: "Svært enig", 99.0: "Ubesvart"} for k in range(1, 16)}
    pyreadstat.write_sav(frame, path, variable_value_labels=labels, missing_ranges={f"V{k + 10}": [99] for k in range(1, 16)},
                         column_labels={"V1": "Løpenummer", "V2": "Hvor får du hjelp?", "V3": "Dato besvart"})
    rows, checked = kept(study, path, """
[filter.V2]
drop = ["9"]
[columns]
person = { from = "V1" }
department = { from = "V2", codes = { "Alfa" = "a", "Bravo" = "b" } }
wave = { constant = "w1" }
answered_on = { from = "V3" }
[items.qpr15]
from = "V{n}"
count = 15
first = 11
codes = { "Svært uenig" = 0, "Uenig" = 1, "Verken eller" = 2, "Enig" = 3, "Svært enig" = 4 }
""", "user_survey")
    assert checked.n_refused == 0 and rows.sort_values("person")["qpr15_15"].tolist() == [4, 3, 2, 1, 0]
    assert rows.sort_values("person")["department"].tolist() == ["a", "b", "a", "b", "a"]


def test_a_cp1252_list_with_other_headings_in_another_order(study):  # noqa: F811
    """sep= line, quotes with the delimiter inside, non-breaking spaces, a euro sign, clock times with a point, dashes for nothing."""
    lines = ['sep=;', '"Slutt dato/tid";"Merknad €";"Enhet (org.)";"Pas.nr";"Start dato/tid";"Id\xa0nr";"Hast?"',
             '"04.01.2025 10.15";"tull; tøys";"Bofellesskapet «Alfa»";"Æ-1";"01.01.2025 08.00";"1\xa0001";"J"',
             '"–";"";"Bravo";"Ø-2";"02.01.2025 23.59";"1\xa0002";"N"', '"06.01.2025 00.05";"x";"Bravo";"Æ-1";"05.01.2025 07.05";"1\xa0003";"–"']
    path = study.folder / "liste fra fagsystemet.txt"
    path.write_bytes("\r\n".join(lines).encode("cp1252"))
    rows, checked = kept(study, path, """
[columns]
stay_id = { from = "Id nr" }
person = { from = "Pas.nr" }
department = { from = "Enhet (org.)", codes = { "Bofellesskapet «Alfa»" = "a", "Bravo" = "b" } }
admitted = { from = "Start dato/tid", format = "%d.%m.%Y %H.%M" }
discharged = { from = "Slutt dato/tid", format = "%d.%m.%Y %H.%M", missing = ["–"] }
admission_type = { from = "Hast?", codes = { "J" = "unplanned", "N" = "planned" }, missing = ["–"] }
""", "stays")
    rows = rows.sort_values("stay_id")
    assert checked.problems["rule"].tolist() == [] and checked.decisions["encoding"] == "cp1252"
    assert rows["stay_id"].tolist() == ["1 001", "1 002", "1 003"] and rows["person"].tolist() == ["Æ-1", "Ø-2", "Æ-1"]
    assert f"{rows['discharged'].iloc[0]:%H:%M}" == "10:15" and rows["discharged"].isna().tolist() == [False, True, False]
    assert rows["admission_type"].fillna("").tolist() == ["unplanned", "planned", ""]
