"""Answers + ``Instrument`` -> scores: one engine for every form."""

from __future__ import annotations

from .engine import score
from .examples import check_examples
from .table import scoring_table

__all__ = ["check_examples", "score", "scoring_table"]
