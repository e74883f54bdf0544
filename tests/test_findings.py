"""Sentences: the right phrase for the verdict, no rung outrun, hidden said as hidden, both languages."""

import itertools

import pytest
from small_result import small_result

from evaltool.disclosure import policy, release
from evaltool.findings import findings
from evaltool.measures import register
from evaltool.result import ALL
from evaltool.text import catalogue
from evaltool.verdict import CLAIMS

CAUSAL = {"nb": ("bidro", "virkning", "førte til", "på grunn av"), "en": ("contributed", "effect", "because", "led to")}
TREND = {"nb": "utviklingen over tid", "en": "development over time"}


def released(verdict="better", claim="associated", measure="qpr15_total", low=1.8, high=6.7):
    result = small_result(persons={"a": (20, 30), "b": (20, 20)}, measure=measure)
    result.estimates[["verdict", "claim"]] = [verdict, claim]
    result.estimates[["conf_low", "conf_high"]] = [low, high]
    return release(result=result, policy=policy())


def test_a_leader_reads_place_direction_numbers_and_n():
    one = findings(release=released(), lang="nb", department="a")[0]
    assert one.text.startswith("Brukerne i Avdeling a opplever mer personlig bedring enn før.")
    assert one.detail == "+4,2 poeng (95 % intervall +1,8 til +6,7), n = 20 før og 30 etter"


@pytest.mark.parametrize(("verdict", "claim", "measure", "lang"), list(itertools.product(
    ("better", "worse", "no_important_change", "cannot_tell", "not_rated"), CLAIMS, register(), ("nb", "en"))))
def test_no_sentence_outruns_its_rung(verdict, claim, measure, lang):
    text = findings(release=released(verdict, claim, measure), lang=lang)[0].text
    if CLAIMS.index(claim) < CLAIMS.index("estimated_effect") or verdict not in ("better", "worse", "not_rated"):
        assert not any(word in text for word in CAUSAL[lang]), text
    if CLAIMS.index(claim) < CLAIMS.index("consistent_with_effect"):
        assert TREND[lang] not in text
    assert "{" not in text and text.endswith(".")


def test_a_measure_without_direction_is_never_good_or_bad():
    texts = [findings(release=released("not_rated", "associated", "length_of_stay", *ends), lang="nb")[0].text
             for ends in ((-9, -2), (2, 9), (-2, 9))]
    assert "kortere" in texts[0] and "lengre" in texts[1] and "kan vi ikke si" in texts[2]


def test_a_hidden_department_says_so_and_nothing_else():
    result = small_result(persons={"a": (4, 30), "b": (20, 20), "c": (30, 30)})
    one = findings(release=release(result=result, policy=policy()), lang="nb", department="a")[0]
    assert "skjult" in one.text and one.detail == "" and one.symbol == "suppressed"
    assert not any(c.isdigit() for c in one.text)


def test_limits_stand_beside_the_sentence():
    assert findings(release=released(), lang="nb", department=ALL)[0].limits == (catalogue("nb")["note.ceiling"],)


def test_every_verdict_and_rung_has_words_and_a_symbol():
    for lang in ("nb", "en"):
        words = catalogue(lang)
        for code in ("better", "worse", "no_important_change", "cannot_tell", "not_rated", "suppressed", "no_data",
                     "not_identified", "not_started"):
            assert words[f"verdict.{code}"] and words[f"symbol.{code}"]
        assert all(words[f"claim.{c}"] and words[f"claim_sentence.{c}"] for c in CLAIMS)
