"""Every answer that the dashboard can ask for, computed before anybody asks, in one order, through the gate and into the store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from .errors import EvaltoolError, StoreError

PURPOSE = "prepared"


@dataclass(frozen=True)
class Prepared:
    """``ready``: answers that are in the store; ``left_out``: those that this study has no numbers for, or the gate refuses."""

    ready: tuple[str, ...]
    left_out: tuple[str, ...]


def answers(*, folder: Path) -> dict[str, Callable[[], object]]:
    """Name -> what makes the answer and keeps it, in the order in which they are made: what is shown first comes first.

    The order matters to the gate: each answer is held against those before it.
    """
    from .compare.readmission_by import MEASURE
    from .indicators.definitions import presets
    from .store import table_names
    from .study import open_study
    from .study_comparison import RESPONDENTS, fitting, study_comparison
    from .study_groups import study_groups
    from .study_readmission import study_readmission
    from .study_release import study_release, study_status
    from .study_spread import study_spread
    from .study_stays import study_stays
    from .study_view import VIEWS, study_view

    found = {"standard": partial(study_release, purpose=PURPOSE), "status": study_status, "groups": study_groups, "charts": _charts}
    study = open_study(folder=folder)
    measures = {one.id: one for one in study.measures()}
    if MEASURE in measures and "stays" in table_names(study=study):
        found |= {f"readmission_{name}": partial(study_readmission, definition=name) for name in ("study", *presets())}
    found |= {view: partial(study_view, view=view) for view in VIEWS}
    found |= {RESPONDENTS: partial(study_comparison, method=RESPONDENTS, purpose=PURPOSE), "stays": study_stays, "spread": study_spread}
    found |= {f"method_{name}": partial(study_comparison, method=name, purpose=PURPOSE) for name in fitting(measures=measures.values())}
    return {name: partial(make, folder=folder) for name, make in found.items()}


def _charts(*, folder: Path) -> object:
    """The process charts: no answer of their own, but what is drawn of the first one takes longer than reading it."""
    from .process.study_charts import study_charts
    from .study import open_study
    from .study_release import study_release

    return study_charts(study=open_study(folder=folder), release=study_release(folder=folder, purpose=PURPOSE))


def prepare(*, folder: Path, tell: Callable[[str], object] = str) -> Prepared:
    """Make all ``answers`` of the study in ``folder`` that its store does not have; ``tell`` hears the name of each before it
    is made. Under the study's own policy, for the reader of the dashboard; done before for the same data, nothing is done.

    Raises StoreError, and whatever keeps the first answer from being made; what another one lacks, its page says. The answers
    made until then are kept.
    """
    from .store import keep, kept, rests_on
    from .study import open_study
    from .study_data import let_go

    study = open_study(folder=folder)
    name = f"prepared-{rests_on(study=study, request={'what': 'prepared'})[:24]}"
    if found := kept(store=study.store, name=name):
        return Prepared(ready=tuple(found[1]["ready"]), left_out=tuple(found[1]["left_out"]))
    ready, left_out = [], []
    for one, make in answers(folder=folder).items():
        tell(one)
        try:
            (left_out if make() is None else ready).append(one)
        except EvaltoolError as error:
            if not ready or isinstance(error, StoreError):
                raise
            left_out.append(one)
    let_go()
    keep(store=study.store, name=name, frames={}, facts={"ready": ready, "left_out": left_out})
    return Prepared(ready=tuple(ready), left_out=tuple(left_out))
