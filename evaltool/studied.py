"""A measure as this study reads it: with its own smallest important change where study.toml sets one."""

from __future__ import annotations

import dataclasses

from .disclosure import demand_release
from .measures import Measure, measure
from .result import Release
from .text import LANGUAGES, t
from .text.formats import quantity


def studied(*, release: Release, name: str) -> Measure:
    """``measure(name)`` with the smallest important change the estimates of ``release`` were judged by, and its source."""
    found = measure(name)
    own = demand_release(release).spec.important.get(name)
    if own is None:
        return found
    source = {lang: t("finding.own_limit", lang, limit=quantity(own, found.unit, lang, found.decimals),
                      unit=t(f"unit.change_{found.unit}" if found.unit != "share" else "unit.share", lang)) for lang in LANGUAGES}
    return dataclasses.replace(found, important=own, important_certainty="study", texts={**found.texts, "important_source": source})
