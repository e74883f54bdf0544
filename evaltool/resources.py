"""The only place that knows where schemas/, dashboards/ and sample_data/ lie (wheel or checkout)."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """Path of ``schemas``, ``dashboards`` or ``sample_data``: in the installed bundle, else beside the checkout."""
    for place in (_PACKAGE / "_bundle" / name, _PACKAGE.parent / name):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"{name} is missing beside {_PACKAGE.name}: reinstall evaltool")


def schema(name: str) -> dict:
    """What one file in ``schemas`` says, by the parser written in C where there is one: it takes an eighth of the time."""
    import yaml

    text = (folder("schemas") / name).read_text(encoding="utf8")
    return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


def text_file(lang: str) -> Path:
    """The catalogue of user text for ``nb`` or ``en``."""
    return _PACKAGE / "text" / f"{lang}.toml"


def report_template(name: str) -> Path:
    """A report template shipped inside the package."""
    return _PACKAGE / "report" / "templates" / name


def font_folder() -> Path:
    """Folder of the Source Sans fonts that the font package brings (same family as Streamlit's own)."""
    import font_source_sans_pro

    return Path(font_source_sans_pro.__file__).parent / "files"
