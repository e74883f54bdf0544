"""Words live in text/*.toml and in the schemas: both languages equal, every key used, no sentence in Python, and
every command, measure, rule and column explained in the documentation."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

from evaltool import contracts, errors, settings
from evaltool.measures import register
from evaltool.text import LANGUAGES, catalogue

ROOT = Path(__file__).resolve().parents[1]

pytestmark = pytest.mark.checkout


@cache
def trees() -> dict[str, ast.Module]:
    paths = [p for top in ("evaltool", "dashboards") for p in sorted((ROOT / top).rglob("*.py"))]
    return {p.relative_to(ROOT).as_posix(): ast.parse(p.read_text(encoding="utf8")) for p in paths}


def docstrings(tree: ast.Module) -> set[int]:
    """Identities of the constants that stand as documentation: a string that is a statement of its own."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def strings(tree: ast.Module) -> Iterator[ast.Constant]:
    """String constants that are not documentation."""
    skip = docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in skip:
            yield node


def pattern(text: ast.JoinedStr) -> str:
    """``f"verdict.{code}"`` as a pattern with one group per hole."""
    return "".join(re.escape(part.value) if isinstance(part, ast.Constant) else "(.+?)" for part in text.values)


@cache
def words() -> frozenset[str]:
    """Everything a hole of a key can be filled with: constants, keyword and field names, and what the schemas say."""
    found = set()
    for tree in trees().values():
        found |= {node.value for node in strings(tree)}
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg:
                found.add(node.arg)
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                found.add(node.target.id)
    for path in (ROOT / "schemas").rglob("*.yaml"):
        found |= set(re.findall(r"\w+", path.read_text(encoding="utf8")))
    return frozenset(found)


@cache
def fragments() -> frozenset[str]:
    return frozenset(piece for word in words() if re.fullmatch(r"\w+", word) for piece in word.split("_"))


def can_be_made(text: str) -> bool:
    """A word of the source, or such words joined by underscores (``mixed_department`` and ``_slope``)."""
    return text in words() or set(text.split("_")) <= fragments()


@cache
def patterns() -> dict[str, list[re.Pattern]]:
    """Every key made by an f-string, by the table of the catalogue that it begins with."""
    made: dict[str, list[re.Pattern]] = {}
    for tree in trees().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr) and (table := re.match(r"([a-z_]+)\\\.", pattern(node))):
                made.setdefault(table.group(1), []).append(re.compile(pattern(node)))
    return made


def test_both_languages_have_the_same_keys():
    nb, en = (set(catalogue(lang)) for lang in LANGUAGES)
    assert nb == en, f"only nb: {sorted(nb - en)}, only en: {sorted(en - nb)}"


def test_both_languages_fill_in_the_same_values():
    def holes(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    nb, en = (catalogue(lang) for lang in LANGUAGES)
    assert {k: (holes(nb[k]), holes(en[k])) for k in nb if holes(nb[k]) != holes(en[k])} == {}


def test_no_text_is_empty_or_the_same_by_mistake():
    """A long sentence that reads the same in both languages has not been translated."""
    nb, en = (catalogue(lang) for lang in LANGUAGES)
    assert [k for k in nb if not nb[k].strip() or not en[k].strip()] == []
    bare = {k: re.sub(r"{.*?}", "", nb[k]) for k in nb if nb[k] == en[k]}
    assert [k for k, text in bare.items() if len(re.findall(r"[a-zæøå]{3,}", text)) > 3] == []


def test_every_key_is_used():
    unused = []
    for key in catalogue("nb"):
        table, rest = key.split(".", 1)
        if key in words() or (table == "errors" and rest in words()):
            continue
        fits = [p.fullmatch(key) for p in patterns().get(table, []) if table != "errors"]
        fits += [re.fullmatch(p, rest) for p in error_patterns() if table == "errors"]
        if not any(m and all(map(can_be_made, m.groups())) for m in fits):
            unused.append(key)
    assert unused == []


def error_calls() -> Iterator[tuple[str, ast.Call]]:
    names = {name for name in dir(errors) if name.endswith("Error")}
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in names and node.args:
                yield f"{path}:{node.lineno}", node


@cache
def error_patterns() -> list[str]:
    return [pattern(call.args[0]) for _, call in error_calls() if isinstance(call.args[0], ast.JoinedStr)]


def test_every_error_has_its_sentence_and_its_values():
    wrong = []
    for place, call in error_calls():
        code = call.args[0].value if isinstance(call.args[0], ast.Constant) else None
        if code is None:
            continue
        if f"errors.{code}" not in catalogue("nb"):
            wrong.append(f"{place} {code}: no sentence")
            continue
        needs = {name for _, name, _, _ in Formatter().parse(catalogue("nb")[f"errors.{code}"]) if name}
        given = {k.arg for k in call.keywords}
        if None not in given and not needs <= given:
            wrong.append(f"{place} {code}: {sorted(needs - given)} not given")
    assert wrong == []


def test_every_sentence_asked_for_exists_and_gets_its_values():
    wrong = []
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "t" and node.args):
                continue
            place, key = f"{path}:{node.lineno}", node.args[0]
            if isinstance(key, ast.JoinedStr) and not any(re.fullmatch(pattern(key), k) for k in catalogue("nb")):
                wrong.append(f"{place} {ast.unparse(key)}: fits no key")
            if not (isinstance(key, ast.Constant) and isinstance(key.value, str)):
                continue
            if key.value not in catalogue("nb"):
                wrong.append(f"{place} {key.value}: no such key")
                continue
            needs = {name for _, name, _, _ in Formatter().parse(catalogue("nb")[key.value]) if name}
            given = {k.arg for k in node.keywords}
            if None not in given and needs != given:
                wrong.append(f"{place} {key.value}: needs {sorted(needs)}, gets {sorted(given)}")
    assert wrong == []


def test_no_sentences_in_python():
    """Norwegian letters, or five words and a full stop, outside documentation; the synthetic world has its own names."""
    rows = []
    for path, tree in trees().items():
        if path.startswith("evaltool/synthetic/"):
            continue
        for node in strings(tree):
            text = node.value
            if re.search(r"[æøåÆØÅ]", text) or (len(re.findall(r"[A-Za-z]{2,}", text)) >= 5 and re.search(r"[a-z][.?!]$", text)):
                rows.append(f"{path}:{node.lineno} {text[:60]!r}")
    assert rows == []


@cache
def documentation() -> str:
    paths = [ROOT / "README.md", ROOT / "METHODS.md", *sorted((ROOT / "docs").glob("*.md"))]
    return "\n".join(p.read_text(encoding="utf8") for p in paths if p.exists())


def undocumented(names: set[str]) -> list[str]:
    return sorted(name for name in names if not re.search(rf"(?<![\w.]){re.escape(name)}(?![\w])", documentation()))


def commands() -> set[str]:
    import typer.main

    from evaltool.cli import app

    return set(typer.main.get_command(app).commands)


def test_every_command_is_documented_and_the_reverse():
    assert undocumented({f"evaltool {name}" for name in commands()}) == []
    code = "\n".join(re.findall(r"(?s)```.*?```|`[^`\n]+`", documentation()))
    told = set(re.findall(r"(?:^|`|/|\$ )evaltool ([a-z]+)\b", code, re.MULTILINE))
    assert told - commands() == set()


def test_every_measure_is_documented():
    assert undocumented(set(register())) == []


def test_every_table_and_column_is_documented():
    names = {name for table in contracts.names() for name in (table, *contracts.contract(table).columns)}
    assert names and undocumented(names) == []


def test_every_rule_is_documented_and_the_reverse():
    rules = {*contracts.cell_rules(), *(code for table in contracts.names() for code in contracts.contract(table).rules)}
    assert undocumented(rules) == []
    told = set(re.findall(r"^\| `([A-Z]\d\d)` \|", documentation(), re.MULTILINE))
    assert told - rules == set()


def test_every_key_of_study_toml_is_documented():
    assert undocumented({name for name, *_ in settings.keys()}) == []
