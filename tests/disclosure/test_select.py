"""Every function that shows something refuses what has not passed the gate: found by looking, so that none is forgotten."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import pytest
from small_result import small_result

import evaltool
from evaltool.errors import UsageError

ROOT = Path(evaltool.__file__).parent
SESSION = ("ui",)
"""Needs a browser session to be called; ``test_pages_and_commands_never_hold_a_result`` looks at what it can get hold of."""
GIVEN = {"departments": ("a",), "lang": "nb", "measure": "qpr15_total", "measure_id": "qpr15_total", "department": "a", "formats": ("html",), "name": "qpr15_total"}


def modules():
    """Every module whose source names a Release, wherever it is: a new one is looked at without being listed here."""
    for found in pkgutil.walk_packages(evaltool.__path__, "evaltool."):
        path = ROOT.joinpath(*found.name.split(".")[1:])
        path = path / "__init__.py" if found.ispkg else path.with_suffix(".py")
        if found.name.split(".")[1] not in SESSION and "Release" in path.read_text(encoding="utf8"):
            yield importlib.import_module(found.name)


def functions():
    """(name, function, names of its parameters that are a Release) of everything public outside ``SESSION``."""
    for module in modules():
        for name, one in vars(module).items():
            if inspect.isfunction(one) and one.__module__ == module.__name__ and not name.startswith("_"):
                wanted = [p.name for p in inspect.signature(one).parameters.values() if str(p.annotation) in ("Release", "Release | None")]
                if wanted:
                    yield f"{module.__name__}.{name}", one, wanted


FOUND = list(functions())


def test_there_are_many():
    assert len(FOUND) > 25, [name for name, _, _ in FOUND]


@pytest.mark.parametrize(("name", "function", "wanted"), FOUND, ids=[name for name, _, _ in FOUND])
def test_a_result_is_refused(name, function, wanted, tmp_path):
    result = small_result(persons={"a": (9, 9)})
    given = {}
    for p in inspect.signature(function).parameters.values():
        if p.name in wanted:
            given[p.name] = result
        elif p.default is inspect.Parameter.empty:
            given[p.name] = tmp_path / "out" if "Path" in str(p.annotation) else GIVEN.get(p.name)
    with pytest.raises(UsageError) as refused:
        function(**given) if all(p.kind is p.KEYWORD_ONLY for p in inspect.signature(function).parameters.values()) else function(
            *given.values())
    assert refused.value.code == "not_released"
    assert not list(Path(tmp_path).rglob("*.*")), "something was written before the refusal"


def test_pages_and_commands_never_hold_a_result():
    """What makes a Result is not imported there, so a page or a command cannot show one; nor can it open the gate itself."""
    makes = {name for path in (ROOT / "compare").glob("*.py") for name in re.findall(r"^def (\w+)\([^)]*\) -> Result:", path.read_text(encoding="utf8"), re.M)}
    assert {"answer", "before_after", "readmission_by", "spread"} <= makes
    pages = [*ROOT.glob("ui/*.py"), *ROOT.glob("cli/*.py"), *(ROOT.parent / "dashboards").rglob("*.py")]
    assert len(pages) > 60
    for path in pages:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf8"))):
            if isinstance(node, ast.ImportFrom):
                names, source = {alias.name for alias in node.names}, node.module or ""
                assert not ("compare" in source.split(".") and names & makes), path
                assert not ("disclosure" in source.split(".") and "release" in names), path


def test_only_the_gate_and_what_is_below_takes_a_result():
    for path in ROOT.rglob("*.py"):
        if path.relative_to(ROOT).parts[0] not in ("compare", "disclosure", "result.py"):
            assert not re.search(r": Result\b", path.read_text(encoding="utf8")), path
