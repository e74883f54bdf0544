"""YAML -> ``Instrument``; a study's own folder adds files and fills slots."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from .. import resources
from ..errors import ContractError, UsageError
from .contract import check
from .item_numbers import numbers_of
from .model import DIRECTIONS, Evidence, Fact, Instrument, Item, Scale, Skip


def available(*, folder: Path | None = None) -> tuple[str, ...]:
    """Ids of all instruments, those in a study's ``folder`` (its ``instruments/``) included, sorted."""
    return tuple(sorted({path.stem for path in _files(_shipped())} | set(_local(folder))))


def own(*, folder: Path | None = None) -> tuple[str, ...]:
    """Ids of the instruments that a study's ``folder`` adds or fills, sorted."""
    return tuple(sorted(_local(folder)))


def instrument(name: str, *, folder: Path | None = None) -> Instrument:
    """The instrument ``name``. A file in ``folder`` with that id wins; one with ``key_for: name`` fills the slot.

    Raises UsageError for an unknown name and ContractError for a file that breaks the format.
    """
    local = _local(folder)
    if name in local:
        return _instrument(local[name])
    path = _shipped() / f"{name}.yaml"
    if re.fullmatch(r"[a-z0-9_]+", name) is None or not path.is_file():
        raise UsageError("unknown_instrument", got=name, expected=", ".join(available(folder=folder)))
    return _shipped_instrument(path)


@cache
def _shipped_instrument(path: Path) -> Instrument:
    return _instrument(_yaml(path))


def _shipped() -> Path:
    return resources.folder("schemas") / "instruments"


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yaml"))


def _local(folder: Path | None) -> dict[str, Mapping]:
    """Raw local instruments by id; a file with ``key_for`` is laid over the shipped one it completes."""
    if folder is None or not folder.is_dir():
        return {}
    found: dict[str, Mapping] = {}
    for path in _files(folder):
        raw = _yaml(path)
        base = raw.pop("key_for", None)
        if base is None:
            raw.setdefault("status", "local")
        else:
            raw = {**_laid_over(base, raw, "key_for"), "id": base, "status": "local", "lacks": []}
        found[str(raw.get("id", path.stem))] = raw
    return found


def _laid_over(base: str, own: Mapping, key: str) -> dict:
    """The shipped file ``base`` with the parts of ``own`` on top; its published numbers hold for its own form only."""
    path = _shipped() / f"{base}.yaml"
    if not path.is_file():
        raise ContractError("instrument_value", instrument=str(own.get("id", base)), key=key, got=base, expected=", ".join(available()))
    raw = _yaml(path)
    if key == "like":
        raw.pop("evidence", None)
    for part, value in own.items():
        known = raw.get(part)
        merges = isinstance(known, dict) and isinstance(value, dict) and "count" not in known
        raw[part] = {**known, **value} if merges else value
    return raw


def _yaml(path: Path) -> dict:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        raw = yaml.load(path.read_text(encoding="utf8"), Loader=loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise ContractError("instrument_yaml", file=path.name, line=line) from error
    if not isinstance(raw, dict):
        raise ContractError("instrument_yaml", file=path.name, line=1)
    return raw


def _instrument(raw: Mapping) -> Instrument:
    if "like" in raw:
        raw = _laid_over(raw["like"], {part: value for part, value in raw.items() if part != "like"}, "like")
    raw = {**raw, "items": _listed(raw.get("items"))}
    check(raw)
    items = tuple(_item(raw, number, entry) for number, entry in (raw.get("items") or {}).items())
    return Instrument(
        id=raw["id"], version=raw["version"], status=raw["status"], lacks=tuple(raw.get("lacks", ())), name=raw["name"],
        about=raw["about"], respondent=raw["respondent"], perspective=raw["perspective"],
        framework=raw.get("framework", ""), recall=raw["recall"], occasion=raw.get("occasion", "wave"),
        anchors=raw["response"].get("anchors", {}), prints_reversed=raw.get("prints_reversed", False),
        parallel=raw.get("parallel", ""), items=items,
        scales=tuple(_scale(name, entry, items) for name, entry in (raw.get("scales") or {}).items()),
        facts={name: Fact(**entry) for name, entry in raw["facts"].items()},
        evidence=tuple(_evidence(entry) for entry in raw.get("evidence", ())), sources=raw["sources"],
        citation=raw["citation"], licence=raw["licence"], examples=tuple(raw.get("examples", ())),
    )


def _listed(items: object) -> object:
    """``{count: 20, nb: ..., en: ...}`` (topics not known) as 20 numbered items; anything else as it stands."""
    if not isinstance(items, dict) or "count" not in items:
        return items
    return {n: {lang: f"{items[lang]} {n}" for lang in ("nb", "en")} for n in range(1, items["count"] + 1)}


def _item(raw: Mapping, number: int, entry: Mapping) -> Item:
    response = {**raw["response"], **entry}
    asked = entry.get("asked_if")
    continuous = "between" in entry or ("between" in response and "codes" not in entry)
    return Item(
        number=number, column=f"{raw['id']}_{number:02d}", topic={"nb": entry["nb"], "en": entry["en"]},
        codes=tuple(float(code) for code in response["between" if continuous else "codes"]), continuous=continuous,
        missing=dict(response.get("missing") or {}), reverse=entry.get("reverse", False),
        asked_if=(asked["item"], tuple(float(code) for code in asked["codes"])) if asked else None,
        construct=entry.get("construct", ""),
    )


def _scale(name: str, entry: Mapping, items: tuple[Item, ...]) -> Scale:
    numbers = numbers_of(entry.get("items", ()))
    reverse = entry.get("reverse", [item.number for item in items if item.reverse])
    convert = entry.get("convert")
    return Scale(
        id=name, label={"nb": entry["nb"], "en": entry["en"]}, items=numbers,
        reverse=tuple(number for number in numbers_of(reverse) if number in numbers), rule=entry["rule"],
        multiply=float(entry.get("multiply", 1)),
        convert={float(raw): float(metric) for raw, metric in convert.items()} if convert else None,
        parts=tuple(entry.get("parts", ())),
        skips=tuple(Skip(numbers_of(skip["when_zero"]), numbers_of(skip["items"])) for skip in entry.get("skips", ())),
        max_missing=entry.get("max_missing"), min_share=entry.get("min_share"),
        not_applicable=entry.get("not_applicable", "missing"), range=tuple(float(end) for end in entry["range"]),
        direction=DIRECTIONS[entry["direction"]], fact=Fact(entry["certainty"], entry["source"]),
    )


def _evidence(entry: Mapping) -> Evidence:
    return Evidence(
        kind=entry["kind"], scale=entry["scale"], value=float(entry["value"]), low=entry.get("low"),
        high=entry.get("high"), side=entry.get("side", ""), level=entry.get("level", ""),
        method=entry.get("method", ""), text=entry.get("text", {}), fact=Fact(entry["certainty"], entry["source"]),
    )
