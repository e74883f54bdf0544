"""``release``: the only way from a Result to something that is shown."""

from __future__ import annotations

from ..result import Release, Result
from .estimates import release_estimates, release_notes
from .policies import Policy
from .series import release_series


def release(*, result: Result, policy: Policy) -> Release:
    """``result`` with everything hidden that ``policy`` does not allow; hidden cells are emptied, not masked.

    Released rows carry ``status`` (shown, suppressed, no_data, not_identified) and, where suppressed, the code of the
    ``reason``. Nothing hidden can be worked out from totals, phases, series, shares or several measures together.
    """
    series, hidden = release_series(result=result, policy=policy)
    estimates = release_estimates(result=result, hidden=hidden, policy=policy)
    notes = release_notes(result=result, estimates=estimates, policy=policy)
    return Release(
        estimates=estimates, series=series, notes=notes, register=result.register, events=result.events,
        spec=result.spec, provenance=result.provenance, policy=policy.facts(),
    )
