"""The state of a study in a few frames: what is in, who answered, which faults, what was imported last.

Counts for the whole study only; nothing by department goes out here, because only a Release may say that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from .contracts import contract, rule
from .measures import measure
from .result import ALL
from .text import t
from .text.formats import absent, interval, moment, number, percent

if TYPE_CHECKING:
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
    so is a number of rows about fewer: four forms of people who withdrew are four people.
    """
    from .disclosure.policies import STRICT_LEAST
    from .indicators.clash_report import clash_counts, clash_report
    from .scoring.survey_quality import survey_scales, survey_warnings
    from .store import history, load, quality

    dataset = load(study=study)
    least = max(study.privacy.min_persons, STRICT_LEAST if study.privacy.policy == "strict" else 0)
    tables = pd.DataFrame([{"table": name, "rows": len(frame)} for name, frame in dataset.tables.items()], columns=["table", "rows"])
    found = {
        "tables": _many(tables, least, "rows"),
        "response": _response(dataset, least),
        "problems": _many(quality(study=study).rename(columns={"rows": "count"}), least, "count"),
        "imports": _many(_imports(history(study=study)), least, "kept", "refused"),
        "scales": survey_scales(tables=dataset.tables, study=study, min_persons=least),
        "signs": survey_warnings(tables=dataset.tables, study=study)[list(SIGNS)],
    }
    if "service_counts" in dataset.tables:
        found["clashes"] = clash_counts(report=clash_report(dataset=dataset, study=study))
    return found


def _many(frame: pd.DataFrame, least: int, *names: str) -> pd.DataFrame:
    """``frame`` without the numbers of rows from 1 to ``least`` less one."""
    return frame.assign(**{name: frame[name].astype("float64").mask(frame[name].between(1, least - 1)) for name in names})


def _response(dataset, min_persons: int) -> pd.DataFrame:
    from .indicators.response import response_rates

    columns = ["population", "wave", "invited", "answered", "rate"]
    rates = response_rates(dataset=dataset)
    rates = rates.loc[rates["department"].eq(ALL), columns].reset_index(drop=True)
    silent = rates["invited"] - rates["answered"]
    few = rates["answered"].between(1, min_persons - 1) | silent.between(1, min_persons - 1)
    return rates.assign(**{c: rates[c].mask(few) for c in ("invited", "answered", "rate")})


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
