"""Why this method: one code per method, the sentence stands in ``text`` under ``why``."""

from __future__ import annotations

WHY = {
    "welch": "different_people", "paired_t": "same_people", "person_random_intercept": "partly_linked",
    "newcombe": "share_once_each", "newcombe_persons": "share_flat_side", "cluster_robust": "repeated_units",
    "ar1_reml": "months_alike", "fixed_effects_cr2": "second_look", "mixed_fallback_fixed_effects": "careful",
    "pooled_reml_hartung_knapp": "departments_as_sample", "prediction_interval": "next_department",
    "shrunken": "no_ranking", "hedges_g": "in_spreads", "d_z": "in_change_spreads", "d_av": "in_spreads_paired",
    "cliffs_delta": "by_ranks", "rank_biserial": "by_ranks", "risk_ratio": "times_as_often", "risk_ratio_log": "times_as_often", "risk_ratio_clustered": "times_as_often_repeats",
    "odds_ratio": "exact_odds", "odds_ratio_exact": "exact_odds", "rate_ratio": "counts_by_time", "poisson": "counts_by_time",
    "quasi_poisson": "counts_spread", "quasi_poisson_ar1": "months_alike", "negative_binomial": "counts_spread", "gee_binomial": "departments_alike_inside",
    "gee_binomial_bias_reduced": "departments_alike_inside", "fixed_effects_poisson": "own_level_each", "proportional_odds": "ordered_answers",
    "proportional_odds_clustered": "ordered_answers", "mixed_interaction": "interaction_first", "imputed_rubin": "gaps_filled",
    "tost": "sure_it_is_small", "ancova": "same_start_level", "mcnemar_exact": "same_people_share",
    "mcnemar_mid_p": "same_people_share",
    "reweighted": "mix_held_still", "mix": "mix_compared", "share_of_persons": "who_stayed",
}
MIXED = "departments_and_time"


def why(*, method: str) -> str:
    """The code for ``method``; a KeyError for a method nobody has explained."""
    return WHY.get(method, MIXED) if method.startswith("mixed") else WHY[method]
