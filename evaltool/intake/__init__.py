"""Source files as text, and the mapping that says what their columns are."""

from __future__ import annotations

from .mapping import ColumnMap, FileMapping, ItemMap, parse_mapping, read_mapping
from .source import KINDS, Source, read_source

__all__ = ["KINDS", "ColumnMap", "FileMapping", "ItemMap", "Source", "parse_mapping", "read_mapping", "read_source"]
