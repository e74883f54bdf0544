"""What a person changes in a proposal is what the mapping says, and the file is read by it."""

from __future__ import annotations

import dataclasses

import pytest

from evaltool.check import check
from evaltool.errors import UsageError
from evaltool.intake.revise import NO_ANSWER, UNREAD, Choices, revised, targets
from tests.intake.test_propose import IDS, proposed

HEAD = ["OppholdsID", "Kode", "Enhet", "Kommet", "Utdato", "Innmåte"]
ROWS = [["1", "P1", "Havna", "13.02.2024 10:00", "15.02.2024 11:00", "Etter avtale"],
        ["2", "P2", "Åsen bofellesskap", "01.03.2024 10:00", "", "Elektiv"], ["3", "P2", "Havna", "01.05.2024 10:00", "", "-"]]
FORM = ["Runde", "Avdeling", *(f"Q{n}" for n in range(1, 16))]
ANSWERS = [["w1", "Havna", *["Enig", "Uenig", "Helt enig"] * 5]]


@pytest.fixture
def stays(tmp_path):
    return proposed(tmp_path / "a.csv", HEAD, ROWS)


def test_a_heading_that_was_not_understood_is_put_in_its_place_and_read(stays):
    source, proposal = stays
    first = targets(proposal=proposal, source=source)
    assert first["Kommet"] == first["Kode"] == UNREAD and first["Utdato"] == "discharged"
    chosen = Choices(targets=first | {"Kommet": "admitted", "Kode": "person"},
                     codes={"admission_type": {"Etter avtale": "planned", "-": NO_ANSWER}})
    mapping = revised(proposal=proposal, source=source, choices=chosen, ids=IDS)
    assert mapping.columns["admitted"].format == "%d.%m.%Y %H:%M"
    checked = check(source=source, table="stays", mapping=mapping)
    assert checked.n_refused == 0
    assert checked.valid["admission_type"].fillna("none").tolist() == ["planned", "planned", "none"]
    assert checked.valid["department"].tolist() == ["hav", "asen", "hav"]


def test_two_headings_for_one_column_and_a_format_chosen(stays):
    source, proposal = stays
    first = targets(proposal=proposal, source=source)
    with pytest.raises(UsageError) as caught:
        revised(proposal=proposal, source=source, choices=Choices(targets=first | {"Kommet": "discharged"}), ids=IDS)
    assert caught.value.code == "mapping_twice" and "Kommet" in caught.value.message("nb") and "Utdato" in caught.value.message("en")
    chosen = Choices(targets=first, formats={"discharged": "%m.%d.%Y %H:%M"})
    assert revised(proposal=proposal, source=source, choices=chosen, ids=IDS).columns["discharged"].format == "%m.%d.%Y %H:%M"


def test_items_can_change_places_but_none_may_go_missing_and_a_wave_may_be_the_same_for_all(tmp_path):
    source, proposal = proposed(tmp_path / "b.csv", FORM, ANSWERS, table="user_survey")
    first = targets(proposal=proposal, source=source)
    form = next(iter(proposal.mapping.items))
    assert first["Q3"] == f"{form}:3"
    turned = Choices(targets=first | {"Q3": f"{form}:4", "Q4": f"{form}:3", "Runde": UNREAD}, constants={"wave": "w2"},
                     already_reversed={form: True})
    mapping = revised(proposal=proposal, source=source, choices=turned, ids=IDS)
    assert mapping.items[form].sources[2:4] == ("Q4", "Q3") and mapping.items[form].already_reversed is True
    assert mapping.columns["wave"].constant == "w2" and mapping.columns["wave"].source is None
    with pytest.raises(UsageError) as caught:
        revised(proposal=proposal, source=source, choices=Choices(targets=first | {"Q3": UNREAD}), ids=IDS)
    assert caught.value.code == "mapping_item_gone" and "3" in caught.value.message("nb")
    none = Choices(targets={h: UNREAD if t.startswith(form) else t for h, t in first.items()})
    assert form not in dataclasses.asdict(revised(proposal=proposal, source=source, choices=none, ids=IDS))["items"]
