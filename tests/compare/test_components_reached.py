"""Who took part in what was done: bands by department, a share in all, and nothing that counts the few who did not."""

from dataclasses import replace

import pandas as pd
import pytest

from evaltool.compare.answer import answer
from evaltool.compare.components_reached import components_reached
from evaltool.component_tables import components_done, components_log, components_reach, core_components
from evaltool.components import component_codes, component_label, dose_unit
from evaltool.disclosure import policy, release
from evaltool.result import ALL

from .small_study import dataset, study

LOG = [
    ("a", "training", "2023-11-01", 12.0, "hours", 19, 20, None),
    ("b", "training", "2023-11-01", 8.0, "hours", 6, 10, None),
    ("b", "training", "2024-03-01", 4.0, "hours", 4, 10, None),
    ("a", "reflection_group", "2024-02-01", 5.0, "persons", 3, 4, None),
    ("a", "our_own_thing", "2023-12-01", None, None, None, None, 9),
]


@pytest.fixture
def made(tmp_path):
    """(components released, the answer released) of two started departments and what they did."""
    log = pd.DataFrame(LOG, columns=["department", "component", "event_date", "dose_value", "dose_unit", "n_staff", "n_staff_eligible", "n_users"])
    log = log.assign(event_date=pd.to_datetime(log["event_date"]), end_date=pd.NaT, co_intervention=False)
    given = dataset()
    given = replace(given, registers={**given.registers, "components": log})
    one = study(tmp_path)
    return (release(result=components_reached(dataset=given, study=one), policy=policy()),
            release(result=answer(dataset=given, study=one), policy=policy()))


def test_a_department_has_a_band_and_all_together_a_share(made):
    rows = made[0].series.set_index(["measure", "department", "kind"])
    assert rows.loc[("component.training", "a", "reach_band"), "value"] == 0.8, "19 of 20"
    assert rows.loc[("component.training", "b", "reach_band"), "value"] == 0.5, "the fullest time, 6 of 10"
    whole = rows.loc[("component.training", ALL, "reach")]
    assert whole["status"] == "shown" and whole["value"] == pytest.approx(25 / 30) and whole["n"] == 30
    assert "component.reflection_group" not in rows.index.get_level_values(0), "four who could: in neither"
    assert rows.loc[("component.our_own_thing", "a", "users"), "value"] == 9


def test_nothing_released_counts_those_who_were_absent(made):
    """One of twenty was absent in a: no row of that department carries 19, 1 or a share of twenty."""
    mine = made[0].series.query("department == 'a' and kind == 'reach_band'")
    assert mine["numerator"].isna().all() and set(mine["value"]) <= {0.0, 0.2, 0.5, 0.8}


def test_the_tables_name_things_for_people_and_say_what_is_missing(made):
    reached, whole = made
    done = components_done(release=whole, reached=reached, lang="nb").set_index("Avdeling")
    assert done.loc["a", "Opplæring"] == "12\u00a0timer · nesten alle ansatte"
    assert done.loc["b", "Opplæring"] == "12\u00a0timer · de fleste ansatte", "doses add up"
    assert done.loc["a", "Our own thing"] == "9 brukere"
    assert done.loc["a", "Refleksjonsgruppe"] == "gjennomført", "persons are no unit of a dose"
    assert done.loc["b", "Kjernetiltak på plass i tide"] == "1 av 3, mangler our own thing, refleksjonsgruppe"
    assert core_components(release=whole) == ("training", "our_own_thing", "reflection_group")
    assert list(components_log(release=whole, lang="en")["What"])[0] == "Training"
    assert components_reach(reached=reached, lang="nb").set_index("Hva").loc["Opplæring", "Ansatte som deltok"] == "83\u00a0%"


def test_every_listed_component_has_a_name_in_both_languages_and_unknown_units_none():
    assert len(component_codes()) > 20
    for lang in ("nb", "en"):
        names = [component_label(code=code, lang=lang) for code in component_codes()]
        assert len(set(names)) == len(names) and not any("_" in name for name in names)
    assert dose_unit(unit="persons", lang="nb") == "" and dose_unit(unit=None, lang="nb") == ""
