"""Every function that shows something refuses what has not passed the gate: found by looking, so that none is forgotten."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from pathlib import Path

import pytest
from small_result import small_result

import evaltool
from evaltool.errors import UsageError

SHOWS = ("figures", "tables", "findings", "export", "report", "process")
GIVEN = {"lang": "nb", "measure": "qpr15_total", "measure_id": "qpr15_total", "department": "a", "formats": ("html",)}


def functions():
    """(name, function, names of its parameters that are a Release) of everything public in the parts that show."""
    for part in SHOWS:
        top = importlib.import_module(f"evaltool.{part}")
        names = [m.name for m in pkgutil.iter_modules(getattr(top, "__path__", []), f"evaltool.{part}.")]
        for module in [top, *map(importlib.import_module, names)]:
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


def test_nothing_that_shows_takes_a_result():
    for part in SHOWS:
        for path in sorted((Path(evaltool.__file__).parent).glob(f"{part}*/**/*.py")) + [Path(evaltool.__file__).parent / f"{part}.py"]:
            assert not path.is_file() or ": Result" not in path.read_text(encoding="utf8"), path
