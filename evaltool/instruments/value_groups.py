"""value_groups.yaml: which group (CHIME) each value of the values exercise belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .. import resources
from ..errors import ContractError

FILE = "value_groups.yaml"


@dataclass(frozen=True)
class ValueGroup:
    """One group of values, with its label in ``nb`` and ``en``; values in lower case."""

    id: str
    label: Mapping[str, str]
    values: frozenset[str]


def value_groups(*, folder: Path | None = None) -> tuple[ValueGroup, ...]:
    """The groups in ``folder`` (a study's), else the shipped ones. Raises ContractError for a file of another form, or a
    value in two groups."""
    import yaml

    own = None if folder is None else folder / FILE
    path = own if own is not None and own.is_file() else resources.folder("schemas") / FILE
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf8"))
        found = tuple(
            ValueGroup(id=str(name), label={lang: str(entry["label"][lang]) for lang in ("nb", "en")},
                       values=frozenset(str(value).strip().lower() for value in entry["values"]))
            for name, entry in raw.items())
    except (yaml.YAMLError, AttributeError, KeyError, TypeError) as error:
        raise ContractError("value_groups_form", file=path.name) from error
    seen: set[str] = set()
    for group in found:
        if twice := seen & group.values:
            raise ContractError("value_groups_twice", file=path.name, got=", ".join(sorted(twice)))
        seen |= group.values
    return found
