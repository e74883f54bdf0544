"""The current data of a study as they would be with one more file taken in; nothing is written."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from .load import load
from .merge import merge
from .snapshots import content

if TYPE_CHECKING:
    import pandas as pd

    from ..result import Dataset
    from ..study import Study


def would_be(*, study: Study, table: str, frame: pd.DataFrame) -> Dataset:
    """``load`` with ``frame`` (rows that keep the contract of ``table``) in place of what it would replace.

    ``provenance.snapshot`` is a name of its own, made of what is there now and what would come. Raises as ``load``.
    """
    now = load(study=study)
    whole = merge(old=now.tables.get(table), new=frame, table=table)
    named = content(whole)
    name = hashlib.sha256(f"{now.provenance.snapshot} {table} {named.id}".encode()).hexdigest()[:12]
    rows = whole.take(named.order).reset_index(drop=True)
    return replace(now, tables={**now.tables, table: rows}, provenance=replace(now.provenance, snapshot=name))
