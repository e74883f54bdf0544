"""``release``: the only way from a Result to something that is shown."""

from __future__ import annotations

import pandas as pd

from ..result import Release, Result
from .estimates import release_estimates, release_notes
from .memory import KEYS, NUMBERS
from .policies import Policy
from .series import release_series


def release(*, result: Result, policy: Policy, seen: pd.DataFrame | None = None, definition: str = "") -> Release:
    """``result`` with everything hidden that ``policy`` does not allow; hidden cells are emptied, not masked.

    Released rows carry ``status`` (shown, suppressed, no_data, not_identified) and, where suppressed, the code of the
    ``reason``. Nothing hidden can be worked out from totals, phases, series, shares or several measures together.

    seen: the cells this reader has been shown before (``store.released_cells``): those of the same snapshot and
    ``definition`` she knows and nothing new may uncover what is hidden beside them; a number that differs by too few
    persons from those of other data is hidden.
    """
    known = pd.DataFrame(columns=[*KEYS, *NUMBERS, "snapshot", "definition"]) if seen is None else seen
    same = known["snapshot"].eq(result.provenance.snapshot) & known["definition"].eq(definition)
    series, hidden = release_series(result=result, policy=policy, seen=known[same], before=known[~same])
    estimates = release_estimates(result=result, hidden=hidden, policy=policy)
    notes = release_notes(result=result, estimates=estimates, policy=policy)
    return Release(
        estimates=estimates, series=series, notes=notes, register=result.register, events=result.events,
        spec=result.spec, provenance=result.provenance, policy=policy.facts(),
    )
