"""The state of a study in a few frames: what is in, who answered, which faults, what was imported last.

Counts for the whole study only; nothing by department goes out here, because only a Release may say that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .contracts import contract, rule
from .measures import measure
from .result import ALL
from .text import t
from .text.formats import absent, interval, moment, number, percent

if TYPE_CHECKING:
    from .result import Dataset
    from .study import Study

LAST_IMPORTS = 20
COUNTED = ("rows", "count", "kept", "refused")
"""Missing where they are few."""
SIGNS = ("form", "scale", "item", "other_item", "group", "code")


def status(*, study: Study) -> dict[str, pd.DataFrame]:
    """Frames by name: ``tables`` (table, rows), ``response`` (population, wave, invited, answered, rate), ``problems``
    (table, rule, severity, column, count), ``imports`` (when, who, table, file, kept, refused, snapshot), ``scales``
    (``scoring.survey_scales``: reliability per scale and wave) and ``signs`` (``scoring.survey_warnings``: form, scale,
    item, other_item, group, code); where monthly totals were imported, ``clashes`` (measure, department-months compared
    with the stays, and how many differ).

    A response cell resting on fewer persons than the study's limit (answered, or asked and not answered) is missing, and
    so is a number of rows about fewer: four forms of people who withdrew are four people. A wave goes too with a phase in it
    of which that holds in all waves: the waves less the other phases would tell it. Where so few of one department have
    answered in any wave, nothing is told of the waves of that survey: the phases less the waves would tell.
    """
    from .disclosure.policies import STRICT_LEAST
    from .indicators.clash_report import clash_counts, clash_report
    from .scoring.survey_quality import survey_warnings
    from .store import history, load, quality

    dataset = load(study=study)
    least = max(study.privacy.min_persons, STRICT_LEAST if study.privacy.policy == "strict" else 0)
    small = _small_departments(dataset, least)
    tables = pd.DataFrame([{"table": name, "rows": len(frame)} for name, frame in dataset.tables.items()], columns=["table", "rows"])
    found = {
        "tables": _many(tables, least, "rows"),
        "response": _response(dataset, study, least, small),
        "problems": _many(quality(study=study).rename(columns={"rows": "count"}), least, "count"),
        "imports": _many(_imports(history(study=study)), least, "kept", "refused"),
        "scales": _scales(dataset, study, least, small),
        "signs": survey_warnings(tables=dataset.tables, study=study)[list(SIGNS)],
    }
    if "service_counts" in dataset.tables:
        found["clashes"] = clash_counts(report=clash_report(dataset=dataset, study=study))
    return found


def _many(frame: pd.DataFrame, least: int, *names: str) -> pd.DataFrame:
    """``frame`` without the numbers of rows from 1 to ``least`` less one."""
    return frame.assign(**{name: frame[name].astype("float64").mask(frame[name].between(1, least - 1)) for name in names})


def _small_departments(dataset: Dataset, least: int) -> frozenset[str]:
    """The populations of which fewer than ``least`` of a department answered a wave."""
    from .indicators.response import response_rates

    rates = response_rates(dataset=dataset)
    few = rates["department"].ne(ALL) & rates["answered"].between(1, least - 1)
    return frozenset(rates.loc[few, "population"])


def _scales(dataset: Dataset, study: Study, least: int, small: frozenset[str]) -> pd.DataFrame:
    from .indicators.response import POPULATIONS
    from .scoring.survey_quality import survey_scales

    made = survey_scales(tables=dataset.tables, study=study, min_persons=least)
    closed = {survey.instrument for survey in study.surveys.values() if POPULATIONS.get(survey.table) in small}
    return made[made["wave"].eq(ALL) | ~made["form"].isin(closed)].reset_index(drop=True)


def _response(dataset: Dataset, study: Study, least: int, small: frozenset[str]) -> pd.DataFrame:
    from .compare.planned_design import planned_design
    from .indicators.response import response_rates

    columns = ["population", "wave", "invited", "answered", "rate"]
    rates = response_rates(dataset=dataset)
    apart = rates[rates["department"].ne(ALL) & rates["rate"].notna()]
    opens = {wave.id: pd.Timestamp(wave.opens) for survey in study.surveys.values() for wave in survey.waves}
    apart = apart.assign(date=pd.to_datetime(apart["wave"].map(opens)).astype("datetime64[us]")).dropna(subset=["date"])
    design = planned_design(dataset=dataset, study=study)
    apart = apart[apart["department"].isin(design.register["department"])]
    apart = apart.assign(phase=design.phase(department=apart["department"], date=apart["date"]))
    phases = apart.groupby(["population", "phase", "wave"], as_index=False)[["invited", "answered"]].sum()
    # The same people are asked again: those of the fullest wave are the persons of a phase, as in ``who_answered``.
    persons = phases.assign(silent=phases["invited"] - phases["answered"]).groupby(["population", "phase"], as_index=False)[["answered", "silent"]].max()
    thin = apart.merge(persons[_few(persons, least)][["population", "phase"]])[["population", "wave"]]
    whole = rates.loc[rates["department"].eq(ALL), columns].reset_index(drop=True)
    few = _few(whole.assign(silent=whole["invited"] - whole["answered"]), least)
    told = set(thin.itertuples(index=False, name=None))
    gone = np.array([one in small or asked or (one, wave) in told for one, wave, asked in zip(whole["population"], whole["wave"], few, strict=True)], dtype=bool)
    return whole.assign(**{name: whole[name].mask(gone) for name in ("invited", "answered", "rate")})


def _few(rates: pd.DataFrame, least: int) -> pd.Series:
    """Too few who answered, or too few who were asked and did not."""
    return rates["answered"].between(1, least - 1) | rates["silent"].between(1, least - 1)


def _imports(past: pd.DataFrame) -> pd.DataFrame:
    names = {"at": "when", "who": "who", "table": "table", "file": "file", "rows_kept": "kept",
             "rows_refused": "refused", "snapshot": "snapshot"}
    last = past[list(names)].rename(columns=names).iloc[::-1].head(LAST_IMPORTS).reset_index(drop=True)
    return last.assign(snapshot=last["snapshot"].astype("str").str[:12])


def worded(*, frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """One of the frames with headings, codes and numbers as people read them."""
    few = absent("suppressed", lang)
    out = _scales_worded(frame, lang) if "alpha" in frame else _signs_worded(frame, lang) if "other_item" in frame else frame.copy()
    if "rule" in out:
        out["text"] = [rule(table, code).text[lang]["what"] for table, code in zip(frame["table"], frame["rule"], strict=True)]
        out["severity"] = frame["severity"].map(lambda code: t(f"severity.{code}", lang))
    if "table" in out:
        out["table"] = frame["table"].map(lambda name: contract(name).label[lang])
    if "population" in out:
        names = contract("invitations").columns["population"].allowed
        out["population"] = frame["population"].map(lambda code: names[code][lang])
    if "when" in out:
        out["when"] = pd.to_datetime(frame["when"], utc=True).map(lambda at: moment(at, lang))
    if "rate" in out:
        out["rate"] = frame["rate"].map(lambda share: percent(share, lang))
    if "compared" in out:
        out["measure"] = frame["measure"].map(lambda name: measure(name).text("label", lang))
    for name in ("compared", "differ", "rows", "count", "invited", "answered", "kept", "refused"):
        if name in out:
            out[name] = [few if name in COUNTED and n != n else number(n, lang) for n in frame[name]]
    return out.rename(columns={name: t(f"status_column.{name}", lang) for name in out.columns})


def _scales_worded(frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Numbers only where there are enough forms; else why not."""
    said = frame["status"].map(lambda code: "" if code == "ok" else t(f"instrument.quality_{code}", lang))
    rows = frame.itertuples(index=False)
    return pd.DataFrame({
        "form": frame["form"], "scale": frame[f"label_{lang}"],
        "wave": frame["wave"].mask(frame["wave"].eq(ALL), t("instrument.all_waves", lang)),
        "n": frame["n"].map(lambda n: "" if pd.isna(n) else number(n, lang)),
        "alpha": [number(r.alpha, lang, 2) if r.status == "ok" else text for r, text in zip(rows, said, strict=True)],
        "interval": [interval(low, high, "points", lang, 2) if low == low else ""
                     for low, high in zip(frame["conf_low"], frame["conf_high"], strict=True)],
        "omega_total": frame["omega_total"].map(lambda value: "" if pd.isna(value) else number(value, lang, 2)),
    })


def _signs_worded(frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    from .export.answer_warning_sentences import answer_warning_sentences

    return pd.DataFrame({"form": frame["form"], "text": answer_warning_sentences(warnings=frame, lang=lang)})
