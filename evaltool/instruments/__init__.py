"""schemas/instruments/*.yaml -> ``Instrument``: one form, how it is scored and how sure each fact is."""

from __future__ import annotations

from .model import Evidence, Fact, Instrument, Item, Scale, Skip
from .read import available, instrument, own
from .theme_labels import ThemeLabel, theme_labels
from .value_groups import ValueGroup, value_groups

__all__ = ["Evidence", "Fact", "Instrument", "Item", "Scale", "Skip", "ThemeLabel", "ValueGroup", "available", "instrument", "own",
           "theme_labels", "value_groups"]
