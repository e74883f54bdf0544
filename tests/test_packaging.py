"""What is shipped, and on what: the exact files of the wheel, the allow-list of the sdist, the pinned packages."""

from __future__ import annotations

import fnmatch
import importlib.metadata
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

import evaltool

ROOT = Path(__file__).resolve().parents[1]
BUNDLED = ("schemas", "dashboards", "sample_data")

MAY_SHIP = {
    "evaltool": ("*.py", "py.typed", "text/nb.toml", "text/en.toml", "report/templates/*.typ",
                 "report/templates/*.html", "report/templates/*.css"),
    "schemas": ("*.yaml", "tables/*.yaml", "instruments/*.yaml", "instruments/README.md"),
    "dashboards": ("*.py", "views/*.py", ".streamlit/config.toml", "static/*.png", "static/*.svg"),
    "sample_data": tuple(f"fjordvik/{name}" for name in (
        "study.toml", "truth.toml",
        "register/departments.csv", "register/rollout.csv", "register/components.csv",
        "maps/stays.toml", "maps/user_survey.toml", "maps/staff_survey.toml", "maps/persons.toml", "maps/invitations.toml",
        "maps/sessions.toml", "maps/contacts.toml", "maps/values_exercise.toml", "maps/coded_themes.toml", "themes.yaml",
        "raw/opphold.csv", "raw/opphold_with_faults.csv", "raw/brukere.sav", "raw/brukere_with_faults.csv",
        "raw/ansatte.xlsx", "raw/ansatte_with_faults.xlsx", "raw/personer.csv", "raw/invitasjoner.csv",
        "raw/samtaler.csv", "raw/kontakter.csv", "raw/verdiovelse.csv", "raw/temaer.csv",
    )),
}
"""Patterns of what a folder may ship. A stray patient extract must never: sample_data lists every file by name."""


def tracked(folder: str) -> set[str]:
    """Files of ``folder`` that git knows (also staged ones), as paths from the root."""
    listed = subprocess.run(["git", "ls-files", folder], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(listed.stdout.split("\n")) - {""}


def in_wheel(path: str) -> str:
    return f"evaltool/_bundle/{path}" if path.split("/")[0] in BUNDLED else path


def built(kind: str, folder: Path) -> Path:
    subprocess.run([sys.executable, "-m", "build", f"--{kind}", "--no-isolation", "--outdir", str(folder), str(ROOT)],
                   check=True, capture_output=True, cwd=folder)
    return next(p for p in folder.iterdir() if p.suffix in (".whl", ".gz"))


@pytest.mark.checkout
@pytest.mark.slow
def test_the_wheel_has_exactly_the_tracked_files(tmp_path):
    wheel = zipfile.ZipFile(built("wheel", tmp_path))
    got = {name for name in wheel.namelist() if ".dist-info/" not in name}
    want = {in_wheel(path) for folder in MAY_SHIP for path in tracked(folder)}
    assert got == want, f"not tracked: {sorted(got - want)}; left behind: {sorted(want - got)}"


@pytest.mark.checkout
@pytest.mark.parametrize("folder", list(MAY_SHIP))
def test_only_known_files_may_ship(folder):
    """Also files that nobody has tracked yet: they would go into a wheel built here."""
    ignored = subprocess.run(["git", "ls-files", "--others", "--ignored", "--exclude-standard", folder], cwd=ROOT,
                             capture_output=True, text=True, check=True).stdout.split("\n")
    here = {p.relative_to(ROOT).as_posix() for p in (ROOT / folder).rglob("*") if p.is_file()} - set(ignored)
    stray = {path for path in here
             if not any(fnmatch.fnmatch(path.removeprefix(f"{folder}/"), allowed) for allowed in MAY_SHIP[folder])}
    assert stray == set()


@pytest.mark.checkout
def test_the_sample_is_small():
    size = sum(p.stat().st_size for p in (ROOT / "sample_data").rglob("*") if p.is_file())
    assert size < 6_000_000


@pytest.mark.checkout
@pytest.mark.slow
def test_the_sdist_has_nothing_beside_its_list(tmp_path):
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))
    allowed = listed["tool"]["hatch"]["build"]["targets"]["sdist"]["only-include"]
    with tarfile.open(built("sdist", tmp_path)) as archive:
        names = {member.name.split("/", 1)[1] for member in archive.getmembers() if member.isfile()}
    tops = {name.split("/")[0] for name in names}
    assert tops == {*allowed, "PKG-INFO", ".gitignore"}
    inside = {name for name in names if name.split("/")[0] in allowed}
    assert inside == {path for top in allowed for path in tracked(top)}


@pytest.mark.checkout
def test_constraints_pin_the_whole_closure_and_nothing_else():
    from packaging.requirements import Requirement
    from packaging.utils import canonicalize_name

    lines = (ROOT / "constraints.txt").read_text(encoding="utf8").splitlines()
    pinned = dict(line.split("==") for line in lines if line and not line.startswith("#"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf8"))
    waiting = [Requirement(text) for text in (
        *project["project"]["dependencies"], *project["project"]["optional-dependencies"]["test"],
        *project["build-system"]["requires"])]
    seen = set()
    while waiting:
        wanted = waiting.pop()
        if (key := (canonicalize_name(wanted.name), frozenset(wanted.extras))) in seen:
            continue
        seen.add(key)
        for text in importlib.metadata.requires(wanted.name) or ():
            need = Requirement(text)
            if need.marker is None or any(need.marker.evaluate({"extra": e}) for e in (wanted.extras or {""})):
                waiting.append(need)
    assert set(pinned) == {name for name, _ in seen}
    assert {name: importlib.metadata.version(name) for name in pinned} == pinned


@pytest.mark.checkout
def test_no_address_of_a_package_index_anywhere():
    asked = subprocess.run(["git", "grep", "-n", "-I", "-i", "-E", r"--index-?url|--find-links|^-i |https?://[^ ]*/simple\b"],
                           cwd=ROOT, capture_output=True, text=True, check=False)
    assert [line for line in asked.stdout.splitlines() if "test_packaging.py" not in line] == []


def test_evaltool_comes_from_where_this_run_says(request):
    """In the second run of ``make test`` nothing may come from the checkout, whose tests these are."""
    home = Path(evaltool.__file__).resolve()
    if request.config.getoption("--installed"):
        assert home.is_relative_to(Path(sys.prefix).resolve()), home
        assert not (ROOT / "evaltool").exists(), "the tests must stand in another folder than the package"
        assert [name for name in BUNDLED if not (home.parent / "_bundle" / name).is_dir()] == []
    else:
        assert home == ROOT / "evaltool" / "__init__.py"


def test_the_version_is_said_once():
    assert importlib.metadata.version("evaltool") == evaltool.__version__
    assert re.fullmatch(r"\d+\.\d+\.\d+", evaltool.__version__)
