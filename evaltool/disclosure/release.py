"""``release``: the only way from a Result to something that is shown."""

from __future__ import annotations

from collections.abc import Set

import numpy as np
import pandas as pd

from ..errors import PrivacyError
from ..result import Release, Result
from .estimates import release_estimates, release_notes
from .memory import KEYS, NUMBERS, differs_little, unchanged, under_other_names
from .policies import Policy
from .reasons import counted
from .series import release_series


def release(
    *, result: Result, policy: Policy, seen: pd.DataFrame | None = None, definition: str = "",
    closed: Set[tuple[str, str, str]] = frozenset(),
) -> Release:
    """``result`` with everything hidden that ``policy`` does not allow; hidden cells are emptied, not masked.

    Released rows carry ``status`` (shown, suppressed, no_data, not_identified) and, where suppressed, the code of the
    ``reason``. Nothing hidden can be worked out from totals, phases, series, shares or several measures together.

    seen: the cells this reader has been shown before (``store.released_cells``). Those that are the same now she knows,
    and nothing new may uncover what is hidden beside them; a number that differs by too few persons from one shown of
    other data or another ``definition`` is hidden. Raises PrivacyError where the same data, cut another way, would
    single out fewer persons than the limit. closed: what another release of the same rows hides (``closed_by``): it stays
    hidden here. ``policy["hidden"]``: how many rows are hidden for which reason.
    """
    known = pd.DataFrame(columns=[*KEYS, *NUMBERS, "snapshot", "definition"]) if seen is None else under_other_names(
        series=result.series, before=seen)
    if policy.compares:
        same = known["snapshot"].eq(result.provenance.snapshot) & known["definition"].eq(definition)
        if count := int(differs_little(series=result.series, before=known[same], policy=policy).sum()):
            raise PrivacyError("singles_out", count=count, limit=policy.min_persons)
    series, hidden, series_reasons = release_series(
        result=result, policy=policy, seen=unchanged(series=result.series, before=known), before=known, closed=closed)
    estimates, reasons = release_estimates(result=result, series=series, hidden=hidden, policy=policy, closed=closed)
    notes = release_notes(result=result, estimates=estimates, policy=policy)
    left = np.where(series["status"].eq("suppressed"), series_reasons, "")
    counts = counted(estimates=reasons, series=series["kind"], series_reasons=left)
    return Release(
        estimates=estimates, series=series, notes=notes, register=result.register, events=result.events,
        spec=result.spec, provenance=result.provenance, policy={**policy.facts(), "hidden": counts},
    )
