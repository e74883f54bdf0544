"""Sentences: the right phrase for the verdict, no rung outrun, hidden said as hidden, both languages."""

import itertools
import random
from dataclasses import replace
from functools import cache

import pandas as pd
import pytest
from small_result import small_result

from evaltool.disclosure import policy, release
from evaltool.findings import findings
from evaltool.figures.dumbbell import dumbbell
from evaltool.measures import measure, register
from evaltool.result import ALL, NOTE_COLUMNS, NOTE_TEXT, canonical
from evaltool.tables import estimates, matrix
from evaltool.text import catalogue
from evaltool.verdict import CLAIMS, DEPARTMENT_CAPS, NO_ANSWER, OVERALL_CAPS, judge

CAUSAL = {"nb": ("bidro", "virkning", "førte til", "på grunn av"), "en": ("contributed", "effect", "because", "led to")}
TREND = {"nb": "utviklingen over tid", "en": "development over time"}


@cache
def through_the_gate(measure="qpr15_total"):
    """The gate knows persons, not verdicts: one release serves every verdict, rung and set of notes."""
    return release(result=small_result(persons={"a": (20, 30), "b": (20, 20)}, measure=measure), policy=policy())


def released(verdict="better", claim="associated", measure="qpr15_total", low=1.8, high=6.7):
    shown = through_the_gate(measure)
    return replace(shown, estimates=shown.estimates.assign(verdict=verdict, claim=claim, conf_low=low, conf_high=high))


def test_a_leader_reads_place_direction_numbers_and_n():
    one = findings(release=released(), lang="nb", department="a")[0]
    assert one.text.startswith("Brukerne i Avdeling a opplever mer håp og personlig bedring enn før.")
    assert one.detail == "+4,2 poeng, trolig mellom +1,8 og +6,7 (95 % intervall), n = 20 før og 30 etter"


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


ENDS = {"better": (1.8, 6.7), "worse": (-6.7, -1.8), "no_important_change": (-1.0, 1.0), "cannot_tell": (-6.0, 6.0)}
ROWS = [("a", "welch", DEPARTMENT_CAPS), (ALL, "welch", OVERALL_CAPS), (ALL, "mixed_department", OVERALL_CAPS)]


def judged(place, method, ends, codes):
    """A Release whose rows were judged from their interval, method and notes, as every comparison is."""
    shown = through_the_gate()
    frame = shown.estimates.assign(conf_low=ends[0], conf_high=ends[1])
    frame["method"] = frame["method"].mask(frame["department"] == place, method)
    notes = [{"measure": "qpr15_total", "department": place, "code": code, "severity": "caution"} for code in codes]
    notes = canonical(pd.DataFrame(notes), NOTE_COLUMNS, NOTE_TEXT)
    told = judge(estimates=frame, measures={"qpr15_total": measure("qpr15_total")}, notes=notes)
    return replace(shown, estimates=told, notes=notes)


def sets_of(caps):
    """None, each alone, all together, and thirty others of every size. ``test_verdict`` takes every set there is through the
    judgement; a sentence depends on what was judged and on nothing else (``test_a_sentence_rests_on_verdict_and_rung_alone``)."""
    rng = random.Random(3)
    larger = [some for size in range(2, len(caps)) for some in itertools.combinations(caps, size)]
    return [(), *((code,) for code in caps), *rng.sample(larger, min(30, len(larger))), tuple(caps)]


@pytest.mark.parametrize(("place", "method", "caps"), ROWS)
def test_a_sentence_rests_on_verdict_and_rung_alone(place, method, caps):
    told = {}
    for codes in sets_of(caps):
        one = findings(release=judged(place, method, ENDS["better"], codes), lang="nb", department=place)[0]
        told.setdefault((one.verdict, one.claim), set()).add((one.text, one.detail))
    assert all(len(texts) == 1 for texts in told.values())
    assert len({text for texts in told.values() for text, _ in texts}) == len(told)


@pytest.mark.parametrize(("place", "method", "caps"), ROWS)
@pytest.mark.parametrize("verdict", ENDS)
def test_no_sentence_outruns_its_rung_whatever_the_notes(place, method, caps, verdict):
    highest = {"welch": "associated" if place != ALL else "described", "mixed_department": "consistent_with_effect"}[method]
    for codes in sets_of(caps):
        shown = judged(place, method, ENDS[verdict], codes)
        said = "cannot_tell" if NO_ANSWER in codes and verdict in ("better", "worse") else verdict
        allowed = min([highest, *(caps[code] for code in codes)], key=CLAIMS.index)
        for lang in ("nb", "en"):
            one = next(f for f in findings(release=shown, lang=lang, department=place))
            assert (one.verdict, CLAIMS.index(one.claim) <= CLAIMS.index(allowed)) == (said, True)
            sentences = catalogue(lang)
            above = [c for c in CLAIMS if CLAIMS.index(c) > CLAIMS.index(allowed)]
            endings = [sentences[f"claim_sentence.{c}"].replace("{phrase}", "") for c in above]
            assert not any(one.text.endswith(ending) for ending in endings), one.text
            assert not any(word in one.text for word in CAUSAL[lang])
            assert set(one.limits) >= {sentences[f"note.{code}"] for code in codes}


@pytest.mark.parametrize("verdict", ENDS)
@pytest.mark.parametrize("lang", ["nb", "en"])
def test_figure_table_and_text_carry_the_same_verdict(verdict, lang):
    shown = judged("a", "welch", ENDS[verdict], ())
    words = catalogue(lang)
    drawn = dumbbell(release=shown, measure="qpr15_total", lang=lang).data.set_index("department")["verdict"]
    cells = matrix(release=shown, lang=lang).set_index("department")
    table = estimates(release=shown, lang=lang).set_index(words["column.department"])
    for place in ("a", "b"):
        name = shown.register.set_index("department").loc[place, "name"]
        told = {findings(release=shown, lang=lang, department=place)[0].verdict, drawn[place], cells.loc[place, "code"]}
        assert told == {verdict}
        assert {cells.loc[place, "word"], table.loc[name, words["column.verdict"]]} == {words[f"verdict.{verdict}"]}
    assert pd.notna(drawn).all()
