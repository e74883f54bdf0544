"""Everything that is shown is on the attacker's list: a new maker of numbers, or a new kind of row, that is not fails here."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from attack_cells import known_kind
from attack_study import MAKERS, PASSED_BY, STATUS

import evaltool
from evaltool.measures import KINDS
from evaltool.status import status

ROOT = Path(evaltool.__file__).parent
ABOVE = ("ui", "cli", "report", "export", "figures")
"""What shows something."""


def trees():
    for path in ROOT.rglob("*.py"):
        yield path, ast.parse(path.read_text(encoding="utf8"))


def test_whatever_opens_the_gate_is_attacked():
    opens = {path.stem for path, tree in trees() for node in ast.walk(tree) if path.relative_to(ROOT).parts[0] not in (*ABOVE, "disclosure")
             and isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("gated", "release", "rounded")}
    assert opens == set(MAKERS)


def test_whatever_shows_something_gets_it_from_there():
    """Pages and commands call the functions of the list, or read of the store what tells of nobody."""
    shown = [path for path in ROOT.rglob("*.py") if path.relative_to(ROOT).parts[0] in ABOVE] + list((ROOT.parent / "dashboards").rglob("*.py"))
    assert len(shown) > 100
    for path in shown:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[-1] == "store" and node.level:
                left = {one.name for one in node.names} - set(PASSED_BY)
                assert not left, f"{path.name} reads {left} of the store: attack it, or say in PASSED_BY why it tells of nobody"


def test_the_state_of_a_study_is_on_the_list(fjordvik):
    assert set(status(study=fjordvik)) <= set(STATUS)
    assert all(len(why) > 5 for why in (*STATUS.values(), *PASSED_BY.values()))


def test_every_kind_of_row_is_known_to_the_attacker():
    """Also those that the sample has none of: every kind that is written in the code."""
    kinds = set()
    for path in [*(ROOT / "compare").rglob("*.py"), *(ROOT / "indicators").rglob("*.py"), ROOT / "disclosure" / "coarser.py"]:
        kinds |= set(re.findall(r'"kind": f?"([a-z_]+)|\bkind=f?"([a-z_]+)', path.read_text(encoding="utf8")))
    kinds = {one or other for one, other in kinds} - {"stable", *KINDS}
    assert len(kinds) > 15
    assert not [kind for kind in kinds if not known_kind(kind)]
