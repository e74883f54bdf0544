"""themes.yaml of a study: what its coded themes are called, and which scale each is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ..errors import ContractError

FILE = "themes.yaml"


@dataclass(frozen=True)
class ThemeLabel:
    """One theme: its ``label`` in ``nb`` and ``en``, and the ``scale`` (``rsa_r.choice``) that asks about the same, or ""."""

    label: Mapping[str, str]
    scale: str


def theme_labels(*, folder: Path) -> dict[str, ThemeLabel]:
    """The themes named in ``folder``/themes.yaml by id; none where there is no such file. Raises ContractError for a file
    of another form."""
    import yaml

    path = folder / FILE
    if not path.is_file():
        return {}
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf8"))
        return {
            str(name): ThemeLabel({lang: str(entry["label"][lang]) for lang in ("nb", "en")}, str(entry.get("scale", "")))
            for name, entry in raw.items()
        }
    except (yaml.YAMLError, AttributeError, KeyError, TypeError) as error:
        raise ContractError("themes_form", file=path.name) from error
