"""The format of an instrument file: what is refused, and which key to mend."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping

from ..errors import ContractError
from .item_numbers import numbers_of
from .model import (
    CERTAINTIES, DIRECTIONS, EVIDENCE_KINDS, LACKS, LICENCES, OCCASIONS, PERSPECTIVES, REASONS, RECALLS, RESPONDENTS,
    RULES, SIDES, STATUSES,
)

REQUIRED = (
    "id", "version", "status", "name", "about", "respondent", "perspective", "recall", "response", "items", "scales",
    "facts", "sources", "citation", "licence", "examples",
)
OPTIONAL = ("lacks", "framework", "occasion", "prints_reversed", "parallel", "evidence")
FACTS = ("items", "codes", "reversal", "scoring", "missing_rule", "direction", "licence", "respondent", "recall")
"""Every file says how sure each of these is, and where it comes from; one with a ``framework`` that too."""

ITEM_KEYS = ("nb", "en", "reverse", "codes", "between", "missing", "asked_if", "construct")
SCALE_KEYS = (
    "nb", "en", "items", "reverse", "rule", "multiply", "convert", "parts", "skips", "max_missing",
    "min_share", "not_applicable", "range", "direction", "certainty", "source",
)
EVIDENCE_KEYS = ("kind", "scale", "value", "low", "high", "side", "level", "method", "text", "certainty", "source")
EXAMPLES = ("all_minimum", "all_maximum", "missing_at_rule", "missing_beyond_rule")


def check(raw: Mapping) -> None:
    """Raise ContractError, naming the instrument and the key, at the first breach of the format."""
    name = str(raw.get("id"))
    _keys(name, "", raw, REQUIRED, REQUIRED + OPTIONAL)
    for key in ("response", "items", "scales", "facts", "sources", "licence"):
        if not isinstance(raw[key], Mapping):
            _refuse(name, key, raw[key], "{ ... }")
    if re.fullmatch(r"[a-z][a-z0-9_]*", name) is None:
        _refuse(name, "id", name, "a-z 0-9 _")
    vocabulary = {"status": STATUSES, "respondent": RESPONDENTS, "perspective": PERSPECTIVES, "recall": RECALLS}
    for key, allowed in vocabulary.items():
        _one_of(name, key, raw[key], allowed)
    _one_of(name, "occasion", raw.get("occasion", "wave"), OCCASIONS)
    _members(name, "lacks", raw.get("lacks", ()), LACKS)
    for key in ("name", "about"):
        _both(name, key, raw[key])
    _facts(name, raw)
    _items(name, raw)
    _scales(name, raw)
    _evidence(name, raw)
    _completeness(name, raw)


def _facts(name: str, raw: Mapping) -> None:
    facts = (*FACTS, "framework") if raw.get("framework") else FACTS
    _keys(name, "facts", raw["facts"], facts, facts)
    for fact, entry in raw["facts"].items():
        _sure(name, f"facts.{fact}", entry, raw)
    licence = raw["licence"]
    _keys(name, "licence", licence, ("status", "wording_may_ship", "text"), ("status", "wording_may_ship", "text"))
    _one_of(name, "licence.status", licence["status"], LICENCES)
    _both(name, "licence.text", licence["text"])
    if not str(raw["citation"]).strip():
        _refuse(name, "citation", raw["citation"], "citation")


def _items(name: str, raw: Mapping) -> None:
    response = raw["response"]
    _keys(name, "response", response, (), ("codes", "between", "missing", "anchors"))
    for end, text in (response.get("anchors") or {}).items():
        _both(name, f"response.anchors.{end}", text)
    if list(raw["items"]) != list(range(1, len(raw["items"]) + 1)):
        _refuse(name, "items", ", ".join(map(str, raw["items"])), "1, 2, 3 ...")
    for number, entry in raw["items"].items():
        where = f"items.{number}"
        _keys(name, where, entry, ("nb", "en"), ITEM_KEYS)
        _both(name, where, {key: entry[key] for key in ("nb", "en")})
        _codes(name, where, {**response, **entry})
        if "asked_if" in entry:
            _keys(name, f"{where}.asked_if", entry["asked_if"], ("item", "codes"), ("item", "codes"))
            _members(name, f"{where}.asked_if.item", [entry["asked_if"]["item"]], raw["items"])


def _codes(name: str, where: str, response: Mapping) -> None:
    codes = response.get("codes") or response.get("between") or []
    numbers = all(isinstance(code, (int, float)) and not isinstance(code, bool) for code in codes)
    if len(codes) < 2 or not numbers or list(codes) != sorted(set(codes)):
        _refuse(name, f"{where}.codes", codes, "0, 1, 2 ...")
    for code, reason in (response.get("missing") or {}).items():
        _one_of(name, f"{where}.missing.{code}", reason, REASONS)
        if codes[0] <= code <= codes[-1]:
            _refuse(name, f"{where}.missing", code, f"< {codes[0]} / > {codes[-1]}")


def _scales(name: str, raw: Mapping) -> None:
    scales = raw["scales"]
    for scale, entry in scales.items():
        where = f"scales.{scale}"
        _keys(name, where, entry, ("nb", "en", "rule", "range", "direction", "certainty", "source"), SCALE_KEYS)
        _both(name, where, {key: entry[key] for key in ("nb", "en")})
        _one_of(name, f"{where}.rule", entry["rule"], RULES)
        _one_of(name, f"{where}.direction", entry["direction"], tuple(DIRECTIONS))
        _one_of(name, f"{where}.not_applicable", entry.get("not_applicable", "missing"), ("missing", "excluded"))
        _sure(name, where, entry, raw)
        ends = entry["range"]
        if not isinstance(ends, list) or len(ends) != 2 or not ends[0] < ends[1]:
            _refuse(name, f"{where}.range", ends, "[0, 60]")
        if ("max_missing" in entry) == ("min_share" in entry):
            _refuse(name, where, "max_missing + min_share", "max_missing / min_share")
        if entry["rule"] == "mean_of_scales":
            if not entry.get("parts"):
                _refuse(name, f"{where}.parts", None, ", ".join(scales))
            before = list(scales)[:list(scales).index(scale)]
            _members(name, f"{where}.parts", entry.get("parts", ()), before)
            continue
        for key in ("items", "reverse"):
            _members(name, f"{where}.{key}", _numbers(name, f"{where}.{key}", entry.get(key, ())), raw["items"])
        if not entry.get("items"):
            _refuse(name, f"{where}.items", None, "1-5, 9")
        for skip in entry.get("skips", ()):
            for key in ("when_zero", "items"):
                _members(name, f"{where}.skips.{key}", _numbers(name, f"{where}.skips.{key}", skip[key]), raw["items"])


def _evidence(name: str, raw: Mapping) -> None:
    for position, entry in enumerate(raw.get("evidence", ()), start=1):
        where = f"evidence.{position}"
        _keys(name, where, entry, ("kind", "scale", "value", "certainty", "source"), EVIDENCE_KEYS)
        _one_of(name, f"{where}.kind", entry["kind"], EVIDENCE_KINDS)
        _members(name, f"{where}.scale", [entry["scale"]], raw["scales"])
        _sure(name, where, entry, raw)
        if entry["kind"] == "cutoff":
            _one_of(name, f"{where}.side", entry.get("side"), SIDES)
        if entry["kind"] == "important_change":
            _one_of(name, f"{where}.level", entry.get("level"), ("person", "group"))
        if "text" in entry:
            _both(name, f"{where}.text", entry["text"])


def _completeness(name: str, raw: Mapping) -> None:
    """A slot says what it lacks; everything else has scales and the worked examples its format calls for."""
    if raw["status"] == "slot":
        if not raw.get("lacks"):
            _refuse(name, "lacks", None, "items, reversal, scales ...")
        return
    if not raw["scales"]:
        _refuse(name, "scales", None, "total: ...")
    wanted = list(EXAMPLES)
    items = raw["items"].values()
    if any(entry.get("reverse") for entry in (*items, *raw["scales"].values())):
        wanted.append("reversed")
    reasons = [*(raw["response"].get("missing") or {}).values(), *(r for e in items for r in (e.get("missing") or {}).values())]
    if "not_applicable" in reasons:
        wanted.append("not_applicable")
    got = [example.get("name") for example in raw["examples"] or ()]
    if missing := [example for example in wanted if example not in got]:
        _refuse(name, "examples", ", ".join(map(str, got)), ", ".join(missing))
    for example in raw["examples"]:
        _keys(name, f"examples.{example.get('name')}", example, ("name", "answers", "scores"), ("name", "answers", "scores"))


def _keys(name: str, where: str, entry: object, required: Iterable[str], allowed: Iterable[str]) -> None:
    if not isinstance(entry, Mapping):
        _refuse(name, where, entry, ", ".join(required))
    prefix = f"{where}." if where else ""
    for key in entry:
        if key not in allowed:
            near = difflib.get_close_matches(str(key), list(allowed), n=1)
            _refuse(name, f"{prefix}{key}", key, near[0] if near else ", ".join(allowed))
    if missing := [key for key in required if key not in entry]:
        raise ContractError("instrument_missing", instrument=name, key=f"{prefix}{missing[0]}")


def _both(name: str, where: str, text: object) -> None:
    if not isinstance(text, Mapping) or set(text) != {"nb", "en"} or not all(str(part or "").strip() for part in text.values()):
        raise ContractError("instrument_text", instrument=name, key=where)


def _sure(name: str, where: str, entry: Mapping, raw: Mapping) -> None:
    for key in ("certainty", "source"):
        if key not in entry:
            raise ContractError("instrument_missing", instrument=name, key=f"{where}.{key}")
    _one_of(name, f"{where}.certainty", entry["certainty"], CERTAINTIES)
    _members(name, f"{where}.source", [entry["source"]], raw["sources"])


def _numbers(name: str, where: str, value: object) -> tuple[int, ...]:
    try:
        return numbers_of(value) if value != () else ()
    except ValueError:
        _refuse(name, where, value, "1-5, 9")


def _members(name: str, where: str, got: Iterable, known: Iterable) -> None:
    known = list(known or ())
    for value in got:
        if value not in known:
            _refuse(name, where, value, ", ".join(map(str, known)))


def _one_of(name: str, where: str, got: object, allowed: Iterable[str]) -> None:
    if got not in allowed:
        _refuse(name, where, got, ", ".join(allowed))


def _refuse(name: str, key: str, got: object, expected: str) -> None:
    raise ContractError("instrument_value", instrument=name, key=key, got=got, expected=expected)
