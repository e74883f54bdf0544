"""The walls of the house (ARCHITECTURE.md): who imports whom, who touches disk and clock, who makes which gate, how
big things get and what they are called. Read from the source, so a wall moved in the text moves here too."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import evaltool

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ("evaltool", "dashboards")

pytestmark = pytest.mark.checkout


@cache
def sources() -> dict[str, ast.Module]:
    """Every Python file of the package and the dashboards by its path from the root, parsed."""
    paths = [p for top in SOURCES for p in sorted((ROOT / top).rglob("*.py"))]
    return {p.relative_to(ROOT).as_posix(): ast.parse(p.read_text(encoding="utf8")) for p in paths}


@cache
def architecture() -> str:
    return " ".join((ROOT / "ARCHITECTURE.md").read_text(encoding="utf8").split())


@cache
def layers() -> dict[str, int]:
    """``{module: height}`` as ARCHITECTURE.md section 4 lists them, low to high."""
    listed = re.search(r"Low to high .*?: (.*?) Nobody imports upward", architecture()).group(1)
    floors = [block.split() for block in re.findall(r"`([^`]+)`", listed)]
    return {name: height for height, floor in enumerate(floors) for name in floor}


def part(path: str) -> str:
    """The name in the layer list that a file belongs to: ``evaltool/compare/mixed.py`` -> ``compare``."""
    steps = path.removesuffix(".py").split("/")
    if steps[0] == "dashboards":
        return "dashboards"
    return "api" if steps[1] == "__init__" else steps[1]


def imported(path: str, tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Absolute dotted names of everything imported in a file, at the top or inside a function."""
    package = path.split("/")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            start = package[:len(package) - node.level + 1] if node.level else []
            base = ".".join([*start, *([node.module] if node.module else [])])
            yield from ((f"{base}.{alias.name}", node.lineno) for alias in node.names)


def inside(name: str) -> str | None:
    """The part of the house that an imported name belongs to, or None for another package."""
    steps = name.split(".")
    if steps[0] == "dashboards":
        return "dashboards"
    if steps[0] != "evaltool":
        return None
    return None if len(steps) == 1 or steps[1] == "__version__" else steps[1]


def house_imports() -> Iterator[tuple[str, str, str, int]]:
    """(path, its part, the part it imports, line) for every import within the house."""
    for path, tree in sources().items():
        for name, line in imported(path, tree):
            if target := inside(name):
                yield path, part(path), target, line


def calls(tree: ast.Module) -> Iterator[tuple[ast.Call, str]]:
    """Every call and the last name it calls: ``pd.read_csv(...)`` -> ``read_csv``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node, getattr(node.func, "attr", getattr(node.func, "id", ""))


def fail_with(rows: list[str], rule: str) -> None:
    assert not rows, rule + ":\n  " + "\n  ".join(rows)


def test_every_module_has_a_floor():
    homeless = sorted({part(path) for path in sources()} - set(layers()))
    fail_with(homeless, "not in the list of ARCHITECTURE.md section 4")


def test_nobody_imports_upward():
    floor = layers()
    rows = [f"{path}:{line} {own} imports {target}" for path, own, target, line in house_imports()
            if floor.get(target, -1) > floor.get(own, 99)]
    fail_with(rows, "upward import")


LIBRARIES = {
    "statsmodels": {"stats"}, "pingouin": {"stats"}, "pandera": {"contracts", "check"}, "plotly": {"figures"},
    "matplotlib": {"figures"}, "streamlit": {"ui", "dashboards"}, "typst": {"report"}, "jinja2": {"report"},
}


def test_each_library_has_one_home():
    rows = [f"{path}:{line} {name}" for path, tree in sources().items() for name, line in imported(path, tree)
            if part(path) not in LIBRARIES.get(name.split(".")[0], {part(path)})]
    fail_with(rows, f"library outside its home {LIBRARIES}")


def test_outputs_depend_on_a_release_only():
    outputs, methods = {"figures", "tables", "findings", "report", "export"}, {"compare", "scoring", "store"}
    rows = [f"{path}:{line} imports {target}" for path, own, target, line in house_imports()
            if own in outputs and target in methods]
    fail_with(rows, "an output imports a method")


def test_analysis_has_no_words():
    gate = layers()["disclosure"]
    rows = [f"{path}:{line}" for path, own, target, line in house_imports()
            if target == "text" and own not in ("errors", "text") and layers().get(own, 99) < gate]
    fail_with(rows, "below the gate only codes: text is imported")


def test_pages_do_not_import_each_other():
    rows = [f"{path}:{line}" for path, own, target, line in house_imports()
            if target == "dashboards" and path.startswith("dashboards/views/")]
    fail_with(rows, "a page imports a page")


DISK_CALLS = {
    "open", "read_text", "read_bytes", "write_text", "write_bytes", "mkdir", "makedirs", "unlink", "rmdir", "rmtree",
    "touch", "copyfile", "copytree", "iterdir", "glob", "rglob", "is_file", "is_dir", "exists", "read_csv", "read_excel",
    "read_parquet", "read_table", "read_sav", "to_parquet", "to_excel", "write_table",
}
DISK_MODULES = {"sqlite3", "shutil", "tempfile", "pyreadstat", "python_calamine", "xlsxwriter"}


def test_only_the_listed_parts_touch_the_disk():
    listed = re.search(r"only `([^`]+)` touch the disk", architecture()).group(1).split()
    rows = []
    for path, tree in sources().items():
        if part(path) in listed:
            continue
        rows += [f"{path}:{node.lineno} {name}(" for node, name in calls(tree)
                 if name in DISK_CALLS or (name == "to_csv" and _has_target(node))]
        rows += [f"{path}:{line} import {name}" for name, line in imported(path, tree)
                 if name.split(".")[0] in DISK_MODULES]
    fail_with(rows, f"touches the disk outside {listed}")


def _has_target(call: ast.Call) -> bool:
    return bool(call.args) or any(k.arg == "path_or_buf" for k in call.keywords)


CLOCK_CALLS = {"now", "today", "utcnow", "localtime", "gmtime", "time_ns"}
CLOCK_WORDS = re.compile(
    r"(Timestamp|to_datetime|datetime64|date|datetime|julianday|unixepoch)\(\\?'(now|today)|CURRENT_(TIMESTAMP|DATE|TIME)\b",
    re.IGNORECASE,
)


def test_only_the_command_line_reads_the_clock():
    rows = []
    for path, tree in sources().items():
        if part(path) == "cli":
            continue
        rows += [f"{path}:{node.lineno} {ast.unparse(node.func)}()" for node, name in calls(tree)
                 if name in CLOCK_CALLS or ast.unparse(node.func) in ("time.time", "time")]
        rows += [f"{path} {found.group()}" for found in CLOCK_WORDS.finditer(ast.unparse(tree))]
    fail_with(rows, "reads the clock")


MAKERS = {"Release": {"disclosure"}, "Result": {"compare", "indicators"}, "Dataset": {"check", "store"}}


def test_gates_are_made_in_one_place_only():
    rows = []
    for path, tree in sources().items():
        for node, name in calls(tree):
            copied = name == "replace" and node.args and getattr(node.args[0], "id", "") in ("release", "released")
            if (name in MAKERS and part(path) not in MAKERS[name]) or (copied and part(path) != "disclosure"):
                rows.append(f"{path}:{node.lineno} {ast.unparse(node)[:60]}")
    fail_with(rows, f"a gate is made outside {MAKERS}")


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of a function without its head and docstring."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body else 0


def test_functions_stay_short():
    rows = [f"{path}:{node.lineno} {node.name}: {body_lines(node)} lines" for path, tree in sources().items()
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and body_lines(node) > 60]
    fail_with(rows, "function body over 60 lines")


@pytest.mark.parametrize(("pattern", "limit"), [("evaltool/**/*.py", 400), ("dashboards/**/*.py", 80),
                                                ("tests/**/*.py", 400)])
def test_files_stay_short(pattern, limit):
    lengths = {p: len(p.read_text(encoding="utf8").splitlines()) for p in sorted(ROOT.glob(pattern))}
    fail_with([f"{p.relative_to(ROOT)}: {n} lines" for p, n in lengths.items() if n > limit], f"over {limit} lines")


def test_every_file_has_a_name_of_its_own():
    nameless = {"utils", "util", "helpers", "helper", "common", "misc", "core", "base"}
    rows = [p.relative_to(ROOT).as_posix() for top in (*SOURCES, "tests") for p in (ROOT / top).rglob("*")
            if p.stem in nameless]
    fail_with(rows, "a file or folder without a name of its own")


def test_tests_mirror_modules():
    """A test file is named for a module, a part of the house, or a folder it stands in."""
    known = {p.stem for top in SOURCES for p in (ROOT / top).rglob("*.py")}
    known |= {p.name for top in SOURCES for p in (ROOT / top).rglob("*") if p.is_dir()}
    whole = {"house", "house_words", "packaging", "truth", "same_numbers", "bad_input", "benchmarks", "browser"}
    rows = [p.relative_to(ROOT).as_posix() for p in (ROOT / "tests").rglob("test_*.py")
            if p.parent.name not in known and not p.stem.removeprefix("test_").startswith(tuple(known | whole))]
    fail_with(rows, "named for nothing in evaltool or dashboards")


def test_public_functions_take_keywords():
    """Everything ``import evaltool`` gives: at most one argument without its name."""
    rows = []
    for name in evaltool.__all__:
        thing = getattr(evaltool, name)
        if inspect.isfunction(thing):
            kinds = [p.kind for p in inspect.signature(thing).parameters.values()]
            if kinds.count(inspect.Parameter.POSITIONAL_OR_KEYWORD) > 1 or inspect.Parameter.VAR_KEYWORD in kinds:
                rows.append(f"{name}{inspect.signature(thing)}")
    fail_with(rows, "not keyword-only")


def test_no_assert_for_input_and_no_blanket_handler():
    rows = []
    for path, tree in sources().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Assert) or (isinstance(node, ast.ExceptHandler) and node.type is None):
                rows.append(f"{path}:{node.lineno}")
            if isinstance(node, ast.ExceptHandler) and all(isinstance(n, ast.Pass) for n in node.body):
                rows.append(f"{path}:{node.lineno} swallows what was raised")
    fail_with(rows, "assert, bare except, or an exception swallowed")


HEAVY = ("pandas", "numpy", "scipy", "statsmodels", "streamlit", "plotly", "matplotlib", "yaml")


@pytest.mark.parametrize("code", [
    "import evaltool",
    "from evaltool.cli import main\nsys.argv = ['evaltool', '--help']\ntry:\n    main()\nexcept SystemExit as end:\n"
    "    assert not end.code, end.code",
])
def test_first_steps_stay_light(code):
    check = f"import sys\n{code}\nheavy = sorted(set({HEAVY}) & set(sys.modules))\nassert not heavy, heavy"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
