"""Values as TOML text (the standard library reads TOML but does not write it)."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping


def value(item: object) -> str:
    """One TOML value: text, number, truth, date, list or inline table."""
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, str):
        return json.dumps(item, ensure_ascii=False)
    if isinstance(item, dt.date | dt.datetime):
        return item.isoformat()
    if isinstance(item, Mapping):
        return "{ " + ", ".join(f"{key(k)} = {value(v)}" for k, v in item.items()) + " }"
    if isinstance(item, list | tuple):
        return "[" + ", ".join(value(v) for v in item) + "]"
    return repr(item)


def key(name: object) -> str:
    """A bare key where TOML allows it, else a quoted one."""
    text = str(name)
    return text if re.fullmatch(r"[A-Za-z0-9_-]+", text) else json.dumps(text, ensure_ascii=False)


def table(heading: str, entries: Mapping[str, object]) -> str:
    """A ``[heading]`` (or ``[[heading]]``, brackets included) with its lines."""
    lines = [f"{key(name)} = {value(item)}" for name, item in entries.items() if item is not None]
    return "\n".join([heading, *lines, ""])
