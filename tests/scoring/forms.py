"""Made-up answers with a known structure for the scoring tests."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evaltool.instruments import instrument


def structured(name: str, *, n: int = 400, seed: int = 5, own: float = 0.8) -> pd.DataFrame:
    """Answers where items of one subscale share a factor beside a common one; reversed items are ticked reversed."""
    form, rng = instrument(name), np.random.default_rng(seed)
    common = rng.normal(size=n)
    factor = {scale.id: rng.normal(size=n) for scale in form.scales if len(scale.items) < len(form.items)}
    columns = {}
    for item in form.items:
        home = next((scale.id for scale in form.scales if scale.id in factor and item.number in scale.items), None)
        latent = 0.6 * common + (own * factor[home] if home else 0) + rng.normal(size=n) * 0.8 + rng.normal() * 0.5
        low, high = item.codes[0], item.codes[-1]
        value = np.clip((low + high) / 2 + latent * (high - low) / 4, low, high)
        if not item.continuous:
            allowed = np.array(item.codes)
            value = allowed[np.abs(np.rint(value)[:, None] - allowed).argmin(axis=1)]
        columns[item.column] = low + high - value if item.reverse else value
    return pd.DataFrame(columns)
