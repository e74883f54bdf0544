"""Instrument files: the format is kept, every fact is marked, nothing quotes a question."""

from __future__ import annotations

import copy
import re

import pytest
import yaml

from evaltool import resources
from evaltool.errors import ContractError, UsageError
from evaltool.instruments import available, instrument
from evaltool.instruments.contract import EXAMPLES, check
from evaltool.instruments.item_numbers import numbers_of


def raw(name: str = "rsa_r_provider") -> dict:
    path = resources.folder("schemas") / "instruments" / f"{name}.yaml"
    return yaml.safe_load(path.read_text(encoding="utf8"))


@pytest.mark.parametrize("name", available())
def test_every_shipped_file_keeps_the_format(name):
    form = instrument(name)
    assert form.id == name
    assert form.columns == tuple(f"{name}_{number:02d}" for number in range(1, len(form.items) + 1))
    assert set(form.item_range()) == set(form.columns)


@pytest.mark.parametrize("name", available())
def test_topics_are_two_to_five_own_words_and_never_a_sentence_about_oneself(name):
    for item in instrument(name).items:
        for text in item.topic.values():
            assert 2 <= len(text.split()) <= 5, text
            assert not re.search(r"\b(I|my|me|jeg|min|mitt|mine|meg)\b|[.?!]", text), text


@pytest.mark.parametrize("name", available())
def test_no_topic_appears_twice_in_a_form(name):
    for lang in ("nb", "en"):
        topics = [item.topic[lang] for item in instrument(name).items]
        assert len(set(topics)) == len(topics)


def _without(part: str, key: str | None = None):
    def change(entry: dict) -> None:
        if key is None:
            del entry[part]
        else:
            del entry[part][key]
    return change


@pytest.mark.parametrize(
    "change",
    [
        _without("sources"), _without("licence"), _without("citation"), _without("examples"), _without("facts"),
        _without("facts", "missing_rule"), _without("licence", "status"),
        lambda e: e["facts"]["items"].pop("certainty"), lambda e: e["facts"]["items"].pop("source"),
        lambda e: e["scales"]["total"].pop("certainty"), lambda e: e["evidence"][0].pop("source"),
        lambda e: e["sources"].pop("key"), lambda e: e["examples"].clear(),
        lambda e: e["examples"].pop(0), lambda e: e["name"].pop("en"), lambda e: e["items"][5].pop("nb"),
    ],
)
def test_a_file_without_source_licence_certainty_or_example_is_refused(change):
    entry = raw()
    check(entry)
    change(entry)
    with pytest.raises(ContractError):
        check(entry)


WHOLE = [name for name in available() if "like" not in raw(name)]


@pytest.mark.parametrize("name", WHOLE)
def test_no_shipped_file_would_pass_without_any_of_what_it_says_about_itself(name):
    """Each fact, scale and published number of each file has certainty and source of its own that are missed."""
    def refused(change) -> bool:
        entry = copy.deepcopy(listed)
        change(entry)
        try:
            check(entry)
        except ContractError:
            return True
        return False

    listed = raw(name)
    if "count" in listed["items"]:
        listed["items"] = {n: {"nb": f"a {n}", "en": f"a {n}"} for n in range(1, listed["items"]["count"] + 1)}
    check(listed)
    for part in ("sources", "licence", "citation", "examples", "facts", "respondent", "perspective", "recall", "items", "scales"):
        assert refused(_without(part)), part
    assert refused(lambda e: e.update(citation=" ")) and refused(lambda e: e["licence"].pop("status"))
    places = [("facts", fact) for fact in listed["facts"]] + [("scales", scale) for scale in listed["scales"]]
    places += [("evidence", at) for at in range(len(listed.get("evidence", ())))]
    for part, key in places:
        for word in ("certainty", "source"):
            assert refused(lambda e, p=part, k=key, w=word: e[p][k].pop(w)), (part, key, word)
        assert refused(lambda e, p=part, k=key: e[p][k].update(source="nowhere"))
    for example in [one["name"] for one in listed["examples"] if one["name"] in (*EXAMPLES, "not_applicable")]:
        assert refused(lambda e, x=example: e.update(examples=[one for one in e["examples"] if one["name"] != x])), example


@pytest.mark.parametrize("name", [name for name in available() if any(s.reverse for s in instrument(name).scales)])
def test_a_form_with_reversed_items_has_a_worked_example_of_them(name):
    assert "reversed" in [example["name"] for example in instrument(name).examples]


def test_a_mapping_to_a_framework_says_how_sure_it_is():
    for name in available():
        form = instrument(name)
        mapped = [item for item in form.items if item.construct]
        assert not form.framework or "framework" in form.facts
        if form.framework == "chime" and form.status != "slot":
            assert mapped, name
    entry = raw("qpr15")
    del entry["facts"]["framework"]
    with pytest.raises(ContractError):
        check(entry)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        (lambda e: e.update(respondant="x"), "respondant"),
        (lambda e: e["facts"]["items"].update(certainty="sure"), "facts.items.certainty"),
        (lambda e: e["scales"]["choice"].update(items="4, 33"), "scales.choice.items"),
        (lambda e: e["scales"]["choice"].update(items="four"), "scales.choice.items"),
        (lambda e: e["scales"]["choice"].update(min_share=0.5), "scales.choice"),
        (lambda e: e["response"].update(missing={5: "not_applicable"}), "items.1.missing"),
        (lambda e: e["response"].update(missing={97: "bored"}), "items.1.missing.97"),
        (lambda e: e["evidence"][0].update(scale="all"), "evidence.1.scale"),
        (lambda e: e.update(scales=["total"]), "scales"),
        (lambda e: e["response"].update(codes=["1", "2"]), "items.1.codes"),
        (lambda e: e["response"].update(codes=[1, 3, 2]), "items.1.codes"),
        (lambda e: e["scales"]["total"].update(range=[5, 1]), "scales.total.range"),
        (lambda e: e["scales"]["total"].update(rule="mean_of_scales"), "scales.total.parts"),
        (lambda e: e.update(lacks=["everything"]), "lacks"),
        (lambda e: e["items"].update({40: {"nb": "a b", "en": "a b"}}), "items"),
    ],
)
def test_the_error_names_the_key(change, key):
    entry = copy.deepcopy(raw())
    change(entry)
    with pytest.raises(ContractError) as caught:
        check(entry)
    assert caught.value.fields["key"] == key
    assert key in caught.value.message("nb") and key in caught.value.message("en")


def test_unknown_instrument_is_refused_with_the_known_names():
    with pytest.raises(UsageError) as caught:
        instrument("qpr_15")
    assert "qpr15" in caught.value.message("en")
    with pytest.raises(UsageError):
        instrument("../measures")


def test_item_range_tells_codes_and_missing_codes():
    ranges = instrument("rsa_r_provider").item_range()
    assert ranges["rsa_r_provider_32"]["codes"] == {1, 2, 3, 4, 5}
    assert ranges["rsa_r_provider_32"]["missing"] == {97: "not_applicable", 98: "dont_know", 99: "refused"}
    assert instrument("qpr15").item_range()["qpr15_01"]["missing"] == {}


def test_a_local_file_is_one_yaml_and_no_python(tmp_path):
    entry = raw("qpr15")
    entry["id"] = "our_form"
    del entry["status"]
    (tmp_path / "our_form.yaml").write_text(yaml.safe_dump(entry, allow_unicode=True), encoding="utf8")
    form = instrument("our_form", folder=tmp_path)
    assert form.status == "local" and form.columns[0] == "our_form_01"
    assert "our_form" in available(folder=tmp_path) and "our_form" not in available()


def test_a_broken_local_file_is_named_with_its_line(tmp_path):
    (tmp_path / "bad.yaml").write_text("id: bad\nname: {nb: x\nversion: 1\n", encoding="utf8")
    with pytest.raises(ContractError) as caught:
        instrument("bad", folder=tmp_path)
    assert caught.value.code == "instrument_yaml" and "bad.yaml" in caught.value.message("nb")


def test_item_numbers():
    assert numbers_of("1-3, 9") == (1, 2, 3, 9)
    assert numbers_of([4, 2]) == (4, 2) and numbers_of(7) == (7,)
    with pytest.raises(ValueError):
        numbers_of("1 to 3")


def test_like_takes_over_the_key_but_never_published_numbers():
    person, provider = instrument("rsa_r_person"), instrument("rsa_r_provider")
    assert person.scales == provider.scales and person.columns[0] == "rsa_r_person_01"
    assert provider.evidence and not person.evidence
    assert person.respondent == "user" and person.parallel == provider.parallel


def test_leaders_and_staff_answer_the_same_constructs():
    staff, leader = instrument("theme_staff"), instrument("theme_leader")
    assert [scale.id for scale in staff.scales] == [scale.id for scale in leader.scales]
    assert len(staff.scales) == 21 and len(staff.items) == 63
    assert sum(scale.direction for scale in staff.scales) == 1         # 11 up, 10 where more is harder


KEY = """
key_for: reqol10
items:
  6: {nb: "verdien av livet", en: "worth of life", reverse: true}
scales:
  total: {nb: "ReQoL-10, sum", en: "ReQoL-10, sum", items: 1-10, rule: sum, reverse: "1, 3, 6, 9", max_missing: 1,
          range: [0, 40], direction: higher_better, certainty: verified, source: owner}
sources: {owner: "scoring sheet from the owner"}
examples:
  - {name: all_minimum, answers: {all: 0}, scores: {total: {score: 16}}}
  - {name: all_maximum, answers: {all: 4}, scores: {total: {score: 24}}}
  - {name: reversed, answers: {all: 4, 1: 0, 3: 0, 6: 0, 9: 0}, scores: {total: {score: 40}}}
  - {name: missing_at_rule, answers: {all: 2, 1: null}, scores: {total: {score: 20}}}
  - {name: missing_beyond_rule, answers: {all: 2, 1: null, 2: null}, scores: {total: {score: null}}}
"""


def test_a_slot_takes_a_local_key(tmp_path):
    from evaltool.scoring import check_examples

    (tmp_path / "our_reqol.yaml").write_text(KEY, encoding="utf8")
    form = instrument("reqol10", folder=tmp_path)
    assert (form.status, form.lacks, len(form.items)) == ("local", (), 10)
    assert form.prints_reversed and form.item(5).topic["en"] == "mood and gladness"
    assert check_examples(instrument=form)["agrees"].all()
    assert instrument("reqol10").status == "slot"


def test_a_key_for_an_unknown_form_is_refused(tmp_path):
    (tmp_path / "x.yaml").write_text("key_for: reqol\nscales: {}\n", encoding="utf8")
    with pytest.raises(ContractError):
        instrument("reqol10", folder=tmp_path)


@pytest.mark.parametrize("name", [name for name in available() if instrument(name).status == "slot"])
def test_a_slot_says_what_it_lacks(name):
    assert instrument(name).lacks and not instrument(name).scales


def test_parts_of_a_mean_of_scales_come_before_it():
    entry = raw("ics")
    entry["scales"] = {"global_18": entry["scales"].pop("global_18"), **entry["scales"]}
    with pytest.raises(ContractError) as caught:
        check(entry)
    assert caught.value.fields["key"] == "scales.global_18.parts"


def test_the_issue_list_is_there():
    named = {
        "rsa_r_provider", "rsa_r_person", "rsa_r_leader", "rsa_n_20", "rki", "raq7", "aim", "iam", "fim", "nomad", "ics",
        "ebpas36", "qpr15", "qpr22", "inspire", "brief_inspire", "brief_inspire_o", "ras24_a", "ras24_b", "ras_ds", "mhrm",
        "swemwbs", "wemwbs", "core10", "ors", "srs", "imrs_client", "imrs_clinician", "phq9", "gad7", "audit", "dudit",
        "reqol10", "pasopp_tsb", "theme_staff", "theme_leader", "wished_user", "wished_leader",
    }
    assert named == set(available())


def test_a_study_names_its_themes(tmp_path):
    from evaltool.instruments import theme_labels

    assert theme_labels(folder=tmp_path) == {}
    (tmp_path / "themes.yaml").write_text("choice:\n  label: {nb: Valg, en: Choice}\n  scale: rsa_r.choice\n", encoding="utf8")
    assert theme_labels(folder=tmp_path)["choice"].scale == "rsa_r.choice"
    (tmp_path / "themes.yaml").write_text("choice: Valg\n", encoding="utf8")
    with pytest.raises(ContractError, match="themes.yaml"):
        theme_labels(folder=tmp_path)
