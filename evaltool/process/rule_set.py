"""A rule set by the name people use for it."""

from __future__ import annotations

from ..errors import UsageError
from ..stats.spc_rules import RULE_SETS


def rule_set(*, name: str) -> str:
    """``MDC`` or ``mdc_1`` -> ``mdc_1``: without a version the newest of that name; raises UsageError naming all."""
    wanted = name.strip().lower().replace("ø", "oe").replace(" ", "_").replace("-", "_")
    if wanted in RULE_SETS:
        return wanted
    versions = [known for known in RULE_SETS if known.rpartition("_")[0] == wanted]
    if not versions:
        raise UsageError("unknown_rule_set", got=name, expected=", ".join(RULE_SETS))
    return max(versions, key=lambda known: int(known.rpartition("_")[2]))
