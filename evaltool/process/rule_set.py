"""A rule set by the name people use for it."""

from __future__ import annotations

import re

from ..errors import UsageError
from ..stats.spc_rules import RULE_SETS


def rule_set(*, name: str) -> str:
    """``MDC``, ``Anhoej`` or ``mdc_1`` -> ``mdc_1``: without a version the newest of that name, letters outside a-z and
    their spelling with oe left aside; raises UsageError naming all."""
    wanted = _bare(name)
    for known in RULE_SETS:
        if wanted == _bare(known):
            return known
    versions = [known for known in RULE_SETS if _bare(known.rpartition("_")[0]) == wanted]
    if not versions:
        raise UsageError("unknown_rule_set", got=name, expected=", ".join(RULE_SETS))
    return max(versions, key=lambda known: int(known.rpartition("_")[2]))


def _bare(name: str) -> str:
    return re.sub("[^a-z0-9]", "", name.lower().replace("oe", ""))
