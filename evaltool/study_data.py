"""The current data of a study and its whole answer, made once per process for all that is computed from them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .result import Dataset, Result
    from .study import Study


def study_data(*, study: Study) -> Dataset:
    """``store.load`` of the study, kept in memory until the data, study.toml or a register change, or ``let_go``. Shared:
    never change a frame of it."""
    from .store import rests_on

    return _data(study.folder, rests_on(study=study, request={}))


def study_answer(*, study: Study) -> Result:
    """``compare.answer`` of all measures and departments, kept likewise: methods take their remarks and series from it."""
    from .store import rests_on

    return _answer(study.folder, rests_on(study=study, request={}))


def let_go() -> None:
    """Forget what is kept in memory."""
    _data.cache_clear()
    _answer.cache_clear()


@lru_cache(maxsize=1)
def _data(folder: Path, basis: str) -> Dataset:
    from .store import load
    from .study import open_study

    return load(study=open_study(folder=folder))


@lru_cache(maxsize=1)
def _answer(folder: Path, basis: str) -> Result:
    from .compare.answer import answer
    from .study import open_study

    return answer(dataset=_data(folder, basis), study=open_study(folder=folder))
