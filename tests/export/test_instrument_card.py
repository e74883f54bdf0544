"""An instrument in plain words, both languages, and its empty answer sheet."""

from __future__ import annotations

import csv

import pytest

from evaltool.export.answer_sheet import answer_sheet, write_answer_sheet
from evaltool.export.instrument_card import describe
from evaltool.instruments import available, instrument


@pytest.mark.parametrize("name", available())
@pytest.mark.parametrize("lang", ["nb", "en"])
def test_every_instrument_can_be_described(name, lang):
    form = instrument(name)
    card = describe(instrument=form, lang=lang)
    assert len(card.items) == len(form.items) and len(card.scales) == len(form.scales)
    assert len(card.facts) == len(form.facts) and len(card.numbers) == len(form.evidence) and len(card.gaps) == len(form.lacks)
    for frame in (card.summary, card.scales, card.items, card.numbers, card.facts):
        assert not frame.isna().any().any()
    assert form.citation in card.summary["text"].tolist()


def test_plain_words():
    scale = describe(instrument=instrument("audit"), lang="nb").scales.iloc[0]
    assert scale["how"] == (
        "Summen av spørsmål 1–10. Er svaret 0 på spørsmål 1, regnes ubesvarte spørsmål 2–8 som 0. "
        "Er svaret 0 på spørsmål 2–3, regnes ubesvarte spørsmål 4–8 som 0. Mulige verdier: 0 til 40.")
    assert scale["missing"] == "Skåres bare når alle 10 er besvart." and scale["direction"] == "lavere er bedre"
    numbers = describe(instrument=instrument("qpr15"), lang="nb").numbers
    assert numbers.loc[numbers["what"] == "reliabilitet, test-retest", "value"].tolist() == ["0,74"]
    assert "9,65 (9,3 til 10)" in numbers["value"].tolist() and "45 eller mer" in numbers["value"].tolist()


def test_what_was_decided_here_has_no_source():
    facts = describe(instrument=instrument("qpr15"), lang="en").facts.set_index("fact")
    row = facts.loc["The rule for unanswered items"]
    assert (row["certainty"], row["source"]) == ("decided here, not published", "")


def test_answer_sheet_has_codes_and_no_wording(tmp_path):
    import openpyxl
    form = instrument("rsa_r_provider")
    sheet = answer_sheet(instrument=form)
    assert sheet.empty and list(sheet.columns)[-32:] == list(form.columns) and "department" in sheet
    plain, book = (write_answer_sheet(instrument=form, path=tmp_path / name, lang="nb") for name in ("a.csv", "a.xlsx"))
    with plain.open(encoding="utf8", newline="") as file:
        assert next(csv.reader(file)) == list(sheet.columns)
    workbook = openpyxl.load_workbook(book)
    assert workbook.sheetnames == ["Svar", "Koder"]
    assert [cell.value for cell in workbook["Svar"][1]] == list(sheet.columns)
    assert len(workbook["Svar"].data_validations.dataValidation) == 32
    assert workbook["Koder"]["C2"].value == "å bli ønsket velkommen"
    assert workbook["Koder"]["E2"].value == "97 ikke aktuelt, 98 vet ikke, 99 ønsker ikke å svare"


def test_warnings_become_sentences():
    import pandas as pd

    from evaltool.export.answer_warning_sentences import answer_warning_sentences

    rows = pd.DataFrame({"code": ["item_against_scale", "items_swapped_in_group", "form_never_lowest"], "item": [4.0, 2, None],
                         "other_item": [None, 13.0, None], "group": [None, "2024", None]})
    assert answer_warning_sentences(warnings=rows, lang="en") == [
        "Item 4 runs against the rest of its scale: reversed twice, or not at all?",
        "Items 2 and 13 seem to have changed places in 2024.",
        "No item of the form uses the lowest answer: are the codes shifted by one?",
    ]
