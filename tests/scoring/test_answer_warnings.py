"""A wrong key, coding or reversal in a copy of the answers is noticed; sound answers are left alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from evaltool.instruments import available, instrument
from evaltool.scoring.answer_warnings import answer_warnings

from .forms import structured

FORMS = [name for name in available() if (form := instrument(name)).status != "slot" and not any(item.asked_if for item in form.items)
         and any(len(scale.items) >= 3 for scale in form.scales)]
RSA, RKI = instrument("rsa_r_provider"), instrument("rki")


def codes(frame: pd.DataFrame) -> set[tuple[str, float]]:
    return set(zip(frame["code"], frame["item"], strict=True))


@pytest.mark.parametrize("name", ["rsa_r_provider", "rki", "qpr15", "nomad", "ras24_a"])
def test_sound_answers_give_no_warning(name):
    got = answer_warnings(answers=structured(name), instrument=instrument(name))
    assert got.empty, got.to_string()
    assert list(got.columns) == ["form", "scale", "item", "other_item", "group", "code", "n", "value"]


def test_a_forgotten_reversal_is_noticed():
    answers = structured("rki")
    answers["rki_04"] = 6 - answers["rki_04"]
    got = answer_warnings(answers=answers, instrument=RKI)
    assert codes(got) == {("item_against_scale", 4)}
    assert got["value"].iloc[0] < 0


def test_a_form_reversed_twice_is_noticed_in_its_unreversed_items():
    got = answer_warnings(answers=structured("rki"), instrument=RKI, already_reversed=True)
    assert set(got["code"]) == {"item_against_scale"} and {1, 3, 8, 12, 20} <= set(got["item"])


def test_two_items_swapped_between_subscales_are_noticed():
    answers = structured("rsa_r_provider")
    answers[["rsa_r_provider_03", "rsa_r_provider_22"]] = answers[["rsa_r_provider_22", "rsa_r_provider_03"]].to_numpy()
    got = answer_warnings(answers=answers, instrument=RSA)
    assert {("item_fits_other_scale", 3), ("item_fits_other_scale", 22)} == codes(got)


def test_two_items_swapped_in_one_wave_are_noticed():
    rng = np.random.default_rng(2)
    n = 300
    wave = pd.Series(np.repeat(["2022", "2023", "2024"], n // 3))
    offsets = np.linspace(-1, 1, 15)
    values = np.clip(np.rint(2 + rng.normal(size=(n, 1)) * 0.7 + offsets + rng.normal(size=(n, 15)) * 0.7), 0, 4)
    answers = pd.DataFrame(values, columns=instrument("qpr15").columns)
    assert answer_warnings(answers=answers, instrument=instrument("qpr15"), by=wave).empty
    last = wave == "2024"
    answers.loc[last, ["qpr15_02", "qpr15_13"]] = answers.loc[last, ["qpr15_13", "qpr15_02"]].to_numpy()
    got = answer_warnings(answers=answers, instrument=instrument("qpr15"), by=wave)
    assert got[["item", "other_item", "group", "code"]].to_numpy().tolist() == [[2, 13, "2024", "items_swapped_in_group"]]


def test_codes_shifted_by_one_are_noticed():
    answers = (structured("qpr15") + 1).clip(upper=4)          # 0-4 written as 1-5, and the 5s mended to 4
    got = answer_warnings(answers=answers, instrument=instrument("qpr15"))
    assert (got["code"] == "form_never_lowest").sum() == 1
    assert {"form_never_lowest", "never_lowest"} == set(got["code"])


def test_an_end_that_nobody_needed_is_no_warning():
    rng = np.random.default_rng(1)
    answers = pd.DataFrame(rng.choice([1.0, 2, 3, 4], p=[0.05, 0.25, 0.4, 0.3], size=(200, 15)), columns=instrument("qpr15").columns)
    answers["qpr15_01"] = rng.choice([0.0, 1, 2, 3, 4], p=[0.1, 0.2, 0.3, 0.2, 0.2], size=200)
    got = answer_warnings(answers=answers, instrument=instrument("qpr15"))
    assert "never_lowest" not in set(got["code"]) and "form_never_lowest" not in set(got["code"])


def test_few_answers_say_nothing():
    answers = structured("rki", n=40)
    answers["rki_04"] = 6 - answers["rki_04"]
    assert answer_warnings(answers=answers, instrument=RKI).empty


@pytest.mark.parametrize("name", FORMS)
def test_an_item_turned_the_wrong_way_is_noticed_in_every_form(name):
    """One reversal too many and, in a form that has any, one forgotten; nothing is said of the other items."""
    form, wrong = instrument(name), structured(name)
    scale = max(form.scales, key=lambda one: len(one.items))
    turned = {next(n for n in scale.items if not form.item(n).reverse), *(scale.reverse[:1] if len(scale.items) > 6 else ())}
    for number in turned:
        item = form.item(number)
        wrong[item.column] = item.codes[0] + item.codes[-1] - wrong[item.column]
    got = codes(answer_warnings(answers=wrong, instrument=form, already_reversed=False))
    assert {number for code, number in got if code == "item_against_scale"} == turned


PARTS = {name: list(parts.values()) for name in FORMS if len(parts := {
    scale.items: scale for scale in instrument(name).scales if 3 <= len(scale.items) < len(instrument(name).items)
    and not any(set(other.items) < set(scale.items) for other in instrument(name).scales)}) >= 2}


@pytest.mark.parametrize("name", PARTS)
def test_two_items_of_two_subscales_swapped_are_noticed_in_every_form(name):
    form, wrong = instrument(name), structured(name, n=600)
    first, second = ([n for n in part.items if not form.item(n).reverse][0] for part in (PARTS[name][0], PARTS[name][-1]))
    columns = [form.item(first).column, form.item(second).column]
    wrong[columns] = wrong[columns[::-1]].to_numpy()
    assert {("item_fits_other_scale", first), ("item_fits_other_scale", second)} <= codes(answer_warnings(answers=wrong, instrument=form))
