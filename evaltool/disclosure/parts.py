"""A Release taken apart to be kept, and made whole again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, fields

import pandas as pd

from ..result import Provenance, Release, Spec
from .select import demand_release


def parts(release: Release) -> tuple[dict[str, pd.DataFrame], dict]:
    """A Release as its frames by name and the rest as plain JSON values, to be kept and made whole again by ``restore``."""
    demand_release(release)
    values = {f.name: getattr(release, f.name) for f in fields(release)}
    frames = {name: value for name, value in values.items() if isinstance(value, pd.DataFrame)}
    provenance = {**asdict(release.provenance), "as_of": release.provenance.as_of.isoformat()}
    return frames, {"spec": asdict(release.spec), "provenance": provenance, "policy": dict(release.policy)}


def restore(*, frames: Mapping[str, pd.DataFrame], facts: Mapping) -> Release:
    """The Release that ``parts`` took apart: it has passed the gate before and is not changed."""
    spec = Spec(**{name: _tuples(value) for name, value in facts["spec"].items()})
    as_of = dt.date.fromisoformat(facts["provenance"]["as_of"])
    provenance = Provenance(**{**facts["provenance"], "as_of": as_of})
    return Release(**frames, spec=spec, provenance=provenance, policy=facts["policy"])


def _tuples(value: object) -> object:
    """JSON knows lists only; a Spec has tuples."""
    return tuple(_tuples(one) for one in value) if isinstance(value, list) else value
