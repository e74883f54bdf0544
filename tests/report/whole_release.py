"""A hand-made Release with all five measures, made of the figures' sample: departments, all together, and notes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from figures.sample import release as one_measure

from evaltool.measures import register
from evaltool.result import ALL, NOTE_COLUMNS, NOTE_TEXT, Release, Spec, canonical

SCALE = {"qpr15_total": 1.0, "rsa_r_total": 0.08, "readmission_30d_unplanned": 1.0, "length_of_stay": 60.0, "bed_days": 900.0}
NUMBERS = ["estimate", "conf_low", "conf_high"]
VERDICTS = ("better", "cannot_tell", "cannot_tell", "not_rated", "not_rated")


SHORT = ("Havna døgnbehandling", "Åsen bofellesskap", "Torget oppfølgingsteam", "Solbakken korttidsavdeling", "Skogly",
         "Nordlia brukerstyrte plasser", "Brinken botiltak", "ACT-teamet", "Elvebredden ROP-boliger", "Kaia lavterskel",
         "Lia ungdomsteam", "Vika alderspsykiatri")


def whole_release(*, count: int = 10, names: tuple[str, ...] = SHORT) -> Release:
    """``count`` departments (4 to 12) in five measures, with a crude row for all together."""
    parts = [_scaled(one_measure(count=count, measure=name, unit=m.unit), SCALE[name]) for name in SCALE for m in (register()[name],)]
    totals = [_total(part, verdict) for part, verdict in zip(parts, VERDICTS, strict=True)]
    return replace(
        parts[0], register=parts[0].register.assign(name=list(names[:count])),
        estimates=pd.concat([p.estimates for p in parts] + totals, ignore_index=True),
        series=pd.concat([p.series for p in parts] + [_total_series(p) for p in parts], ignore_index=True),
        notes=_notes(), spec=Spec(measures=tuple(SCALE), departments=parts[0].spec.departments, methods=("welch",)),
    )


def _scaled(part: Release, factor: float) -> Release:
    estimates, series = part.estimates.copy(), part.series.copy()
    estimates[NUMBERS] *= factor
    series[["value", "conf_low", "conf_high"]] *= factor
    return replace(part, estimates=estimates, series=series)


def _total(part: Release, verdict: str) -> pd.DataFrame:
    shown = part.estimates[part.estimates["status"].eq("shown")].head(1)
    return shown.assign(department=ALL, verdict=verdict, n_before=412.0, n_after=1380.0, claim="associated")


def _total_series(part: Release) -> pd.DataFrame:
    shown = part.series[(part.series["kind"] == "period") & part.series["status"].eq("shown")]
    return shown[shown["department"] == shown["department"].iloc[0]].assign(department=ALL)


def _notes() -> pd.DataFrame:
    rows = [("qpr15_total", "co_intervention"), ("qpr15_total", "mix_moved"), ("rsa_r_total", "few_departments"),
            ("readmission_30d_unplanned", "trend_explains"), ("length_of_stay", "trend_explains"),
            ("bed_days", "methods_disagree"), ("bed_days", "few_departments")]
    frame = pd.DataFrame([{"measure": m, "department": ALL, "code": code, "severity": "caution", "value": np.nan}
                          for m, code in rows])
    return canonical(frame, NOTE_COLUMNS, NOTE_TEXT)
