"""Exact figures about stays, or rounded counts of them: never both. Beside each other they give small numbers away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..errors import PrivacyError
from ..measures import register

OF_STAYS = ("counts.", "housing.", "intake.", "length_of_stay", "readmission", "stays.", "use.")
"""Beginnings of the names under which stays are told of beside the measures."""


def of_stays(*, measures: Iterable[str]) -> bool:
    """Does any of ``measures`` count stays, or the persons who had them?"""
    known = register()
    return any(known[name].side == "service" if name in known else name.startswith(OF_STAYS) for name in measures)


def refuse_exact(*, measures: Iterable[str], rounded: bool) -> None:
    """Raise PrivacyError where ``measures`` are of stays, and stays are told of as rounded counts: ``rounded`` says that the
    study has chosen so, or that such counts have been given, of whatever data: most rows are the same in the next extract."""
    if rounded and of_stays(measures=measures):
        raise PrivacyError("rounded_given")


def refuse_rounded(*, what: str, base: int, exact: Iterable[Mapping], rounded: Iterable[Mapping]) -> None:
    """Raise PrivacyError where rounded counts ``what`` may not be given: exact figures about stays were (``exact``: the facts
    of all other releases; one that does not say of which measures counts too), other counts of the same stays were, since
    those discharged have been admitted, or the same under another base."""
    if any("measures" not in facts or of_stays(measures=facts["measures"]) for facts in exact):
        raise PrivacyError("exact_given")
    for facts in rounded:
        if facts["counted"] != what:
            raise PrivacyError("other_count_given", got=what, expected=facts["counted"])
        if facts["rounded_to"] != base:
            raise PrivacyError("other_base_given", got=base, expected=facts["rounded_to"])
