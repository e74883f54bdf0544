"""The codes of stays that settings and kernels name too; a test keeps them equal to schemas/tables/stays.yaml."""

from __future__ import annotations

ADMISSION_TYPES = ("unplanned", "planned", "user_controlled", "respite", "transfer", "unknown")
WAYS_OUT = (
    "home", "housing", "treatment", "hospital", "nursing_home", "other_department", "family", "prison",
    "no_fixed_address", "moved_away", "self_discharge", "dead", "other", "unknown",
)
"""Codes of ``stays.admission_type`` and ``stays.discharged_to``."""

MEETINGS = ("intake", "in_person", "phone", "video", "other", "unknown")
"""Codes of ``contacts.kind`` that are a contact with the person: neither a message nor a meeting nobody came to."""
