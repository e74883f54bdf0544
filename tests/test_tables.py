"""Tables people read: formatted through one formatter, hidden said as hidden, sorted by what to talk about."""

from dataclasses import replace

import pandas as pd
from small_result import small_result

from evaltool.disclosure import policy, release
from evaltool.tables import estimates, hidden_line, hidden_reasons, levels, matrix


def released(**persons):
    return release(result=small_result(persons=persons), policy=policy())


def test_numbers_are_norwegian_and_hidden_is_a_word():
    table = estimates(release=released(a=(4, 30), b=(20, 20), c=(30, 30)), lang="nb").set_index("Avdeling")
    assert table.loc["Avdeling c", "Endring"] == "+4,2"
    assert table.loc["Avdeling c", "95 % intervall"] == "+1,8 til +6,7"
    assert table.loc["Avdeling a", "Endring"] == "▒ skjult (få personer)"
    assert table.loc["Avdeling a", "n før"] == ""


def test_levels_have_n_and_persons():
    table = levels(release=released(a=(20, 30), b=(20, 20)), measure_id="qpr15_total", lang="en")
    first = table.iloc[0]
    assert (first["Value"], first["95% interval"], first["n"], first["Persons"]) == ("30.0", "29.0 to 33.0", "20", "20")


def test_the_matrix_puts_worse_first_and_not_started_last():
    result = small_result(persons={"a": (20, 30), "b": (20, 20), "c": (30, 30)})
    result.register.loc[0, "start"] = None
    mine = result.estimates["department"]
    result.estimates.loc[mine.eq("c"), "verdict"] = "worse"
    without_a = result.estimates[mine.ne("a")].reset_index(drop=True)
    out = matrix(release=release(result=type(result)(**{**vars(result), "estimates": without_a}), policy=policy()), lang="nb")
    assert out["department"].tolist() == ["c", "b", "a"]
    assert out["code"].tolist() == ["worse", "better", "not_started"]
    assert out["text"].tolist() == ["+4,2", "+4,2", ""]


def test_what_is_hidden_is_counted():
    assert "2 sammenligninger" in hidden_line(release=released(a=(4, 30), b=(20, 20), c=(30, 30)), lang="nb")
    assert hidden_line(release=released(a=(12, 12), b=(12, 12)), lang="en").startswith("No number is hidden")


def test_why_it_is_hidden_and_what_would_show_it():
    table = hidden_reasons(release=released(a=(4, 30), b=(20, 20), c=(30, 30)), lang="en")
    assert table["Comparisons"].astype(int).sum() == 2
    assert table["Why it is hidden"].str.len().min() > 10 and table["What would make it showable"].str.contains("5").any()


def test_the_users_own_measures_stand_first_personal_then_social_whatever_the_study_names_first():
    both = [small_result(persons={"a": (9, 9), "b": (9, 9)}, measure=name) for name in ("bed_days", "ras_ds_belonging", "ras_ds_hope")]
    first = both[0]
    whole = type(first)(**{**vars(first), **{name: pd.concat([getattr(one, name) for one in both], ignore_index=True)
                                              for name in ("estimates", "series", "notes")},
                           "spec": replace(first.spec, measures=("bed_days", "ras_ds_belonging", "ras_ds_hope"))})
    out = matrix(release=release(result=whole, policy=policy()), lang="nb").drop_duplicates("measure")
    assert list(zip(out["measure"], out["perspective"], strict=True)) == [
        ("ras_ds_hope", "personal"), ("ras_ds_belonging", "social"), ("bed_days", "organisation")]
