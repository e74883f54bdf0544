"""What a reader knows already: cells shown before, in this snapshot and in earlier ones."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd

from ..measures import register
from ..result import ALL, Release
from .policies import Policy
from .select import demand_release

KEYS = ("measure", "department", "subgroup", "kind", "phase", "grain", "period")
NUMBERS = ("n", "amount", "persons")
MONTHLY = ("count", "rate")
"""Kinds of measure whose rows are months."""
MOST, FEWEST = 0.5, 5
"""Share of the cells that must say the same for two names to be of the same thing, and how many cells there must be."""


def shown_cells(*, series: pd.DataFrame) -> pd.DataFrame:
    """The cells of released series rows that were shown with their counts: ``KEYS`` as text, ``NUMBERS``."""
    rows = series[series["status"].eq("shown") & series["denominator"].notna()] if "status" in series else series
    out = pd.DataFrame({name: rows[name].astype("str").fillna("").astype("object") for name in KEYS if name != "period"})
    out.insert(len(out.columns), "period", rows["period"].dt.strftime("%Y-%m-%d").fillna("").astype("object"))
    return out.assign(n=rows["denominator"], amount=rows["numerator"], persons=rows["persons"]).reset_index(drop=True)


def differs_little(*, series: pd.DataFrame, before: pd.DataFrame, policy: Policy) -> np.ndarray:
    """True where a cell was shown before with another content, and too few persons make the difference.

    series: a Result's, with its part rows. before: cells of other snapshots or definitions. The persons behind a
    difference are at most the rows that were added; of bed-days, those of the months that were added, or nobody
    knows how many where a month was corrected.
    """
    out = np.zeros(len(series), dtype=bool)
    rows = series[series["kind"].isin(["phase", "period", "service"])]
    if before.empty or not policy.compares:
        return out
    both = shown_cells(series=rows).assign(at=rows.index).merge(before, on=list(KEYS), suffixes=("", "_then"))
    added = (both["n"] - both["n_then"]).abs().to_numpy()
    changed = ~np.isclose(both["amount"], both["amount_then"], rtol=1e-12, atol=1e-9, equal_nan=True) | (added > 0)
    monthly = both["measure"].isin([m.id for m in register().values() if m.kind in MONTHLY]).to_numpy()
    persons = np.where(monthly, _in_last_months(both, series, added), added)
    out[both.loc[changed & (persons < policy.min_persons), "at"]] = True
    # Whoever saw the very same number too learns nothing more from it.
    out[both.loc[~changed, "at"]] = False
    return out


def unchanged(*, series: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """The cells among ``before`` that say what the Result's series says now: whoever saw them knows these cells."""
    if before.empty:
        return before[[*KEYS, *NUMBERS]]
    rows = shown_cells(series=series[series["kind"].isin(["phase", "period"])])
    both = rows.merge(before, on=list(KEYS), suffixes=("", "_then"))
    same = np.all([np.isclose(both[name], both[f"{name}_then"], rtol=1e-12, atol=1e-9, equal_nan=True) for name in NUMBERS], axis=0)
    return both.loc[same, [*KEYS, *NUMBERS]].drop_duplicates().reset_index(drop=True)


def under_other_names(*, series: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    """``before``, and beside it under their present name the cells of what was shown before under another one.

    A cell is what it counts, not what it is called: a measure that the reader has not seen in those data, and one that she has
    seen there and that is not in ``series``, are the same where most cells that both have (``FEWEST`` at least) say the same.
    Their definition is made another one, so that a difference of a few is hidden and no reason to refuse everything.
    """
    if before.empty:
        return before
    rows, keys, more = shown_cells(series=series[series["kind"].isin(["phase", "period"])]), [name for name in KEYS if name != "measure"], []
    shown = set(rows["measure"])
    for _, cells in before.groupby("snapshot", sort=False):
        new = rows[~rows["measure"].isin(cells["measure"])]
        both = new.merge(cells[~cells["measure"].isin(shown)], on=keys, suffixes=("", "_then"))
        both = both.assign(same=np.all([np.isclose(both[name], both[f"{name}_then"], rtol=1e-12, atol=1e-9, equal_nan=True)
                                        for name in ("n", "amount")], axis=0))
        found = both.groupby(["measure", "measure_then"])["same"].agg(["mean", "size"])
        for measure, other in found.index[found["mean"].gt(MOST) & found["size"].ge(FEWEST)]:
            named = cells[cells["measure"].eq(other)]
            more.append(named.assign(measure=measure, definition=named["definition"] + f"/{other}"))
    return pd.concat([before, *more], ignore_index=True) if more else before


def _in_last_months(both: pd.DataFrame, series: pd.DataFrame, added: np.ndarray) -> np.ndarray:
    """Fewest persons behind the last ``added`` months of each cell; enough for all departments together, 0 for none."""
    parts = series[series["kind"].eq("part")].sort_values("period")
    out = np.where(both["department"].eq(ALL) & (added > 0), np.inf, 0.0)
    for i, row in enumerate(both.itertuples()):
        if row.department != ALL and added[i] > 0:
            mine = parts[(parts["measure"] == row.measure) & (parts["department"] == row.department)]
            mine = mine[mine["phase"] == row.phase] if row.kind == "phase" else mine
            out[i] = mine["persons"].tail(int(added[i])).max()
    return out


def checksum(release: Release) -> str:
    """sha256 of all that a Release lets out, in a form that does not depend on how it was stored."""
    digest, release = hashlib.sha256(), demand_release(release)
    for frame in (release.estimates, release.series, release.notes):
        digest.update(frame.to_csv(index=False, date_format="%Y-%m-%d", lineterminator="\n").encode())
    return digest.hexdigest()


def release_facts(*, release: Release) -> dict[str, object]:
    """What the log says of a Release: policy and reason, data, how much is shown and hidden and why, and its checksum."""
    shown, hidden = (int(sum(frame["status"].eq(code).sum() for frame in (demand_release(release).estimates, release.series)))
                     for code in ("shown", "suppressed"))
    rules = release.policy
    return {
        "policy": rules["name"], "reason": rules["reason"], "snapshot": release.provenance.snapshot,
        "version": release.provenance.version, "shown": shown, "hidden": hidden, "sha256": checksum(release),
        "thresholds": {name: rules[name] for name in ("min_persons", "min_n_spread", "min_n_points", "min_df", "max_share")},
        "reasons": rules["hidden"],
    }
