"""evaltool: before and after recovery-oriented practice, department by department.

>>> import evaltool as ev
>>> study = ev.open_study(folder=Path("demo"))
>>> result = ev.answer(dataset=ev.load(study=study), study=study)
>>> released = ev.release(result=result, policy=ev.policy(min_persons=5))
>>> released.estimates
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType

__version__ = "0.1.0"

_HOME = {
    "open_study": "study", "load": "store", "import_source": "import_source", "instrument": "instruments",
    "score": "scoring", "measure": "measures", "observations": "indicators.observations",
    "before_after": "compare.before_after", "mixed": "compare.mixed", "answer": "compare.answer",
    "by_method": "compare.by_method", "study_comparison": "study_comparison", "subgroups": "compare.subgroups",
    "ordinal": "compare.ordinal", "counts": "compare.counts", "pooled": "compare.pooled", "effect_sizes": "compare.effect_sizes",
    "equivalence": "compare.equivalence", "sensitivity": "compare.sensitivity", "imputed": "compare.imputed",
    "respondents": "compare.respondents", "detectable": "compare.planning", "spread": "compare.spread",
    "planned_power": "planned_power", "study_spread": "study_spread", "who_answered": "compare.who_answered",
    "policy": "disclosure", "release": "disclosure", "findings": "findings", "study_release": "study_release",
    "perspectives": "compare.perspectives", "persons_changed": "compare.persons_changed",
    "values_kept": "compare.values_kept", "coded_themes": "compare.coded_themes", "study_view": "study_view",
    "scale_measure": "scale_measure", "scale_quality": "scoring.quality",
    "process_charts": "process.charts", "process_chart": "figures.process_chart", "process_files": "export.process_files",
    "funnel_chart": "figures.funnel_chart", "control_limits": "stats.spc", "signals": "stats.spc_rules", "event_chart": "stats.event_chart",
    "readmission_by": "compare.readmission_by", "study_readmission": "study_readmission", "study_stays": "study_stays",
    "stay_counts": "compare.stay_counts", "study_counts": "study_counts", "count_rows": "count_tables", "finest_shown": "finest_shown",
    "write_report": "report.write_report", "export_csv": "export.export_csv",
}

__all__ = sorted(_HOME)


def __getattr__(name: str):
    """Load a public name on first use, so that ``import evaltool`` and ``evaltool --help`` stay quick."""
    if name not in _HOME:
        raise AttributeError(f"module 'evaltool' has no attribute {name!r}")
    return getattr(import_module(f".{_HOME[name]}", __name__), name)


class _Front(ModuleType):
    """A function and the module it lives in may share a name; here the name is always the function."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Front


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
