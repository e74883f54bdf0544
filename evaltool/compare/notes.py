"""The remarks an estimate can carry, as codes with one severity each; the sentences stand in ``text`` under ``note``."""

from __future__ import annotations

import math

SEVERITY = {
    "no_values": "stop", "no_table": "stop", "no_before": "stop", "no_after": "stop", "too_few": "stop", "zero_variance": "stop",
    "not_identified": "stop", "not_converged": "stop", "zero_events": "stop", "separation": "stop",
    "co_intervention": "caution", "few_departments": "caution", "ceiling": "caution", "depends_on_wash_in": "caution",
    "trend_explains": "caution", "sign_turned": "caution", "below_minimum_n": "caution", "one_department": "caution", "mix_moved": "caution",
    "no_comparison_in_time": "caution", "trend_elsewhere": "caution", "few_clusters": "caution", "no_limit": "stop", "too_few_linked": "stop", "too_few_departments": "stop",
    "nobody_twice": "stop", "differs_by_few": "stop", "few_changed": "stop", "equivalence_limit": "info", "comparison_persons": "info", "rows_per_side": "info", "methods_disagree": "caution", "ranks_disagree": "caution", "bootstrap_disagrees": "caution",
    "paired_unpaired_differ": "caution", "odds_not_proportional": "caution", "subgroups_alike": "caution", "group_alone": "info", "model_failed": "caution",
    "months_as_rows": "info", "months_alike": "info", "linear_probability": "info", "anonymous_repeats": "info", "no_repeats": "info",
    "ongoing_left_out": "info", "waves_averaged": "info", "unpaired_left_out": "info", "few_events": "info",
    "outliers": "info", "open_interval": "caution", "coverage_low": "caution", "heterogeneity_low": "info", "heterogeneity_high": "info",
    "variance_at_boundary": "info", "icc": "info", "pairs_higher": "info", "pairs_equal": "info", "pairs_lower": "info",
    "overdispersed": "info", "one_group": "info", "imputed_share": "info", "leavers": "info", "joiners": "info", "paired_only": "info", "unpaired_only": "info", "heterogeneity": "info", "direction_only": "info", "reweighted": "info", "not_after_correction": "info", "change_may_be_small": "info",
    "no_reliability": "stop", "change_reliability": "info", "change_sd": "info", "change_threshold": "info", "too_few_forms": "info", "change_cutoff": "info",
    "change_important": "info",
}


def note(*, measure: str, department: str, code: str, value: float = math.nan, subgroup: str | None = None) -> dict:
    """One row of the notes frame; an unknown code is a KeyError, so that none lacks its sentence."""
    return {
        "measure": measure, "department": department, "subgroup": subgroup, "code": code,
        "severity": SEVERITY[code], "value": value,
    }
