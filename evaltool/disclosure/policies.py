"""Policies: what may be shown to whom, with every threshold stated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from ..errors import PrivacyError, UsageError
from ..settings import POLICIES

LEAST, STRICT_LEAST = 3, 10


@dataclass(frozen=True)
class Policy:
    """Thresholds of the gate.

    ``min_persons``: fewest persons behind any number, inside and outside the numerator of a share too.
    ``min_n_spread``: fewest rows (answers, stays, months) under an interval, a standard error or a median.
    ``min_n_points``: fewest rows under a number that is one row's own value: the ends of a median's interval.
    ``min_df``: fewest residual degrees of freedom of an estimate.
    ``max_share``: one person may have at most this share of the rows, or of the nights added up.
    ``hide_all``, ``hide_none``: hide a share of 100 %, of 0 %; ``sensitive``: measures where both are hidden anyway.
    ``compares``: a number that differs by too few persons from what was shown of earlier data is hidden.
    ``reason`` and ``who``: for ``unrestricted``, which hides nothing, why and for whom.
    """

    name: str
    min_persons: int
    min_n_spread: int = 10
    min_n_points: int = 20
    min_df: int = 10
    max_share: float = 0.5
    hide_all: bool = True
    hide_none: bool = False
    sensitive: tuple[str, ...] = ()
    compares: bool = True
    reason: str | None = None
    who: str | None = None

    @property
    def hides(self) -> bool:
        """False only for ``unrestricted``."""
        return self.name != "unrestricted"

    def facts(self) -> Mapping[str, object]:
        """All of it as plain values, as a Release carries it."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(self).items()}


def policy(
    *, name: str = "default", min_persons: int = 5, min_n_spread: int = 10, min_n_points: int = 20, min_df: int = 10,
    max_share: float = 0.5, sensitive: tuple[str, ...] = (), reason: str | None = None,
    who: str | None = None,
) -> Policy:
    """The policy called ``name``, with the study's own thresholds where it may choose them.

    ``default`` takes them as given. ``strict``: at least ten persons, twenty rows under a spread, no share of 0 or
    100 %. ``open_internal``, for those who work with these persons every day: three persons, no rule on spread,
    degrees of freedom, dominance or earlier data; nothing hidden can be worked out there either. ``unrestricted`` hides nothing and
    needs ``reason`` and ``who``. Raises UsageError on an unknown name or a limit under three, PrivacyError on
    ``unrestricted`` without reason or name.
    """
    if name not in POLICIES:
        raise UsageError("unknown_policy", got=name, expected=", ".join(POLICIES))
    if min_persons < LEAST:
        raise UsageError("min_persons", got=min_persons)
    own = {"min_n_spread": min_n_spread, "min_n_points": min_n_points, "min_df": min_df, "max_share": max_share,
           "sensitive": tuple(sensitive)}
    if name == "unrestricted":
        if not (reason or "").strip() or not (who or "").strip():
            raise PrivacyError("unrestricted_reason")
        return Policy(name=name, min_persons=0, min_n_spread=0, min_n_points=0, min_df=0, max_share=1.0, hide_all=False,
                      compares=False, reason=reason, who=who)
    if name == "open_internal":
        return Policy(name=name, min_persons=LEAST, min_n_spread=LEAST, min_n_points=LEAST, min_df=1, max_share=1.0,
                      hide_all=False, compares=False, sensitive=tuple(sensitive))
    if name == "strict":
        own |= {"min_n_spread": max(min_n_spread, 20), "min_n_points": max(min_n_points, 20), "max_share": min(max_share, 0.5)}
        return Policy(name=name, min_persons=max(min_persons, STRICT_LEAST), hide_none=True, **own)
    return Policy(name=name, min_persons=min_persons, **own)
