"""A proposal finds what is there, says what it doubts, and reads the file when a person agrees."""

from __future__ import annotations

import csv
import tomllib

import pytest

from evaltool.check import check
from evaltool.instruments import instrument
from evaltool.intake import parse_mapping, read_source
from evaltool.intake.propose import propose
from evaltool.report.proposal import proposal_text

FORMS = [instrument(name) for name in ("qpr15", "ors", "srs", "rsa_r_provider", "core10")]
IDS = {"department": {"hav": "hav", "asen": "asen", "Havna": "hav", "Åsen bofellesskap": "asen"}}


def proposed(path, head, rows, delimiter=";", **more):
    with path.open("w", encoding="utf8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows([head, *rows])
    source = read_source(path=path)
    return source, propose(source=source, instruments=FORMS, **{"ids": IDS, **more})


def agreed(source, proposal, **more):
    """The proposal as a person would save it (with ``more`` filled in), used on the file it was made for."""
    raw = tomllib.loads(proposal_text(proposal=proposal, lang="nb"))
    for name, entry in more.items():
        raw.setdefault("columns", {})[name] = entry
    mapping = parse_mapping(name="m.toml", raw=raw)
    return check(source=read_source(path=source, mapping=mapping), table=mapping.table, mapping=mapping)


STAYS = (
    ["OppholdsID", "Pasientkode", "Enhet", "Inndato", "Utdato", "Innmåte", "Fødselsnr", "Merkelig"],
    [["1", "P1", "Havna", "13.02.2024 10:00", "15.02.2024 11:00", "ØH", "x", "a"],
     ["2", "P2", "Åsen bofellesskap", "01.03.2024 10:00", "", "Elektiv", "x", "b"]],
)


def test_stays_are_recognised_and_read_back(tmp_path):
    source, found = proposed(tmp_path / "a.csv", *STAYS)
    assert found.table == "stays" and found.lacking == ()
    columns = found.mapping.columns
    assert columns["department"].codes == {"Havna": "hav", "Åsen bofellesskap": "asen"}
    assert columns["admission_type"].codes == {"ØH": "unplanned", "Elektiv": "planned"}
    assert columns["admitted"].format == "%d.%m.%Y %H:%M"
    assert found.unused == ("Fødselsnr", "Merkelig") and found.personal == ("Fødselsnr",)
    result = agreed(tmp_path / "a.csv", found)
    assert len(result.valid) == 2 and result.valid["department"].tolist() == ["hav", "asen"]


def test_text_says_what_is_lacking_doubtful_and_personal_and_quotes_no_person(tmp_path):
    head, rows = ["Pasientkode", "Inndato", "Utdato", "Avdeling", "Navn", "Ankomst"], [
        ["HEMMELIG1", "02/03/2024", "05/03/2024", "Havna", "Kari", "Akutt"], ["HEMMELIG2", "04/03/2024", "", "Ukjent sted", "Ola", "Akutt"],
    ]
    _, found = proposed(tmp_path / "a.csv", head, rows, table="stays")
    assert found.lacking == ("stay_id",)
    doubts = {m.column: m.doubts for m in found.matches}
    assert "date_order" in doubts["admitted"] and doubts["department"] == ("unknown_words",)
    for lang, word in (("nb", "MANGLER: stay_id"), ("en", "LACKING: stay_id")):
        text = proposal_text(proposal=found, lang=lang)
        assert word in text and "Navn" in text and "Ukjent sted" in text
        assert "HEMMELIG" not in text and "Kari" not in text


def test_turned_meaning_is_never_taken_for_a_near_spelling(tmp_path):
    head, rows = STAYS[0][:5] + ["Rettslig grunnlag"], [r[:5] + [w] for r, w in zip(STAYS[1], ("Ufrivillig", "Frivilig"), strict=True)]
    _, found = proposed(tmp_path / "a.csv", head, rows)
    match = next(m for m in found.matches if m.column == "legal_basis")
    assert match.unknown == ("Ufrivillig",) and match.near == ("Frivilig",)
    assert found.mapping.columns["legal_basis"].codes == {"Frivilig": "voluntary"}


AGREE = ["Helt uenig", "Uenig", "Verken enig eller uenig", "Enig", "Helt enig", "Vet ikke", ""]


def test_answer_block_in_words(tmp_path):
    head = ["Avdeling", "Målepunkt", "Dato", *(f"Q{n}" for n in range(1, 33))]
    rows = [["Havna", "w1", f"1{i}.01.2024", *([word] * 32)] for i, word in enumerate(AGREE)]
    _, found = proposed(tmp_path / "a.csv", head, rows, ids={**IDS, "wave": {"w1": "w1"}})
    assert found.table == "staff_survey" and found.lacking == ()
    block = found.mapping.items["rsa_r_provider"]
    assert block.codes == {w: i for i, w in enumerate(AGREE[:5], start=1)} and block.missing == {"Vet ikke": 98}
    result = agreed(tmp_path / "a.csv", found)
    assert result.valid["rsa_r_provider_32"].tolist()[:6] == [1, 2, 3, 4, 5, 98]


def test_numbers_need_no_codes_and_strange_ones_are_named(tmp_path):
    head = ["Avdeling", "Dato", *(f"qpr_{n:02d}" for n in range(1, 16))]
    rows = [["Havna", "13.01.2024", *([v] * 15)] for v in ("0", "4", "2", "3", "7")]
    _, found = proposed(tmp_path / "a.csv", head, rows, table="user_survey")
    assert found.blocks[0].form == "qpr15" and found.blocks[0].codes is None and found.blocks[0].unknown == ("7",)
    assert found.lacking == ("wave",)


def test_form_that_prints_points_is_asked_about(tmp_path):
    head = ["Avdeling", "Dato", *(f"c{n}" for n in range(1, 11))]
    _, found = proposed(tmp_path / "a.csv", head, [["Havna", "13.01.2024", *"0123401234"]], table="user_survey")
    assert "already_reversed" in proposal_text(proposal=found, lang="nb")


def system(tmp_path, name):
    """A made-up export in the layout of each system."""
    qpr = [f"qpr_{n}" for n in range(1, 16)]
    answers = list("012340123401234")
    if name == "nettskjema":
        head = ["$submission_id", "$created", "avdeling", *qpr, "$answer_time_ms"]
        return head, [["901", "2024-02-13T10:15:00+01:00", "hav", *answers, "60000"]], ";"
    if name == "redcap":
        head = ["record_id", "redcap_event_name", "redcap_data_access_group", "qpr_timestamp", *qpr, "tiltak___1", "qpr_complete"]
        return head, [["17", "maaling_1_arm_1", "hav", "2024-02-13 10:15:00", *answers, "1", "2"]], ","
    if name == "redcap_labels":
        head = ["Record ID", "Event Name", "Data Access Group", "Survey Timestamp", *qpr, "Complete?"]
        return head, [["17", "w1", "Havna", "2024-02-13 10:15:00", *answers, "Complete"]], ","
    if name in ("redcap_repeats", "redcap_repeats_labels"):
        own, labelled = name == "redcap_repeats", ["Record ID", "Repeat Instrument", "Repeat Instance", "Data Access Group", "Complete?"]
        head = ["record_id", "redcap_repeat_instrument", "redcap_repeat_instance", "redcap_data_access_group", "samtale_dato",
                *(f"{form}_{n}" for form in ("ors", "srs") for n in range(1, 5)), "tiltak___1", "samtale_complete"]
        head = head if own else [*labelled[:4], *head[4:-1], labelled[4]]
        place = "hav" if own else "Havna"
        return head, [["17", "", "", place, *[""] * 9, "1", ""],
                      ["17", "samtale", "1", place, "2024-02-13", "5.4", "6.1", "4", "7", "9", "9", "9", "9", "", "2"],
                      ["17", "samtale", "2", place, "2024-02-20", "6.4", "6.5", "5", "8", "9", "8", "9", "9", "", "2"]], ","
    if name == "limesurvey":
        head = ["id", "submitdate", "lastpage", "startlanguage", "avdeling", *(f"QPR[SQ{n:03d}]" for n in range(1, 16))]
        return head, [["5", "2024-02-13 10:15:00", "3", "nb", "hav", *answers]], ","
    if name == "fit_sessions":
        head = ["Klientkode", "Sesjon", "Dato", "Avdeling", "ORS1", "ORS2", "ORS3", "ORS4", "ORS sum", "SRS1", "SRS2", "SRS3", "SRS4", "SRS sum"]
        return head, [["K1", "1", "13.02.2024", "hav", "5,4", "6,1", "4", "7", "22,5", "9", "9", "9", "9", "36"]], ";"
    if name == "municipal_stays":
        head = ["Pasientkode", "Tjeneste", "Enhet", "Fra-dato", "Til-dato", "Vedtaksdato", "Oppholdsnummer"]
        return head, [["P1", "Korttidsopphold", "hav", "13.02.2024", "20.02.2024", "01.02.2024", "1"]], ";"
    head = ["Avdelingsoppholdsid", "Pasientkode", "Avdeling", "Inndato kl.", "Utdato kl.", "Innmåte", "Utskrevet til", "Omsorgsnivå"]
    return head, [["1", "P1", "hav", "13.02.2024 10:30", "20.02.2024 12:00", "Akutt", "Hjem", "Døgn"]], ";"


@pytest.mark.parametrize("name, table, found_columns, forms, lacking", [
    ("nettskjema", "user_survey", {"answered_on", "department"}, {"qpr15"}, {"wave"}),
    ("redcap", "user_survey", {"person", "wave", "department", "answered_on"}, {"qpr15"}, set()),
    ("redcap_labels", "user_survey", {"person", "wave", "department", "answered_on"}, {"qpr15"}, set()),
    ("redcap_repeats", "sessions", {"person", "session", "answered_on", "department"}, {"ors", "srs"}, set()),
    ("redcap_repeats_labels", "sessions", {"person", "session", "answered_on", "department"}, {"ors", "srs"}, set()),
    ("limesurvey", "user_survey", {"answered_on", "department"}, {"qpr15"}, {"wave"}),
    ("fit_sessions", "sessions", {"person", "session", "answered_on", "department"}, {"ors", "srs"}, set()),
    ("municipal_stays", "stays", {"stay_id", "person", "department", "admitted", "discharged"}, set(), set()),
    ("hospital_stays", "stays", {"stay_id", "person", "department", "admitted", "discharged", "admission_type", "discharged_to"}, set(), set()),
])
def test_exports_of_known_systems(tmp_path, name, table, found_columns, forms, lacking):
    head, rows, delimiter = system(tmp_path, name)
    _, found = proposed(tmp_path / "a.csv", head, rows, delimiter)
    assert (found.profile, found.table) == (name.removesuffix("_labels") if "repeats" in name else name, table)
    assert set(found.mapping.columns) == found_columns and set(found.lacking) == lacking
    assert {b.form for b in found.blocks} == forms
    result = agreed(tmp_path / "a.csv", found, **({"wave": {"constant": "w1"}} if lacking else {}))
    several = 2 if "repeats" in name else 1
    assert (len(result.valid), result.n_in, result.n_refused) == (several, several, 0)
    if several == 2:
        assert result.valid[["person", "session", "ors_01"]].to_numpy().tolist() == [["17", 1, 5.4], ["17", 2, 6.4]]


def test_a_redcap_checkbox_is_read_as_yes_and_no(tmp_path):
    """``samtykke___1`` holds 1 where the box was ticked and 0 where it was not."""
    head, rows, delimiter = system(tmp_path, "redcap")
    head, rows = [*head, "samtykke___1"], [[*rows[0], "1"], ["18", *rows[0][1:], "0"]]
    _, found = proposed(tmp_path / "a.csv", head, rows, delimiter)
    assert found.mapping.columns["consent"].source == "samtykke___1" and "tiltak___1" in found.unused
    result = agreed(tmp_path / "a.csv", found)
    assert result.valid["person"].tolist() == ["17"] and result.n_withheld == 1


def test_times_of_day_of_a_ward_list_are_kept(tmp_path):
    head, rows, delimiter = system(tmp_path, "hospital_stays")
    _, found = proposed(tmp_path / "a.csv", head, rows, delimiter)
    stay = agreed(tmp_path / "a.csv", found).valid.iloc[0]
    assert (f"{stay['admitted']:%Y-%m-%d %H:%M}", f"{stay['discharged']:%Y-%m-%d %H:%M}") == ("2024-02-13 10:30", "2024-02-20 12:00")


def test_every_built_in_profile_has_an_example_here():
    from evaltool.intake.profiles import profiles

    made = {"nettskjema", "redcap", "redcap_labels", "redcap_repeats", "limesurvey", "fit_sessions", "municipal_stays", "hospital_stays"}
    assert set(profiles()) == made | {"surveyxact"}


def test_surveyxact_workbook_with_labels_on_their_own_sheet(tmp_path):
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        data, structure, labels = (book.add_worksheet(n) for n in ("Dataset", "Structure", "Labels"))
        data.write_row(0, 0, ["respnokk", "epost", "stato_1", "stato_4", "s_1", "s_2", "closetime", *(f"s_3_{n}" for n in range(1, 16))])
        data.write_row(1, 0, ["ab12", "x@eksempel.no", 0, 1, 1, 2, "13-02-2024", *[1, 2, 3, 4, 5] * 3])
        structure.write_row(0, 0, ["questionName", "variableName", "questionType", "subType", "questionText", "choiceValue", "choiceText", ""])
        structure.write_row(1, 0, ["Q1", "s_1", "closed", "single", "Avdeling"])
        structure.write_row(2, 0, ["Q2", "s_2", "closed", "single", "Måletidspunkt (målepunkt)"])
        for i, (variable, value, label) in enumerate(
            [("s_1", 1, "Havna "), ("s_1", 2, "Åsen bofellesskap"), ("s_2", 2, "w2"), *((f"s_3_{n}", v, w) for n in range(1, 16)
             for v, w in enumerate(["Svært uenig", "Uenig", "Verken eller", "Enig", "Svært enig "], start=1))]):
            labels.write_row(i, 0, [variable, value, label])
    source = read_source(path=tmp_path / "a.xlsx")
    assert source.decisions["sheet"] == "Dataset" and source.labels["s_1"] == {"1": "Havna", "2": "Åsen bofellesskap"}
    found = propose(source=source, instruments=FORMS, ids=IDS)
    assert found.profile == "surveyxact" and found.personal == ("respnokk", "epost") and found.lacking == ()
    assert found.mapping.items["qpr15"].codes == {"Svært uenig": 0, "Uenig": 1, "Verken eller": 2, "Enig": 3, "Svært enig": 4}
    result = agreed(tmp_path / "a.xlsx", found)
    assert result.valid["department"].tolist() == ["hav"] and result.valid["wave"].tolist() == ["w2"]
    assert result.valid["qpr15_05"].tolist() == [4]
